"""A lead goes through routing again, away from whoever has it: its stage never changes by that."""

from dataclasses import replace
from datetime import datetime

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.decision import Cause, Decision
from scoring_service.values.facts import Asked
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import StoredAssignment, StoredLead
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.behaviour import with_behaviour
from scoring_service.workflows.entering import end_assignment
from scoring_service.workflows.facts import facts_of
from scoring_service.workflows.pools import decided
from scoring_service.workflows.recording import Outcome, record
from scoring_service.workflows.waiting import waits_in


def reassign(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    now: datetime,
    *,
    actor: str,
    reason: str = "",
    excludes_owner: bool = True,
    gives_back: bool = False,
    heir: str | None = None,
) -> StoredLead:
    """Route a lead of sales to somebody else, and save it; who gets it has its clocks anew.

    Every owner of this visit is excluded, its present one too unless `excludes_owner` is false: a
    rep who is merely away may have it again. `gives_back` undoes the turn that it cost. Where
    nobody else may take it, and no queue is drawn for, `heir` has it; without one it stays with an
    owner that is active: then it is returned with the same one, and its turn stands.
    """
    lead = with_behaviour(tx, policy, lead, (), now)
    stands = tx.assignment(lead.assignment_id) if lead.assignment_id else None
    outcome = _decided(tx, policy, lead, stands, excludes_owner, now)
    if heir is not None and not _placed(lead, outcome.decision):
        lead = msgspec.structs.replace(lead, excluded=outcome.facts.excluded)
        return give(tx, policy, lead, heir, now, actor=actor, reason=reason)
    if gives_back and stands is not None and outcome.decision.cause is not Cause.KEPT:
        end_assignment(tx, lead, reason or Asked.REASSIGN.value, gives_back=True)
        lead = msgspec.structs.replace(lead, assignment_id="")
        outcome = _decided(tx, policy, lead, stands, excludes_owner, now)
    record(tx, policy, replace(outcome, actor_id=actor, reason=reason))
    return _saved(tx, lead)


def give(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    rep_id: str,
    now: datetime,
    *,
    actor: str,
    reason: str = "",
) -> StoredLead:
    """Give a lead to a rep, whatever the routes say, and save it; its stage stays."""
    lead = with_behaviour(tx, policy, lead, (), now)
    stands = tx.assignment(lead.assignment_id) if lead.assignment_id else None
    account = account_of(tx, lead.lead)
    facts = facts_of(policy, lead, account, now, asked=Asked.ASSIGN, stands=stands)
    facts = msgspec.structs.replace(facts, given_to=rep_id)
    record(tx, policy, Outcome(lead, *decided(tx, policy, facts), actor, reason))
    return _saved(tx, lead)


def _placed(lead: StoredLead, decision: Decision) -> bool:
    """Whether somebody else has the lead, or it waits to be drawn for."""
    there = isinstance(decision.owner, RepOwner) or waits_in(decision) is not None
    return there and decision.owner != lead.owner


def _saved(tx: Transaction, lead: StoredLead) -> StoredLead:
    saved = tx.lead(lead.lead.lead_id)
    assert saved is not None, lead.lead.lead_id
    return saved


def _decided(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    stands: StoredAssignment | None,
    excludes_owner: bool,
    now: datetime,
) -> Outcome:
    account = account_of(tx, lead.lead)
    facts = facts_of(policy, lead, account, now, asked=Asked.REASSIGN, stands=stands)
    if not excludes_owner:
        facts = msgspec.structs.replace(facts, excluded=lead.excluded)
    return Outcome(lead, *decided(tx, policy, facts))
