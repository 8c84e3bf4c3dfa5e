"""A pool as a decision sees it: members with their credits and counts, and who waits for it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.store.transaction import Transaction
from scoring_service.values.decision import Decision
from scoring_service.values.facts import (
    WAITING_LOOKED_AT_MAX,
    Facts,
    MemberFacts,
    PoolFacts,
    Waiting,
)
from scoring_service.values.stored import Credit, QueuePlace
from scoring_service.values.team import Rep


class PoolReader:
    """Reads pools as a decision asks for them, each at most once, and remembers what it read.

    Of those who wait a drain needs only how many they are: it draws for them in their order.
    """

    def __init__(
        self, tx: Transaction, policy: Policy, now: datetime, *, drains: bool = False
    ) -> None:
        self.tx, self.policy, self.now = tx, policy, now
        self.looked_at = 0 if drains else WAITING_LOOKED_AT_MAX
        self.read: dict[str, PoolFacts] = {}

    def __call__(self, pool: str) -> PoolFacts:
        """The facts of a pool of the policy."""
        facts = self.read.get(pool)
        if facts is None:
            facts = self.read[pool] = pool_facts(
                self.tx, self.policy, pool, self.now, self.looked_at
            )
        return facts

    def added_to(self, facts: Facts) -> Facts:
        """The facts with the pools that were asked for: what a replay needs."""
        return msgspec.structs.replace(facts, pools=tuple(self.read.values()))


def decided(
    tx: Transaction, policy: Policy, facts: Facts, *, drains: bool = False
) -> tuple[Facts, Decision]:
    """What comes of the facts, and these with the pools that were asked for."""
    pools = PoolReader(tx, policy, facts.now, drains=drains)
    decision = decide(policy, facts, pools)
    return pools.added_to(facts), decision


def pool_facts(
    tx: Transaction, policy: Policy, pool: str, now: datetime, looked_at: int
) -> PoolFacts:
    """Members in file order, and those waiting in its queue or in one that falls back to it.

    Only what a rep has a limit for is counted; the rest is 0.
    """
    rotation = tx.rotation(pool)
    credits = {credit.rep_id: credit for credit in rotation.credits}
    reps = policy.reps
    members = tuple(
        [
            _member(tx, reps[member.rep_id], credits.get(member.rep_id), now)
            for member in policy.pools[pool].members
        ]
    )
    count, places = tx.waiting(feeders(policy, pool), max(looked_at, 1))
    waiting = tuple(_waiting(policy, place) for place in places[:looked_at])
    return PoolFacts(pool, members, rotation.draws + 1, waiting, count)


def feeders(policy: Policy, pool: str) -> tuple[str, ...]:
    """The pools whose waiting leads `pool` may take: itself, and those falling back to it."""
    others = (other for other in policy.pools.values() if pool in other.fallback)
    return (pool, *(other.name for other in others if other.name != pool))


def _member(tx: Transaction, rep: Rep, place: Credit | None, now: datetime) -> MemberFacts:
    rep_id, credit, last_draw = rep.rep_id, 0, 0
    if place is not None:
        credit, last_draw = place.credit, place.last_draw
    today = week = 0
    if rep.per_day_max is not None:
        today = tx.taken_since(rep_id, day_start(rep, now), rep.per_day_max)
    if rep.per_week_max is not None:
        week = tx.taken_since(rep_id, week_start(rep, now), rep.per_week_max)
    held = tx.open_leads(rep_id) if rep.open_leads_max is not None else 0
    return MemberFacts(rep_id, credit, last_draw, held, today, week)


def day_start(rep: Rep, now: datetime) -> datetime:
    """The latest midnight in the rep's zone, in UTC."""
    return _midnight(rep, now, 0)


def week_start(rep: Rep, now: datetime) -> datetime:
    """The latest Monday's midnight in the rep's zone, in UTC (ISO weeks)."""
    return _midnight(rep, now, now.astimezone(ZoneInfo(rep.zone)).weekday())


def _midnight(rep: Rep, now: datetime, days_back: int) -> datetime:
    zone = ZoneInfo(rep.zone)
    day = now.astimezone(zone).date() - timedelta(days=days_back)
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _waiting(policy: Policy, place: QueuePlace) -> Waiting:
    """A place whose exclusions were judged by another policy counts as takable by anybody."""
    judged = place.revision == policy.revision
    return Waiting(place.lead_id, place.enqueued_at, place.not_for if judged else ())
