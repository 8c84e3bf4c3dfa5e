"""Something happened to a lead: what it is worth now, and who answers for it from now on."""

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.path import UP_TO_MQL
from scoring_service.domain.lifecycle.running import touched as counted_anew
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.disqualify import disqualified_by
from scoring_service.domain.symbols import lead_symbols
from scoring_service.store.transaction import Transaction
from scoring_service.values.decision import Cause
from scoring_service.values.facts import Asked
from scoring_service.values.owner import RepOwner
from scoring_service.values.score import Score
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.experiments.joining import with_joined
from scoring_service.workflows.facts import facts_of
from scoring_service.workflows.notices import tell
from scoring_service.workflows.pools import decided
from scoring_service.workflows.recording import Outcome, keep, record


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is asked of the decision, and whether the lead may move by it."""

    actor_id: str = ""
    asked: Asked = Asked.EVALUATE
    is_new: bool = False
    moves: bool = True


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The lead as it is stored now, and what it was found to be worth (None: it was not asked)."""

    lead: StoredLead
    score: Score | None = None


def evaluate(
    tx: Transaction, policy: Policy, lead: StoredLead, how: Evaluation, now: datetime
) -> Evaluated:
    """Score the lead and save it; where it is ready it is routed in the same unit.

    One that stays where it is leaves no decision record: nothing was decided. One that may not
    move keeps the bars it held, too, and joins no experiment.
    """
    if how.moves:
        lead = with_joined(tx, policy, lead, now)
    lead = msgspec.structs.replace(lead, clocks=counted_anew(lead.clocks, policy, lead, now))
    outcome = _decided(tx, policy, lead, how, now)
    if not how.moves:
        held = msgspec.structs.replace(outcome.decision, held_bars=lead.held_bars)
        keep(tx, policy, replace(outcome, decision=held))
    elif outcome.decision.cause is Cause.KEPT:
        keep(tx, policy, outcome)
    else:
        record(tx, policy, outcome)
    saved = tx.lead(lead.lead.lead_id)
    assert saved is not None, lead.lead.lead_id
    return Evaluated(saved, outcome.decision.score)


def decision_made(tx: Transaction, before: StoredLead | None, after: StoredLead) -> str:
    """The id of the decision by which a call gave the lead its owner; "" where it gave it none."""
    if before is not None and before.assignment_id == after.assignment_id:
        return ""
    made = tx.assignment(after.assignment_id) if after.assignment_id else None
    return made.decision_id if made else ""


def tell_of_rule(
    tx: Transaction, policy: Policy, before: StoredLead, after: StoredLead, now: datetime
) -> None:
    """Sales works on a lead that a `disqualify:` rule now names: its owner is told, it stays."""
    if after.stage in UP_TO_MQL or not after.unfinished or before.lead == after.lead:
        return
    found = _rule(tx, policy, after)
    if found is None or found == _rule(tx, policy, before):
        return
    if isinstance(after.owner, RepOwner):
        text = f"the rule {found!r} disqualifies it; close or disqualify it, or keep working on it"
        tell(tx, policy, after.owner.id, "disqualify_rule", after.lead.lead_id, text, now)


def _rule(tx: Transaction, policy: Policy, lead: StoredLead) -> str | None:
    symbols = lead_symbols(lead.lead, policy.schema, account_of(tx, lead.lead))
    found = disqualified_by(policy.scoring, symbols)
    return found.name if found else None


def _decided(
    tx: Transaction, policy: Policy, lead: StoredLead, how: Evaluation, now: datetime
) -> Outcome:
    stands = tx.assignment(lead.assignment_id) if lead.assignment_id else None
    account = account_of(tx, lead.lead)
    facts = facts_of(policy, lead, account, now, asked=how.asked, is_new=how.is_new, stands=stands)
    return Outcome(lead, *decided(tx, policy, facts), how.actor_id, changed=True)
