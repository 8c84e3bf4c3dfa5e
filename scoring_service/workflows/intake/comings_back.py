"""A lead that marketing or sales had put aside: what it does now may bring it back to sales."""

from collections.abc import Sequence
from datetime import datetime

from scoring_service.domain.lifecycle.lifecycle import Reason, Then
from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.lifecycle.recycling import comes_back
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.activity import Activity
from scoring_service.values.facts import Asked
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.experiments.joining import with_joined
from scoring_service.workflows.intake.evaluating import Evaluated, Evaluation, evaluate
from scoring_service.workflows.lead_view import score_of
from scoring_service.workflows.notices import tell
from scoring_service.workflows.recycling import Disposal, disqualify, recycle

CAUSE = "high_intent"


def first_high_intent(policy: Policy, did: Sequence[Activity], since: datetime) -> Activity | None:
    """The first high-intent activity that happened after `since`."""
    scored = policy.scoring.activities
    found = (
        activity
        for activity in did
        if activity.occurred_at > since
        and activity.type in scored
        and scored[activity.type].high_intent
    )
    return min(found, key=_happened, default=None)


def recycled(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    did: Sequence[Activity],
    actor_id: str,
    now: datetime,
) -> Evaluated:
    """A recycled lead comes back to mql, or stays recycled."""
    lead = with_joined(tx, policy, lead, now)
    score = score_of(tx, policy, lead, now)
    back = comes_back(policy, lead, score, did, now) is not None
    asked = Asked.RECYCLED if back else Asked.EVALUATE
    return evaluate(tx, policy, lead, Evaluation(actor_id, asked), now)


def lost(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    did: Sequence[Activity],
    actor_id: str,
    now: datetime,
) -> Evaluated:
    """A lost lead whose reason recycles goes through recycled to mql by one high-intent activity;
    one whose reason disqualifies is disqualified, and its rep and the intake queue are told.
    """
    activity = first_high_intent(policy, did, lead.entered_at)
    if activity is None:
        return evaluate(tx, policy, lead, Evaluation(actor_id), now)
    reason = policy.lifecycle.reasons.get(lead.reason) or Reason(lead.reason, Then.RECYCLE)
    disposal = Disposal(Mover.AUTOMATION, CAUSE, actor_id)
    if reason.then is Then.DISQUALIFY:
        _tell_both(tx, policy, lead, activity, now)
        return Evaluated(disqualify(tx, policy, lead, reason.name, disposal, now))
    again = recycle(tx, policy, lead, reason, disposal, now, whatever=True)
    return evaluate(tx, policy, again, Evaluation(actor_id, Asked.RECYCLED), now)


def _tell_both(
    tx: Transaction, policy: Policy, lead: StoredLead, activity: Activity, now: datetime
) -> None:
    text = f"lost for {lead.reason}, disqualified now; it has just done this: {activity.type}"
    told = [lead.owner.id] if isinstance(lead.owner, RepOwner) else []
    for recipient in dict.fromkeys((*told, policy.lifecycle.intake_owner)):
        tell(tx, policy, recipient, "lost_came_back", lead.lead.lead_id, text, now)


def _happened(activity: Activity) -> tuple[datetime, str]:
    return activity.occurred_at, activity.activity_id
