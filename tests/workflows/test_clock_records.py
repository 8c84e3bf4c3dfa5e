"""What becomes of clocks, and which tracks a lead is in, is recorded in one word each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.values.clock import Clock, ClockName, Left, Unit
from scoring_service.values.happening import ClockChanged, Enrolment
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, Owner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.clock_records import record_clocks
from scoring_service.workflows.enrolling import record_enrolment, tracks_with

Change = Callable[[Clock, Any], Clock]
_set = msgspec.structs.replace
HOUR = timedelta(hours=1)


def clock_at(at: Any, name: ClockName = ClockName.STALLED) -> Clock:
    """A clock of two hours that begins at an instant."""
    return Clock(name, at, at, Left(Unit.HOURS, 7_200_000_000), "default", "r1", at + 2 * HOUR)


def lead_with(at: Any, *clocks: Clock, visit: int = 1, owner: Owner | None = None) -> StoredLead:
    """A lead with these clocks."""
    return StoredLead(
        Lead(lead_id="l1"), "p1", Stage.SQL, at, at, at, visit, owner=owner, clocks=clocks
    )


async def told(desk: Any, write: Callable[[Any], None]) -> list[Any]:
    """What a unit of work records of a stored lead."""
    await desk.route(Lead(lead_id="l1", employees=5))

    def unit(tx: Any, policy: Any, now: Any) -> Any:
        before = len(tx.happenings("l1"))
        write(tx)
        return tx.happenings("l1")[before:]

    return [one.happening for one in await desk.run(unit)]


async def recorded(
    desk: Any, before: StoredLead | None, after: StoredLead
) -> list[tuple[str, str]]:
    """How each clock is recorded to have changed."""
    found = await told(desk, lambda tx: record_clocks(tx, before, after, "ann"))
    return [(one.how, one.clock.name) for one in found if isinstance(one, ClockChanged)]


@pytest.mark.parametrize(
    ("change", "how"),
    [
        pytest.param(lambda c, at: c, [], id="nothing happened"),
        pytest.param(
            lambda c, at: _set(c, due_at=None, resumes_at=at + 9 * HOUR), ["paused"], id="stopped"
        ),
        pytest.param(lambda c, at: _set(c, due_at=None, met_at=at), ["met"], id="done"),
        pytest.param(
            lambda c, at: _set(c, due_at=None, met_at=at, breached_at=at), ["met"], id="done late"
        ),
        pytest.param(lambda c, at: _set(c, breached_at=at), ["breached"], id="ran out"),
        pytest.param(
            lambda c, at: _set(c, since=at + HOUR, due_at=at + 9 * HOUR), ["laid"], id="laid anew"
        ),
        pytest.param(
            lambda c, at: _set(c, started_at=at + HOUR), ["cancelled"], id="counts from another act"
        ),
    ],
)
async def test_each_change_is_one_word(
    desk: Any, clock: Any, change: Change, how: list[str]
) -> None:
    before = clock_at(clock.now)
    after = lead_with(clock.now, change(before, clock.now))
    found = await recorded(desk, lead_with(clock.now, before), after)
    assert found == [(word, "stalled") for word in how]


async def test_a_stopped_clock_goes_on(desk: Any, clock: Any) -> None:
    runs = clock_at(clock.now)
    stopped = _set(runs, due_at=None, resumes_at=clock.now)
    found = await recorded(desk, lead_with(clock.now, stopped), lead_with(clock.now, runs))
    assert found == [("resumed", "stalled")]


async def test_leaving_a_stage_cancels_what_was_still_to_come(desk: Any, clock: Any) -> None:
    at = clock.now
    done = _set(clock_at(at, ClockName.ACCEPT), due_at=None, met_at=at)
    before = lead_with(at, done, clock_at(at), clock_at(at, ClockName.LAPSE))
    after = lead_with(at, clock_at(at + HOUR), visit=2)
    assert await recorded(desk, before, after) == [("cancelled", "stalled"), ("cancelled", "lapse")]


async def test_a_clock_that_begins_is_the_leads_until_something_becomes_of_it(
    desk: Any, clock: Any
) -> None:
    begins = clock_at(clock.now)
    assert await recorded(desk, None, lead_with(clock.now, begins)) == []
    done = _set(begins, due_at=None, met_at=clock.now)
    assert await recorded(desk, None, lead_with(clock.now, done)) == [("met", "stalled")]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        pytest.param(None, RepOwner("ann"), [], id="a rep is no track"),
        pytest.param(None, TrackOwner("a"), [("a", True)], id="in"),
        pytest.param(TrackOwner("a"), RepOwner("ann"), [("a", False)], id="out"),
        pytest.param(TrackOwner("a"), TrackOwner("a"), [], id="it stays"),
        pytest.param(
            TrackOwner("a"), TrackOwner("b"), [("a", False), ("b", True)], id="into another"
        ),
        pytest.param(TrackOwner("a"), SUPPRESSED, [("a", False)], id="suppressed is out"),
    ],
)
async def test_tracks_are_entered_and_left(
    desk: Any, clock: Any, before: Owner | None, after: Owner, wanted: list[tuple[str, bool]]
) -> None:
    lead = lead_with(clock.now, owner=after)
    found = await told(desk, lambda tx: record_enrolment(tx, before, lead, "ann"))
    assert found == [Enrolment(track, entered) for track, entered in wanted]


@pytest.mark.parametrize(
    ("owner", "wanted"),
    [
        (TrackOwner("b"), ("a", "b")),
        (TrackOwner("a"), ("a",)),
        (RepOwner("ann"), ("a",)),
        (SUPPRESSED, ("a",)),
        (None, ("a",)),
    ],
)
def test_the_tracks_of_a_lead_are_kept_in_order(owner: Owner | None, wanted: Any) -> None:
    assert tracks_with(("a",), owner) == wanted
