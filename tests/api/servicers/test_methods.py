"""Every method of the wire is answered, takes its own request, and has its limit."""

from typing import Any

import pytest
from leadscoring.v1 import lifecycle_pb2, routing_pb2, scoring_pb2

from scoring_service.api.limits import BATCH_MESSAGE_MAX, MESSAGE_MAX
from scoring_service.api.surround import StreamMethod
from scoring_service.values.errors import InvalidArgument

SERVICES = [
    scoring_pb2.DESCRIPTOR.services_by_name["ScoringService"],
    routing_pb2.DESCRIPTOR.services_by_name["RoutingService"],
    lifecycle_pb2.DESCRIPTOR.services_by_name["LifecycleService"],
]
METHODS = [method for service in SERVICES for method in service.methods]
BATCHES = {"BatchScore", "UpsertAccounts"}


async def test_the_servicers_answer_what_the_wire_has_and_nothing_else(calls: Any) -> None:
    assert set(calls.methods) == {method.name for method in METHODS}


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
async def test_a_method_takes_its_own_request_within_its_limit(calls: Any, method: Any) -> None:
    ours = calls.methods[method.name]
    assert ours.takes.DESCRIPTOR is method.input_type
    assert ours.bytes_max == (BATCH_MESSAGE_MAX if method.name in BATCHES else MESSAGE_MAX)
    assert isinstance(ours, StreamMethod) == method.server_streaming


ACTING = [m.name for m in METHODS if "request_id" in m.input_type.fields_by_name]


@pytest.mark.parametrize("name", ACTING)
@pytest.mark.parametrize(
    ("request_id", "remedy"),
    [
        pytest.param("", "is required", id="none"),
        pytest.param("order-7", "'order-7' is no UUID", id="a word"),
    ],
)
async def test_whatever_changes_something_needs_a_request_id(
    calls: Any, name: str, request_id: str, remedy: str
) -> None:
    assert remedy in (await calls.refused(name, request_id=request_id))["request_id"]


@pytest.mark.parametrize("name", ACTING)
async def test_who_acts_is_named_within_the_limits_of_an_id(calls: Any, name: str) -> None:
    assert "201 characters" in (await calls.refused(name, actor_id="x" * 201))["actor_id"]


@pytest.mark.parametrize("name", ACTING)
async def test_a_text_that_no_database_takes_is_named_whatever_is_asked(
    calls: Any, name: str
) -> None:
    assert "holds a NUL" in (await calls.refused(name, actor_id="a\0"))["actor_id"]


async def test_nothing_of_a_refused_call_is_kept(calls: Any) -> None:
    before = await calls.desk.dump()
    for name in ACTING:
        with pytest.raises(InvalidArgument):
            await calls(name, request_id="order-7")
    assert await calls.desk.dump() == before


READING = [
    pytest.param("GetLead", "lead_id", id="a lead"),
    pytest.param("GetHistory", "lead_id", id="a history"),
    pytest.param("GetAccount", "account_id", id="an account"),
    pytest.param("GetAssignment", "assignment_id", id="an assignment"),
    pytest.param("GetDecision", "decision_id", id="a decision"),
    pytest.param("GetHandOver", "operation_id", id="a hand-over"),
]


@pytest.mark.parametrize(("name", "field"), READING)
@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        pytest.param("", "is required", id="none"),
        pytest.param("x" * 201, "201 characters; an id has at most 200", id="too long"),
        pytest.param("a\0b", "holds a NUL character; leave it out", id="with NUL"),
    ],
)
async def test_what_is_read_is_named_by_an_id(
    calls: Any, name: str, field: str, text: str, remedy: str
) -> None:
    assert await calls.refused(name, **{field: text}) == {field: remedy}


@pytest.mark.parametrize(
    ("name", "fields", "wrong"),
    [
        pytest.param(
            "ListLeads",
            {"stage": 99, "queue": "a\0", "account_id": "b\0"},
            {"stage", "queue", "account_id"},
            id="all of leads at once",
        ),
        pytest.param("ListLeads", {"rep_id": ""}, {"rep_id"}, id="an owner without a name"),
        pytest.param("ListLeads", {"track": "x" * 201}, {"track"}, id="a long track, told once"),
        pytest.param("ListLeads", {"page_size": -1}, {"page_size"}, id="fewer leads than none"),
        pytest.param("ListLeads", {"page_token": "x"}, {"page_token"}, id="no token of leads"),
        pytest.param("ListAccounts", {"page_size": 1001}, {"page_size"}, id="many accounts"),
        pytest.param("ListAccounts", {"page_token": "x"}, {"page_token"}, id="no token of theirs"),
        pytest.param("ListAssignments", {"lead_id": "a\0"}, {"lead_id"}, id="a lead with NUL"),
        pytest.param("ListAssignments", {"rep_id": "a\0"}, {"rep_id"}, id="a rep with NUL"),
        pytest.param("ListAssignments", {"page_size": 1001}, {"page_size"}, id="many assignments"),
        pytest.param("ListAvailability", {"page_size": 1001}, {"page_size"}, id="many reps"),
        pytest.param(
            "ListAvailability", {"page_token": "x"}, {"page_token"}, id="no token of reps"
        ),
    ],
)
async def test_what_is_wrong_with_a_list_is_named_by_its_field(
    calls: Any, name: str, fields: dict[str, Any], wrong: set[str]
) -> None:
    assert set(await calls.refused(name, **fields)) == wrong
