"""A lead and its history as messages: nothing is left behind, nothing is said that is not so."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import msgspec
import pytest
from leadscoring.v1 import lifecycle_pb2, types_pb2

from scoring_service.api.convert_history import happening_into, history_into
from scoring_service.api.convert_lead_view import clock_into, lead_into, state_into
from scoring_service.values import happening
from scoring_service.values.clock import Clock, ClockName, Left, Unit
from scoring_service.values.happening import Happened, Happening, Opportunity, Touch, Win
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.score import Score
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StageEntry
from scoring_service.workflows.lifecycle_requests import HistoryView, LeadView

NOW = datetime(2026, 3, 2, 10, 0, 0, 123_456, tzinfo=UTC)
LATER = NOW + timedelta(hours=4)
LEAD = Lead(
    lead_id="l-1",
    email="ann@acme.de",
    full_name="Ann",
    job_title="CEO",
    phone="1",
    company_name="Acme",
    company_domain="acme.de",
    account_id="acme",
    country="DE",
    region="EMEA",
    postal_code="01234",
    industry="toys",
    employees=0,
    annual_revenue=0.5,
    currency="EUR",
    technologies=("a", "b"),
    product_interest="crm",
    source="web",
    campaign="spring",
    do_not_contact=False,
    attributes={"plan": "pro", "seats": 3, "vip": True, "share": 0.5, "tags": ("x", "y")},
)
CLOCK = Clock(
    name=ClockName.ACCEPT,
    started_at=NOW,
    since=NOW,
    left=Left(Unit.DAYS, 2, 0.25),
    calendar="berlin",
    revision="r1",
    due_at=LATER,
    step=1,
    sla="hot",
)
TOUCH = Touch("google", NOW, "cpc", "spring")
DEAL = Opportunity(NOW, "crm", 9.5, "EUR", date(2026, 3, 31))


@pytest.fixture
def lead(score: Score) -> LeadView:
    """A view with everything set."""
    return LeadView(
        lead=LEAD,
        stage=Stage.SQL,
        owner=RepOwner("ann"),
        score=score,
        visit=4,
        cycle=2,
        person_id="p-1",
        created_at=NOW,
        updated_at=LATER,
        entered_at=NOW,
        assignment_id="as-1",
        decision_id="de-1",
        respond_by=LATER,
        reason="timing",
        do_not_contact=True,
        clocks=(CLOCK,),
        asked_for="l-0",
        pinned_rep="bob",
        waiting_in="west",
        recycles=1,
        recycled_at=NOW,
        reevaluate_at=LATER,
        tracks=("news", "welcome"),
        arms={"bar": "lower"},
        opportunity=DEAL,
        win=Win(LATER, "crm", 9.5, "EUR"),
        qualification={"need": "yes"},
        first_touch=TOUCH,
        last_touch=TOUCH,
        likely_duplicates=("l-2", "l-3"),
        still_asked=("need", "plan"),
        replayed=True,
    )


def _state(view: LeadView) -> lifecycle_pb2.LeadState:
    message = lifecycle_pb2.LeadState()
    state_into(message, view)
    return message


def test_nothing_of_a_lead_is_left_behind(lead: LeadView) -> None:
    message = _state(lead)
    of_the_oneof = {"queue", "track"}
    unset = {field.name for field in message.DESCRIPTOR.fields} - {
        field.name for field, _ in message.ListFields()
    }
    assert unset == of_the_oneof
    for name in ("visit", "cycle", "person_id", "assignment_id", "decision_id", "recycles"):
        assert getattr(message, name) == getattr(lead, name)
    assert (message.stage, message.rep_id) == (types_pb2.STAGE_SQL, "ann")
    assert (message.asked_for, message.pinned_rep_id, message.waiting_in) == ("l-0", "bob", "west")
    assert message.respond_by.ToDatetime(UTC) == LATER
    assert (message.opportunity.value, message.opportunity.expected_close) == (9.5, "2026-03-31")
    assert message.win.closed_at.ToDatetime(UTC) == LATER
    assert dict(message.qualification) == {"need": "yes"}
    assert message.first_touch.medium == "cpc"
    assert list(message.likely_duplicates) == ["l-2", "l-3"]
    assert dict(message.arms) == {"bar": "lower"}
    assert list(message.still_asked) == ["need", "plan"]


def test_what_a_lead_has_not_is_not_said(score: Score) -> None:
    bare = _state(LeadView(Lead("l-1"), Stage.KNOWN, None, score))
    said = {field.name for field, _ in bare.ListFields()}
    assert said == {"lead", "stage", "score", "cycle"}
    assert [field.name for field, _ in bare.lead.ListFields()] == ["lead_id"]


def test_every_field_of_a_lead_has_a_place_on_the_wire() -> None:
    message = types_pb2.Lead()
    lead_into(message, LEAD)
    assert {field.name for field, _ in message.ListFields()} == set(Lead.__struct_fields__)
    assert (message.employees, message.do_not_contact) == (0, False)
    assert message.attributes["vip"].boolean is True
    assert list(message.attributes["tags"].texts.values) == ["x", "y"]


@pytest.mark.parametrize(
    ("owner", "field"),
    [(RepOwner("x"), "rep_id"), (QueueOwner("x"), "queue"), (TrackOwner("x"), "track")],
)
def test_a_lead_has_one_owner(lead: LeadView, owner: Owner, field: str) -> None:
    message = _state(msgspec.structs.replace(lead, owner=owner))
    assert (message.WhichOneof("owner"), getattr(message, field)) == (field, "x")


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        pytest.param({}, "RUNNING", id="it-runs"),
        pytest.param({"due_at": None, "resumes_at": LATER}, "PAUSED", id="it-stands-still"),
        pytest.param({"due_at": None, "met_at": NOW}, "MET", id="it-was-met"),
        pytest.param({"breached_at": NOW}, "BREACHED", id="it-ran-out-and-tells-again"),
        pytest.param(
            {"due_at": None, "breached_at": NOW, "met_at": LATER},
            "BREACHED",
            id="met-too-late-it-stays-breached",
        ),
        pytest.param({"due_at": None}, "ENDED", id="it-has-nothing-more-to-tell"),
    ],
)
def test_how_a_clock_stands(changed: dict[str, Any], state: str) -> None:
    message = lifecycle_pb2.Clock()
    clock_into(message, msgspec.structs.replace(CLOCK, **changed))
    assert lifecycle_pb2.ClockState.Name(message.state) == f"CLOCK_STATE_{state}"
    for name in ("due_at", "resumes_at", "met_at", "breached_at"):
        assert message.HasField(name) == (changed.get(name, getattr(CLOCK, name)) is not None)


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        (Unit.ELAPSED, "TIME_UNIT_ELAPSED"),
        (Unit.HOURS, "TIME_UNIT_BUSINESS_HOURS"),
        (Unit.DAYS, "TIME_UNIT_BUSINESS_DAYS"),
    ],
)
def test_what_a_clock_is_counted_in(unit: Unit, name: str) -> None:
    message = lifecycle_pb2.Clock()
    clock_into(message, msgspec.structs.replace(CLOCK, left=Left(unit, 7, 0.5)))
    assert lifecycle_pb2.TimeUnit.Name(message.unit) == name
    assert (message.left, message.left_share, message.sla, message.step) == (7, 0.5, "hot", 1)


HAPPENINGS: list[tuple[Happening, str]] = [
    (happening.Contact("phone", "outbound", NOW, True, "voicemail", LATER), "contact"),
    (TOUCH, "touch"),
    (happening.ClockChanged("met", CLOCK), "clock"),
    (happening.Escalation("accept", 1, ("mia",), "told"), "escalation"),
    (happening.Enrolment("news", entered=True), "enrolment"),
    (DEAL, "opportunity"),
    (Win(NOW, "crm", 9.5, "EUR"), "win"),
    (happening.Qualified({"need": "yes"}), "qualification"),
    (happening.Lost("budget", "none left", "revenue"), "loss"),
    (happening.Merged("l-2", "p-2", lead_ended=True, reason="one desk"), "merge"),
    (happening.Enriched("file", ("industry",), "late"), "enrichment"),
    (happening.Imported("march"), "imported"),
    (happening.Told("mia", "accept"), "notice"),
    (happening.Moved("pinned", RepOwner("ann"), "asked for her"), "act"),
]


@pytest.mark.parametrize(("what", "field"), HAPPENINGS, ids=[field for _, field in HAPPENINGS])
def test_whatever_happened_is_told_whole(what: Happening, field: str) -> None:
    message = lifecycle_pb2.Happening()
    happening_into(message, Happened("l-1", NOW, "ann", what, 7))
    assert (message.number, message.actor_id) == (7, "ann")
    assert message.recorded_at.ToDatetime(UTC) == NOW
    assert message.WhichOneof("happening") == field
    part = getattr(message, field)
    owners = {"rep_id", "queue", "track"} if field == "act" else set()
    said = {each.name for each, _ in part.ListFields()}
    assert {each.name for each in part.DESCRIPTOR.fields} - said <= owners - {"rep_id"}


def test_every_kind_of_happening_is_in_the_table() -> None:
    assert {type(what) for what, _ in HAPPENINGS} == set(get_args(Happening))


def test_a_happening_of_nothing_but_defaults_is_told_all_the_same() -> None:
    message = lifecycle_pb2.Happening()
    happening_into(message, Happened("l-1", NOW, "", happening.Moved("")))
    assert message.WhichOneof("happening") == "act"


def test_a_history_has_everything_in_its_order(lead: LeadView, score: Score) -> None:
    entry = StageEntry(
        lead_id="l-1",
        visit=1,
        cycle=2,
        stage_from="",
        stage_to="mql",
        at=NOW,
        actor="ann",
        cause="qualified",
        owner="queue:west: the first",
        score=msgspec.json.encode(score).decode(),
        revision="r1",
        reason="asked",
        note="twice",
        model="m1",
        bars_missed=("fit",),
        arms={"bar": "lower"},
    )
    second = msgspec.structs.replace(entry, visit=2, stage_from="mql", stage_to="sal")
    view = HistoryView(
        lead=lead,
        stages=(entry, second),
        happenings=(Happened("l-1", NOW, "ann", TOUCH, 7),),
        changes=((NOW, "bob", FieldChange("job_title", None, '"CEO"')),),
        cycles=("l-0", "l-1"),
    )
    reply = lifecycle_pb2.GetHistoryResponse()
    history_into(reply, view)
    assert reply.state == _state(lead)
    first, then = reply.stages
    assert (first.stage_from, first.stage_to) == (0, types_pb2.STAGE_MQL)
    assert (then.stage_from, then.stage_to) == (types_pb2.STAGE_MQL, types_pb2.STAGE_SAL)
    assert dict(first.arms) == {"bar": "lower"}
    assert (first.queue, first.cause, first.reason) == ("west: the first", "qualified", "asked")
    assert (first.score, list(first.bars_missed)) == (reply.state.score, ["fit"])
    assert (first.policy_revision, first.model_version, first.note) == ("r1", "m1", "twice")
    (change,) = reply.changes
    assert (change.actor_id, change.field, change.new_json) == ("bob", "job_title", '"CEO"')
    assert not change.HasField("old_json")
    assert list(reply.cycles) == ["l-0", "l-1"]
    assert len(reply.happenings) == 1
