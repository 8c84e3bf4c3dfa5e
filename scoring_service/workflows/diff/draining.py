"""Draining queues in a replay: in the order, and with the looks, of a drain of the store."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.choice import Choice
from scoring_service.domain.routing.decide import case_of, chosen, decision_of
from scoring_service.domain.routing.leave import about_to_leave
from scoring_service.domain.routing.waiting import drain_at
from scoring_service.values.decision import Decision, Passed
from scoring_service.values.facts import WAITING_LOOKED_AT_MAX, Asked
from scoring_service.values.stored import QueuePlace
from scoring_service.values.team import Order
from scoring_service.workflows.diff.ledger import Decided, Ledger, PoolsSeen
from scoring_service.workflows.diff.settling import settle
from scoring_service.workflows.drains import SLICE_MAX
from scoring_service.workflows.facts import facts_of
from scoring_service.workflows.waiting import unfit_of

NOBODY: frozenset[str] = frozenset()


class Draining:
    """The drains of one replay; `moved` are the decisions that moved a lead since."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.lines = ledger, ledger.lines
        self.moved: list[tuple[Decided, Decision]] = []
        self._unfit: dict[str, list[frozenset[str]]] = {}
        self._seen: PoolsSeen | None = None

    @property
    def policy(self) -> Policy:
        """The policy with who is away at the time."""
        return self.ledger.policy

    def run_due(self, now: datetime) -> None:
        """Everything that is due by now, slice by slice."""
        self._seen = None
        while True:
            due = [pool for pool in self.lines.pools() if self._is_due(pool, now)]
            if not due:
                self._forget_stale(now)
                return
            gone = next((pool for pool in due if pool not in self.policy.pools), None)
            if gone is not None:
                self._reroute(gone, now)
            else:
                self._drain(due, now)

    def _is_due(self, pool: str, now: datetime) -> bool:
        at = self.lines.due.get(pool)
        return at is not None and at <= now

    def _forget_stale(self, now: datetime) -> None:
        """A timer of a queue in which nobody waits any more does nothing."""
        for pool in [pool for pool, at in self.lines.due.items() if at <= now]:
            del self.lines.due[pool]

    def _drain(self, pools: Sequence[str], now: datetime) -> None:
        self._unfit = {pool: [] for pool in pools}
        moved = 0
        for place in merge(*map(self._in_order, pools), key=lambda place: place.enqueued_at):
            moved += self._take(place, now)
            if moved == SLICE_MAX:
                break
        for pool in pools:
            self.lines.arm_anew(pool, now if moved == SLICE_MAX else self._next(pool, now))

    def _take(self, place: QueuePlace, now: datetime) -> bool:
        """Decide on one lead; whether it was given away, or judged by this policy."""
        unfit = self._unfit[place.pool]
        judged = place.revision == self.policy.revision
        if NOBODY in unfit or (judged and any(known <= {*place.not_for} for known in unfit)):
            return False
        pools = self._pools(now)
        case = self._case(place.lead_id, Asked.DRAIN, now, pools)
        choice = chosen(case)
        if choice.owner != case.facts.owner:
            self._settle(case, choice, pools)
            return True
        found = unfit_of(case.considered)
        unfit.append(frozenset((*found, *self._leaving(case))))
        fresh = msgspec.structs.replace(place, not_for=found, revision=self.policy.revision)
        if fresh != place:
            self.lines.enqueue(fresh)
        return not judged

    def _leaving(self, case: Case) -> Iterator[str]:
        """Those about to leave: whether they may take a lead depends on its SLA."""
        for one in case.considered:
            rep = self.policy.reps[one.rep_id]
            if one.outcome is Passed.ON_LEAVE and about_to_leave(self.policy, rep, case.now):
                yield one.rep_id

    def _pools(self, now: datetime) -> PoolsSeen:
        """As drains see them; read once until a lead is moved."""
        if self._seen is None:
            self._seen = PoolsSeen(self.ledger, now, drains=True)
        return self._seen

    def _case(self, lead_id: str, asked: Asked, now: datetime, pools: PoolsSeen) -> Case:
        ledger = self.ledger
        lead, account = ledger.leads[lead_id], ledger.accounts[lead_id]
        stands = ledger.standing.get(lead_id)
        facts = facts_of(self.policy, lead, account, now, asked=asked, stands=stands)
        return case_of(self.policy, facts, pools)

    def _settle(self, case: Case, choice: Choice, pools: PoolsSeen) -> None:
        made = Decided(self.ledger.leads[case.facts.lead.lead_id], case.facts)
        decision = decision_of(case, choice)
        settle(self.ledger, made, decision, pools)
        self.moved.append((made, decision))
        self._seen = None

    def _in_order(self, pool: str) -> Iterator[QueuePlace]:
        """Those waiting in the pool's own queue, until it is known that nobody is free for any."""
        seen: set[str] = set()
        by_value = self.policy.pools[pool].order is Order.WIN_PROBABILITY
        limit = self.lines.waiting((pool,), 1)[0] if by_value else SLICE_MAX
        while True:
            count, places = self.lines.waiting((pool,), limit)
            fresh = [place for place in places if place.lead_id not in seen]
            for place in sorted(fresh, key=_band) if by_value else fresh:
                if NOBODY in self._unfit[pool]:
                    return
                yield place
            seen.update(place.lead_id for place in fresh)
            if count <= len(places):
                return
            limit *= 4

    def _next(self, pool: str, now: datetime) -> datetime | None:
        """When the pool is drained next: the earliest instant at which somebody may be free."""
        count, places = self.lines.waiting((pool,), WAITING_LOOKED_AT_MAX)
        if not count:
            return None
        unfit = NOBODY
        if count <= len(places) and all(p.revision == self.policy.revision for p in places):
            unfit = frozenset.intersection(*(frozenset(place.not_for) for place in places))
        return drain_at(self.policy, pool, self._pools(now), now, unfit)

    def _reroute(self, pool: str, now: datetime) -> None:
        """Route those who wait in a pool that the policy does not have, like arriving leads."""
        count, places = self.lines.waiting((pool,), SLICE_MAX)
        for place in places:
            pools = PoolsSeen(self.ledger, now)
            case = self._case(place.lead_id, Asked.REASSIGN, now, pools)
            self._settle(case, chosen(case), pools)
        self.lines.arm_anew(pool, now if count > len(places) else None)


def _band(place: QueuePlace) -> int:
    return 1 if place.win_probability is None else -int(place.win_probability * 10)
