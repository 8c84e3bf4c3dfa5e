"""Leads and rotations with all that must agree with them: whole, each once, page by page."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.domain.routing.rotation import Entrant, apply, draw
from scoring_service.store import checkups
from scoring_service.store.transaction_leads import LEAD_TIMER
from scoring_service.values.checkup import LeadCheckup
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import Credit, StageEntry, StoredDecision, Timer

HOUR = timedelta(hours=1)


@pytest.fixture
def engine() -> str:
    """Reading is the same on each engine, as `doctor` shows; one will do."""
    return "sqlite"


def test_an_empty_store_has_nothing_to_check(desk: Any) -> None:
    assert list(desk.reader.lead_checkups()) == []
    assert list(desk.reader.rotation_checkups()) == []
    assert list(desk.reader.turns_since(desk.now)) == []
    assert desk.reader.stray_timers() == ()


def test_a_lead_has_its_stages_its_timer_its_place_and_what_stands(desk: Any, example: Any) -> None:
    lead, other = example.lead("l1", RepOwner("ann")), example.lead("l2")
    entries = tuple(
        StageEntry("l1", visit, 1, "", "mql", desk.now, "", "q", "rep:ann", "{}", "r1")
        for visit in (1, 2)
    )
    ended = example.assignment("s1", ended_at=desk.now, ended_how="reassign")
    stands = [
        example.assignment("s3", "ann", assigned_at=desk.now),
        example.assignment("s2", "ann", assigned_at=desk.now - HOUR),
    ]
    timer = Timer(LEAD_TIMER, "l1", desk.now, "r1")

    def write(tx: Any) -> None:
        for each in (lead, other):
            tx.save_lead(each)
        for entry in reversed(entries):
            tx.record_stage(entry)
        for one in (ended, *stands):
            tx.record_assignment(one)
        tx.set_timer(timer)
        tx.set_timer(Timer("drain", "l2", desk.now, "r1"))
        tx.enqueue(example.place("l1"))

    desk.do(write)
    place = desk.reader.waiting("west")[1][0]
    first, second = desk.reader.lead_checkups()
    assert first == LeadCheckup(lead, entries, timer, (stands[1], stands[0]), place)
    assert second == LeadCheckup(other)


@pytest.mark.parametrize("count", [checkups.PAGE - 1, checkups.PAGE, checkups.PAGE + 1])
def test_every_lead_is_looked_at_once_however_many_pages(
    desk: Any, example: Any, count: int
) -> None:
    def write(tx: Any) -> None:
        for number in range(count):
            tx.save_lead(example.lead(f"l{number:04}"))

    desk.do(write)
    found = [one.lead.lead.lead_id for one in desk.reader.lead_checkups()]
    assert found == [f"l{number:04}" for number in range(count)]


def take(pool: str, example: Any) -> Any:
    """A turn of a pool with its decision and assignment, by the number of the turn."""

    def unit(tx: Any) -> None:
        rotation = tx.rotation(pool)
        known = {credit.rep_id: credit for credit in rotation.credits}
        places = [known.get(rep, Credit(rep)) for rep in ("ann", "bob")]
        entrants = [Entrant(p.rep_id, credit=p.credit, last_draw=p.last_draw) for p in places]
        made = draw(pool, rotation.draws + 1, entrants)
        tx.save_rotation(rotation, apply(rotation, made))
        name = f"{pool}{made.number}"
        tx.record_draw(made, f"d{name}", "l1")
        assigned = example.assignment(f"s{name}", made.winner, pool=pool, draw_number=made.number)
        tx.record_assignment(msgspec.structs.replace(assigned, decision_id=f"d{name}"))
        record = (f"d{name}", "l1", tx.now, "x", "r1", "", 1, b"{}", b"{}", f"s{name}")
        tx.record_decision(StoredDecision(*record))

    return unit


@pytest.fixture
def drawing(desk: Any, example: Any) -> Any:
    """A store with a lead, on which turns are taken."""
    desk.do(lambda tx: tx.save_lead(example.lead("l1")))
    return desk


def test_a_rotation_has_every_turn_it_was_made_of(drawing: Any, example: Any) -> None:
    drawing.run(*[take("west", example)] * 3, *[take("east", example)] * 2)

    drawing.do(lambda tx: tx.end_assignment("swest2", "rejected", True))
    east, west = drawing.reader.rotation_checkups()
    assert [one.rotation.pool for one in (east, west)] == ["east", "west"]
    assert [(turn.draw.number, turn.given_back) for turn in west.turns] == [
        (1, False),
        (2, True),
        (3, False),
    ]
    assert [turn.draw.winner for turn in east.turns] == ["ann", "bob"]
    made = [(turn.assignment.assignment_id, turn.assignment.given_back) for turn in west.turns]
    assert made == [("swest1", False), ("swest2", True), ("swest3", False)]


@pytest.mark.parametrize("count", [checkups.PAGE, checkups.PAGE + 1])
def test_every_turn_is_told_once_however_many_pages(drawing: Any, example: Any, count: int) -> None:
    drawing.run(*[take("west", example)] * count)
    (west,) = drawing.reader.rotation_checkups()
    assert [turn.draw.number for turn in west.turns] == list(range(1, count + 1))
    assert west.rotation.draws == count
    (since,) = drawing.reader.turns_since(drawing.now)
    assert [turn.draw.number for turn in since.turns] == list(range(count, 0, -1))


@pytest.mark.parametrize(
    ("hours_ago", "numbers"),
    [
        pytest.param(9, [3, 2, 1], id="all of them, the last one first"),
        pytest.param(2, [3, 2], id="at that instant or after it"),
        pytest.param(0.5, [], id="none"),
    ],
)
def test_turns_since_an_instant(
    drawing: Any, example: Any, hours_ago: float, numbers: list[int]
) -> None:
    for _ in range(3):
        drawing.do(take("west", example))
        drawing.later(hours=1)
    (west,) = drawing.reader.turns_since(drawing.now - hours_ago * HOUR)
    assert [turn.draw.number for turn in west.turns] == numbers
    assert [turn.assignment for turn in west.turns] == [None] * len(numbers)
    assert west.rotation.draws == 3
