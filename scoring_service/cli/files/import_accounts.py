"""Accounts of a file, stored through the server."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from leadscoring.v1 import routing_pb2, routing_pb2_grpc, types_pb2

from scoring_service.cli.files.messages import Types, account_of
from scoring_service.cli.files.results import Tally, counted
from scoring_service.cli.files.rows import BadRow, Numbered, rows
from scoring_service.cli.serving.calls import DEADLINE_SECONDS, answered, violations
from scoring_service.cli.serving.connection import Reached, reached
from scoring_service.cli.serving.where import Where
from scoring_service.values.account import Account
from scoring_service.workflows.accounts import parents_first
from scoring_service.workflows.requests import AccountItem

if TYPE_CHECKING:
    from leadscoring.v1.routing_pb2_grpc import RoutingServiceAsyncStub

SLICE = 200

Read = tuple[int, types_pb2.Account]


def import_accounts(file: str, where: Where, actor: str) -> Tally:
    """Store them; how many were, and which were left out."""
    tally = Tally(file, "stored")
    asyncio.run(_import(file, where, actor, tally))
    return tally


async def _import(file: str, where: Where, actor: str, tally: Tally) -> None:
    async with reached(where) as server:
        found = read(file, server.types, tally)
        await counted(_stored(server, found, actor), tally)


def read(file: str, types: Types, tally: Tally) -> list[Read]:
    """The accounts that can be read, every parent before its children."""
    found: list[Read] = []
    for line, row in rows(file):
        account = row if isinstance(row, BadRow) else _account(row, types)
        if isinstance(account, BadRow):
            tally.leave_out(line, account)
        else:
            found.append((line, account))
    return [found[position] for position in parents_first(tuple(map(_item, found)))]


def _account(row: dict[str, object], types: Types) -> types_pb2.Account | BadRow:
    try:
        return account_of(row, types)
    except BadRow as bad:
        return bad


def _item(found: Read) -> AccountItem:
    _, account = found
    return AccountItem(Account(account.account_id, parent_id=account.parent_id or None))


async def _stored(server: Reached, found: Sequence[Read], actor: str) -> AsyncIterator[Numbered]:
    stub = routing_pb2_grpc.RoutingServiceStub(server.channel)
    for start in range(0, len(found), SLICE):
        for result in await _slice(stub, found[start : start + SLICE], actor):
            yield result


async def _slice(
    stub: "RoutingServiceAsyncStub", found: Sequence[Read], actor: str
) -> list[Numbered]:
    message = routing_pb2.UpsertAccountsRequest(
        request_id=str(uuid.uuid4()), actor_id=actor, accounts=[account for _, account in found]
    )
    reply = await answered(lambda: stub.UpsertAccounts(message, timeout=DEADLINE_SECONDS))
    if isinstance(reply, BadRow):
        return [(line, reply) for line, _ in found]
    return [
        (line, BadRow(violations(result.error)) if result.HasField("error") else {})
        for (line, _), result in zip(found, reply.results, strict=True)
    ]
