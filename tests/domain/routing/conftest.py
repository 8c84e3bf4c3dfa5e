"""Pools in motion: a rotation driven turn by turn, with the exact shares counted beside it; and an
office, which is a policy made of values and the decisions made by it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from scoring_service.domain.business_time.calendar import Calendar, Window
from scoring_service.domain.business_time.duration import (
    BusinessDays,
    BusinessHours,
    Duration,
    Elapsed,
)
from scoring_service.domain.lifecycle.lifecycle import Lifecycle, Track
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.domain.routing.explain import sentences
from scoring_service.domain.routing.rotation import TURN, Entrant, apply, draw, fixed, give_back
from scoring_service.domain.routing.routes import Assign, Route, ToQueue
from scoring_service.domain.schema import TYPED_FIELDS, Attribute
from scoring_service.domain.scoring.scoring import (
    ActivityScoring,
    Bars,
    Disqualifier,
    FitCriterion,
    Grades,
    Scoring,
)
from scoring_service.policy.index import ScannedRoutes
from scoring_service.values.decision import Decision, Draw
from scoring_service.values.facts import Facts, MemberFacts, PoolFacts, Waiting
from scoring_service.values.lead import Lead
from scoring_service.values.stored import Credit, Rotation
from scoring_service.values.team import Member, Pool, Queue, Rep


class Rota:
    """Turns taken and given back; `shares` is the sum of weight / W of each draw, by rep."""

    def __init__(self) -> None:
        self.rotation = Rotation("pool")
        self.turns: Counter[str] = Counter()
        self.shares: dict[str, Fraction] = {}
        self.made: list[Draw] = []
        self.weights: list[Mapping[str, int]] = []
        self.largest = 1

    def turn(self, weights: Mapping[str, int]) -> str:
        """A draw among these reps."""
        return self._take(draw("pool", self.rotation.draws + 1, self._entrants(weights)), weights)

    def fixed_turn(self, weights: Mapping[str, int], winner: str) -> str:
        """A draw among these reps whose winner is fixed."""
        entrants = self._entrants(weights)
        made = fixed("pool", self.rotation.draws + 1, entrants, winner)
        return self._take(made, weights or {winner: 1})

    def undo(self, index: int) -> None:
        """Give back the draw at this place among those still standing."""
        made, weights = self.made.pop(index), self.weights.pop(index)
        self.rotation = give_back(self.rotation, made)
        self._count(made.winner, weights, -1)

    def credit(self, rep: str) -> int:
        return self._place(rep).credit

    def check_first_law(self) -> None:
        """credit = 10^12 x (sum of shares - turns), to rounding, and all credits sum to 0."""
        rounding = self.rotation.draws * self.largest
        for place in self.rotation.credits:
            due = TURN * (self.shares[place.rep_id] - self.turns[place.rep_id])
            assert abs(place.credit - due) <= rounding, f"{place.rep_id}: {place.credit}, {due}"
        assert sum(place.credit for place in self.rotation.credits) == 0, "credits leak"

    def check_second_law(self) -> None:
        """|turns - sum of shares| < the number of reps the pool ever had."""
        for rep, share in self.shares.items():
            assert abs(self.turns[rep] - share) < len(self.shares), f"{rep}: {self.turns[rep]}"

    def _place(self, rep: str) -> Credit:
        return next((c for c in self.rotation.credits if c.rep_id == rep), Credit(rep))

    def _entrants(self, weights: Mapping[str, int]) -> list[Entrant]:
        places = {place.rep_id: place for place in self.rotation.credits}
        found = []
        for rep, weight in weights.items():
            place = places.get(rep) or Credit(rep)
            found.append(Entrant(rep, weight, 2, place.credit, place.last_draw))
        return found

    def _take(self, made: Draw, weights: Mapping[str, int]) -> str:
        self.rotation = apply(self.rotation, made)
        self.made.append(made)
        self.weights.append(weights)
        self._count(made.winner, weights, 1)
        return made.winner

    def _count(self, winner: str, weights: Mapping[str, int], sign: int) -> None:
        total = sum(weights.values())
        self.largest = max(self.largest, total)
        for rep, weight in weights.items():
            self.shares[rep] = self.shares.get(rep, Fraction(0)) + sign * Fraction(weight, total)
        self.shares.setdefault(winner, Fraction(0))
        self.turns[winner] += sign


@pytest.fixture(scope="session")
def new_rota() -> type[Rota]:
    """A pool's rotation from its first draw on."""
    return Rota


MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NINE_TO_FIVE = (Window(9 * 60, 17 * 60),)
CALENDARS = {
    "always": Calendar("always", ZoneInfo("UTC"), ((Window(0, 24 * 60),),) * 7),
    "office": Calendar("office", ZoneInfo("UTC"), (NINE_TO_FIVE,) * 5 + ((),) * 2),
    "new-york": Calendar("new-york", ZoneInfo("America/New_York"), (NINE_TO_FIVE,) * 5 + ((),) * 2),
}
SLAS: dict[str, Duration] = {
    "accept": BusinessHours(timedelta(hours=4)),
    "hot": BusinessHours(timedelta(minutes=15)),
    "soon": Elapsed(timedelta(hours=4)),
    "first_contact": BusinessHours(timedelta(hours=1)),
    "open_opportunity": BusinessDays(2),
}
SCORING = Scoring(
    fit=(FitCriterion("big", "employees >= 200", 60, lambda s: (s["employees"] or 0) >= 200),),
    activities={"demo": ActivityScoring("demo", 60, timedelta(days=21), digest="v1")},
    groups={},
    grades=Grades((("A", 75), ("B", 50), ("C", 25)), ((1, 60), (2, 35), (3, 15))),
    mql=Bars(40, 40),
    disqualify=(
        Disqualifier("rival", "", "is_competitor", lambda s: s["company_domain"] == "r.co"),
    ),
)
LIFECYCLE = Lifecycle(
    tracks={name: Track(name, "marketing") for name in ("news", "welcome")},
    default_track="welcome",
    intake_queue="intake",
    intake_owner="ops",
    reasons={},
    slas=SLAS,
    ladder=(),
    sla_ladders={},
    stale={},
    recycles_max=3,
    required={},
    escalation_contact="ops",
    currency="EUR",
    prefer_previous_owner=True,
    decisions_keep=timedelta(days=400),
)
HAND = ToQueue("by-hand", "ops")


def pool(name: str, members: str | Sequence[Member], **fields: Any) -> Pool:
    """A pool; members as a text are reps of one letter, each with the weight that may follow."""
    if isinstance(members, str):
        members = [Member(text[0], int(text[1:] or 1)) for text in members.split()]
    return Pool(name, tuple(members), Queue(f"{name}-queue", "ops", "default"), **fields)


class Office:
    """A policy of a few reps and pools, and what it decides. Every decision is replayed."""

    def __init__(
        self,
        *pools: Pool,
        reps: Sequence[Rep] = (),
        routes: Sequence[tuple[str, Any, Assign]] = (),
        otherwise: Assign = HAND,
        default: str = "always",
        below_bar: Sequence[str] = (),
        **lifecycle: Any,
    ) -> None:
        members = {member.rep_id for pool in pools for member in pool.members}
        named = {rep.rep_id: rep for rep in reps}
        rows = [*routes, ("otherwise", lambda _: True, otherwise)]
        table = ScannedRoutes(
            [
                Route(i, name, "", assign, holds, below_bar=name in below_bar)
                for i, (name, holds, assign) in enumerate(rows)
            ],
            lambda name, at: True,
        )
        self.policy = Policy(
            "r1",
            {name: Attribute(name, type_) for name, type_ in TYPED_FIELDS.items()},
            SCORING,
            table,
            table,
            {**{rep_id: Rep(rep_id) for rep_id in sorted(members)}, **named},
            {pool.name: pool for pool in pools},
            frozenset({"ops"}),
            {**CALENDARS, "default": CALENDARS[default]},
            replace(LIFECYCLE, **lifecycle),
        )

    def hire(self, rep: Rep) -> None:
        """Have a rep in the team, in the place of the one of his id there may be."""
        reps = {**self.policy.reps, rep.rep_id: rep}
        self.policy = replace(self.policy, reps=reps)

    def after(self, known: PoolFacts, made: Draw) -> PoolFacts:
        """The pool once a turn was taken."""
        places = tuple(Credit(m.rep_id, m.credit, m.last_draw) for m in known.members)
        rotation = apply(Rotation(known.pool, places, known.next_draw - 1), made)
        members = tuple(MemberFacts(c.rep_id, c.credit, c.last_draw) for c in rotation.credits)
        return PoolFacts(known.pool, members, rotation.draws + 1)

    def pool_facts(self, name: str, waiting: Sequence[Waiting] = (), **known: Any) -> PoolFacts:
        """A pool as the store knows it: nobody has drawn; `known` has facts by rep."""
        members = tuple(
            MemberFacts(member.rep_id, **known.get(member.rep_id, {}))
            for member in self.policy.pools[name].members
        )
        return PoolFacts(name, members, 1, tuple(waiting), len(waiting))

    def facts(self, lead: Lead | None = None, now: datetime = MONDAY, **fields: Any) -> Facts:
        """The facts of a lead, with every pool of the office unless some are given."""
        given = {known.pool: known for known in fields.pop("pools", ())}
        pools = tuple(given.get(name) or self.pool_facts(name) for name in self.policy.pools)
        return Facts(lead or Lead("l1"), now, "r1", pools=pools, **fields)

    def decide(self, lead: Lead | None = None, now: datetime = MONDAY, **fields: Any) -> Decision:
        """The decision, once read through a callable and once replayed from what was stored."""
        facts = self.facts(lead, now, **fields)
        read: list[PoolFacts] = []

        def reading(name: str) -> PoolFacts:
            read.append(next(known for known in facts.pools if known.pool == name))
            return read[-1]

        decision = decide(self.policy, facts, reading)
        kept = msgspec.structs.replace(facts, pools=tuple(read))
        stored = msgspec.json.decode(msgspec.json.encode(kept), type=Facts)
        assert decide(self.policy, stored) == decision, "a replay differs"
        assert all(sentence.endswith(".") for sentence in sentences(decision, facts))
        return decision


@pytest.fixture(scope="session")
def new_office() -> type[Office]:
    """A policy made of values."""
    return Office


@pytest.fixture(scope="session")
def new_pool() -> Callable[..., Pool]:
    """A pool, its members a text such as "a5 b c"."""
    return pool
