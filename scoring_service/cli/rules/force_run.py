"""Asking the server to let a revision pass that the guard refuses."""

import uuid

from leadscoring.v1 import lifecycle_pb2
from leadscoring.v1.lifecycle_pb2_grpc import LifecycleServiceStub

from scoring_service.cli.serving.asking import asked
from scoring_service.cli.serving.where import Where


def forced(revision: str, where: Where, actor: str, reason: str) -> bool:
    """Whether the revision decides already. Raises Problem where the server refuses."""
    request = lifecycle_pb2.ForcePolicyRequest(
        request_id=str(uuid.uuid4()), actor_id=actor, revision=revision, reason=reason
    )
    return bool(asked(where, LifecycleServiceStub, "ForcePolicy", request).active)


def told(revision: str, *, active: bool) -> str:
    """What comes of it, in a sentence."""
    if active:
        return f"revision {revision} decides already"
    return (
        f"the guard lets revision {revision} pass: the server whose folder has it activates it"
        " within seconds, or when it starts; /readyz says which revision decides"
    )
