"""The ladder of an accept clock: its rungs, whom they tell, and what is left of it after a while
down.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.business_time.deadline import deadline
from scoring_service.domain.business_time.duration import BusinessDays, BusinessHours, Elapsed
from scoring_service.domain.lifecycle.ladder import (
    Step,
    climbed,
    last_overdue,
    nobody,
    reassigned_from,
    rungs,
    step_of,
)
from scoring_service.domain.lifecycle.lifecycle import Rung
from scoring_service.domain.lifecycle.running import fired
from scoring_service.domain.lifecycle.telling import answers_for, copied, stands_for, told_by
from scoring_service.domain.policy import Policy
from scoring_service.values.clock import Clock, ClockName
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

Entered = Callable[..., StoredLead]
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def accept(lead: StoredLead) -> Clock:
    return next(clock for clock in lead.clocks if clock.name is ClockName.ACCEPT)


def climb(policy: Policy, lead: StoredLead, n: int) -> list[tuple[datetime, Step]]:
    """The first rungs, each with its instant and what it does."""
    clock, found = accept(lead), list[tuple[datetime, Step]]()
    while clock.due_at is not None and len(found) < n:
        found.append((clock.due_at, step_of(policy, lead, clock, clock.due_at)))
        clock = climbed(policy, lead, clock)
    return found


@pytest.mark.parametrize(
    ("sla", "expected"),
    [
        pytest.param(
            "accept",
            [
                ("2026-03-02T14:00", Step(0, ("max",))),
                ("2026-03-03T10:00", Step(1, ("mia",))),
                ("2026-03-05T10:00", Step(2, reassign=True)),
            ],
            id="4, 8 and 24 business hours from the assignment",
        ),
        pytest.param(
            "hot",
            [("2026-03-02T10:15", Step(0, ("max",))), ("2026-03-02T12:00", Step(1, reassign=True))],
            id="the first rung is the SLA of the lead, the others are those of its ladder",
        ),
        pytest.param(
            "slow",
            [
                ("2026-03-02T22:00", Step(0, ("ann",))),
                ("2026-03-02T16:00", Step(1, ("olga",))),
                ("2026-03-03T11:00", Step(2, reassign=True)),
            ],
            id="in another unit the next rung counts from the assignment",
        ),
    ],
)
def test_a_rep_climbs_the_ladder(
    policy: Policy, entered: Entered, sla: str, expected: list[tuple[str, Step]]
) -> None:
    lead = entered(Stage.MQL, sla=sla)
    assert climb(policy, lead, 9) == [(utc(at), step) for at, step in expected]


def test_in_a_queue_its_owner_is_told_twice_then_the_top_for_ever(
    policy: Policy, entered: Entered
) -> None:
    lead = entered(Stage.MQL, owner=QueueOwner("waiting"), waiting_in="sdr")
    assert climb(policy, lead, 5) == [
        (utc("2026-03-02T14:00"), Step(0, ("olga",))),
        (utc("2026-03-03T10:00"), Step(1, ("olga",))),
        (utc("2026-03-05T10:00"), Step(2, ("sales-ops",))),
        (utc("2026-03-06T10:00"), Step(3, ("sales-ops",))),
        (utc("2026-03-09T10:00"), Step(4, ("sales-ops",))),
    ]


def test_a_breach_dates_from_the_first_rung(policy: Policy, entered: Entered) -> None:
    lead = entered(Stage.MQL)
    last = climbed(policy, lead, climbed(policy, lead, climbed(policy, lead, accept(lead))))
    assert (last.breached_at, last.due_at, last.step) == (utc("2026-03-02T14:00"), None, 3)


def test_without_a_ladder_the_top_is_told_once(
    changed: Callable[..., Policy], entered: Entered
) -> None:
    policy = changed(ladder=())
    lead = entered(Stage.MQL, policy=policy)
    assert rungs(policy, "accept") == ()
    assert climb(policy, lead, 9) == [(utc("2026-03-02T14:00"), Step(0, ("sales-ops",)))]


@pytest.mark.parametrize(
    ("now", "step"),
    [
        pytest.param("2026-03-02T13:00", 0, id="nothing is overdue"),
        pytest.param("2026-03-02T14:30", 0, id="one notice is"),
        pytest.param("2026-03-03T10:00", 0, id="a rung is overdue after its instant, not at it"),
        pytest.param("2026-03-04T10:00", 1, id="of two the last is sent"),
        pytest.param("2026-03-09T10:00", 1, id="and it is sent before the lead is taken away"),
    ],
)
def test_after_a_downtime_only_the_last_notice_is_sent(
    policy: Policy, entered: Entered, now: str, step: int
) -> None:
    lead = entered(Stage.MQL)
    clock = last_overdue(policy, lead, accept(lead), utc(now))
    assert clock.step == step
    assert not step_of(policy, lead, clock, utc(now)).reassign


def test_a_ladder_that_only_tells_ends_with_its_last_notice(
    changed: Callable[..., Policy], entered: Entered
) -> None:
    ladder = tuple(Rung(BusinessHours(h * HOUR), tell=who) for h, who in ((4, "max"), (8, "olga")))
    policy = changed(ladder=ladder)
    lead, now = entered(Stage.MQL, policy=policy), utc("2026-04-01T12:00")
    clock = last_overdue(policy, lead, accept(lead), now)
    assert step_of(policy, lead, clock, now) == Step(1, ("olga",))
    assert climbed(policy, lead, clock).due_at is None


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_a_long_downtime_passes_no_reassignment_by(
    changed: Callable[..., Policy], entered: Entered, step: int
) -> None:
    """Of the notices only the last before it goes out, whatever the ladder says after it."""
    hours = BusinessHours
    ladder = (
        Rung(hours(4 * HOUR), tell="max"),
        Rung(hours(8 * HOUR), tell="olga"),
        Rung(hours(12 * HOUR), reassign=True),
        Rung(hours(16 * HOUR), tell="top"),
    )
    policy = changed(ladder=ladder)
    lead = entered(Stage.MQL, policy=policy)
    clock = msgspec.structs.replace(accept(lead), step=step)
    found = last_overdue(policy, lead, clock, utc("2026-04-01T12:00"))
    assert found.step == max(step, 1)


def test_a_rung_is_as_far_from_the_one_before_whatever_calendar_that_was_counted_in(
    policy: Policy, entered: Entered
) -> None:
    """What passed under the old calendar stays passed: nothing is counted from the start anew."""
    lead = entered(Stage.MQL)
    late = msgspec.structs.replace(accept(lead), due_at=utc("2026-03-04T11:00"), calendar="short")
    assert climbed(policy, lead, late).due_at == utc("2026-03-04T15:00")


def test_in_a_queue_a_long_downtime_is_one_notice(policy: Policy, entered: Entered) -> None:
    lead = entered(Stage.MQL, owner=QueueOwner("waiting"), waiting_in="sdr")
    now = utc("2026-04-01T12:00")
    clock = last_overdue(policy, lead, accept(lead), now)
    assert clock.due_at is not None
    following = climbed(policy, lead, clock).due_at
    assert following is not None
    assert clock.due_at < now <= following


def test_a_reassignment_waits_one_business_hour_after_the_start(
    policy: Policy, entered: Entered
) -> None:
    lead = entered(Stage.MQL)
    assert reassigned_from(policy, lead, utc("2026-03-06T16:30")) == utc("2026-03-09T09:30")


def test_where_nobody_takes_a_lead_the_top_is_told_every_eight_hours(
    policy: Policy, entered: Entered
) -> None:
    lead = entered(Stage.SAL)
    stuck = nobody(policy, lead, MONDAY)
    assert stuck.due_at == utc("2026-03-03T10:00")
    again = fired(policy, lead, stuck, MONDAY + 25 * HOUR)
    assert (again.due_at, again.step) == (utc("2026-03-04T10:00"), 1)


APRIL, MAY, JUNE = utc("2026-04-07T10:00"), utc("2026-05-05T10:00"), utc("2026-06-02T10:00")


@pytest.mark.parametrize(
    ("rep", "word", "now", "told"),
    [
        pytest.param("ann", "manager", MONDAY, "max", id="the manager"),
        pytest.param("ann", "manager's manager", MONDAY, "mia", id="the one above"),
        pytest.param("ann", "manager's manager's manager", MONDAY, "sales-ops",
                     id="who is gone is missing, and above is nobody: the escalation contact"),
        pytest.param("tom", "manager", MONDAY, "sales-ops", id="the top has no manager"),
        pytest.param("nobody", "manager", MONDAY, "sales-ops", id="who is unknown has none"),
        pytest.param("ann", "manager", APRIL, "bob", id="an absent one's backup"),
        pytest.param("ann", "manager", MAY, "mia", id="without a backup the next above"),
        pytest.param("ann", "manager", JUNE, "mia", id="nobody is told of himself as a backup"),
        pytest.param("bob", "manager", JUNE, "ann", id="of another's lead the backup is"),
        pytest.param("ann", "manager", utc("2026-04-03T18:00"), "bob",
                     id="on Friday evening one who is away from Monday is absent"),
        pytest.param("ann", "manager", utc("2026-04-10T18:00"), "max",
                     id="on the last evening of a leave he reads it when he is back"),
        pytest.param("ann", "owner", MONDAY, "ann", id="the owner himself"),
        pytest.param("max", "owner", APRIL, "bob", id="the owner's backup"),
        pytest.param("max", "owner", MAY, "max", id="the owner where nobody stands in"),
        pytest.param("ann", "top", MONDAY, "sales-ops", id="the top"),
        pytest.param("ann", "olga", MONDAY, "olga", id="a name"),
        pytest.param("ann", "max", APRIL, "bob", id="a rep by name has a backup too"),
        pytest.param("ann", "manager's cat", MONDAY, "manager's cat", id="what is no manager"),
    ],
)  # fmt: skip
def test_whom_a_word_means(policy: Policy, rep: str, word: str, now: datetime, told: str) -> None:
    assert told_by(policy, rep, word, now) == told


def test_the_backup_gets_copies_while_a_rep_is_away(policy: Policy) -> None:
    assert copied(policy, "max", MONDAY) == ("max",)
    assert copied(policy, "max", APRIL) == ("max", "bob")
    assert copied(policy, "max", MAY) == ("max",)
    assert stands_for(policy, "tom", MONDAY) is None


@pytest.mark.parametrize(
    ("owner", "pool", "answers"),
    [
        pytest.param(RepOwner("ann"), None, "ann", id="a rep for himself"),
        pytest.param(QueueOwner("waiting"), "sdr", "olga", id="the owner of a pool's queue"),
        pytest.param(QueueOwner("intake"), None, "sales-ops", id="intake's owner"),
        pytest.param(TrackOwner("not-now"), None, "marketing", id="a track's owner"),
        pytest.param(TrackOwner("suppressed"), None, "sales-ops", id="else the top"),
    ],
)
def test_who_answers_for_a_lead(
    policy: Policy, owner: Owner, pool: str | None, answers: str
) -> None:
    assert answers_for(policy, owner, pool) == answers


def test_who_answers_for_intake_need_not_be_the_top(changed: Callable[..., Policy]) -> None:
    policy = changed(intake_owner="front-desk")
    assert answers_for(policy, QueueOwner("intake"), None) == "front-desk"
    assert answers_for(policy, QueueOwner("nobody's"), None) == "sales-ops"


@settings(max_examples=100)
@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=5, unique=True).map(sorted),
    st.integers(0, 5_000),
)
def test_rungs_are_as_far_from_the_assignment_as_they_say(
    policy: Policy,
    changed: Callable[..., Policy],
    entered: Entered,
    hours: list[int],
    minutes: int,
) -> None:
    """Whatever time of the week it is: each rung is due when its hours have passed since."""
    ladder = tuple(Rung(BusinessHours(hour * HOUR), tell="manager") for hour in hours)
    slas = {**policy.lifecycle.slas, "accept": ladder[0].after}
    other = changed(ladder=ladder, slas=slas)
    now = MONDAY + timedelta(minutes=minutes)
    lead = entered(Stage.MQL, now, other)
    office = policy.calendars["office"]
    dues = [at for at, _ in climb(other, lead, 9)]
    assert dues == [deadline(office, now, rung.after) for rung in ladder]


def test_a_ladder_in_business_days_goes_by_dates(
    changed: Callable[..., Policy], policy: Policy, entered: Entered
) -> None:
    ladder = (Rung(BusinessDays(1), tell="manager"), Rung(BusinessDays(4), reassign=True))
    slas = {**policy.lifecycle.slas, "accept": BusinessDays(1)}
    other = changed(ladder=ladder, slas=slas)
    dues = [at for at, _ in climb(other, entered(Stage.MQL, policy=other), 9)]
    assert dues == [utc("2026-03-03T10:00"), utc("2026-03-06T10:00")]


def test_a_ladder_in_elapsed_time_knows_no_nights(
    policy: Policy, changed: Callable[..., Policy], entered: Entered
) -> None:
    ladder = (Rung(Elapsed(4 * HOUR), tell="manager"), Rung(Elapsed(20 * HOUR), reassign=True))
    slas = {**policy.lifecycle.slas, "accept": Elapsed(4 * HOUR)}
    other = changed(ladder=ladder, slas=slas)
    lead = msgspec.structs.replace(entered(Stage.MQL, policy=other), reason="")
    assert [at - MONDAY for at, _ in climb(other, lead, 9)] == [4 * HOUR, 20 * HOUR]
