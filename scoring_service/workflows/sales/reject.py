"""The owner of an mql does not want it: the reason says what follows."""

from collections.abc import Iterator
from datetime import datetime

from scoring_service.domain.lifecycle.lifecycle import Reason, Then
from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.lifecycle.reasons import reason_given
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.happening import Lost
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import (
    CloseLost,
    LeadView,
    RejectLead,
)
from scoring_service.workflows.recycling import Disposal, dispose
from scoring_service.workflows.sales.acting import (
    answered,
    lead_of,
    require_owner,
    require_stage,
)
from scoring_service.workflows.sales.heeding import heeded
from scoring_service.workflows.sales.nobody import tell_the_top
from scoring_service.workflows.sales.telling import acted

METHOD = "RejectLead"


@once(METHOD, LeadView)
def reject_lead(tx: Transaction, policy: Policy, request: RejectLead, now: datetime) -> LeadView:
    """Give an mql back for a reason, whose `then` follows at once: it is recycled, disqualified, or
    routed to somebody else. A reason that returns the turn gives it back.

    Raises InvalidArgument, NotFound, and FailedPrecondition (MOVE_NOT_ALLOWED, FINISHED,
    NOT_OWNER).
    """
    lead = lead_of(tx, request, *wrong_criterion(policy, request))
    require_stage(lead, {Stage.MQL}, METHOD)
    require_owner(policy, lead, request.actor_id)
    reason = reason_given(policy, request.reason, request.note)
    after = _rejected(tx, policy, lead, request, reason, now)
    return answered(tx, policy, request, after, now)


def wrong_criterion(policy: Policy, request: RejectLead | CloseLost) -> Iterator[tuple[str, str]]:
    """What is wrong about the criterion that was named: it is one of fit, or an attribute."""
    known = {*(one.name for one in policy.scoring.fit), *policy.schema}
    if request.criterion and request.criterion not in known:
        some = ", ".join(sorted(one.name for one in policy.scoring.fit)[:20])
        remedy = f"{request.criterion[:60]!r} is no criterion of fit ({some}) and no attribute"
        yield "criterion", remedy


def _rejected(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    request: RejectLead,
    reason: Reason,
    now: datetime,
) -> StoredLead:
    lead_id, actor = lead.lead.lead_id, request.actor_id
    tx.record(lead_id, Lost(reason.name, request.note, request.criterion), actor)
    rejected = heeded(tx, lead, reason.name, actor, now)
    gives_back = reason.returns_turn and isinstance(lead.owner, RepOwner)
    disposal = Disposal(Mover.SALES, "rejected", actor, request.note, gives_back)
    after = dispose(tx, policy, rejected, reason, disposal, now)
    if reason.then is Then.REROUTE and _nobody_else(lead, after):
        after = tell_the_top(tx, policy, after, actor, now)
    acted(tx, "lead.rejected", after, actor, now, reason=reason.name, criterion=request.criterion)
    return after


def _nobody_else(before: StoredLead, after: StoredLead) -> bool:
    return isinstance(before.owner, RepOwner) and after.owner == before.owner
