"""Who answers for a lead, and why, as a message."""

from collections.abc import Iterable

from google.protobuf.internal.containers import RepeatedCompositeFieldContainer
from leadscoring.v1 import lifecycle_pb2, routing_pb2, types_pb2

from scoring_service.api.convert_account import match_into
from scoring_service.api.convert_score import instant_into, score_into
from scoring_service.values.decision import Cause, Considered, Passed
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.requests import AssignmentView

CAUSES = {cause: routing_pb2.Cause.Value(f"CAUSE_{cause.name}") for cause in Cause}
OUTCOMES = {passed: routing_pb2.Outcome.Value(f"OUTCOME_{passed.name}") for passed in Passed}
STAGES = {stage: types_pb2.Stage.Value(f"STAGE_{stage.name}") for stage in Stage}


def assignment_into(message: routing_pb2.Assignment, view: AssignmentView) -> None:
    """Fill an empty message with an assignment."""
    message.assignment_id = view.assignment_id
    message.lead_id = view.lead_id
    owner_into(message, view.owner)
    message.pool = view.pool
    message.route = view.route
    if view.row is not None:
        message.row = view.row
    considered_into(message.considered, view.considered)
    match_into(message.account, view.account)
    score_into(message.score, view.score)
    message.cause = CAUSES[view.cause]
    message.bars_missed.extend(view.bars_missed)
    message.stood_in_for = view.stood_in_for
    message.sla = view.sla
    instant_into(message.assigned_at, view.assigned_at)
    waits_into(message, view)
    message.policy_revision = view.policy_revision
    message.decision_id = view.decision_id
    message.replayed = view.replayed
    message.stage = STAGES[view.stage]
    message.note = view.note
    if view.arms:
        message.arms.update(view.arms)


def waits_into(message: routing_pb2.Assignment, view: AssignmentView) -> None:
    """Since when the lead waits, and by when its owner must respond, where there is either."""
    if view.enqueued_at is not None:
        instant_into(message.enqueued_at, view.enqueued_at)
    if view.respond_by is not None:
        instant_into(message.respond_by, view.respond_by)


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
