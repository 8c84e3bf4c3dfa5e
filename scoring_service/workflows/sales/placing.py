"""A lead that is moved to sales needs an owner there: the rep it has, else it is routed."""

from dataclasses import replace
from datetime import datetime

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.decision import Decision
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.facts import Asked, Facts
from scoring_service.values.happening import Opportunity, Win
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.behaviour import with_behaviour
from scoring_service.workflows.entering import Entry
from scoring_service.workflows.events import stage_changed
from scoring_service.workflows.facts import facts_of
from scoring_service.workflows.pools import decided
from scoring_service.workflows.recording import Outcome, record
from scoring_service.workflows.sales.close import customer_owner
from scoring_service.workflows.sales.moving import move_on


def place(
    tx: Transaction, policy: Policy, lead: StoredLead, entry: Entry, now: datetime
) -> StoredLead:
    """Move the lead to a stage in which sales has it, and save it. What the stage is about is
    recorded where nobody did before: an opportunity, a win. A win that is undone is none.

    Raises FailedPrecondition (NO_OWNER) where it needs a rep and nobody can have it.
    """
    equipped = _equipped(tx, lead, entry, now)
    owner = customer_owner(tx, policy, lead) if entry.to is Stage.CUSTOMER else None
    if owner is None and not _has_rep(policy, lead):
        return _routed(tx, policy, equipped, entry, now)
    entry = replace(entry, owner=owner)
    return move_on(tx, policy, equipped, entry, now)


def _has_rep(policy: Policy, lead: StoredLead) -> bool:
    rep = policy.reps.get(lead.owner.id) if isinstance(lead.owner, RepOwner) else None
    return rep is not None and rep.active


def _equipped(tx: Transaction, lead: StoredLead, entry: Entry, now: datetime) -> StoredLead:
    """The lead with what its new stage is about."""
    opportunity, win, lead_id = lead.opportunity, lead.win, lead.lead.lead_id
    if entry.to is Stage.CUSTOMER:
        win = win or _won(opportunity, now)
        tx.record(lead_id, win, entry.actor_id)
        return msgspec.structs.replace(lead, win=win)
    if entry.to is Stage.OPPORTUNITY and opportunity is None:
        opportunity = Opportunity(now)
        tx.record(lead_id, opportunity, entry.actor_id)
    elif entry.to is not Stage.OPPORTUNITY:
        opportunity = None
    return msgspec.structs.replace(lead, win=None, opportunity=opportunity)


def _won(expected: Opportunity | None, now: datetime) -> Win:
    if expected is None:
        return Win(now)
    return Win(now, expected.product, expected.value, expected.currency)


def _routed(
    tx: Transaction, policy: Policy, lead: StoredLead, entry: Entry, now: datetime
) -> StoredLead:
    """The lead in its new stage with whom the routes say."""
    lead = with_behaviour(tx, policy, lead, (), now)
    lead = msgspec.structs.replace(lead, first_contact_at=None, updated_at=now)
    facts, decision = _decided(tx, policy, lead, entry.to, now)
    if not isinstance(decision.owner, RepOwner) and entry.to is not Stage.MQL:
        raise FailedPrecondition(
            f"nobody can have lead {lead.lead.lead_id!r} in {entry.to}; give it to a rep first"
            " (AssignLead)",
            "NO_OWNER",
        )
    outcome = Outcome(lead, facts, decision, entry.actor_id, entry.reason, note=entry.note)
    record(tx, policy, outcome)
    after = tx.lead(lead.lead.lead_id)
    assert after is not None, lead.lead.lead_id
    stage_changed(tx, lead, after, decision.cause.value, entry.actor_id, now)
    return after


def _decided(
    tx: Transaction, policy: Policy, lead: StoredLead, to: Stage, now: datetime
) -> tuple[Facts, Decision]:
    there = msgspec.structs.replace(
        lead, stage=to, owner=None, waiting_in=None, enqueued_at=None, excluded=()
    )
    facts = facts_of(policy, there, account_of(tx, lead.lead), now, asked=Asked.MOVE)
    return decided(tx, policy, facts)
