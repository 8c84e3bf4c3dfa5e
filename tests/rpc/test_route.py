"""Route over the wire: one owner, once a request_id, with a record of why."""

import json
import uuid
from collections import Counter
from typing import Any

import grpc
import pytest
from leadscoring.v1 import routing_pb2


async def test_a_lead_gets_one_owner_and_a_record_of_why(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        request = wire.route_request(actor_id="web-form", activities=[wire.activity()])
        made = (await rpc.routing.Route(request)).assignment
        asked = routing_pb2.GetDecisionRequest(decision_id=made.decision_id)
        record = (await rpc.routing.GetDecision(asked)).decision
    assert made.rep_id in ("ann", "bob")
    assert (made.pool, made.route) == ("west", "everybody")
    assert made.cause == routing_pb2.CAUSE_QUALIFIED
    assert {c.rep_id for c in made.considered} == {"ann", "bob"}
    assert (record.rep_id, record.actor_id) == (made.rep_id, "web-form")
    assert record.assignment_id == made.assignment_id
    assert record.draw.winner == made.rep_id
    assert record.sentences
    assert record.sentences[-1] == (
        "'known account' (routing.yaml:5) did not match: account.owner != null failed,"
        " account.owner is not known."
    )
    earlier, decided = record.routes
    assert (earlier.outcome, decided.outcome) == (
        routing_pb2.ROUTE_OUTCOME_NOT_MATCHED,
        routing_pb2.ROUTE_OUTCOME_MATCHED,
    )
    assert earlier.failed.condition == "account.owner != null"
    assert [(seen.symbol, seen.value) for seen in earlier.failed.values] == [
        ("account.owner", "null")
    ]
    assert [(rep.rep_id, rep.pool, rep.credit) for rep in record.reps] == [
        (made.rep_id, "west", 0),
        ({"ann", "bob"}.difference({made.rep_id}).pop(), "west", 0),
    ]
    assert [rep.gain for rep in record.reps] == [gain.credit for gain in record.draw.gains]
    assert record.replay.verdict == routing_pb2.REPLAY_VERDICT_EQUAL
    assert (record.activation.actor_id, record.activation.active) == ("serve", True)
    assert {file.name for file in record.activation.files} >= {"routing.yaml", "team.yaml"}
    facts = json.loads(record.facts_json)
    assert facts["policy_revision"] == made.policy_revision
    assert facts["lead"]["employees"] == 500


async def test_a_retry_has_the_first_answer_for_ever(serve: Any, wire: Any) -> None:
    request = wire.route_request()
    async with serve() as rpc:
        first = (await rpc.routing.Route(request)).assignment
        again = (await rpc.routing.Route(request)).assignment
    async with serve() as rpc:
        after_a_restart = (await rpc.routing.Route(request)).assignment
    assert not first.replayed
    assert again.replayed
    first.replayed = True
    assert again == first
    assert after_a_restart == first


async def test_a_request_id_is_the_same_in_upper_case(serve: Any, wire: Any) -> None:
    request = wire.route_request()
    async with serve() as rpc:
        first = (await rpc.routing.Route(request)).assignment
        request.request_id = request.request_id.upper()
        assert (await rpc.routing.Route(request)).assignment.decision_id == first.decision_id


async def test_a_request_id_is_not_used_for_something_else(serve: Any, wire: Any) -> None:
    request = wire.route_request()
    async with serve() as rpc:
        await rpc.routing.Route(request)
        request.lead.employees = 7
        refusal = await wire.refused(rpc.routing.Route(request))
        accounts = routing_pb2.UpsertAccountsRequest(request_id=request.request_id)
        other_method = await wire.refused(rpc.routing.UpsertAccounts(accounts))
    for each in (refusal, other_method):
        assert each.code == grpc.StatusCode.ALREADY_EXISTS
        assert each.reason == "IDEMPOTENCY_KEY_REUSED"


async def test_a_refused_request_may_be_mended_and_sent_again(serve: Any, wire: Any) -> None:
    request = wire.route_request(lead=wire.lead(country="UK"))
    async with serve() as rpc:
        await wire.refused(rpc.routing.Route(request))
        request.lead.country = "GB"
        assert not (await rpc.routing.Route(request)).assignment.replayed


async def test_a_dry_run_keeps_nothing_and_takes_no_turn(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        asked = routing_pb2.RouteRequest(lead=wire.lead(), dry_run=True, request_id="whatever")
        would = [(await rpc.routing.Route(asked)).assignment for _ in range(3)]
        assert {(a.rep_id, a.assignment_id, a.decision_id, a.lead_id) for a in would} == {
            (would[0].rep_id, "", "", "")
        }
        assert await rpc.stored_leads() == 0
        made = (await rpc.routing.Route(wire.route_request())).assignment
        assert made.rep_id == would[0].rep_id


async def test_turns_are_fair_however_many_ask_at_once(serve: Any, wire: Any) -> None:
    import asyncio

    async with serve() as rpc:
        calls = [rpc.routing.Route(wire.route_request()) for _ in range(100)]
        made = [reply.assignment for reply in await asyncio.gather(*calls)]
    assert Counter(a.rep_id for a in made) == {"ann": 50, "bob": 50}
    assert len({a.lead_id for a in made}) == 100


async def test_only_who_may_move_leads_may_ask_for_another_owner(serve: Any, wire: Any) -> None:
    lead = wire.lead(lead_id="l-1")
    async with serve() as rpc:
        first = (await rpc.routing.Route(wire.route_request(lead=lead))).assignment
        asked = {"lead": lead, "reassign_reason": "on a long trip"}
        refusal = await wire.refused(rpc.routing.Route(wire.route_request(actor_id="ann", **asked)))
        moved = wire.route_request(actor_id="sales-ops", **asked)
        second = (await rpc.routing.Route(moved)).assignment
    assert refusal.code == grpc.StatusCode.PERMISSION_DENIED
    assert refusal.reason == "MAY_NOT_MOVE"
    assert second.cause == routing_pb2.CAUSE_REASSIGNED
    assert second.assignment_id != first.assignment_id


async def test_two_people_are_not_routed_as_one(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        for fields in ({"lead_id": "l-1", "email": "a@example.org"}, {"email": "b@example.org"}):
            await rpc.routing.Route(wire.route_request(lead=wire.lead(**fields)))
        both = wire.lead(lead_id="l-1", email="b@example.org")
        refusal = await wire.refused(rpc.routing.Route(wire.route_request(lead=both)))
    assert refusal.code == grpc.StatusCode.FAILED_PRECONDITION
    assert (refusal.reason, refusal.precondition) == ("LEAD_CONFLICT", "LEAD_CONFLICT")


@pytest.mark.parametrize(
    ("method", "request_", "reason"),
    [
        ("Route", None, "LEAD_NOT_FOUND"),
        ("GetAccount", routing_pb2.GetAccountRequest(account_id="no"), "ACCOUNT_NOT_FOUND"),
        (
            "GetAssignment",
            routing_pb2.GetAssignmentRequest(assignment_id="no"),
            "ASSIGNMENT_NOT_FOUND",
        ),
        ("GetDecision", routing_pb2.GetDecisionRequest(decision_id="no"), "DECISION_NOT_FOUND"),
    ],
)
async def test_what_is_not_stored_is_not_found(
    serve: Any, wire: Any, method: str, request_: Any, reason: str
) -> None:
    if request_ is None:
        request_ = routing_pb2.RouteRequest(request_id=str(uuid.uuid4()), lead_id="no")
    async with serve() as rpc:
        refusal = await wire.refused(getattr(rpc.routing, method)(request_))
    assert refusal.code == grpc.StatusCode.NOT_FOUND
    assert refusal.reason == reason


async def test_assignments_come_newest_first_in_pages(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        made = [(await rpc.routing.Route(wire.route_request())).assignment for _ in range(7)]
        pages: list[list[str]] = []
        token = ""
        while not pages or token:
            asked = routing_pb2.ListAssignmentsRequest(page_size=3, page_token=token)
            reply = await rpc.routing.ListAssignments(asked)
            pages.append([a.assignment_id for a in reply.assignments])
            token = reply.next_page_token
        one = routing_pb2.GetAssignmentRequest(assignment_id=made[0].assignment_id)
        read_back = (await rpc.routing.GetAssignment(one)).assignment
    assert [len(page) for page in pages] == [3, 3, 1]
    listed = [each for page in pages for each in page]
    assert sorted(listed) == sorted(a.assignment_id for a in made)
    assert listed[0] == made[-1].assignment_id
    assert read_back == made[0]


async def test_assignments_are_listed_by_lead_and_by_rep(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        made = [(await rpc.routing.Route(wire.route_request())).assignment for _ in range(4)]

        async def listed(**asked: Any) -> set[str]:
            reply = await rpc.routing.ListAssignments(routing_pb2.ListAssignmentsRequest(**asked))
            return {a.assignment_id for a in reply.assignments}

        assert await listed(lead_id=made[0].lead_id) == {made[0].assignment_id}
        assert await listed(rep_id="ann") == {a.assignment_id for a in made if a.rep_id == "ann"}
        assert await listed(lead_id="nobody") == set()
