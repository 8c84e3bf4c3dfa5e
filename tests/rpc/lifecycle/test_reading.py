"""Leads, lists and histories over the wire."""

from typing import Any

import pytest
from leadscoring.v1 import lifecycle_pb2 as pb
from leadscoring.v1 import routing_pb2, types_pb2

OPS = "sales-ops"


async def test_a_merged_id_is_answered_by_the_survivor(crm: Any) -> None:
    await crm.sal("l-1")
    await crm.mql("l-2")
    merged = await crm.act(
        "MergeLeads", lead_id="l-2", other_lead_id="l-1", actor_id=OPS, reason="one desk"
    )
    found = (await crm.rpc.lifecycle.GetLead(pb.GetLeadRequest(lead_id="l-2"))).state
    listed = await crm.rpc.lifecycle.ListLeads(pb.ListLeadsRequest())
    history = await crm.history("l-1")
    assert (merged.lead.lead_id, merged.asked_for) == ("l-1", "l-2")
    assert (found.lead.lead_id, found.asked_for) == ("l-1", "l-2")
    assert [state.lead.lead_id for state in listed.states] == ["l-1"]
    (merge,) = [h.merge for h in history.happenings if h.WhichOneof("happening") == "merge"]
    assert (merge.lead_id, merge.lead_ended, merge.reason) == ("l-2", True, "one desk")


async def test_leads_are_listed_by_score_a_page_at_a_time(crm: Any, wire: Any) -> None:
    for n in range(5):
        await crm.mql(f"l-{n}", employees=500 if n % 2 else 20)
    found: list[Any] = []
    token = ""
    while True:
        asked = pb.ListLeadsRequest(page_size=2, page_token=token)
        page = await crm.rpc.lifecycle.ListLeads(asked)
        found += page.states
        token = page.next_page_token
        if not token:
            break
    anns = await crm.rpc.lifecycle.ListLeads(
        pb.ListLeadsRequest(rep_id="ann", stage=types_pb2.STAGE_MQL)
    )
    elsewhere = pb.ListLeadsRequest(rep_id="ann", page_token=page.next_page_token or "x")
    refusal = await wire.refused(crm.rpc.lifecycle.ListLeads(elsewhere))
    assert sorted(state.lead.lead_id for state in found) == [f"l-{n}" for n in range(5)]
    scores = [round(state.score.fit + state.score.behaviour) for state in found]
    assert scores == sorted(scores, reverse=True)
    assert {state.rep_id for state in anns.states} == {"ann"}
    assert "page_token" in refusal.fields


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        pytest.param("GetLead", {}, "lead_id", id="no-lead"),
        pytest.param("GetLead", {"lead_id": "x" * 201}, "lead_id", id="a-long-id"),
        pytest.param("GetHistory", {}, "lead_id", id="nobody's-history"),
        pytest.param("ListLeads", {"stage": 99}, "stage", id="a-stage-that-is-none"),
        pytest.param("ListLeads", {"rep_id": ""}, "rep_id", id="an-empty-owner"),
        pytest.param("ListLeads", {"queue": "a\0"}, "queue", id="a-nul-in-a-queue"),
        pytest.param("ListLeads", {"account_id": "a\0"}, "account_id", id="a-nul-in-an-account"),
        pytest.param("ListLeads", {"page_size": 1001}, "page_size", id="a-page-too-large"),
    ],
)
async def test_a_question_that_is_wrong_is_refused_by_field(
    crm: Any, wire: Any, name: str, fields: dict[str, Any], field: str
) -> None:
    question = getattr(pb, f"{name}Request")(**fields)
    refusal = await wire.refused(getattr(crm.rpc.lifecycle, name)(question))
    assert set(refusal.fields) == {field}


async def test_routing_knows_the_assignments_of_the_lifecycle(crm: Any) -> None:
    taken = await crm.mql()
    asked = routing_pb2.GetDecisionRequest(decision_id=taken.decision_id)
    record = (await crm.rpc.routing.GetDecision(asked)).decision
    assert (record.rep_id, record.assignment_id) == (taken.rep_id, taken.assignment_id)


async def test_a_sal_says_what_it_is_still_asked_wherever_it_is_read(crm: Any) -> None:
    await crm.sal()
    found = (await crm.rpc.lifecycle.GetLead(pb.GetLeadRequest(lead_id="l-1"))).state
    (listed,) = (await crm.rpc.lifecycle.ListLeads(pb.ListLeadsRequest())).states
    assert set(found.still_asked) == set(crm.ANSWERS)
    assert list(listed.still_asked) == list(found.still_asked)
