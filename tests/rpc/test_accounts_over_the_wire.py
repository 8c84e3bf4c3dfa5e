"""Accounts over the wire: each by itself, in pages, and deciding whose lead it is."""

import uuid
from typing import Any

import grpc
from google.rpc.code_pb2 import Code
from leadscoring.v1 import routing_pb2, types_pb2


def upsert(*accounts: types_pb2.Account, **fields: Any) -> routing_pb2.UpsertAccountsRequest:
    known = {"request_id": str(uuid.uuid4()), "actor_id": "crm", "accounts": accounts, **fields}
    return routing_pb2.UpsertAccountsRequest(**known)


def acme(**fields: Any) -> types_pb2.Account:
    known = {"account_id": "acme", "name": "Acme", "domains": ["acme.de"], **fields}
    return types_pb2.Account(**known)


async def test_an_account_comes_back_as_it_is_stored(serve: Any) -> None:
    account = acme(country="DE", owner_rep_id="bob")
    account.attributes["tier"].text = "gold"
    account.attributes["seats"].integer = 5
    async with serve() as rpc:
        reply = await rpc.routing.UpsertAccounts(upsert(account))
        asked = routing_pb2.GetAccountRequest(account_id="acme")
        read_back = (await rpc.routing.GetAccount(asked)).account
    assert [r.account for r in reply.results] == [account]
    assert read_back == account


async def test_a_bad_account_fails_no_neighbour(serve: Any) -> None:
    bad = acme(account_id="bad", country="UK", owner_rep_id="nobody")
    bad.attributes["share"].number = float("nan")
    async with serve() as rpc:
        reply = await rpc.routing.UpsertAccounts(upsert(acme(), bad, acme(account_id="b")))
    first, second, third = reply.results
    assert (first.account.account_id, third.account.account_id) == ("acme", "b")
    assert second.error.code == Code.INVALID_ARGUMENT
    for field in ("country", "owner_rep_id", "attributes[share]"):
        assert field in second.error.message


async def test_a_retry_of_an_upsert_has_the_first_answer(serve: Any) -> None:
    request = upsert(acme())
    async with serve() as rpc:
        first = await rpc.routing.UpsertAccounts(request)
        await rpc.routing.UpsertAccounts(upsert(acme(name="Acme AG")))
        again = await rpc.routing.UpsertAccounts(request)
    assert again.replayed
    assert again.results == first.results


async def test_an_upsert_needs_a_request_id(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        refusal = await wire.refused(rpc.routing.UpsertAccounts(upsert(acme(), request_id="")))
        asked = routing_pb2.ListAccountsRequest()
        assert len((await rpc.routing.ListAccounts(asked)).accounts) == 0
    assert refusal.code == grpc.StatusCode.INVALID_ARGUMENT
    assert set(refusal.fields) == {"request_id"}


async def test_an_upsert_of_1001_accounts_is_refused_with_the_limit(serve: Any, wire: Any) -> None:
    many = [acme(account_id=f"a{i}") for i in range(1001)]
    async with serve() as rpc:
        refusal = await wire.refused(rpc.routing.UpsertAccounts(upsert(*many)))
    assert refusal.fields == {"accounts": "1001 items; send at most 1000 at once"}


async def test_1000_accounts_may_take_more_than_a_mib(serve: Any) -> None:
    many = [acme(account_id=f"a{i:03}", name="x" * 1500) for i in range(1000)]
    request = upsert(*many)
    assert request.ByteSize() > 1024 * 1024
    async with serve() as rpc:
        reply = await rpc.routing.UpsertAccounts(request)
        assert all(r.HasField("account") for r in reply.results)
        ids: list[str] = []
        token = ""
        while not ids or token:
            asked = routing_pb2.ListAccountsRequest(page_size=400, page_token=token)
            page = await rpc.routing.ListAccounts(asked)
            ids += [a.account_id for a in page.accounts]
            token = page.next_page_token
    assert ids == [f"a{i:03}" for i in range(1000)]


async def test_a_lead_of_an_account_goes_to_its_owner(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        await rpc.routing.UpsertAccounts(upsert(acme(owner_rep_id="bob")))
        request = wire.route_request(lead=wire.lead(email="ann@mail.acme.de"))
        made = (await rpc.routing.Route(request)).assignment
    assert (made.rep_id, made.route) == ("bob", "known account")
    assert made.account.account_id == "acme"
    assert made.account.matched_by == types_pb2.MATCHED_BY_DOMAIN


async def test_a_lead_with_only_a_company_name_goes_to_the_owner_of_its_account(
    serve: Any, wire: Any
) -> None:
    named = acme(name="Acme Group N.V.", owner_rep_id="bob")
    async with serve() as rpc:
        await rpc.routing.UpsertAccounts(upsert(named))
        lead = wire.lead(company_name="ACME Group, Inc.")
        lead.ClearField("email")
        made = (await rpc.routing.Route(wire.route_request(lead=lead))).assignment
    assert (made.rep_id, made.route) == ("bob", "known account")
    assert (made.account.account_id, made.account.ambiguous) == ("acme", False)
    assert made.account.matched_by == types_pb2.MATCHED_BY_NAME
    (evidence,) = made.account.named
    assert (evidence.name, evidence.score, list(evidence.shared)) == (
        "acme group",
        1.0,
        ["acme", "group"],
    )
