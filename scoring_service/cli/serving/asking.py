"""One question to the server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import grpc

from scoring_service.cli.files.rows import BadRow
from scoring_service.cli.problem import Problem
from scoring_service.cli.serving.calls import DEADLINE_SECONDS, answered
from scoring_service.cli.serving.connection import reached
from scoring_service.cli.serving.where import Where
from scoring_service.cli.upkeep.reading import require_store

REMEDY = "name it with --store, or a server with --server"

Stub = Callable[[grpc.aio.Channel], Any]


def asked(where: Where, stub: Stub, method: str, request: Any) -> Any:
    """The reply of a method. Raises Problem where no server answers, or it refuses."""
    return with_stub(where, stub, lambda calls: called(getattr(calls, method), request))


def with_stub(where: Where, stub: Stub, ask: Callable[[Any], Awaitable[Any]]) -> Any:
    """What comes of asking a server more than once. Raises Problem where none answers, or there is
    neither server nor store: what is asked is about something stored.
    """
    if where.server is None:
        require_store(where.store, REMEDY)

    async def run() -> Any:
        async with reached(where) as server:
            return await ask(stub(server.channel))

    return asyncio.run(run())


async def called(call: Callable[..., Awaitable[Any]], request: Any) -> Any:
    """The reply to one call. Raises Problem where the server refuses, in its words."""
    reply = await answered(lambda: call(request, timeout=DEADLINE_SECONDS))
    if isinstance(reply, BadRow):
        raise Problem(str(reply))
    return reply
