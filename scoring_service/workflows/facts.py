"""Everything a decision is made from, read from the store in one unit of work."""

from datetime import datetime

from scoring_service.domain.policy import Policy
from scoring_service.values.account import AccountMatch
from scoring_service.values.facts import SEMANTICS_VERSION, Asked, Facts
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import StoredAssignment, StoredLead


def facts_of(
    policy: Policy,
    lead: StoredLead,
    account: AccountMatch,
    now: datetime,
    *,
    asked: Asked = Asked.ROUTE,
    is_new: bool = False,
    stands: StoredAssignment | None = None,
) -> Facts:
    """What is known of a stored lead; its pools are added as the decision asks for them.

    `stands` is the assignment it has; once the lead is in another stage its SLA says nothing any
    more. A rep from whom the lead is to be taken must not get it back.
    """
    excluded = lead.excluded
    if asked is Asked.REASSIGN and isinstance(lead.owner, RepOwner):
        excluded = tuple(sorted({*excluded, lead.owner.id}))
    return Facts(
        lead=lead.lead,
        now=now,
        policy_revision=policy.revision,
        asked=asked,
        semantics_version=SEMANTICS_VERSION,
        stage=lead.stage,
        visit=lead.visit,
        do_not_contact=lead.do_not_contact,
        is_new=is_new,
        behaviour=lead.behaviour,
        behaviour_since_recycling=lead.behaviour_since_recycling,
        model_version="" if policy.model is None else policy.model.version,
        model_behaviour=lead.model_behaviour,
        held_bars=lead.held_bars,
        visit_bars=lead.visit_bars,
        account=account,
        owner=lead.owner,
        previous_owner=lead.previous_owner,
        last_pool=lead.last_pool,
        pinned_rep=lead.pinned_rep,
        route=stands.route if stands else "",
        sla=stands.sla if stands and stands.assigned_at >= lead.entered_at else "",
        excluded=excluded,
        waiting_in=lead.waiting_in,
        enqueued_at=lead.enqueued_at,
        tracks=lead.tracks,
        recycled_at=lead.recycled_at,
        reevaluate_at=lead.reevaluate_at,
        arms=lead.arms,
        away=policy.away,
    )
