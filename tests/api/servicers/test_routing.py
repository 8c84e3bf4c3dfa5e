"""Calls of routing: a lead's owner and why, assignments and accounts a page at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from google.rpc.code_pb2 import Code
from leadscoring.v1 import routing_pb2, types_pb2

from scoring_service.values.errors import InvalidArgument, NotFound, PermissionDenied


async def route(calls: Any, lead_id: str = "l-1", **fields: Any) -> Any:
    lead = types_pb2.Lead(lead_id=lead_id, employees=500)

    return (await calls("Route", lead=lead, **fields)).assignment


async def test_an_assignment_is_read_back_as_it_was_told(
    calls: Any, at: Callable[[Any], datetime]
) -> None:
    made = await route(calls)
    read = (await calls("GetAssignment", assignment_id=made.assignment_id)).assignment
    assert (made.pool, made.route, made.cause) == ("west", "everybody", routing_pb2.CAUSE_ROUTED)
    assert made.rep_id in {"ann", "bob", "cat"}
    assert at(made.assigned_at) == calls.clock.now
    assert read == made


async def test_a_decision_is_read_back_whole(calls: Any) -> None:
    made = await route(calls)
    record = (await calls("GetDecision", decision_id=made.decision_id)).decision
    assert (record.assignment_id, record.lead_id) == (made.assignment_id, "l-1")
    assert (record.rep_id, record.route, record.pool) == (made.rep_id, "everybody", "west")
    assert record.replay.verdict == routing_pb2.REPLAY_VERDICT_EQUAL
    assert record.policy_revision == calls.store.policies.revision
    assert '"lead_id":"l-1"' in record.facts_json
    assert [each.rep_id for each in record.considered] == [e.rep_id for e in made.considered]
    assert record.sentences


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("GetAssignment", "assignment_id"),
        ("GetDecision", "decision_id"),
        ("GetAccount", "account_id"),
    ],
)
async def test_what_is_not_there_is_not_found(calls: Any, name: str, field: str) -> None:
    with pytest.raises(NotFound, match="who"):
        await calls(name, **{field: "who"})


async def test_a_dry_run_says_what_would_be_and_keeps_nothing(calls: Any) -> None:
    before = await calls.desk.dump()
    made = await route(calls, dry_run=True, request_id="")
    assert (made.assignment_id, made.decision_id) == ("", "")
    assert made.route == "everybody"
    assert await calls.desk.dump() == before


async def test_who_may_not_move_leads_gives_no_lead_to_another(calls: Any) -> None:
    await route(calls)
    with pytest.raises(PermissionDenied):
        await calls("Route", lead_id="l-1", reassign_reason="please", actor_id="ann")


@pytest.mark.parametrize("rows", [1, 2, 4, 5, 6, 100])
async def test_every_assignment_is_listed_once_newest_first_however_large_a_page(
    calls: Any, rows: int
) -> None:
    made = []
    for n in range(5):
        calls.clock.now += timedelta(seconds=n % 2)  # two of them at the same instant
        made.append((await route(calls, f"l-{n}")).assignment_id)
    seen: list[Any] = []
    token = ""
    while not seen or token:
        page = await calls("ListAssignments", page_size=rows, page_token=token)
        assert len(page.assignments) <= rows
        seen += page.assignments
        token = page.next_page_token
    assert sorted(one.assignment_id for one in seen) == sorted(made)
    told = [one.assigned_at.ToNanoseconds() for one in seen]
    assert told == sorted(told, reverse=True)


async def test_assignments_are_listed_of_a_lead_or_a_rep(calls: Any) -> None:
    made = {n: await route(calls, f"l-{n}") for n in range(4)}
    of_lead = await calls("ListAssignments", lead_id="l-2")
    assert [one.assignment_id for one in of_lead.assignments] == [made[2].assignment_id]
    rep_id = made[0].rep_id
    of_rep = await calls("ListAssignments", rep_id=rep_id)
    theirs = {one.assignment_id for one in made.values() if one.rep_id == rep_id}
    assert {one.assignment_id for one in of_rep.assignments} == theirs
    neither = await calls("ListAssignments", lead_id="l-2", rep_id="mia")
    assert not neither.assignments


async def test_a_page_of_one_rep_leads_to_no_page_of_another(calls: Any) -> None:
    for n in range(3):
        await route(calls, f"l-{n}")
    page = await calls("ListAssignments", page_size=1)
    with pytest.raises(InvalidArgument, match="page_token"):
        await calls("ListAssignments", rep_id="ann", page_token=page.next_page_token)


def account(account_id: str, **fields: Any) -> types_pb2.Account:
    return types_pb2.Account(**{"account_id": account_id, "name": account_id, **fields})


async def test_accounts_are_stored_each_by_itself_and_read_back(calls: Any) -> None:
    good = account("acme", domains=["acme.example"], country="DE", owner_rep_id="bob")
    good.attributes["tier"].text = "gold"
    bad = account("bad", country="Germany")
    reply = await calls("UpsertAccounts", accounts=[good, bad, account("b")], actor_id="crm")
    assert [one.WhichOneof("result") for one in reply.results] == ["account", "error", "account"]
    assert reply.results[1].error.code == Code.INVALID_ARGUMENT
    assert (await calls("GetAccount", account_id="acme")).account == good
    with pytest.raises(NotFound):
        await calls("GetAccount", account_id="bad")


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 100])
async def test_every_account_is_listed_once_however_large_a_page(calls: Any, rows: int) -> None:
    ids = ["a", "b", "c"]
    await calls("UpsertAccounts", accounts=[account(one) for one in reversed(ids)], actor_id="crm")
    seen: list[str] = []
    token = ""
    while not seen or token:
        page = await calls("ListAccounts", page_size=rows, page_token=token)
        seen += [one.account_id for one in page.accounts]
        token = page.next_page_token
    assert seen == ids


async def test_no_accounts_are_an_empty_page(calls: Any) -> None:
    page = await calls("ListAccounts")
    assert (list(page.accounts), page.next_page_token) == ([], "")


@pytest.mark.parametrize(
    ("many", "fine"), [pytest.param(1000, True, id="as-many"), pytest.param(1001, False, id="more")]
)
async def test_a_batch_of_accounts_has_its_limit(calls: Any, many: int, fine: bool) -> None:
    accounts = [account("")] * many  # each is refused by itself, so that nothing is stored
    if fine:
        reply = await calls("UpsertAccounts", accounts=accounts, actor_id="crm")
        assert len(reply.results) == many
    else:
        remedy = "1001 items; send at most 1000 at once"
        refused = await calls.refused("UpsertAccounts", accounts=accounts, actor_id="crm")
        assert refused == {"accounts": remedy}
