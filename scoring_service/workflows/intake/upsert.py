"""UpsertLead: a lead is found or made, its fields merged, and what follows is done at once."""

from datetime import datetime

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.intake.duplicates import likely_duplicates
from scoring_service.workflows.intake.incoming import Incoming
from scoring_service.workflows.intake.taking_in import taken_in
from scoring_service.workflows.lead_view import view_of_lead
from scoring_service.workflows.lifecycle_requests import LeadView, UpsertLead


@once("UpsertLead", LeadView)
def upsert(tx: Transaction, policy: Policy, request: UpsertLead, now: datetime) -> LeadView:
    """Take in a lead with what it did and what enrichers know of it.

    Raises AlreadyExists (IDEMPOTENCY_KEY_REUSED), InvalidArgument with every violation,
    FailedPrecondition (LEAD_CONFLICT) and PermissionDenied (MAY_NOT_MOVE).
    """
    incoming = Incoming(
        request.request_id,
        request.actor_id,
        request.lead,
        activities=request.activities,
        violations=request.violations,
        batch_id=request.batch_id,
        initial=request.initial,
        releases=request.release_do_not_contact,
        enrichments=request.enrichments,
    )
    taken = taken_in(tx, policy, incoming, now)
    return view_of_lead(
        tx,
        policy,
        taken.lead,
        now,
        asked_for=request.lead.lead_id,
        score=taken.score,
        decision_id=taken.decision_id,
        likely_duplicates=likely_duplicates(tx, taken.lead),
    )
