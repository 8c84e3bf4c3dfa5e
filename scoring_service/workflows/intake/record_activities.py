"""RecordActivities: what a lead did, scored at once; crossing the bars makes it an mql."""

from datetime import datetime

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.intake.incoming import Incoming
from scoring_service.workflows.intake.taking_in import taken_in
from scoring_service.workflows.lead_view import view_of_lead
from scoring_service.workflows.lifecycle_requests import LeadView, RecordActivities


@once("RecordActivities", LeadView)
def record_activities(
    tx: Transaction, policy: Policy, request: RecordActivities, now: datetime
) -> LeadView:
    """Store what a lead did, each activity once, and do what follows from it.

    It costs the same however much the lead did before. Raises AlreadyExists
    (IDEMPOTENCY_KEY_REUSED), InvalidArgument with every violation, NotFound (LEAD_NOT_FOUND) and
    FailedPrecondition (LEAD_CONFLICT).
    """
    incoming = Incoming(
        request.request_id,
        request.actor_id,
        request.lead,
        request.lead_id,
        request.activities,
        request.violations,
        request.batch_id,
    )
    taken = taken_in(tx, policy, incoming, now)
    asked_for = request.lead.lead_id if request.lead else request.lead_id
    return view_of_lead(
        tx,
        policy,
        taken.lead,
        now,
        asked_for=asked_for,
        score=taken.score,
        decision_id=taken.decision_id,
    )
