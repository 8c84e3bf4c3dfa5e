"""A lead is given to a rep by name, or a rep takes one that waits."""

from datetime import datetime

from scoring_service.domain.lifecycle.recipients import answers_for
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import FINISHED, Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import AssignLead, LeadView
from scoring_service.workflows.permission import named
from scoring_service.workflows.sales.accept import take
from scoring_service.workflows.sales.acting import answered, lead_of, require_stage
from scoring_service.workflows.sales.giving import give, may_give, require_assignable
from scoring_service.workflows.team.naming import wrong_reps

METHOD = "AssignLead"

_UNFINISHED = frozenset(Stage) - FINISHED


@once(METHOD, LeadView)
def assign_lead(tx: Transaction, policy: Policy, request: AssignLead, now: datetime) -> LeadView:
    """Give a lead to an active rep: by who answers for its queue, by a manager above its owner, or
    by who may move any. A rep who takes a queued mql himself accepts it by that.

    A lead of marketing becomes an mql. Raises InvalidArgument, NotFound, PermissionDenied
    (MAY_NOT_ASSIGN) and FailedPrecondition (FINISHED, ALREADY_THERE, EXCLUDED, FIELDS_MISSING).
    """
    rep_id = request.rep_id
    lead = lead_of(tx, request, *wrong_reps(policy, "rep_id", rep_id, request.violations))
    require_stage(lead, _UNFINISHED, METHOD)
    if lead.owner == RepOwner(rep_id):
        what = f"{rep_id!r} owns lead {lead.lead.lead_id!r} already"
        raise FailedPrecondition(what, "ALREADY_THERE")
    if _takes(lead, request):
        after, decision_id = take(tx, policy, lead, rep_id, now)
    else:
        _require_may_assign(policy, lead, request)
        require_assignable(tx, lead, rep_id)
        after, decision_id = give(tx, policy, lead, rep_id, request.actor_id, request.reason, now)
    return answered(tx, policy, request, after, now, decision_id=decision_id)


def _takes(lead: StoredLead, request: AssignLead) -> bool:
    queued = isinstance(lead.owner, QueueOwner) and lead.stage is Stage.MQL
    return queued and request.rep_id == request.actor_id


def _require_may_assign(policy: Policy, lead: StoredLead, request: AssignLead) -> None:
    """A lead that is taken from a rep needs a reason."""
    actor, person = request.actor_id, answers_for(policy, lead)
    if not may_give(policy, lead, actor):
        raise PermissionDenied(
            f"{named(actor)} may not give lead {lead.lead.lead_id!r} away; who answers for its"
            f" queue, a manager above {person!r}, a rep with role ops or an operator may",
            "MAY_NOT_ASSIGN",
        )
    if isinstance(lead.owner, RepOwner) and not request.reason.strip():
        raise InvalidArgument((("reason", f"is missing: why it is taken from {person!r}"),))
