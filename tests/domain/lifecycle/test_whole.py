"""What the doctor leaves alone: leads that are whole though they look odd, and what it says of arms
that nobody was enrolled in.
"""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from scoring_service.domain.lifecycle.invariants import findings_of_arms, findings_of_lead
from scoring_service.values.checkup import LeadCheckup
from scoring_service.values.clock import Clock, ClockName, Left, Unit
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import (
    QueuePlace,
    StageEntry,
    StoredAssignment,
    StoredLead,
    Timer,
)

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
DUE = AT + timedelta(days=90)
AFTER_DUE = DUE + timedelta(microseconds=1)
CLOCK = Clock(ClockName.NEVER_IDENTIFIED, AT, AT, Left(Unit.ELAPSED, 1), "always", "r1", DUE)
TRACK, ANN = TrackOwner("welcome"), RepOwner("ann")
LEAD = StoredLead(Lead("l1"), "p1", Stage.NURTURE, AT, AT, AT, 1, owner=TRACK, clocks=(CLOCK,))
ENTRY = StageEntry("l1", 1, 1, "", "nurture", AT, "", "", "track:welcome", "", "r1")
TIMER = Timer("lead", "l1", AFTER_DUE, "r1")
WHOLE = LeadCheckup(LEAD, (ENTRY,), TIMER)
replace = msgspec.structs.replace


def lead_with(**changes: object) -> LeadCheckup:
    return replace(WHOLE, lead=replace(LEAD, **changes))


def ended(stage: Stage, owner: Owner, **changes: object) -> LeadCheckup:
    """A lead at its end: no timer, and an entry of that stage."""
    entry = replace(ENTRY, stage_to=stage.value)
    lead = replace(LEAD, stage=stage, owner=owner, clocks=(), **changes)
    return LeadCheckup(lead, (entry,))


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param(WHOLE, id="a track's lead has no assignment"),
        pytest.param(
            lead_with(entered_at=AT - timedelta(days=30), batch_id="b1"),
            id="an imported lead entered its stage before it was stored",
        ),
        pytest.param(
            replace(lead_with(clocks=(replace(CLOCK, due_at=None),)), timer=TIMER),
            id="a timer may come for a lead none of whose clocks falls due",
        ),
        pytest.param(ended(Stage.CUSTOMER, ANN), id="the rep who won has no assignment any more"),
        pytest.param(ended(Stage.CUSTOMER, RepOwner("gone")), id="who owns a customer may be gone"),
        pytest.param(
            ended(Stage.DISQUALIFIED, TrackOwner("suppressed"), pinned_rep="gone"),
            id="a pin of a finished lead is history",
        ),
        pytest.param(lead_with(pinned_rep="ann"), id="a lead of a track may be pinned"),
    ],
)
def test_nothing_is_found_of(whole: LeadCheckup) -> None:
    active = (TRACK, ANN)
    assert list(findings_of_lead(whole, lambda owner: owner in active)) == []


@pytest.mark.parametrize(
    ("broken", "rule", "said"),
    [
        pytest.param(
            lead_with(entered_at=AT - timedelta(days=30)),
            "history consistent with state",
            "entered nurture at 2026-01-31T10:00:00+00:00 and 2026-03-02T10:00:00+00:00",
            id="only an imported lead may have entered at another time",
        ),
        pytest.param(
            replace(WHOLE, assignments=(StoredAssignment("s1", "l1", "d1", TRACK, "routed", AT),)),
            "one assignment, its owner's",
            "its assignment is none, those that have not ended are ['s1']",
            id="a track's lead has an assignment that never ended",
        ),
        pytest.param(
            replace(WHOLE, timer=replace(TIMER, due_at=DUE)),
            "a pending timer unless finished",
            "its timer is set for 2026-05-31T10:00:00+00:00,"
            " its clocks say 2026-05-31T10:00:00.000001+00:00",
            id="a timer at the deadline itself comes too early",
        ),
        pytest.param(
            replace(WHOLE, timer=replace(TIMER, attempts=2)),
            "a pending timer unless finished",
            "its timer failed 2 times; see the log of the server",
            id="a timer that failed",
        ),
        pytest.param(
            replace(ended(Stage.CUSTOMER, ANN), timer=TIMER),
            "a pending timer unless finished",
            "customer and finished, but a timer is set for 2026-05-31T10:00:00.000001+00:00",
            id="a timer of a finished lead",
        ),
        pytest.param(
            lead_with(pinned_rep="gone"),
            "a pin is to a rep",
            "pinned to gone, who is no active rep",
            id="a pin to who is gone",
        ),
        pytest.param(
            replace(
                lead_with(owner=QueueOwner("q"), waiting_in="p", enqueued_at=AT),
                place=QueuePlace("q", "l1", AT, 1),
            ),
            "a place in a queue, or none",
            f"waits in p since {AT}; its place says {('q', AT)}",
            id="a place in the queue of another pool",
        ),
        pytest.param(
            replace(
                lead_with(owner=QueueOwner("q"), waiting_in="p", enqueued_at=AT),
                place=QueuePlace("p", "l1", DUE, 1),
            ),
            "a place in a queue, or none",
            f"waits in p since {AT}; its place says {('p', DUE)}",
            id="a place since another instant",
        ),
    ],
)
def test_what_is_found_is_one_thing_under_its_rule(
    broken: LeadCheckup, rule: str, said: str
) -> None:
    (found,) = findings_of_lead(broken, lambda owner: owner != RepOwner("gone"))
    assert (found.subject, found.rule, found.what) == ("l1", rule, said)


def test_a_failed_timer_is_not_blamed_for_its_later_instant() -> None:
    """It is tried again after a while: that it is not where the clocks say is no second finding."""
    later = replace(TIMER, due_at=DUE + timedelta(hours=1), attempts=1)
    found = list(findings_of_lead(replace(WHOLE, timer=later), lambda owner: True))
    assert [one.what for one in found] == ["its timer failed 1 times; see the log of the server"]


@pytest.mark.parametrize(
    ("arms", "found"),
    [
        pytest.param({}, [], id="a lead of no experiment"),
        pytest.param({"bar": "lower"}, [], id="an arm that somebody was enrolled in"),
        pytest.param({"bar": "higher"}, ["higher' of 'bar"], id="an arm that never was"),
        pytest.param({"gone": "lower"}, ["lower' of 'gone"], id="an experiment that never was"),
        pytest.param(
            {"bar": "lower", "pool": "x", "z": "y"},
            ["x' of 'pool", "y' of 'z"],
            id="each one of several",
        ),
    ],
)
def test_arms_that_nobody_was_enrolled_in(arms: dict[str, str], found: list[str]) -> None:
    known = frozenset({("bar", "lower"), ("bar", "control"), ("pool", "lower")})
    findings = list(findings_of_arms(replace(LEAD, arms=arms), known))
    assert [one.subject for one in findings] == ["l1"] * len(found)
    assert [one.what for one in findings] == [
        f"it is in the arm '{what}', and nobody was ever enrolled there" for what in found
    ]
