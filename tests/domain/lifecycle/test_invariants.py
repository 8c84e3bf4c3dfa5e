"""The doctor's eyes: a whole lead has no finding, and each way of being broken is named."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from scoring_service.domain.lifecycle.invariants import findings_of_lead, findings_of_rotation
from scoring_service.values.checkup import LeadCheckup, RotationCheckup, TakenTurn
from scoring_service.values.clock import Clock, ClockName, Left, Unit
from scoring_service.values.decision import Draw
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import (
    Credit,
    QueuePlace,
    Rotation,
    StageEntry,
    StoredAssignment,
    StoredLead,
    Timer,
)

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
LATER = AT + timedelta(hours=4)
ANN = RepOwner("ann")
CLOCK = Clock(ClockName.ACCEPT, AT, AT, Left(Unit.HOURS, 1), "office", "r1", LATER)
LEAD = StoredLead(
    Lead("l1"), "p1", Stage.MQL, AT, AT, AT, 2, owner=ANN, assignment_id="s1", clocks=(CLOCK,)
)
ENTRIES = (
    StageEntry("l1", 1, 1, "", "known", AT - timedelta(days=1), "", "", "queue:intake", "", "r1"),
    StageEntry("l1", 2, 1, "known", "mql", AT, "", "", "rep:ann", "", "r1"),
)
ASSIGNED = StoredAssignment("s1", "l1", "d1", ANN, "qualified", AT, draw_number=1, pool="west")
WHOLE = LeadCheckup(
    LEAD, ENTRIES, Timer("lead", "l1", LATER + timedelta(microseconds=1), "r1"), (ASSIGNED,)
)
replace = msgspec.structs.replace

Broken = Callable[[], LeadCheckup]


def _lead(**changes: object) -> LeadCheckup:
    return replace(WHOLE, lead=replace(LEAD, **changes))


def _queued(pool: str | None, place: QueuePlace | None) -> LeadCheckup:
    owner = QueueOwner("west-waiting")
    since = AT if pool else None
    lead = replace(LEAD, owner=owner, waiting_in=pool, enqueued_at=since)
    return replace(WHOLE, lead=lead, assignments=(replace(ASSIGNED, owner=owner),), place=place)


def test_a_whole_lead_has_no_finding() -> None:
    assert list(findings_of_lead(WHOLE, lambda owner: True)) == []


def test_a_lead_that_waits_has_no_finding() -> None:
    waits = _queued("west", QueuePlace("west", "l1", AT, 1))
    assert list(findings_of_lead(waits, lambda owner: True)) == []


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        pytest.param(_lead(owner=None), "nobody owns it", id="no-owner"),
        pytest.param(replace(WHOLE, timer=None), "nothing will ever look", id="no-timer"),
        pytest.param(
            replace(WHOLE, timer=Timer("lead", "l1", AT, "r1")), "its clocks say", id="other-timer"
        ),
        pytest.param(
            replace(WHOLE, timer=Timer("lead", "l1", AT, "r1", 3)), "failed 3", id="failed-timer"
        ),
        pytest.param(
            _lead(stage=Stage.CUSTOMER), "and finished, but a timer", id="finished-with-a-timer"
        ),
        pytest.param(_lead(stage=Stage.SAL), "entered mql in 2 last", id="stage-without-entry"),
        pytest.param(_lead(visit=3), "in visit 3", id="visit-without-entry"),
        pytest.param(replace(WHOLE, entries=()), "without any stage", id="no-history"),
        pytest.param(
            replace(WHOLE, entries=(ENTRIES[0], replace(ENTRIES[1], stage_from="nurture"))),
            "left nurture in visit 2, but was in known",
            id="a-stage-left-that-it-was-not-in",
        ),
        pytest.param(
            replace(WHOLE, entries=(replace(ENTRIES[0], visit=0), ENTRIES[1])),
            "visit 0 is followed by 2",
            id="a-visit-missing",
        ),
        pytest.param(
            replace(WHOLE, entries=(replace(ENTRIES[0], at=LATER), ENTRIES[1])),
            "visit 2 began before 1",
            id="time-going-back",
        ),
        pytest.param(
            _lead(entered_at=LATER), "entered mql at", id="entered-at-another-time-than-recorded"
        ),
        pytest.param(replace(WHOLE, assignments=()), "have not ended are none", id="no-assignment"),
        pytest.param(
            replace(WHOLE, assignments=(ASSIGNED, replace(ASSIGNED, assignment_id="s2"))),
            "have not ended are ['s1', 's2']",
            id="two-assignments",
        ),
        pytest.param(
            replace(WHOLE, assignments=(replace(ASSIGNED, owner=RepOwner("bob")),)),
            "owned by ann, assigned to bob",
            id="somebody-else's-assignment",
        ),
        pytest.param(
            replace(_lead(assignment_id=""), assignments=()),
            "owned by ann without an assignment",
            id="a-rep-without-an-assignment",
        ),
        pytest.param(_queued("west", None), "its place says", id="waits-without-a-place"),
        pytest.param(
            replace(WHOLE, place=QueuePlace("west", "l1", AT, 1)),
            "while ann owns it",
            id="a-place-of-one-who-does-not-wait",
        ),
    ],
)
def test_what_is_broken_is_named(broken: LeadCheckup, said: str) -> None:
    found = [finding.what for finding in findings_of_lead(broken, lambda owner: True)]
    assert any(said in what for what in found), found


def test_an_owner_who_is_gone_is_found_while_the_lead_is_unfinished() -> None:
    (gone,) = findings_of_lead(WHOLE, lambda owner: False)
    assert (gone.subject, gone.rule) == ("l1", "one owner")
    won = replace(
        WHOLE,
        lead=replace(LEAD, stage=Stage.CUSTOMER, visit=3),
        entries=(*ENTRIES, replace(ENTRIES[1], visit=3, stage_from="mql", stage_to="customer")),
        timer=None,
    )
    assert list(findings_of_lead(won, lambda owner: False)) == []


def test_a_pin_to_who_is_gone_is_found_while_the_lead_is_unfinished() -> None:
    pinned = _lead(pinned_rep="gone")
    (found,) = findings_of_lead(pinned, lambda owner: owner == ANN)
    assert (found.rule, found.what) == (
        "a pin is to a rep",
        "pinned to gone, who is no active rep",
    )
    assert list(findings_of_lead(_lead(pinned_rep="ann"), lambda owner: owner == ANN)) == []


DRAW = Draw("west", 1, "ann", (("ann", 5), ("bob", 5)), 10)
ROTATION = Rotation("west", (Credit("ann", -5, 1), Credit("bob", 5)), 1)
TURN = TakenTurn(DRAW, False, ASSIGNED)


def test_a_whole_rotation_has_no_finding() -> None:
    assert list(findings_of_rotation(RotationCheckup(ROTATION, (TURN,)))) == []


def test_a_turn_given_back_leaves_no_credit() -> None:
    undone = TakenTurn(DRAW, True, replace(ASSIGNED, given_back=True))
    rotation = Rotation("west", (Credit("ann", 0, 1), Credit("bob", 0)), 1)
    assert list(findings_of_rotation(RotationCheckup(rotation, (undone,)))) == []


@pytest.mark.parametrize(
    ("rotation", "turns", "said"),
    [
        pytest.param(
            replace(ROTATION, credits=(Credit("ann", -4, 1), Credit("bob", 4))),
            (TURN,),
            "ann has -4, its turns make -5",
            id="a-credit-nobody-gave",
        ),
        pytest.param(
            replace(ROTATION, credits=(Credit("ann", -5, 1),)),
            (TURN,),
            "sum to -5",
            id="credits-that-do-not-sum-to-nothing",
        ),
        pytest.param(ROTATION, (TURN, TURN), "1 draws are counted, 2", id="a-draw-too-many"),
        pytest.param(
            ROTATION, (replace(TURN, assignment=None),), "made no assignment", id="a-lost-turn"
        ),
        pytest.param(
            ROTATION,
            (replace(TURN, assignment=replace(ASSIGNED, owner=RepOwner("bob"))),),
            "won by ann, assigned to bob",
            id="a-turn-of-another",
        ),
        pytest.param(
            ROTATION,
            (replace(TURN, assignment=replace(ASSIGNED, given_back=True)),),
            "do not agree",
            id="given-back-by-one-side-only",
        ),
    ],
)
def test_a_broken_rotation_is_named(
    rotation: Rotation, turns: tuple[TakenTurn, ...], said: str
) -> None:
    found = [f.what for f in findings_of_rotation(RotationCheckup(rotation, turns))]
    assert any(said in what for what in found), found
