"""A lead's behaviour state, kept up to date with what it did and with how that is scored."""

from collections.abc import Container, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.state import fold, rebuild, stale
from scoring_service.values.activity import Activity, BehaviourState
from scoring_service.values.stored import StoredLead


class ActivityLookup(Protocol):
    """What stored leads did; a reader or the unit of work."""

    def activities(self, lead_id: str) -> Sequence[Activity]:
        """Everything it did, by time."""


def with_behaviour(
    tx: ActivityLookup,
    policy: Policy,
    lead: StoredLead,
    new: Sequence[Activity],
    now: datetime,
) -> StoredLead:
    """The lead with `new` folded into its state; rebuilt from the events where its scoring changed.

    Where the current model was trained with another scoring of a type, a second state is kept.
    """
    behaviour = _behaviour(tx, policy, lead, new, now)
    model = policy.model
    if model is None or not model.own.activities:
        return msgspec.structs.replace(
            lead, behaviour=behaviour, model_behaviour=(), model_scoring=""
        )
    if lead.model_scoring == model.own_digest:
        own = fold(model.own, lead.model_behaviour, new, now)
    else:
        own = _kept(model.own.activities, rebuild(model.own, _all(tx, lead, new), now))
    return msgspec.structs.replace(
        lead, behaviour=behaviour, model_behaviour=own, model_scoring=model.own_digest
    )


def _behaviour(
    tx: ActivityLookup, policy: Policy, lead: StoredLead, new: Sequence[Activity], now: datetime
) -> tuple[BehaviourState, ...]:
    if stale(policy.scoring, lead.behaviour):
        return rebuild(policy.scoring, _all(tx, lead, new), now)
    return fold(policy.scoring, lead.behaviour, new, now)


def _all(tx: ActivityLookup, lead: StoredLead, new: Sequence[Activity]) -> tuple[Activity, ...]:
    return (*tx.activities(lead.lead.lead_id), *new)


def _kept(types: Container[str], states: tuple[BehaviourState, ...]) -> tuple[BehaviourState, ...]:
    return tuple(state for state in states if state.type in types)
