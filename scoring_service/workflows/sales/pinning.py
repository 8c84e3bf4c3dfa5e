"""A lead is pinned to a rep: he keeps it through routing, until somebody takes the pin out."""

from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.path import BEFORE_MQL
from scoring_service.domain.lifecycle.recipients import answers_for
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import FINISHED, Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import LeadView
from scoring_service.workflows.permission import named
from scoring_service.workflows.pins import pinned, unpinned
from scoring_service.workflows.rep_requests import PinLead, UnpinLead
from scoring_service.workflows.sales.acting import answered, lead_of, require_stage
from scoring_service.workflows.sales.giving import give, may_give, require_assignable
from scoring_service.workflows.team.naming import wrong_reps

PIN, UNPIN = "PinLead", "UnpinLead"

_UNFINISHED = frozenset(Stage) - FINISHED


@once(PIN, LeadView)
def pin_lead(tx: Transaction, policy: Policy, request: PinLead, now: datetime) -> LeadView:
    """Pin a lead to an active rep. One that sales has goes to him at once, as by AssignLead; one of
    marketing when it comes to sales.

    By who answers for its queue, a manager above its owner, a rep with role ops or an operator.
    Raises InvalidArgument, NotFound, PermissionDenied (MAY_NOT_PIN) and FailedPrecondition
    (FINISHED, ALREADY_THERE, EXCLUDED).
    """
    rep_id = request.rep_id
    lead = lead_of(tx, request, *wrong_reps(policy, "rep_id", rep_id, request.violations))
    require_stage(lead, _UNFINISHED, PIN)
    _require_may_pin(policy, lead, request.actor_id)
    if lead.pinned_rep == rep_id and _is_there(lead, rep_id):
        what = f"lead {lead.lead.lead_id!r} is pinned to {rep_id!r} already"
        raise FailedPrecondition(what, "ALREADY_THERE")
    after, decision_id = _brought(tx, policy, lead, request, now)
    if after.pinned_rep != rep_id:
        after = pinned(tx, after, rep_id, request.actor_id, request.reason, now)
    after = msgspec.structs.replace(after, updated_at=now)
    tx.save_lead(after)
    return answered(tx, policy, request, after, now, decision_id=decision_id)


@once(UNPIN, LeadView)
def unpin_lead(tx: Transaction, policy: Policy, request: UnpinLead, now: datetime) -> LeadView:
    """Take the pin out; its owner keeps the lead as every active owner does.

    By whom it may be pinned. Raises InvalidArgument, NotFound, PermissionDenied (MAY_NOT_PIN) and
    FailedPrecondition (NOT_PINNED).
    """
    lead = lead_of(tx, request)
    _require_may_pin(policy, lead, request.actor_id)
    if lead.pinned_rep is None:
        raise FailedPrecondition(f"lead {lead.lead.lead_id!r} is not pinned", "NOT_PINNED")
    after = unpinned(tx, lead, request.actor_id, request.reason, now)
    after = msgspec.structs.replace(after, updated_at=now)
    tx.save_lead(after)
    return answered(tx, policy, request, after, now)


def _is_there(lead: StoredLead, rep_id: str) -> bool:
    """Whether a pin has nothing to move: marketing has the lead, or the rep himself."""
    return lead.stage in BEFORE_MQL or lead.owner == RepOwner(rep_id)


def _brought(
    tx: Transaction, policy: Policy, lead: StoredLead, request: PinLead, now: datetime
) -> tuple[StoredLead, str]:
    """The lead in the rep's hands where sales has it, and the decision by which it came there."""
    rep_id = request.rep_id
    if _is_there(lead, rep_id):
        return lead, ""
    if isinstance(lead.owner, RepOwner) and not request.reason.strip():
        why = f"is missing: why it is taken from {lead.owner.id!r}"
        raise InvalidArgument((("reason", why),))
    require_assignable(tx, lead, rep_id)
    return give(tx, policy, lead, rep_id, request.actor_id, request.reason, now)


def _require_may_pin(policy: Policy, lead: StoredLead, actor: str) -> None:
    if not may_give(policy, lead, actor):
        raise PermissionDenied(
            f"{named(actor)} may not pin lead {lead.lead.lead_id!r} or take its pin out; who"
            f" answers for its queue, a manager above {answers_for(policy, lead)!r}, a rep with"
            " role ops or an operator may",
            "MAY_NOT_PIN",
        )
