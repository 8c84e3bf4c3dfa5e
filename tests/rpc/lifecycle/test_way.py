"""The way of a lead over the wire: from the first trace to a customer, and every way aside."""

import json
from typing import Any

import grpc
import pytest
from leadscoring.v1 import lifecycle_pb2 as pb
from leadscoring.v1 import types_pb2

OPS = "sales-ops"


def _stages(history: Any) -> list[str]:
    names = [types_pb2.Stage.Name(entry.stage_to) for entry in history.stages]
    return [name.removeprefix("STAGE_").lower() for name in names]


async def test_a_lead_goes_all_the_way_to_a_customer(crm: Any) -> None:
    taken = await crm.mql()
    owner = taken.rep_id
    does: dict[str, Any] = {"lead_id": "l-1", "actor_id": owner}
    accepted = await crm.act("AcceptLead", **does)
    called = await crm.act("LogContact", channel="phone", direction="outbound", **does)
    half = await crm.act("QualifyLead", criteria={"need": "yes"}, **does)
    qualified = await crm.act("QualifyLead", criteria=crm.ANSWERS, **does)
    deal: dict[str, Any] = {"value": 900.0, "currency": "EUR", "product": "crm"}
    opened = await crm.act("OpenOpportunity", expected_close="2099-01-31", **deal, **does)
    won = await crm.act("CloseWon", **deal, **does)
    history = await crm.history()
    assert (taken.stage, accepted.stage) == (types_pb2.STAGE_MQL, types_pb2.STAGE_SAL)
    assert owner in ("ann", "bob")
    assert taken.decision_id
    assert [clock.name for clock in taken.clocks if clock.sla] == ["accept"]
    assert (called.stage, half.stage) == (types_pb2.STAGE_SAL, types_pb2.STAGE_SAL)
    assert dict(half.qualification) == {"need": "yes"}
    assert set(half.still_asked) == {"budget", "authority", "timeline"}
    assert not qualified.still_asked
    assert qualified.stage == types_pb2.STAGE_SQL
    assert opened.opportunity.expected_close == "2099-01-31"
    assert (won.stage, won.win.value, won.rep_id) == (types_pb2.STAGE_CUSTOMER, 900.0, owner)
    assert not won.clocks
    assert _stages(history) == ["mql", "sal", "sql", "opportunity", "customer"]
    assert {entry.actor_id for entry in history.stages[1:]} == {owner}
    told = {each.WhichOneof("happening") for each in history.happenings}
    assert {"contact", "qualification", "opportunity", "win"} <= told


async def test_activities_make_an_mql_the_moment_they_cross_the_bar(crm: Any, wire: Any) -> None:
    lead = wire.lead(lead_id="l-1", email="a@acme.example.com", source="web")
    known = await crm.act("UpsertLead", lead=lead)
    did: dict[str, Any] = {"lead_id": "l-1", "activities": [wire.activity(1)]}
    now = await crm.act("RecordActivities", **did)
    again = await crm.act("RecordActivities", **did)
    assert known.stage == types_pb2.STAGE_NURTURE
    assert (now.stage, now.rep_id in ("ann", "bob")) == (types_pb2.STAGE_MQL, True)
    assert again.assignment_id == now.assignment_id
    assert again.score.behaviour == pytest.approx(now.score.behaviour, rel=1e-3)


async def test_a_rejection_needs_a_reason_and_is_followed_by_what_that_says(crm: Any) -> None:
    owner = (await crm.mql()).rep_id
    does = {"lead_id": "l-1", "actor_id": owner}
    refusal = await crm.refused("RejectLead", **does)
    rejected = await crm.act("RejectLead", reason="timing", note="next year", **does)
    assert refusal.code is grpc.StatusCode.INVALID_ARGUMENT
    assert "timing" in refusal.fields["reason"]
    assert rejected.stage == types_pb2.STAGE_RECYCLED
    assert (rejected.track, rejected.reason) == ("welcome-nurture", "timing")
    assert rejected.HasField("reevaluate_at")


async def test_a_lost_opportunity_is_given_by_hand_and_moved_by_who_may(crm: Any) -> None:
    owner = await crm.opportunity()
    lost = await crm.act("CloseLost", lead_id="l-1", actor_id=owner, reason="budget")
    back = await crm.act(
        "MoveLead",
        lead_id="l-1",
        actor_id=OPS,
        stage=types_pb2.STAGE_OPPORTUNITY,
        reason="they called back",
    )
    other = {"ann": "bob", "bob": "ann"}[owner]
    given = await crm.act("AssignLead", lead_id="l-1", actor_id=OPS, rep_id=other, reason="he")
    assert (lost.stage, lost.reason) == (types_pb2.STAGE_CLOSED_LOST, "budget")
    assert back.stage == types_pb2.STAGE_OPPORTUNITY
    assert (given.rep_id, given.stage) == (other, types_pb2.STAGE_OPPORTUNITY)


async def test_recycled_and_disqualified_leads_end_on_tracks(crm: Any) -> None:
    first, second = await crm.sal("l-1"), await crm.sal("l-2")
    again = await crm.act("RecycleLead", lead_id="l-1", actor_id=first, reason="timing")
    never = await crm.act("DisqualifyLead", lead_id="l-2", actor_id=second, reason="spam")
    assert (again.stage, again.track) == (types_pb2.STAGE_RECYCLED, "welcome-nurture")
    assert (never.stage, never.track) == (types_pb2.STAGE_DISQUALIFIED, "suppressed")


async def test_imported_leads_begin_where_they_were_by_who_may(crm: Any, wire: Any) -> None:
    began = pb.InitialState(stage=types_pb2.STAGE_SAL, rep_id="ann")
    asked: dict[str, Any] = {"lead": wire.lead(lead_id="l-1"), "initial": began, "batch_id": "b"}
    refusal = await crm.refused("UpsertLead", actor_id="ann", **asked)
    made = await crm.act("UpsertLead", actor_id=OPS, **asked)
    history = await crm.history()
    assert refusal.code is grpc.StatusCode.PERMISSION_DENIED
    assert (made.stage, made.rep_id) == (types_pb2.STAGE_SAL, "ann")
    assert [entry.cause for entry in history.stages] == ["import"]


async def test_every_step_is_told_to_the_world_in_its_order(crm: Any) -> None:
    owner = await crm.opportunity()
    await crm.act("CloseWon", lead_id="l-1", actor_id=owner, value=9.0, currency="EUR")
    stream = crm.rpc.lifecycle.WatchEvents(pb.WatchEventsRequest())
    told: list[Any] = []
    while not told or told[-1].type != "lead.won":
        told.append((await stream.read()).event)
    stream.cancel()
    steps = [event.type for event in told]
    assert set(steps) >= {
        "lead.assigned",
        "lead.stage_changed",
        "lead.accepted",
        "lead.qualified",
        "lead.opportunity_opened",
    }
    moves = [json.loads(e.payload_json) for e in told if e.type == "lead.stage_changed"]
    assert [move["stage_to"] for move in moves][-4:] == ["sal", "sql", "opportunity", "customer"]
    assert [event.position for event in told] == sorted(event.position for event in told)
    assert "acme.example.com" not in "".join(event.payload_json for event in told)
