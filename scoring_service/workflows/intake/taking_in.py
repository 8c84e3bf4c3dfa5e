"""A lead comes in: found or made, filled in, evaluated, and routed where it is ready."""

from dataclasses import dataclass
from datetime import datetime

from scoring_service.domain.lifecycle.path import BEFORE_OPPORTUNITY
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.happening import Imported
from scoring_service.values.score import Score
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.arrival import Arrival, record_arrival
from scoring_service.workflows.intake.comings_back import first_high_intent, lost, recycled
from scoring_service.workflows.intake.cycles import open_cycle, opening, tell_of_opening
from scoring_service.workflows.intake.enriching import enriched, record_enrichments
from scoring_service.workflows.intake.evaluating import (
    Evaluated,
    Evaluation,
    decision_made,
    evaluate,
    tell_of_rule,
)
from scoring_service.workflows.intake.imported import begin
from scoring_service.workflows.intake.incoming import Incoming, arrival_of
from scoring_service.workflows.intake.stopping import changed_flag, released, spread
from scoring_service.workflows.notices import tell


@dataclass(frozen=True, slots=True)
class Taken:
    """The lead that answers for what came in, the decision made on it ("": none), its score (None:
    it was not asked).
    """

    lead: StoredLead
    decision_id: str = ""
    score: Score | None = None


def taken_in(tx: Transaction, policy: Policy, incoming: Incoming, now: datetime) -> Taken:
    """Store what came in, and do what follows.

    Raises InvalidArgument with every violation, NotFound (LEAD_NOT_FOUND), FailedPrecondition
    (LEAD_CONFLICT) and PermissionDenied (MAY_NOT_MOVE).
    """
    arrival = released(policy, incoming, arrival_of(tx, policy, incoming, now))
    arrival, filled = enriched(policy, arrival, incoming.enrichments, now)
    if arrival.before is not None and not (arrival.brings_news or any(f.changes for f in filled)):
        record_enrichments(tx, arrival.lead.lead.lead_id, filled)
        return Taken(arrival.before)
    evaluated = _evaluated(tx, policy, incoming, arrival, now)
    after = evaluated.lead
    if changed_flag(arrival):
        spread(tx, after, incoming.actor_id, now)
    record_enrichments(tx, after.lead.lead_id, filled)
    if incoming.is_import:
        tx.record(after.lead.lead_id, Imported(incoming.batch_id), incoming.actor_id)
    same = arrival.before and arrival.before.lead.lead_id == after.lead.lead_id
    made = decision_made(tx, arrival.before if same else None, after)
    return Taken(after, made, evaluated.score)


def _evaluated(
    tx: Transaction, policy: Policy, incoming: Incoming, arrival: Arrival, now: datetime
) -> Evaluated:
    """Save the lead, moved on or not; a customer's next cycle is another lead."""
    before = arrival.before
    if before is not None and before.stage is Stage.CUSTOMER and not incoming.is_import:
        opened = opening(tx, policy, incoming, arrival)
        if opened is not None and not arrival.lead.do_not_contact:
            return open_cycle(tx, policy, arrival, opened, incoming.actor_id, now)
        if opened is not None:
            tell_of_opening(tx, policy, before, opened, now)
    record_arrival(tx, arrival, incoming.actor_id)
    if before is None:
        return _begun(tx, policy, incoming, arrival.lead, now)
    after = _moved(tx, policy, incoming, arrival, before, now)
    if not incoming.is_import:
        tell_of_rule(tx, policy, before, after.lead, now)
    return after


def _begun(
    tx: Transaction, policy: Policy, incoming: Incoming, lead: StoredLead, now: datetime
) -> Evaluated:
    if incoming.initial is not None:
        return Evaluated(begin(tx, policy, lead, incoming, now))
    return evaluate(tx, policy, lead, Evaluation(incoming.actor_id, is_new=True), now)


def _moved(
    tx: Transaction,
    policy: Policy,
    incoming: Incoming,
    arrival: Arrival,
    before: StoredLead,
    now: datetime,
) -> Evaluated:
    """What the stage makes of it. A person who must not be contacted is let go of at once."""
    lead, actor_id = arrival.lead, incoming.actor_id
    did = [one.activity for one in arrival.activities]
    stopped = lead.do_not_contact and before.stage in BEFORE_OPPORTUNITY
    if before.stage is Stage.DISQUALIFIED:
        return Evaluated(_only_stored(tx, policy, incoming, arrival, now))
    if stopped or not incoming.is_import:
        if before.stage is Stage.RECYCLED:
            return recycled(tx, policy, lead, did, actor_id, now)
        if before.stage is Stage.CLOSED_LOST:
            return lost(tx, policy, lead, did, actor_id, now)
        return evaluate(tx, policy, lead, Evaluation(actor_id), now)
    return evaluate(tx, policy, lead, Evaluation(actor_id, moves=False), now)


def _only_stored(
    tx: Transaction, policy: Policy, incoming: Incoming, arrival: Arrival, now: datetime
) -> StoredLead:
    """What a disqualified person does is stored; of what means something the intake queue hears."""
    lead = arrival.lead
    tx.save_lead(lead)
    did = [one.activity for one in arrival.activities]
    activity = first_high_intent(policy, did, lead.entered_at)
    if activity is not None and not incoming.is_import:
        text = f"disqualified ({lead.reason}), and has just done this: {activity.type}"
        recipient = policy.lifecycle.intake_owner
        tell(tx, policy, recipient, "disqualified_came_back", lead.lead.lead_id, text, now)
    return lead
