"""What an activity, a contact, a pause and a firing do to the clocks of a lead that stays."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from scoring_service.domain.lifecycle.ladder import nobody
from scoring_service.domain.lifecycle.running import contacted, fired, gone_on, replaced, touched
from scoring_service.domain.policy import Policy
from scoring_service.values.clock import Clock, ClockName
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

Entered = Callable[..., StoredLead]
DAY = timedelta(days=1)
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
WEDNESDAY = MONDAY + 2 * DAY


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(clocks: tuple[Clock, ...]) -> dict[str, datetime | None]:
    return {clock.name.value: clock.due_at for clock in clocks}


def clock(lead: StoredLead, name: ClockName) -> Clock:
    return next(each for each in lead.clocks if each.name is name)


@pytest.mark.parametrize(
    ("stage", "name", "days"),
    [
        pytest.param(Stage.ANONYMOUS, ClockName.NEVER_IDENTIFIED, 90, id="anonymous"),
        pytest.param(Stage.NURTURE, ClockName.REVIEW, 180, id="a review"),
        pytest.param(Stage.NURTURE, ClockName.NO_ENGAGEMENT, 730, id="nurture"),
        pytest.param(Stage.RECYCLED, ClockName.NO_ENGAGEMENT, 730, id="recycled"),
    ],
)
def test_an_activity_begins_the_silence_anew(
    entered: Entered, policy: Policy, stage: Stage, name: ClockName, days: int
) -> None:
    lead = entered(stage, last_activity_at=MONDAY)
    for happened in (MONDAY + 20 * DAY, MONDAY + 10 * DAY):
        latest = msgspec.structs.replace(lead, last_activity_at=happened)
        clocks = touched(lead.clocks, policy, latest, MONDAY + 30 * DAY)
        assert due(clocks)[name] == happened + days * DAY
    assert touched(lead.clocks, policy, lead, MONDAY + 30 * DAY) == lead.clocks


def test_a_review_that_was_told_comes_again_after_an_activity(
    entered: Entered, policy: Policy
) -> None:
    lead = entered(Stage.NURTURE)
    told_at = MONDAY + 181 * DAY
    told = fired(policy, lead, clock(lead, ClockName.REVIEW), told_at)
    assert (told.due_at, told.breached_at) == (None, MONDAY + 180 * DAY)
    active = msgspec.structs.replace(
        lead, clocks=replaced(lead.clocks, told), last_activity_at=told_at
    )
    again = touched(active.clocks, policy, active, told_at)
    assert due(again)["review"] == told_at + 180 * DAY


def test_history_from_before_a_visit_does_not_end_it(entered: Entered) -> None:
    """A review is counted from the latest activity, whenever that was; an end is not."""
    old = MONDAY - 800 * DAY
    clocks = due(entered(Stage.NURTURE, last_activity_at=old).clocks)
    assert clocks == {"review": old + 180 * DAY, "no_engagement": MONDAY + 730 * DAY}


def test_a_contact_meets_the_first_and_the_silence_counts_from_the_latest(
    entered: Entered, policy: Policy
) -> None:
    lead = entered(Stage.SAL)
    at = utc("2026-03-02T10:30")
    first, none = contacted(lead.clocks, policy, lead, at, utc("2026-03-05T12:00"))
    assert (first.met_at, first.breached_at, first.due_at) == (at, None, None)
    assert none.due_at == utc("2026-03-16T10:30")
    earlier = contacted((first, none), policy, lead, utc("2026-03-02T10:10"), WEDNESDAY)
    assert earlier == (first, none), "an earlier one that is told later changes nothing"


def test_a_late_first_contact_is_met_and_stays_a_breach(entered: Entered, policy: Policy) -> None:
    lead = entered(Stage.SAL)
    first, _ = contacted(lead.clocks, policy, lead, WEDNESDAY, WEDNESDAY)
    assert (first.met_at, first.breached_at) == (WEDNESDAY, utc("2026-03-02T11:00"))


@pytest.mark.parametrize("stage", [Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY])
def test_the_next_contact_stops_the_clocks_of_sal_and_sql_only(
    entered: Entered, policy: Policy, stage: Stage
) -> None:
    lead = entered(stage)
    until, tuesday = utc("2026-03-11T10:00"), utc("2026-03-03T10:00")
    clocks = contacted(lead.clocks, policy, lead, tuesday, tuesday, until)
    stopped = {each.name.value for each in clocks if each.resumes_at == until}
    expected = {Stage.SAL: {"no_contact"}, Stage.SQL: {"open_opportunity", "stalled"}}
    assert stopped == expected.get(stage, set())
    if not stopped:
        assert clocks == lead.clocks or stage is Stage.OPPORTUNITY


@pytest.mark.parametrize(
    ("stage", "at", "waits"),
    [
        pytest.param(Stage.SAL, WEDNESDAY, False, id="who is in touch with it keeps a sal"),
        pytest.param(Stage.SAL, MONDAY - DAY, True, id="by what was before it came he does not"),
        pytest.param(Stage.MQL, WEDNESDAY, True, id="a contact accepts no mql"),
    ],
)
def test_a_lead_that_waits_for_somebody_else(
    entered: Entered, policy: Policy, stage: Stage, at: datetime, waits: bool
) -> None:
    """Nobody else could take it when it was to be taken from its owner: it still is, unless he got
    in touch with it.
    """
    lead = entered(stage)
    clocks = replaced(lead.clocks, nobody(policy, lead, WEDNESDAY))
    assert ("nobody" in due(contacted(clocks, policy, lead, at, WEDNESDAY))) == waits


def test_a_contact_amid_a_pause_counts_from_then_once_it_is_over(
    entered: Entered, policy: Policy
) -> None:
    """Ten business days of silence, from the contact, and none of them while the pause goes on."""
    lead = entered(Stage.SAL)
    tuesday, until = utc("2026-03-03T10:00"), utc("2026-03-11T10:00")
    stopped = contacted(lead.clocks, policy, lead, tuesday, tuesday, until)
    again = contacted(stopped, policy, lead, WEDNESDAY, WEDNESDAY)
    [silence] = [one for one in again if one.name is ClockName.NO_CONTACT]
    assert (silence.due_at, silence.resumes_at, silence.since) == (None, until, WEDNESDAY)
    assert due(gone_on(again, policy, lead, until))["no_contact"] == utc("2026-03-25T10:00")
    assert gone_on(lead.clocks, policy, lead, until) == lead.clocks, "what runs runs on"


def test_after_the_pause_the_rest_is_laid(entered: Entered, policy: Policy) -> None:
    lead = entered(Stage.SQL)
    tuesday, until = utc("2026-03-03T10:00"), utc("2026-03-11T10:00")
    stopped = contacted(lead.clocks, policy, lead, tuesday, tuesday, until)
    assert gone_on(stopped, policy, lead, until - DAY) == stopped
    assert due(gone_on(stopped, policy, lead, until)) == {
        "open_opportunity": utc("2026-03-12T10:00"),
        "stalled": utc("2026-04-07T10:00"),
    }


@pytest.mark.parametrize(
    ("late", "again"),
    [
        pytest.param(0, "2026-04-13T10:00", id="10 business days after it fell due"),
        pytest.param(60, "2026-06-12T10:00", id="after a long downtime 10 days from now, once"),
    ],
)
def test_silence_is_told_again(entered: Entered, policy: Policy, late: int, again: str) -> None:
    lead = entered(Stage.OPPORTUNITY)
    silent = clock(lead, ClockName.SILENT)
    assert silent.due_at is not None
    after = fired(policy, lead, silent, silent.due_at + late * DAY)
    assert (after.due_at, after.step) == (utc(again), 1)
    assert after.breached_at == silent.due_at
