"""Draining queues: whoever waits longest is drawn for first, before any lead that arrives."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.leave import about_to_leave
from scoring_service.domain.routing.waiting import drain_at
from scoring_service.store.transaction import Transaction
from scoring_service.values.decision import Decision, Passed
from scoring_service.values.facts import Asked
from scoring_service.values.stored import QueuePlace, StoredLead
from scoring_service.values.team import Order
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.behaviour import with_behaviour
from scoring_service.workflows.facts import facts_of
from scoring_service.workflows.pools import PoolReader, decided
from scoring_service.workflows.recording import Outcome, record
from scoring_service.workflows.waiting import DRAIN, arm_anew, nobody_for, not_for

SLICE_MAX = 64
"""Leads given away in one unit of work; other requests come between slices."""

ACTOR = "drain"
"""Who a drained lead's record says gave it to its rep."""


def run_due(tx: Transaction, policy: Policy, now: datetime) -> int:
    """One slice of the pools that are due; how many leads it moved on, 0 when nothing is due.

    Run before any waiting request.
    """
    due = [pool for pool in tx.oldest_waiting_pools() if _is_due(tx, pool, now)]
    for pool in due:
        if pool not in policy.pools:
            return _reroute(tx, policy, pool, now)
    return drain(tx, policy, due, now) if due else 0


def drain(tx: Transaction, policy: Policy, pools: Sequence[str], now: datetime) -> int:
    """Draw for those who wait for these pools, at most a slice, and arm their next drains.

    Whoever waits longest comes first, whichever pool he waits for: two pools may fall back to the
    same reps. Each is drawn for from its pool, then its fallbacks; it is not routed afresh and
    keeps its stage. How many timers or leads were moved on.
    """
    drains = {pool: _Drain(tx, policy, pool, now) for pool in pools}
    lines = [_in_order(tx, policy, pool) for pool in pools]
    moved = 0
    for place in merge(*lines, key=lambda place: place.enqueued_at):
        moved += drains[place.pool].take(place)
        if moved == SLICE_MAX:
            break
    for pool in pools:
        arm_anew(tx, policy, pool, now if moved == SLICE_MAX else _next(tx, policy, pool, now))
    return moved + len(pools)


class _Drain:
    """How far the drain of a pool has come.

    `unfit` are, of each lead nobody could take, the reps who may not take that lead. All others can
    take nobody now, so a lead that only some of these could take is not worth a look. Where they
    are none, nobody is free.
    """

    def __init__(self, tx: Transaction, policy: Policy, pool: str, now: datetime) -> None:
        self.tx, self.policy, self.pool, self.now = tx, policy, pool, now
        self.unfit: list[frozenset[str]] = []

    def take(self, place: QueuePlace) -> bool:
        """Decide on one lead; whether it was moved on: given away, or judged by this policy."""
        if self._is_hopeless(place):
            return False
        lead = _waiting_lead(self.tx, self.policy, place, self.now)
        outcome = _decided(self.tx, self.policy, lead, Asked.DRAIN, self.now)
        if outcome.decision.owner != lead.owner:
            record(self.tx, self.policy, outcome)
            return True
        self.unfit.append(self._unfit(outcome.decision))
        return self._judged(place, not_for(outcome.decision))

    def _is_hopeless(self, place: QueuePlace) -> bool:
        if frozenset() in self.unfit:
            return True
        if place.revision != self.policy.revision:
            return False
        return any(known <= frozenset(place.not_for) for known in self.unfit)

    def _unfit(self, decision: Decision) -> frozenset[str]:
        """Those who may not take this lead, for a reason that is the lead's own.

        Whether somebody about to leave may take one depends on its SLA.
        """
        away = (c.rep_id for c in decision.considered if c.outcome is Passed.ON_LEAVE)
        reps = self.policy.reps
        leaving = [rep for rep in away if about_to_leave(self.policy, reps[rep], self.now)]
        return frozenset((*not_for(decision), *leaving))

    def _judged(self, place: QueuePlace, unfit: tuple[str, ...]) -> bool:
        fresh = msgspec.structs.replace(place, not_for=unfit, revision=self.policy.revision)
        if fresh != place:
            self.tx.enqueue(fresh)
        return place.revision != fresh.revision


def _is_due(tx: Transaction, pool: str, now: datetime) -> bool:
    timer = tx.timer(DRAIN, pool)
    return timer is not None and timer.due_at <= now


def _waiting_lead(tx: Transaction, policy: Policy, place: QueuePlace, now: datetime) -> StoredLead:
    lead = tx.lead(place.lead_id)
    assert lead is not None, f"{place.lead_id} waits in {place.pool} and is not stored"
    return with_behaviour(tx, policy, lead, (), now)


def _decided(
    tx: Transaction, policy: Policy, lead: StoredLead, asked: Asked, now: datetime
) -> Outcome:
    stands = tx.assignment(lead.assignment_id)
    facts = facts_of(policy, lead, account_of(tx, lead.lead), now, asked=asked, stands=stands)
    facts, decision = decided(tx, policy, facts, drains=asked is Asked.DRAIN)
    return Outcome(lead, facts, decision, ACTOR)


def _in_order(tx: Transaction, policy: Policy, pool: str) -> Iterator[QueuePlace]:
    """Those waiting in the pool's own queue, in the order in which they are drawn for.

    By win probability in bands of 0.1 (the unknown last), then oldest; or oldest first.
    """
    seen: set[str] = set()
    by_value = policy.pools[pool].order is Order.WIN_PROBABILITY
    limit = tx.waiting((pool,), 1)[0] if by_value else SLICE_MAX
    while True:
        count, places = tx.waiting((pool,), limit)
        fresh = [place for place in places if place.lead_id not in seen]
        yield from sorted(fresh, key=_band) if by_value else fresh
        seen.update(place.lead_id for place in fresh)
        if count <= len(places):
            return
        limit *= 4


def _band(place: QueuePlace) -> int:
    return 1 if place.win_probability is None else -int(place.win_probability * 10)


def _next(tx: Transaction, policy: Policy, pool: str, now: datetime) -> datetime | None:
    """When the pool is drained next: the earliest instant at which somebody may become eligible."""
    count, unfit = nobody_for(tx, policy, pool)
    if not count:
        return None
    return drain_at(policy, pool, PoolReader(tx, policy, now, drains=True), now, unfit)


def _reroute(tx: Transaction, policy: Policy, pool: str, now: datetime) -> int:
    """Route those who wait in a pool that the policy no longer has, like arriving leads."""
    count, places = tx.waiting((pool,), SLICE_MAX)
    for place in places:
        lead = _waiting_lead(tx, policy, place, now)
        record(tx, policy, _decided(tx, policy, lead, Asked.REASSIGN, now))
    arm_anew(tx, policy, pool, now if count > len(places) else None)
    return len(places) or 1
