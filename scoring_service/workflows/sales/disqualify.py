"""No lead of ours: sales ends it."""

from datetime import datetime

from scoring_service.domain.lifecycle.lifecycle import Then
from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.lifecycle.reasons import reason_given
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import DisqualifyLead, LeadView
from scoring_service.workflows.recycling import Disposal, dispose
from scoring_service.workflows.sales.acting import (
    answered,
    lead_of,
    require_owner,
    require_stage,
)
from scoring_service.workflows.sales.heeding import heeded

METHOD = "DisqualifyLead"

_FROM = frozenset({Stage.MQL, Stage.SAL, Stage.SQL, Stage.CLOSED_LOST})
_DISQUALIFIES = frozenset({Then.DISQUALIFY})


@once(METHOD, LeadView)
def disqualify_lead(
    tx: Transaction, policy: Policy, request: DisqualifyLead, now: datetime
) -> LeadView:
    """End a lead that sales has, for a reason that disqualifies. An mql is rejected by it, so a
    reason that returns the turn gives it back.

    Raises InvalidArgument, NotFound, and FailedPrecondition (ALREADY_THERE, MOVE_NOT_ALLOWED,
    FINISHED, NOT_OWNER).
    """
    lead, actor = lead_of(tx, request), request.actor_id
    require_stage(lead, _FROM, METHOD, Stage.DISQUALIFIED)
    require_owner(policy, lead, actor)
    reason = reason_given(policy, request.reason, request.note, thens=_DISQUALIFIES)
    rejected = lead.stage is Stage.MQL and isinstance(lead.owner, RepOwner)
    disposal = Disposal(
        Mover.SALES,
        "disqualified by sales",
        actor,
        request.note,
        gives_back=rejected and reason.returns_turn,
    )
    lead = heeded(tx, lead, reason.name, actor, now)
    after = dispose(tx, policy, lead, reason, disposal, now)
    return answered(tx, policy, request, after, now)
