"""Everything that a replay knows of leads, turns, limits and queues at an instant, in memory."""

from datetime import datetime

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.rotation import apply, give_back
from scoring_service.values.account import AccountMatch
from scoring_service.values.decision import Draw
from scoring_service.values.facts import (
    WAITING_LOOKED_AT_MAX,
    Facts,
    MemberFacts,
    PoolFacts,
)
from scoring_service.values.stored import (
    Credit,
    Rotation,
    StoredAssignment,
    StoredLead,
)
from scoring_service.values.team import Member
from scoring_service.workflows.diff.counts import Counts
from scoring_service.workflows.diff.lines import Lines
from scoring_service.workflows.pools import feeders

NO_CREDIT = Credit("")


class Ledger:
    """What a store would hold of a replay under one policy. It lives for one replay.

    By lead: itself, its account as it was known last, the assignment that stands, the turn that
    this cost.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.leads: dict[str, StoredLead] = {}
        self.accounts: dict[str, AccountMatch] = {}
        self.standing: dict[str, StoredAssignment] = {}
        self.turns: dict[str, Draw] = {}
        self.counts, self.lines = Counts(), Lines(policy.revision)
        self.rotations: dict[str, Rotation] = {}
        self._credits: dict[str, dict[str, Credit]] = {}
        self._feeders = {pool: feeders(policy, pool) for pool in policy.pools}

    def save(self, lead: StoredLead) -> None:
        """Have a lead be as it is now."""
        lead_id = lead.lead.lead_id
        self.counts.moved(self.leads.get(lead_id), lead)
        self.leads[lead_id] = lead

    def set_rotation(self, rotation: Rotation) -> None:
        """Have a pool's rotation be this one."""
        self.rotations[rotation.pool] = rotation
        self._credits[rotation.pool] = {credit.rep_id: credit for credit in rotation.credits}

    def take_turn(self, lead_id: str, draw: Draw) -> None:
        """Have a turn be taken for a lead."""
        rotation = self.rotations.get(draw.pool) or Rotation(draw.pool)
        self.set_rotation(apply(rotation, draw))
        self.turns[lead_id] = draw

    def give_back(self, lead_id: str) -> None:
        """Undo what the lead's assignment cost: its turn, and its place in its rep's limits."""
        stands = self.standing.get(lead_id)
        if stands is None or stands.given_back:
            return
        self.standing[lead_id] = msgspec.structs.replace(stands, given_back=True)
        self.counts.give_back(stands.owner.id, stands.assigned_at)
        draw = self.turns.pop(lead_id, None)
        if draw is not None:
            self.set_rotation(give_back(self.rotations[draw.pool], draw))

    def pool_facts(self, pool: str, now: datetime, looked_at: int) -> PoolFacts:
        """A pool as a decision at `now` sees it."""
        credits = self._credits.get(pool, {})
        members = [
            self._member(member, credits.get(member.rep_id, NO_CREDIT), now)
            for member in self.policy.pools[pool].members
        ]
        draws = self.rotations[pool].draws if pool in self.rotations else 0
        count, places = self.lines.waiting(self._feeders[pool], max(looked_at, 1))
        waiting = self.lines.told(places[:looked_at])
        return PoolFacts(pool, tuple(members), draws + 1, waiting, count)

    def _member(self, member: Member, credit: Credit, now: datetime) -> MemberFacts:
        rep_id = member.rep_id
        held, today, week = self.counts.of(self.policy.reps[rep_id], now)
        return MemberFacts(rep_id, credit.credit, credit.last_draw, held, today, week)


class PoolsSeen:
    """The pools that a decision asked for, each read once.

    Of those who wait a drain needs only how many they are: it draws for them in their order.
    """

    def __init__(self, ledger: Ledger, now: datetime, *, drains: bool = False) -> None:
        self._ledger, self._now = ledger, now
        self._looked_at = 0 if drains else WAITING_LOOKED_AT_MAX
        self.seen: dict[str, PoolFacts] = {}

    def __call__(self, pool: str) -> PoolFacts:
        """The facts of a pool of the policy."""
        facts = self.seen.get(pool)
        if facts is None:
            facts = self._ledger.pool_facts(pool, self._now, self._looked_at)
            self.seen[pool] = facts
        return facts


class Decided(msgspec.Struct, frozen=True):
    """A lead as it was, and the facts that a decision on it was made from."""

    lead: StoredLead
    facts: Facts
    changed: bool = False
