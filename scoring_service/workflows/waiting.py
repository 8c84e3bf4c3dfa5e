"""Places in a pool's queue, and the pool's one drain timer."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.waiting import drain_at
from scoring_service.store.transaction import Transaction
from scoring_service.values.decision import Considered, Decision, Passed
from scoring_service.values.facts import WAITING_LOOKED_AT_MAX, Facts
from scoring_service.values.owner import QueueOwner
from scoring_service.values.stored import QueuePlace, StoredLead, Timer

DRAIN = "drain"
"""The kind of the timer at which a pool's queue is drained; its subject is the pool."""

_UNFIT = frozenset({Passed.CONDITION, Passed.EXCLUDED})


def not_for(decision: Decision) -> tuple[str, ...]:
    """The reps who may not take a lead that nobody could take, whatever the hour.

    Sound only of a decision in which the pool and all its fallbacks were looked at.
    """
    return unfit_of(decision.considered)


def unfit_of(considered: Iterable[Considered]) -> tuple[str, ...]:
    """The same of everybody who was looked at for a lead."""
    fit, unfit = set[str](), set[str]()
    for one in considered:
        (unfit if one.outcome in _UNFIT else fit).add(one.rep_id)
    return tuple(sorted(unfit - fit))


def nobody_for(tx: Transaction, policy: Policy, pool: str) -> tuple[int, frozenset[str]]:
    """How many wait in a pool's queue, and the reps who may take none of them."""
    count, places = tx.waiting((pool,), WAITING_LOOKED_AT_MAX)
    if count > len(places) or any(place.revision != policy.revision for place in places):
        return count, frozenset()
    each = [frozenset(place.not_for) for place in places]
    return count, frozenset.intersection(*each) if each else frozenset()


def waits_in(decision: Decision) -> str | None:
    """The pool in whose queue the decision puts its lead, if it puts it in one."""
    return decision.pool if isinstance(decision.owner, QueueOwner) and decision.pool else None


def change_place(
    tx: Transaction, policy: Policy, lead: StoredLead, facts: Facts, decision: Decision
) -> None:
    """End the place the lead had, take the one it is given, and see that its pool is drained."""
    pool = waits_in(decision)
    if lead.waiting_in and lead.waiting_in != pool:
        tx.leave_queue(lead.lead.lead_id)
    if pool is None:
        return
    since = decision.enqueued_at or facts.now
    place = _place(pool, lead, since, decision)
    tx.enqueue(msgspec.structs.replace(place, not_for=not_for(decision), revision=policy.revision))
    arm(tx, policy, pool, _drain_at(policy, facts, decision))


def judge_anew(
    tx: Transaction, policy: Policy, lead: StoredLead, decision: Decision, now: datetime
) -> None:
    """A lead that waits has changed: who may take it is judged by the next unit, which drains."""
    if lead.waiting_in is not None and lead.enqueued_at is not None:
        tx.enqueue(_place(lead.waiting_in, lead, lead.enqueued_at, decision))
        arm(tx, policy, lead.waiting_in, now)


def _place(pool: str, lead: StoredLead, since: datetime, decision: Decision) -> QueuePlace:
    """A place of which nobody has judged yet who may take the lead."""
    estimate = decision.score.win_probability
    chance = estimate.value if estimate else None
    return QueuePlace(pool, lead.lead.lead_id, since, number=0, win_probability=chance)


def _drain_at(policy: Policy, facts: Facts, decision: Decision) -> datetime | None:
    """At once where somebody is free for those who wait, else when somebody may be."""
    if any(one.outcome is Passed.QUEUE_FIRST for one in decision.considered):
        return facts.now
    pools = {known.pool: known for known in facts.pools}
    return drain_at(policy, decision.pool, pools.__getitem__, facts.now, not_for(decision))


def arm(tx: Transaction, policy: Policy, pool: str, due_at: datetime | None) -> None:
    """Have the pool drained at `due_at`, unless it will be sooner; None is never."""
    timer = tx.timer(DRAIN, pool)
    if due_at is not None and (timer is None or due_at < timer.due_at):
        tx.set_timer(Timer(DRAIN, pool, due_at, policy.revision))


def arm_anew(tx: Transaction, policy: Policy, pool: str, due_at: datetime | None) -> None:
    """Have the pool drained at `due_at` and not before; None is never."""
    if due_at is None:
        tx.clear_timer(DRAIN, pool)
    else:
        tx.set_timer(Timer(DRAIN, pool, due_at, policy.revision))


def rep_freed(tx: Transaction, policy: Policy, rep_id: str, now: datetime) -> None:
    """A lead left the rep's hands: whoever waits for him is drained by the next unit."""
    for pool in tx.oldest_waiting_pools():
        if pool in policy.pools and rep_id in _takers(policy, pool):
            arm(tx, policy, pool, now)


def _takers(policy: Policy, pool: str) -> set[str]:
    pools = (policy.pools[name] for name in (pool, *policy.pools[pool].fallback))
    return {member.rep_id for each in pools for member in each.members}
