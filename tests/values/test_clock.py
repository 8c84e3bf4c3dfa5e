"""When a clock wakes, and which of several wakes first."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.values.clock import Clock, ClockName, Left, Unit, next_due

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
INSTANTS = st.integers(0, 10**9).map(lambda count: MONDAY + timedelta(microseconds=count))


def clock(due: datetime | None = None, resumes: datetime | None = None) -> Clock:
    """A clock that is due, or paused until then, or both, or neither."""
    left = Left(Unit.ELAPSED, 0)
    made = Clock(ClockName.ACCEPT, MONDAY, MONDAY, left, "always", "r", due)
    return msgspec.structs.replace(made, resumes_at=resumes)


@pytest.mark.parametrize(
    ("due", "resumes", "wakes"),
    [
        pytest.param(None, None, None, id="a clock that is done never wakes"),
        pytest.param(MONDAY, None, MONDAY + TICK, id="what is done at the deadline is in time"),
        pytest.param(None, MONDAY, MONDAY, id="a paused one wakes when it goes on"),
        pytest.param(MONDAY, MONDAY + TICK, MONDAY + TICK, id="paused it has no deadline"),
        pytest.param(MONDAY + 2 * TICK, MONDAY, MONDAY, id="even one that is later"),
    ],
)
def test_when_a_clock_wakes(
    due: datetime | None, resumes: datetime | None, wakes: datetime | None
) -> None:
    assert clock(due, resumes).wakes_at == wakes


@FEW
@given(st.lists(st.tuples(st.none() | INSTANTS, st.none() | INSTANTS), max_size=5))
def test_the_first_of_several_is_the_earliest_that_wakes(
    several: list[tuple[datetime | None, datetime | None]],
) -> None:
    clocks = tuple(clock(due, resumes) for due, resumes in several)
    wakes = sorted(one.wakes_at for one in clocks if one.wakes_at is not None)
    assert next_due(clocks) == (wakes[0] if wakes else None)


def test_a_clock_of_which_no_more_is_said_is_at_its_first_rung_and_untold() -> None:
    fresh = clock()
    assert (fresh.step, fresh.sla, fresh.met_at, fresh.breached_at) == (0, "", None, None)
    assert fresh.left.share == 0.0


def test_a_clock_that_never_wakes_hides_no_other() -> None:
    assert next_due(()) is None
    assert next_due((clock(), clock(MONDAY), clock())) == MONDAY + TICK
