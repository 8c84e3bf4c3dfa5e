"""Bad input: a clear status naming field and remedy, nothing stored, and the server lives on."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
import pytest_asyncio
from leadscoring.v1 import routing_pb2, scoring_pb2, types_pb2

pytestmark = pytest.mark.asyncio(loop_scope="module")

Build = Callable[[Any], Any]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rpc(tmp_path_factory: pytest.TempPathFactory, wire: Any) -> AsyncIterator[Any]:
    folder: Path = tmp_path_factory.mktemp("bad_input")
    rules = wire.write_rules(folder / "rules")
    async with wire.served(rules, store=f"sqlite:///{folder / 'leads.db'}") as running:
        yield running


def attributed(wire: Any, **attributes: types_pb2.AttributeValue) -> dict[str, Any]:
    return {"lead": wire.lead(attributes=attributes)}


def value(**kind: Any) -> types_pb2.AttributeValue:
    return types_pb2.AttributeValue(**kind)


def late(wire: Any) -> types_pb2.Activity:
    activity: types_pb2.Activity = wire.activity()
    activity.occurred_at.FromDatetime(datetime.now(UTC) + timedelta(minutes=10))
    return activity


BAD: list[Any] = [
    pytest.param(
        lambda w: attributed(w, plam=value(text="pro")),
        {"lead.attributes[plam]": "did you mean 'plan'?"},
        id="an-attribute-that-nobody-declared",
    ),
    pytest.param(
        lambda w: attributed(w, seats=value(text="many")),
        {"lead.attributes[seats]": "'many' is not a whole number; send integer"},
        id="a-value-of-the-wrong-type",
    ),
    pytest.param(
        lambda w: attributed(w, plan=value(text="premium")),
        {"lead.attributes[plan]": "is not listed; known: enterprise, free, pro"},
        id="a-value-that-is-not-listed",
    ),
    pytest.param(
        lambda w: attributed(w, seats=value(integer=-1)),
        {"lead.attributes[seats]": "-1 is below 0"},
        id="a-value-out-of-range",
    ),
    pytest.param(
        lambda w: attributed(w, seats=value(number=float("nan"))),
        {"lead.attributes[seats]": "nan is no number; leave unknown values out"},
        id="nan-in-an-attribute",
    ),
    pytest.param(
        lambda w: {"lead": w.lead(annual_revenue=float("nan"))},
        {"lead.annual_revenue": "nan is no number; leave it out if unknown"},
        id="nan-in-a-field",
    ),
    pytest.param(
        lambda w: attributed(w, employees=value(integer=3)),
        {"lead.attributes[employees]": "send it as lead.employees"},
        id="a-field-sent-as-an-attribute",
    ),
    pytest.param(
        lambda w: {"activities": [late(w)]},
        {"activities[0].occurred_at": "more than 5 minutes ahead"},
        id="an-activity-of-the-future",
    ),
    pytest.param(
        lambda w: {"activities": [w.activity(type="demo_requst")]},
        {"activities[0].type": "did you mean 'demo_request'?"},
        id="an-unknown-activity-type",
    ),
    pytest.param(
        lambda w: {"activities": [w.activity(i) for i in range(501)]},
        {"activities": "501 activities; send at most 500"},
        id="501-activities",
    ),
    pytest.param(
        lambda w: {"lead": w.lead(email="ann.example.org")},
        {"lead.email": "is no e-mail address"},
        id="a-bad-e-mail-address",
    ),
    pytest.param(
        lambda w: {"lead": w.lead(country="UK")},
        {"lead.country": "'UK' is no country code; did you mean 'GB'?"},
        id="an-unknown-country",
    ),
    pytest.param(
        lambda w: {"lead": w.lead(full_name="x" * 5000)},
        {"lead.full_name": "5000 bytes; a text has at most 4096"},
        id="a-text-over-the-limit",
    ),
    pytest.param(
        lambda w: {"lead": w.lead(full_name="a\0b")},
        {"lead.full_name": "holds a NUL character; leave it out"},
        id="a-nul-character",
    ),
]


@pytest.mark.parametrize(("build", "expected"), BAD)
@pytest.mark.parametrize("method", ["Score", "Route"])
async def test_a_bad_lead_is_refused_by_field_with_a_remedy(
    rpc: Any, wire: Any, method: str, build: Build, expected: dict[str, str]
) -> None:
    fields = build(wire)
    if method == "Score":
        call = rpc.scoring.Score(wire.score_request(**fields))
    else:
        call = rpc.routing.Route(wire.route_request(**fields))
    refusal = await wire.refused(call)
    assert refusal.code == grpc.StatusCode.INVALID_ARGUMENT
    assert refusal.reason == "INVALID"
    assert refusal.fields.keys() == expected.keys()
    for field, remedy in expected.items():
        assert remedy in refusal.fields[field]
        assert field in refusal.message
    assert await rpc.stored_leads() == 0
    await rpc.alive()


ONLY_ROUTE: list[Any] = [
    pytest.param(lambda w: {"request_id": ""}, {"request_id": "is required"}, id="no-request-id"),
    pytest.param(lambda w: {"request_id": "42"}, {"request_id": "'42' is no UUID"}, id="no-uuid"),
    pytest.param(
        lambda w: {"activities": [w.activity(activity_id="")]},
        {"activities[0].activity_id": "is required"},
        id="an-activity-without-id",
    ),
    pytest.param(
        lambda w: {"actor_id": "x" * 201}, {"actor_id": "at most 200"}, id="a-long-actor-id"
    ),
]


@pytest.mark.parametrize(("build", "expected"), ONLY_ROUTE)
async def test_what_is_stored_must_be_named(
    rpc: Any, wire: Any, build: Build, expected: dict[str, str]
) -> None:
    refusal = await wire.refused(rpc.routing.Route(wire.route_request(**build(wire))))
    assert refusal.code == grpc.StatusCode.INVALID_ARGUMENT
    assert refusal.fields.keys() == expected.keys()
    for field, remedy in expected.items():
        assert remedy in refusal.fields[field]
    assert await rpc.stored_leads() == 0


async def test_a_request_about_nobody_is_refused(rpc: Any, wire: Any) -> None:
    for call in (
        rpc.scoring.Score(scoring_pb2.ScoreRequest()),
        rpc.routing.Route(routing_pb2.RouteRequest(request_id=wire.route_request().request_id)),
    ):
        refusal = await wire.refused(call)
        assert "send a lead, or the lead_id of a stored one" in refusal.fields["lead"]


async def test_everything_that_is_wrong_is_said_at_once(rpc: Any, wire: Any) -> None:
    request = wire.route_request(
        request_id="42",
        lead=wire.lead(email="ann", country="UK", attributes={"plam": value(text="pro")}),
        activities=[wire.activity(type="nap")],
    )
    refusal = await wire.refused(rpc.routing.Route(request))
    assert set(refusal.fields) == {
        "request_id",
        "lead.email",
        "lead.country",
        "lead.attributes[plam]",
        "activities[0].type",
    }


@pytest.mark.parametrize("method", ["ScoringService/Score", "RoutingService/Route"])
@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\x0a\x7f", b"\x0a\x03\x12\x01\xff"])
async def test_malformed_bytes_are_an_invalid_argument(
    rpc: Any, wire: Any, method: str, data: bytes
) -> None:
    call = rpc.channel.unary_unary(f"/leadscoring.v1.{method}")
    refusal = await wire.refused(call(data))
    assert refusal.code == grpc.StatusCode.INVALID_ARGUMENT
    wanted = f"leadscoring.v1.{method.split('/')[1]}Request"
    assert refusal.message == f"the bytes are no {wanted}; send one, encoded as protobuf"
    await rpc.alive()


async def test_a_message_of_2_mib_is_refused_with_the_limit(rpc: Any, wire: Any) -> None:
    request = wire.route_request(lead=wire.lead(full_name="x" * 2 * 1024 * 1024))
    refusal = await wire.refused(rpc.routing.Route(request))
    assert refusal.code == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert refusal.reason == "MESSAGE_TOO_LARGE"
    assert "Route takes at most 1048576" in refusal.message
    assert await rpc.stored_leads() == 0
    await rpc.alive()


async def test_a_message_of_9_mib_never_reaches_a_method(rpc: Any) -> None:
    call = rpc.channel.unary_unary("/leadscoring.v1.ScoringService/BatchScore")
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await call(bytes(9 * 1024 * 1024))
    assert failed.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "8388608" in (failed.value.details() or "")
    await rpc.alive()


async def test_a_method_that_is_not_there_is_unimplemented(rpc: Any) -> None:
    call = rpc.channel.unary_unary("/leadscoring.v1.RoutingService/Rout")
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await call(b"")
    assert failed.value.code() == grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize(
    ("method", "request_", "field"),
    [
        ("GetAccount", routing_pb2.GetAccountRequest(), "account_id"),
        ("GetAssignment", routing_pb2.GetAssignmentRequest(), "assignment_id"),
        ("GetDecision", routing_pb2.GetDecisionRequest(), "decision_id"),
        ("GetDecision", routing_pb2.GetDecisionRequest(decision_id="a\0"), "decision_id"),
        ("GetAccount", routing_pb2.GetAccountRequest(account_id="x" * 201), "account_id"),
        ("ListAccounts", routing_pb2.ListAccountsRequest(page_size=1001), "page_size"),
        ("ListAssignments", routing_pb2.ListAssignmentsRequest(page_size=-1), "page_size"),
        ("ListAccounts", routing_pb2.ListAccountsRequest(page_token="nope"), "page_token"),
        ("ListAssignments", routing_pb2.ListAssignmentsRequest(page_token="nope"), "page_token"),
        ("ListAssignments", routing_pb2.ListAssignmentsRequest(lead_id="x" * 201), "lead_id"),
    ],
)
async def test_a_bad_question_is_refused_by_field(
    rpc: Any, wire: Any, method: str, request_: Any, field: str
) -> None:
    refusal = await wire.refused(getattr(rpc.routing, method)(request_))
    assert refusal.code == grpc.StatusCode.INVALID_ARGUMENT
    assert set(refusal.fields) == {field}


async def test_no_log_line_holds_what_a_lead_said(rpc: Any, wire: Any) -> None:
    lead = wire.lead(full_name="Xanthippe", email="xan@", phone="0815-4711")
    lead.attributes["Xanthippe's age"].integer = 3
    await wire.refused(rpc.routing.Route(wire.route_request(lead=lead)))
    log = rpc.log.getvalue()
    assert b"lead.email" in log
    for personal in (b"Xanthippe", b"xan@", b"0815"):
        assert personal not in log
