"""How long the writer sleeps: until what is due next, and never longer than it may."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.store.poller import LOOK_EVERY, Poller

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR = 3600.0
SLACK = 60.0
"""Seconds a busy machine may take between two lines of a test."""


def sleeps(poller: Poller, seconds: float) -> bool:
    """Whether it sleeps so long, less what has passed since."""
    return max(0.0, seconds - SLACK) <= poller.seconds() <= seconds


def in_(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def poller() -> Poller:
    """One that looks once in ten hours."""
    return Poller(timedelta(hours=10))


def test_with_nothing_to_do_it_sleeps_as_long_as_it_may(poller: Poller) -> None:
    assert sleeps(poller, 10 * HOUR)
    assert Poller().seconds() <= LOOK_EVERY.total_seconds()


@pytest.mark.parametrize(
    ("armed", "seconds"),
    [
        pytest.param([None], 10 * HOUR, id="no timer was set"),
        pytest.param([2 * HOUR], 2 * HOUR, id="it wakes for a timer"),
        pytest.param([2 * HOUR, 5 * HOUR], 2 * HOUR, id="a later one changes nothing"),
        pytest.param([5 * HOUR, 2 * HOUR], 2 * HOUR, id="for an earlier one it wakes earlier"),
        pytest.param([20 * HOUR], 10 * HOUR, id="one beyond its longest sleep it finds then"),
        pytest.param([0.0], 0.0, id="what is due now keeps it awake"),
        pytest.param([-5.0], 0.0, id="so does what was due before"),
    ],
)
def test_it_sleeps_until_the_earliest_timer_that_was_set(
    poller: Poller, armed: list[float | None], seconds: float
) -> None:
    for due in armed:
        poller.armed(None if due is None else in_(due), NOW)
    assert sleeps(poller, seconds)


@pytest.mark.parametrize(
    ("next_due", "armed", "seconds"),
    [
        pytest.param(None, None, 10 * HOUR, id="nothing is due"),
        pytest.param(3 * HOUR, None, 3 * HOUR, id="the store has the next"),
        pytest.param(None, 3 * HOUR, 3 * HOUR, id="it was set here"),
        pytest.param(5 * HOUR, 3 * HOUR, 3 * HOUR, id="the earlier of both, set here"),
        pytest.param(3 * HOUR, 5 * HOUR, 3 * HOUR, id="the earlier of both, in the store"),
        pytest.param(-5.0, None, 10 * HOUR, id="what is still due is not ours to do"),
        pytest.param(0.0, 3 * HOUR, 3 * HOUR, id="and does not hide what was set here"),
        pytest.param(None, -5.0, 10 * HOUR, id="what was due here is done"),
        pytest.param(20 * HOUR, 30 * HOUR, 10 * HOUR, id="never longer than it may"),
    ],
)
def test_after_a_look_it_sleeps_until_what_comes_next(
    poller: Poller, next_due: float | None, armed: float | None, seconds: float
) -> None:
    poller.armed(None if armed is None else in_(armed), NOW)
    poller.looked(None if next_due is None else in_(next_due), NOW)
    assert sleeps(poller, seconds)


def test_what_was_set_here_is_not_forgotten_by_looks_before_it_is_due(poller: Poller) -> None:
    poller.armed(in_(3 * HOUR), NOW)
    poller.looked(None, in_(HOUR))
    assert sleeps(poller, 2 * HOUR)
    poller.looked(None, in_(3 * HOUR))
    assert sleeps(poller, 10 * HOUR)


def test_a_look_that_failed_is_tried_after_the_longest_sleep(poller: Poller) -> None:
    poller.armed(in_(0.0), NOW)
    poller.not_now()
    assert sleeps(poller, 10 * HOUR)


dues = st.lists(st.floats(-HOUR, 20 * HOUR), max_size=6)


@given(dues)
def test_it_never_sleeps_past_what_was_set_nor_for_less_than_nothing(due: list[float]) -> None:
    poller = Poller(timedelta(hours=10))
    for seconds in due:
        poller.armed(in_(seconds), NOW)
    assert sleeps(poller, max(0.0, min([10 * HOUR, *due])))
