"""Asking the server about reps: how they stand, days away, and books handed over."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from leadscoring.v1 import routing_pb2 as pb
from leadscoring.v1.routing_pb2_grpc import RoutingServiceStub

from scoring_service.cli.files.rows import BadRow
from scoring_service.cli.problem import Problem
from scoring_service.cli.serving.calls import DEADLINE_SECONDS, answered
from scoring_service.cli.serving.connection import Where, reached

LOOK_EVERY_SECONDS = 0.2
"""How often is asked how far a hand-over has come."""


class Days(NamedTuple):
    """The first and the last day, as they were written; "" for none."""

    first: str
    last: str


def standing(where: Where) -> list[pb.RepState]:
    """Every rep of the active rules. Raises Problem where no server answers."""

    async def ask(stub: Any) -> list[pb.RepState]:
        found: list[pb.RepState] = []
        token = ""
        while True:
            request = pb.ListAvailabilityRequest(page_size=1000, page_token=token)
            page = await _called(stub.ListAvailability, request)
            found += page.reps
            token = page.next_page_token
            if not token:
                return found

    return asyncio.run(_with_stub(where, ask))


def set_away(
    where: Where, rep: str, days: Days, actor: str, *, backup: str = "", withdraw: bool = False
) -> pb.Availability:
    """When the rep is away now that it was entered. Raises Problem where the server refuses."""
    request = pb.SetAvailabilityRequest(
        request_id=str(uuid.uuid4()),
        actor_id=actor,
        rep_id=rep,
        away_from=days.first,
        away_to=days.last,
        backup=backup,
        withdraw=withdraw,
    )

    async def ask(stub: Any) -> Any:
        return (await _called(stub.SetAvailability, request)).availability

    made: pb.Availability = asyncio.run(_with_stub(where, ask))
    return made


def handed_over(
    where: Where, rep: str, to: str, reason: str, actor: str, say: Callable[[str], None]
) -> pb.Handover:
    """The hand-over once it has ended; `say` is told how far it has come. Raises Problem where the
    server refuses.
    """
    request = pb.HandOverRequest(
        request_id=str(uuid.uuid4()), actor_id=actor, rep_id=rep, to=to, reason=reason
    )

    async def ask(stub: Any) -> pb.Handover:
        begun = (await _called(stub.HandOver, request)).handover
        say(f"{begun.operation_id}: {begun.leads} leads of {rep} to hand over")
        return await _ended(stub, begun.operation_id, say)

    book: pb.Handover = asyncio.run(_with_stub(where, ask))
    return book


async def _ended(stub: Any, operation_id: str, say: Callable[[str], None]) -> pb.Handover:
    said = 0
    while True:
        request = pb.GetHandOverRequest(operation_id=operation_id)
        book: pb.Handover = (await _called(stub.GetHandOver, request)).handover
        if book.HasField("ended_at"):
            return book
        if book.moved > said:
            said = book.moved
            say(f"{book.moved} of {book.leads}")
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def _with_stub(where: Where, ask: Callable[[Any], Awaitable[Any]]) -> Any:
    async with reached(where) as server:
        return await ask(RoutingServiceStub(server.channel))


async def _called(call: Callable[..., Awaitable[Any]], request: Any) -> Any:
    return unless_refused(await answered(lambda: call(request, timeout=DEADLINE_SECONDS)))


def unless_refused(reply: Any) -> Any:
    """The reply; Problem where the server refused, in its words."""
    if isinstance(reply, BadRow):
        raise Problem(str(reply))
    return reply
