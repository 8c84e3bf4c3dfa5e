"""A lead's behaviour state, kept up to date with what it did and with how that is scored."""

from collections.abc import Container, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.state import fold, rebuild, stale
from scoring_service.values.activity import Activity, BehaviourState
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead


class ActivityLookup(Protocol):
    """What stored leads did; a reader or the unit of work."""

    def activities(self, lead_id: str) -> Sequence[Activity]:
        """Everything it did, by time."""


class _NoActivities:
    """Of a lead of which no events are kept."""

    def activities(self, lead_id: str) -> Sequence[Activity]:
        """None."""
        return ()


NO_ACTIVITIES = _NoActivities()


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
    lead = _since_recycling(tx, policy, lead, new, now)
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


def rebuilt(tx: ActivityLookup, policy: Policy, lead: StoredLead, now: datetime) -> StoredLead:
    """The lead with its state made anew of everything it did."""
    bare = msgspec.structs.replace(
        lead,
        behaviour=rebuild(policy.scoring, tx.activities(lead.lead.lead_id), now),
        behaviour_since_recycling=(),
        model_scoring="",
    )
    if lead.recycled_at is not None:
        bare = msgspec.structs.replace(
            bare, behaviour_since_recycling=_made_since(tx, policy, lead, lead.recycled_at, (), now)
        )
    return with_behaviour(tx, policy, bare, (), now)


def _since_recycling(
    tx: ActivityLookup, policy: Policy, lead: StoredLead, new: Sequence[Activity], now: datetime
) -> StoredLead:
    """A recycled lead with what it did since folded apart; others as they are."""
    since = lead.recycled_at
    if lead.stage is not Stage.RECYCLED or since is None:
        return lead
    if stale(policy.scoring, lead.behaviour_since_recycling):
        states = _made_since(tx, policy, lead, since, new, now)
    else:
        fresh = [activity for activity in new if activity.occurred_at > since]
        states = fold(policy.scoring, lead.behaviour_since_recycling, fresh, now)
    return msgspec.structs.replace(lead, behaviour_since_recycling=states)


def _made_since(
    tx: ActivityLookup,
    policy: Policy,
    lead: StoredLead,
    since: datetime,
    new: Sequence[Activity],
    now: datetime,
) -> tuple[BehaviourState, ...]:
    every = [activity for activity in _all(tx, lead, new) if activity.occurred_at > since]
    return rebuild(policy.scoring, every, now)


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
