"""Asking the server about reps: how they stand, days away, and books handed over."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from leadscoring.v1 import routing_pb2 as pb
from leadscoring.v1.routing_pb2_grpc import RoutingServiceStub

from scoring_service.cli.serving.asking import asked, called, with_stub
from scoring_service.cli.serving.where import Where

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
            page = await called(stub.ListAvailability, request)
            found += page.reps
            token = page.next_page_token
            if not token:
                return found

    found: list[pb.RepState] = with_stub(where, RoutingServiceStub, ask)
    return found


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
    made: pb.Availability = asked(
        where, RoutingServiceStub, "SetAvailability", request
    ).availability
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
        begun = (await called(stub.HandOver, request)).handover
        say(f"{begun.operation_id}: {begun.leads} leads of {rep} to hand over")
        return await _ended(stub, begun.operation_id, say)

    book: pb.Handover = with_stub(where, RoutingServiceStub, ask)
    return book


async def _ended(stub: Any, operation_id: str, say: Callable[[str], None]) -> pb.Handover:
    said = 0
    while True:
        request = pb.GetHandOverRequest(operation_id=operation_id)
        book: pb.Handover = (await called(stub.GetHandOver, request)).handover
        if book.HasField("ended_at"):
            return book
        if book.moved > said:
            said = book.moved
            say(f"{book.moved} of {book.leads}")
        await asyncio.sleep(LOOK_EVERY_SECONDS)
