"""A lead is given to a rep by hand: a decision that is recorded like every other."""

from datetime import datetime

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.facts import Asked
from scoring_service.values.happening import Moved
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.behaviour import with_behaviour
from scoring_service.workflows.facts import facts_of
from scoring_service.workflows.pools import PoolReader
from scoring_service.workflows.recording import Outcome, record

TAKEN_FROM = "taken from"


def give(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    rep_id: str,
    actor: str,
    reason: str,
    now: datetime,
) -> tuple[StoredLead, str]:
    """Give a lead to an active rep and save it; the lead as it is then, and the decision's id.

    Whom it was taken from is excluded for the rest of the visit. A lead of marketing becomes an
    mql by it.
    """
    before = lead.owner
    if isinstance(before, RepOwner):
        tx.record(lead.lead.lead_id, Moved(TAKEN_FROM, before, reason), actor)
    lead = with_behaviour(tx, policy, _without(lead, rep_id), (), now)
    stands = tx.assignment(lead.assignment_id) if lead.assignment_id else None
    account = account_of(tx, lead.lead)
    facts = facts_of(policy, lead, account, now, asked=Asked.ASSIGN, stands=stands)
    facts = msgspec.structs.replace(facts, given_to=rep_id)
    pools = PoolReader(tx, policy, now)
    decision = decide(policy, facts, pools)
    view = record(tx, policy, Outcome(lead, pools.added_to(facts), decision, actor, reason))
    saved = tx.lead(lead.lead.lead_id)
    assert saved is not None, lead.lead.lead_id
    return saved, view.decision_id


def require_free_to_take(lead: StoredLead, rep_id: str) -> None:
    """Raise FailedPrecondition (EXCLUDED) where the rep had the lead in this visit."""
    if rep_id in lead.excluded:
        raise FailedPrecondition(
            f"{rep_id!r} had lead {lead.lead.lead_id!r} in this visit and is excluded from it;"
            " give it to somebody else",
            "EXCLUDED",
        )


def require_assignable(tx: Transaction, lead: StoredLead, rep_id: str) -> None:
    """As `require_free_to_take`; but one from whom it was taken by hand may have it back."""
    if rep_id in lead.excluded and rep_id not in _taken_from(tx, lead):
        require_free_to_take(lead, rep_id)


def _taken_from(tx: Transaction, lead: StoredLead) -> frozenset[str]:
    """The reps from whom somebody took the lead by hand in this visit."""
    return frozenset(
        one.happening.owner.id
        for one in tx.happenings(lead.lead.lead_id)
        if isinstance(one.happening, Moved)
        and one.happening.what == TAKEN_FROM
        and one.happening.owner is not None
        and one.at >= lead.entered_at
    )


def _without(lead: StoredLead, rep_id: str) -> StoredLead:
    """The lead with its owner excluded, and the rep who gets it no longer."""
    had = {lead.owner.id} if isinstance(lead.owner, RepOwner) else set()
    excluded = tuple(sorted({*lead.excluded, *had} - {rep_id}))
    return msgspec.structs.replace(lead, excluded=excluded)
