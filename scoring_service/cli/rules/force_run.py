"""Asking the server to let a revision pass that the guard refuses."""

import asyncio
import uuid

from leadscoring.v1 import lifecycle_pb2, lifecycle_pb2_grpc

from scoring_service.cli.files.rows import BadRow
from scoring_service.cli.problem import Problem
from scoring_service.cli.serving.calls import DEADLINE_SECONDS, answered
from scoring_service.cli.serving.connection import Where, reached


def forced(revision: str, where: Where, actor: str, reason: str) -> bool:
    """Whether the revision decides already. Raises Problem where the server refuses."""
    request = lifecycle_pb2.ForcePolicyRequest(
        request_id=str(uuid.uuid4()), actor_id=actor, revision=revision, reason=reason
    )
    return asyncio.run(_forced(request, where))


async def _forced(request: lifecycle_pb2.ForcePolicyRequest, where: Where) -> bool:
    async with reached(where) as server:
        stub = lifecycle_pb2_grpc.LifecycleServiceStub(server.channel)
        reply = await answered(lambda: stub.ForcePolicy(request, timeout=DEADLINE_SECONDS))
    if isinstance(reply, BadRow):
        raise Problem(str(reply))
    return bool(reply.active)


def told(revision: str, *, active: bool) -> str:
    """What comes of it, in a sentence."""
    if active:
        return f"revision {revision} decides already"
    return (
        f"the guard lets revision {revision} pass: the server whose folder has it activates it"
        " within seconds, or when it starts; /readyz says which revision decides"
    )
