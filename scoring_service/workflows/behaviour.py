"""A lead's behaviour state, kept up to date with what it did and with how that is scored."""

from collections.abc import Sequence
from datetime import datetime

from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.state import fold, rebuild, stale
from scoring_service.store.transaction import Transaction
from scoring_service.values.activity import Activity, BehaviourState
from scoring_service.values.stored import StoredLead


def behaviour_of(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    new: Sequence[Activity],
    now: datetime,
) -> tuple[BehaviourState, ...]:
    """The stored state with `new` folded in; rebuilt from the events where its scoring changed."""
    if stale(policy.scoring, lead.behaviour):
        past = tx.activities(lead.lead.lead_id)
        return rebuild(policy.scoring, (*past, *new), now)
    return fold(policy.scoring, lead.behaviour, new, now)
