"""A lead is given to a rep by hand: a decision that is recorded like every other."""

from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.recipients import answers_for
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.happening import Moved
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.permission import may_move
from scoring_service.workflows.pins import unpinned
from scoring_service.workflows.reassigning import give as to_rep
from scoring_service.workflows.sales.acting import may_act

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

    Whom it was taken from is excluded for the rest of the visit, and a pin to anybody else ends. A
    lead of marketing becomes an mql by it.
    """
    before = lead.owner
    if isinstance(before, RepOwner):
        tx.record(lead.lead.lead_id, Moved(TAKEN_FROM, before, reason), actor)
    if lead.pinned_rep not in (None, rep_id):
        lead = unpinned(tx, lead, actor, reason, now)
    given = to_rep(tx, policy, _without(lead, rep_id), rep_id, now, actor=actor, reason=reason)
    stands = tx.assignment(given.assignment_id)
    return given, stands.decision_id if stands else ""


def may_give(policy: Policy, lead: StoredLead, actor: str) -> bool:
    """Whether the actor answers for the queue that has the lead, or may move it."""
    if isinstance(lead.owner, QueueOwner):
        return may_act(policy, lead, actor)
    return may_move(policy, actor, RepOwner(answers_for(policy, lead)))


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
    if not is_free_to_take(tx, lead, rep_id):
        require_free_to_take(lead, rep_id)


def is_free_to_take(tx: Transaction, lead: StoredLead, rep_id: str) -> bool:
    """Whether the rep did not have the lead in this visit, or it was taken from him by hand."""
    return rep_id not in lead.excluded or rep_id in _taken_from(tx, lead)


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
