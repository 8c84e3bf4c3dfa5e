"""Who answers for a lead, and who else was looked at, in messages."""

from collections.abc import Iterable

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer
from leadscoring.v1 import lifecycle_pb2, routing_pb2, types_pb2

from scoring_service.values.decision import Cause, Considered, Passed
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.stage import Stage

CAUSES = {cause: routing_pb2.Cause.Value(f"CAUSE_{cause.name}") for cause in Cause}
OUTCOMES = {passed: routing_pb2.Outcome.Value(f"OUTCOME_{passed.name}") for passed in Passed}
STAGES = {stage: types_pb2.Stage.Value(f"STAGE_{stage.name}") for stage in Stage}


Owned = (
    routing_pb2.Assignment
    | routing_pb2.Decision
    | lifecycle_pb2.LeadState
    | lifecycle_pb2.StageEntry
    | lifecycle_pb2.Act
)


def owner_into(message: Owned, owner: Owner) -> None:
    """Set the one of rep_id, queue and track that owns the lead."""
    if isinstance(owner, RepOwner):
        message.rep_id = owner.id
    elif isinstance(owner, QueueOwner):
        message.queue = owner.id
    else:
        message.track = owner.id


def considered_into(
    messages: RepeatedCompositeFieldContainer[routing_pb2.Considered],
    considered: Iterable[Considered],
) -> None:
    """Everybody who was looked at, in the order in which they were."""
    for each in considered:
        added = messages.add()
        added.rep_id = each.rep_id
        added.outcome = OUTCOMES[each.outcome]
        added.reason = each.reason
        added.pool = each.pool
