"""What the lifecycle refuses over the wire, with its status, its reason and what would do."""

import uuid
from typing import Any

import grpc
import pytest
from leadscoring.v1 import lifecycle_pb2 as pb
from leadscoring.v1 import types_pb2

OPS = "sales-ops"


@pytest.mark.parametrize(
    ("prepared", "name", "fields", "code", "reason"),
    [
        pytest.param(
            "mql", "RejectLead", {"reason": ""}, "INVALID_ARGUMENT", "INVALID", id="no-reason"
        ),
        pytest.param(
            "mql",
            "RejectLead",
            {"reason": "other"},
            "INVALID_ARGUMENT",
            "INVALID",
            id="other-without-a-note",
        ),
        pytest.param(
            "mql",
            "RejectLead",
            {"reason": "mood"},
            "INVALID_ARGUMENT",
            "INVALID",
            id="an-unknown-reason",
        ),
        pytest.param(
            "mql",
            "AcceptLead",
            {"actor_id": "nobody"},
            "FAILED_PRECONDITION",
            "NOT_OWNER",
            id="accepted-by-somebody-else",
        ),
        pytest.param(
            "sal", "AcceptLead", {}, "FAILED_PRECONDITION", "ALREADY_THERE", id="accepted-twice"
        ),
        pytest.param(
            "sal",
            "CloseWon",
            {},
            "FAILED_PRECONDITION",
            "MOVE_NOT_ALLOWED",
            id="won-before-there-is-an-opportunity",
        ),
        pytest.param(
            "sal",
            "CloseLost",
            {"reason": "timing"},
            "FAILED_PRECONDITION",
            "MOVE_NOT_ALLOWED",
            id="lost-before-there-is-an-opportunity",
        ),
        pytest.param(
            "sal",
            "MoveLead",
            {"stage": types_pb2.STAGE_MQL, "reason": "wrong_owner"},
            "PERMISSION_DENIED",
            "MAY_NOT_MOVE",
            id="moved-back-by-who-may-not",
        ),
        pytest.param(
            "mql",
            "AcceptLead",
            {"lead_id": "who"},
            "NOT_FOUND",
            "LEAD_NOT_FOUND",
            id="a-lead-that-is-not-there",
        ),
        pytest.param(
            "mql",
            "AcceptLead",
            {"request_id": ""},
            "INVALID_ARGUMENT",
            "INVALID",
            id="without-a-request-id",
        ),
        pytest.param(
            "mql",
            "LogContact",
            {"channel": "phone", "direction": "sideways"},
            "INVALID_ARGUMENT",
            "INVALID",
            id="a-contact-in-no-direction",
        ),
        pytest.param(
            "mql",
            "AssignLead",
            {"rep_id": "bob", "actor_id": ""},
            "PERMISSION_DENIED",
            "MAY_NOT_ASSIGN",
            id="given-away-by-nobody",
        ),
        pytest.param(
            "mql",
            "MergeLeads",
            {"other_lead_id": "l-2", "actor_id": ""},
            "NOT_FOUND",
            "LEAD_NOT_FOUND",
            id="merged-with-a-lead-that-is-not-there",
        ),
    ],
)
async def test_what_must_not_be_is_refused_with_why(
    crm: Any, prepared: str, name: str, fields: dict[str, Any], code: str, reason: str
) -> None:
    made = await getattr(crm, prepared)()
    owner = made if isinstance(made, str) else made.rep_id
    before = await crm.history()
    refusal = await crm.refused(name, **{"lead_id": "l-1", "actor_id": owner, **fields})
    after = await crm.history()
    assert (refusal.code.name, refusal.reason) == (code, reason)
    assert list(after.stages) == list(before.stages)
    if code == "FAILED_PRECONDITION":
        assert refusal.precondition == reason


async def test_a_move_that_is_not_allowed_names_those_that_are(crm: Any) -> None:
    owner = await crm.sal()
    refusal = await crm.refused("CloseWon", lead_id="l-1", actor_id=owner)
    assert "sql" in refusal.message
    assert "recycled" in refusal.message


async def test_the_same_request_has_the_first_answer(crm: Any) -> None:
    owner = (await crm.mql()).rep_id
    once: dict[str, Any] = {"request_id": str(uuid.uuid4()), "actor_id": owner}
    first = await crm.act("AcceptLead", lead_id="l-1", **once)
    again = await crm.act("AcceptLead", lead_id="l-1", **once)
    other = await crm.refused("RejectLead", lead_id="l-1", reason="timing", **once)
    assert again.replayed
    again.replayed = False
    assert again == first
    assert (other.code, other.reason) == (
        grpc.StatusCode.ALREADY_EXISTS,
        "IDEMPOTENCY_KEY_REUSED",
    )


async def test_everything_wrong_with_a_lead_is_told_at_once(crm: Any, wire: Any) -> None:
    lead = wire.lead(country="UK", attributes={"plna": types_pb2.AttributeValue(text="pro")})
    unknown = wire.activity(type="sneeze")
    refusal = await crm.refused("UpsertLead", request_id="x", lead=lead, activities=[unknown])
    assert set(refusal.fields) == {
        "request_id",
        "lead.country",
        "lead.attributes[plna]",
        "activities[0].type",
    }


async def test_every_method_of_the_service_is_answered(crm: Any, wire: Any) -> None:
    service = pb.DESCRIPTOR.services_by_name["LifecycleService"]
    for method in service.methods:
        if method.name in ("WatchEvents", "ListLeads"):
            continue
        call = getattr(crm.rpc.lifecycle, method.name)
        refusal = await wire.refused(call(getattr(pb, f"{method.name}Request")()))
        assert refusal.code is grpc.StatusCode.INVALID_ARGUMENT, method.name
