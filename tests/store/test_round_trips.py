"""What is stored comes back equal, whatever it holds, from either engine."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.values.account import Account
from scoring_service.values.activity import Activity, BehaviourState
from scoring_service.values.clock import Clock, ClockName, Left, Unit
from scoring_service.values.decision import Draw
from scoring_service.values.happening import Opportunity, Touch, Win
from scoring_service.values.instant import EPOCH
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner, TrackOwner
from scoring_service.values.score import HeldBar
from scoring_service.values.stage import Stage
from scoring_service.values.stored import Answer, Event, StoredActivity, StoredLead, Timer

NOW = datetime(2026, 3, 2, 10, 0, 0, 123_456, tzinfo=UTC)
EARLY, LATE = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)

HOSTILE = [
    pytest.param("Robert'); drop table leads; --", id="a quote"),
    pytest.param('"double" \\ back\\slash', id="what JSON escapes"),
    pytest.param("100% :lead_id %s ? $1 {0}", id="placeholders"),
    pytest.param("Zoë ☎ 😀 ﷺ ß İ", id="any script"),
    pytest.param("a\nb\tc\r\u2028\x7f", id="white space"),
    pytest.param("  ", id="only blanks"),
    pytest.param("x" * 5_000, id="a long one"),
]

LEAD = Lead(
    lead_id="l1",
    email="Ann@Firm.example",
    full_name="Ann Müller",
    job_title="CTO",
    phone="+49 30 1",
    company_name="Firm",
    company_domain="firm.example",
    account_id="firm",
    country="DE",
    region="BE",
    postal_code="01067",
    industry="software",
    employees=2**53,
    annual_revenue=1e-300,
    currency="EUR",
    technologies=("go", "rust"),
    product_interest="pro",
    source="web",
    campaign="spring",
    do_not_contact=False,
    attributes={"b": True, "i": -5, "f": 3.0, "t": "x", "list": ("a", ""), "zero": 0},
)

FULL = StoredLead(
    lead=LEAD,
    person_id="p1",
    stage=Stage.RECYCLED,
    created_at=EARLY,
    updated_at=NOW,
    entered_at=LATE,
    visit=3,
    cycle=2,
    owner=TrackOwner("newsletter"),
    assignment_id="s1",
    last_pool="west",
    previous_owner="ann",
    pinned_rep="bob",
    do_not_contact=True,
    waiting_in="west",
    enqueued_at=NOW,
    excluded=("cat", "dan"),
    behaviour=(BehaviourState("visit", 1 / 3, NOW, 2, NOW, "v1", (EPOCH, NOW)),),
    behaviour_since_recycling=(BehaviourState("call", -0.1, NOW, 0, NOW, "v2"),),
    model_behaviour=(BehaviourState("visit", 0.7, NOW, 1, NOW, "v3"),),
    model_scoring="visit:v3",
    held_bars=(HeldBar("fit", 40.0), HeldBar("behaviour", 0.1 + 0.2, LATE)),
    visit_bars=(40.0, 35.5),
    tracks=("newsletter", "recapture"),
    recycled_at=NOW - timedelta(microseconds=1),
    reevaluate_at=NOW + timedelta(days=180),
    arms={"bar": "high", "pool": "b"},
    clocks=(
        Clock(
            ClockName.ACCEPT, EARLY, NOW, Left(Unit.DAYS, 2, 1 / 3), "office", "r1", LATE, 2, "hot"
        ),
        Clock(ClockName.STALLED, NOW, NOW, Left(Unit.HOURS, 7), "always", "r2", resumes_at=LATE),
    ),
    reason="timing",
    merged_into="l2",
    merged_from=("merged-1",),
    recycles=2,
    last_activity_at=EARLY,
    first_contact_at=NOW,
    last_contact_at=LATE,
    opportunity=Opportunity(NOW, "pro", 1 / 3, "EUR", date(2026, 5, 1)),
    win=Win(LATE, "pro", 2.5, "USD"),
    qualification={"budget": "yes"},
    first_touch=Touch("web", EARLY, "cpc", "spring"),
    last_touch=Touch("fair", NOW),
    batch_id="b1",
    score=61.25,
)


def test_every_field_of_a_stored_lead_is_filled_here() -> None:
    bare = StoredLead(Lead(), "", Stage.MQL, EPOCH, EPOCH, EPOCH)
    same = [f for f in StoredLead.__struct_fields__ if getattr(bare, f) == getattr(FULL, f)]
    assert same == []
    empty = Lead()
    assert [f for f in Lead.__struct_fields__ if getattr(empty, f) == getattr(LEAD, f)] == []


@pytest.mark.parametrize(
    "owner", [None, RepOwner("ann"), QueueOwner("q"), TrackOwner("t")], ids=repr
)
def test_a_lead_comes_back_with_everything(desk: Any, owner: Any) -> None:
    lead = msgspec.structs.replace(FULL, owner=owner)
    desk.do(lambda tx: tx.save_lead(lead))
    found = desk.do(lambda tx: tx.lead("l1"))
    assert found == lead == desk.reader.lead("l1")
    assert [type(value) for value in found.lead.attributes.values()] == [
        type(value) for value in LEAD.attributes.values()
    ]


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_comes_back(desk: Any, stage: Stage) -> None:
    desk.do(lambda tx: tx.save_lead(msgspec.structs.replace(FULL, stage=stage)))
    assert desk.reader.lead("l1").stage is stage


@pytest.mark.parametrize("instant", [EARLY, EPOCH, EPOCH - timedelta(microseconds=1), NOW, LATE])
def test_every_instant_comes_back_to_the_microsecond(desk: Any, instant: datetime) -> None:
    desk.do(lambda tx: tx.set_timer(Timer("drain", "west", instant, "r1")))
    assert desk.do(lambda tx: tx.timer("drain", "west")).due_at == instant
    assert desk.reader.next_due() == instant


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_comes_back(desk: Any, example: Any, text: str) -> None:
    lead = example.lead(text, RepOwner(text), person_id=text)
    activity = Activity("visit", NOW, text, text, text, text, text)
    account = Account(text, text, (text,), text, None, text, {text: text})
    answer = Answer(text, text, text, msgspec.json.encode(text), NOW)
    event = Event(text, text, text, NOW, msgspec.json.encode({text: text}))
    assigned = example.assignment(text, text, text, pool=text, route=text, team=text, cause=text)

    def write(tx: Any) -> None:
        tx.save_lead(lead)
        tx.add_activities((StoredActivity(text, activity, text, NOW),))
        tx.save_account(account)
        tx.keep_answer(answer)
        tx.emit(event)
        tx.record_assignment(assigned)
        tx.enqueue(example.place(text, pool=text))
        tx.record_draw(Draw(text, 1, text, ((text, 5),), 5), text, text)
        tx.set_timer(Timer(text, text, NOW, text))
        tx.activate(text, b"", text)

    def read(tx: Any) -> Any:
        count, places = tx.waiting((text,), 5)
        return (
            tx.lead(text), *tx.activities(text), tx.activity_digests((text,)), tx.account(text),
            *tx.accounts_on_domain(text), tx.answer(text), tx.assignment(text), count,
            places[0].lead_id, tx.draw(text, 1).winner, tx.timer(text, text).revision,
            tx.active_revision(), tx.oldest_waiting_pools(), tx.open_leads(text),
            tx.taken_since(text, NOW, 5),
        )  # fmt: skip

    expected = (
        lead, activity, {text: (text, text)}, account, account, answer, assigned, 1, text, text,
        text, text, (text,), 1, 1,
    )  # fmt: skip
    desk.do(write)
    assert desk.do(read) == expected
    assert desk.reader.events()[0][1] == event


@pytest.mark.parametrize("credit", [0, -1, 10**12, -(10**12), 500 * 10**12, -(2**62)])
def test_every_credit_comes_back_exactly(desk: Any, credit: int) -> None:
    from scoring_service.values.stored import Credit, Rotation

    rotation = Rotation("west", (Credit("ann", credit, 2**40),), 2**40)
    desk.do(lambda tx: tx.save_rotation(tx.rotation("west"), rotation))
    assert desk.do(lambda tx: tx.rotation("west")) == rotation


def test_empty_bytes_and_texts_come_back(desk: Any, example: Any) -> None:
    activity = Activity("visit", NOW, "a1")

    def write(tx: Any) -> None:
        tx.save_lead(example.lead())
        tx.add_activities((StoredActivity("l1", activity, "", NOW),))
        tx.keep_answer(Answer("q1", "", "", b"", NOW))

    desk.do(write)
    assert desk.reader.activities("l1") == (activity,)
    assert desk.session.answer("q1") == Answer("q1", "", "", b"", NOW)
