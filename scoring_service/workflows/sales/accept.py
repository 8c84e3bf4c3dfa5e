"""A rep takes an mql on: it becomes a sal."""

from datetime import datetime

from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.owner import QueueOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.entering import Entry
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import AcceptLead, LeadView
from scoring_service.workflows.sales.acting import (
    answered,
    lead_of,
    no_rep,
    require_owner,
    require_stage,
)
from scoring_service.workflows.sales.giving import give, require_free_to_take
from scoring_service.workflows.sales.moving import move_on
from scoring_service.workflows.sales.required import require_fields
from scoring_service.workflows.sales.telling import acted

METHOD = "AcceptLead"


@once(METHOD, LeadView)
def accept_lead(tx: Transaction, policy: Policy, request: AcceptLead, now: datetime) -> LeadView:
    """The owner of an mql, or who may act for him, takes it on; an active rep takes a queued one.

    Raises InvalidArgument, NotFound, and FailedPrecondition (ALREADY_THERE, MOVE_NOT_ALLOWED,
    FINISHED, NOT_OWNER, EXCLUDED, FIELDS_MISSING).
    """
    lead, actor = lead_of(tx, request), request.actor_id
    require_stage(lead, {Stage.MQL}, METHOD, Stage.SAL)
    if isinstance(lead.owner, QueueOwner):
        taken, decision_id = take(tx, policy, lead, actor, now)
        return answered(tx, policy, request, taken, now, decision_id=decision_id)
    require_owner(policy, lead, actor)
    return answered(tx, policy, request, accept(tx, policy, lead, actor, now), now)


def take(
    tx: Transaction, policy: Policy, lead: StoredLead, actor: str, now: datetime
) -> tuple[StoredLead, str]:
    """An active rep takes a queued mql himself, which accepts it; the lead and the decision's id.

    Raises FailedPrecondition (NOT_OWNER, EXCLUDED, FIELDS_MISSING).
    """
    rep = policy.reps.get(actor)
    if rep is None or not rep.active:
        raise no_rep(policy, lead, actor)
    require_free_to_take(lead, actor)
    require_fields(policy, lead, Stage.SAL)
    given, decision_id = give(tx, policy, lead, actor, actor, "took it from its queue", now)
    return accept(tx, policy, given, actor, now), decision_id


def accept(
    tx: Transaction, policy: Policy, lead: StoredLead, actor: str, now: datetime
) -> StoredLead:
    """The lead of a rep becomes a sal. Raises FailedPrecondition (FIELDS_MISSING)."""
    require_fields(policy, lead, Stage.SAL)
    entry = Entry(Stage.SAL, Mover.SALES, "accepted", actor)
    after = move_on(tx, policy, lead, entry, now)
    acted(tx, "lead.accepted", after, actor, now)
    return after
