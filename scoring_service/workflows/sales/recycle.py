"""Not now: sales gives a lead back to marketing."""

from datetime import datetime

from scoring_service.domain.lifecycle.lifecycle import Then
from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.lifecycle.reasons import reason_given
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.stage import Stage
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import LeadView, RecycleLead
from scoring_service.workflows.recycling import Disposal, dispose
from scoring_service.workflows.sales.acting import (
    answered,
    lead_of,
    require_owner,
    require_stage,
)

METHOD = "RecycleLead"

_FROM = frozenset({Stage.SAL, Stage.SQL, Stage.CLOSED_LOST})
_RECYCLES = frozenset({Then.RECYCLE})


@once(METHOD, LeadView)
def recycle_lead(tx: Transaction, policy: Policy, request: RecycleLead, now: datetime) -> LeadView:
    """Give a sal, an sql or a lost lead back to marketing for a reason that recycles.

    One that recycling is exhausted for is disqualified instead. Raises InvalidArgument, NotFound,
    and FailedPrecondition (ALREADY_THERE, MOVE_NOT_ALLOWED, FINISHED, NOT_OWNER).
    """
    lead, actor = lead_of(tx, request), request.actor_id
    require_stage(lead, _FROM, METHOD, Stage.RECYCLED)
    require_owner(policy, lead, actor)
    reason = reason_given(policy, request.reason, request.note, thens=_RECYCLES)
    disposal = Disposal(Mover.SALES, "recycled by sales", actor, request.note)
    after = dispose(tx, policy, lead, reason, disposal, now)
    return answered(tx, policy, request, after, now)
