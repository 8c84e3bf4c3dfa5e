"""Draining queues: whoever waits longest is drawn for first, before any lead that arrives."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.domain.routing.waiting import drain_at
from scoring_service.store.transaction import Transaction
from scoring_service.values.facts import Asked
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import QueuePlace, StoredLead
from scoring_service.values.team import Order
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.behaviour import behaviour_of
from scoring_service.workflows.facts import facts_of
from scoring_service.workflows.pools import PoolReader
from scoring_service.workflows.recording import Outcome, record
from scoring_service.workflows.waiting import DRAIN, arm_anew, not_for

SLICE_MAX = 64
"""Leads decided on in one unit of work; other requests come between slices."""

ACTOR = "drain"
"""Who a drained lead's record says gave it to its rep."""


def run_due(tx: Transaction, policy: Policy, now: datetime) -> int:
    """One slice of the first pool that is due: by its oldest waiting lead, then by name.

    How many leads were decided on; 0 when nothing was due. Run before any waiting request.
    """
    for pool in tx.oldest_waiting_pools():
        timer = tx.timer(DRAIN, pool)
        if timer is not None and timer.due_at <= now:
            return drain(tx, policy, pool, now)
    return 0


def drain(tx: Transaction, policy: Policy, pool: str, now: datetime) -> int:
    """Draw for the leads waiting in a pool's queue, at most a slice, and arm its next drain.

    Each is drawn for from the pool, then its fallbacks; it is not routed afresh and keeps its
    stage. The leads of a pool that is gone are routed like arriving ones. How many leads were
    decided on.
    """
    if pool not in policy.pools:
        return _reroute(tx, policy, pool, now)
    part = _Slice()
    for place in _in_order(tx, policy, pool):
        if part.skips(place, policy.revision):
            continue
        if part.decided == SLICE_MAX or not part.take(tx, policy, place, now):
            break
    unfinished = part.decided == SLICE_MAX and part.progress
    arm_anew(tx, policy, pool, now if unfinished else _next(tx, policy, pool, now))
    return part.decided


@dataclass(slots=True)
class _Slice:
    """How far a drain has come.

    `unfit` are, of each lead nobody could take, the reps who may not take it at any hour. All
    others cannot now, so a lead that none but some of `unfit` could take is not worth a look.
    """

    decided: int = 0
    progress: int = 0
    unfit: list[frozenset[str]] = field(default_factory=list)

    def skips(self, place: QueuePlace, revision: str) -> bool:
        """Whether nobody can take this lead, as an earlier one has shown."""
        judged = place.revision == revision
        return judged and any(known <= frozenset(place.not_for) for known in self.unfit)

    def take(self, tx: Transaction, policy: Policy, place: QueuePlace, now: datetime) -> bool:
        """Decide on one lead; whether it makes sense to go on with those behind it."""
        self.decided += 1
        unfit = _draw(tx, policy, place, now)
        if unfit is None:
            self.progress += 1
            return True
        if place.revision != policy.revision:
            self.progress += 1
            fresh = msgspec.structs.replace(place, not_for=unfit, revision=policy.revision)
            tx.enqueue(fresh)
        self.unfit.append(frozenset(unfit))
        return bool(unfit)


def _draw(
    tx: Transaction, policy: Policy, place: QueuePlace, now: datetime
) -> tuple[str, ...] | None:
    """None when the lead was given to a rep, else those who may not take it at any hour."""
    outcome = _decided(tx, policy, _waiting_lead(tx, policy, place, now), Asked.DRAIN, now)
    if not isinstance(outcome.decision.owner, RepOwner):
        return not_for(outcome.decision)
    record(tx, policy, outcome)
    return None


def _waiting_lead(tx: Transaction, policy: Policy, place: QueuePlace, now: datetime) -> StoredLead:
    lead = tx.lead(place.lead_id)
    assert lead is not None, f"{place.lead_id} waits in {place.pool} and is not stored"
    return msgspec.structs.replace(lead, behaviour=behaviour_of(tx, policy, lead, (), now))


def _decided(
    tx: Transaction, policy: Policy, lead: StoredLead, asked: Asked, now: datetime
) -> Outcome:
    facts = facts_of(policy, lead, account_of(tx, lead.lead), now, asked=asked)
    pools = PoolReader(tx, policy, now)
    decision = decide(policy, facts, pools)
    return Outcome(lead, pools.added_to(facts), decision, ACTOR)


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
    if not tx.waiting((pool,), 1)[0]:
        return None
    return drain_at(policy, pool, PoolReader(tx, policy, now), now)


def _reroute(tx: Transaction, policy: Policy, pool: str, now: datetime) -> int:
    """Route those who wait in a pool that the policy no longer has, like arriving leads."""
    count, places = tx.waiting((pool,), SLICE_MAX)
    for place in places:
        lead = _waiting_lead(tx, policy, place, now)
        adrift = msgspec.structs.replace(lead, owner=None, waiting_in=None, enqueued_at=None)
        outcome = _decided(tx, policy, adrift, Asked.REASSIGN, now)
        record(tx, policy, replace(outcome, lead=lead))
    arm_anew(tx, policy, pool, now if count > len(places) else None)
    return len(places)
