"""Fairness as laws, of whole decisions: a pool whose reps go away, come back, join, leave and
change their weights while leads arrive, are given by hand, pinned and given back.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.routing.decide import decide
from scoring_service.domain.routing.rotation import TURN, apply, give_back
from scoring_service.domain.routing.routes import ToPool
from scoring_service.values.absence import Absence
from scoring_service.values.decision import Decision, Draw
from scoring_service.values.facts import Asked, Facts, MemberFacts, PoolFacts
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import Credit, Rotation
from scoring_service.values.team import Counts, Member, Rep

NewOffice = Callable[..., Any]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
TODAY = date(2026, 3, 2)
REPS = "abcdefg"

WEIGHT = st.one_of(st.just(1), st.integers(1, 9), st.integers(1, 1000))
DAY = st.tuples(
    st.dictionaries(st.sampled_from(REPS), WEIGHT, min_size=1), st.sets(st.sampled_from(REPS))
)
"""Who is in the pool at what weight, and who is entered as away: anything may change every time."""

DAYS = st.lists(DAY, min_size=1, max_size=30)


class Pool:
    """A pool in motion; `shares` is the sum of weight / W of each draw one was eligible for."""

    def __init__(self, new_office: NewOffice, new_pool: Any, counts: Counts) -> None:
        self.policy = new_office(
            new_pool("p", "a", counts=counts),
            reps=[Rep(rep) for rep in REPS],
            routes=[("all", lambda s: True, ToPool("p"))],
        ).policy
        self.rotation = Rotation("p")
        self.shares: dict[str, Fraction] = {}
        self.turns: Counter[str] = Counter()
        self.made: list[tuple[Draw, dict[str, Fraction]]] = []
        self.largest = 1

    def lead(self, members: Mapping[str, int], away: set[str], **facts: Any) -> Decision:
        """A lead arrives while these are the members and those are away."""
        ranked = [Member(rep, members[rep], REPS.index(rep) % 5) for rep in sorted(members)]
        pool = replace(self.policy.pools["p"], members=tuple(ranked))
        policy = replace(self.policy, pools={"p": pool})
        absences = tuple(Absence(rep, TODAY, TODAY) for rep in sorted(away))
        fields = {"pools": (self._known(ranked),), "away": absences, **facts}
        decision = decide(policy, Facts(Lead(f"l{self.rotation.draws}"), MONDAY, "r1", **fields))
        gone = away | set(facts.get("excluded", ()))
        eligible = {rep: weight for rep, weight in members.items() if rep not in gone}
        if decision.draw is not None:
            self._count(decision.draw, eligible)
        return decision

    def undo(self, index: int) -> None:
        """A turn is given back."""
        if self.made:
            draw, shares = self.made.pop(index % len(self.made))
            self.rotation = give_back(self.rotation, draw)
            self.turns[draw.winner] -= 1
            for rep, share in shares.items():
                self.shares[rep] -= share

    def credits_are_owed(self) -> None:
        """credit = 10^12 x (sum of shares - turns), to rounding; all credits sum to 0."""
        rounding = self.rotation.draws * self.largest
        for place in self.rotation.credits:
            owed = TURN * (self.shares[place.rep_id] - self.turns[place.rep_id])
            assert abs(place.credit - owed) <= rounding, place
        assert sum(place.credit for place in self.rotation.credits) == 0

    def nobody_is_far_from_his_share(self) -> None:
        """|turns - sum of shares| < the number of reps the pool ever had."""
        for rep, share in self.shares.items():
            assert abs(self.turns[rep] - share) < len(self.shares), (rep, self.turns[rep], share)

    def _known(self, members: Sequence[Member]) -> PoolFacts:
        places = {place.rep_id: place for place in self.rotation.credits}
        known = (places.get(member.rep_id) or Credit(member.rep_id) for member in members)
        facts = tuple(MemberFacts(one.rep_id, one.credit, one.last_draw) for one in known)
        return PoolFacts("p", facts, self.rotation.draws + 1)

    def _count(self, draw: Draw, eligible: Mapping[str, int]) -> None:
        total = sum(eligible.values())
        self.largest = max(self.largest, total)
        shares = {rep: Fraction(weight, total) for rep, weight in eligible.items()}
        shares = shares or {draw.winner: Fraction(1)}
        for rep, share in shares.items():
            self.shares[rep] = self.shares.get(rep, Fraction(0)) + share
        self.shares.setdefault(draw.winner, Fraction(0))
        self.turns[draw.winner] += 1
        self.rotation = apply(self.rotation, draw)
        self.made.append((draw, shares))


NewMotion = Callable[..., Pool]


@pytest.fixture(scope="session")
def motion(new_office: NewOffice, new_pool: Any) -> NewMotion:
    """A pool from its first lead on."""
    return lambda counts=Counts.DRAWN: Pool(new_office, new_pool, counts)


@settings(max_examples=20)
@given(size=st.integers(1, 7), leads=st.integers(1, 30))
def test_equal_weights_and_all_eligible_differ_by_at_most_one_at_every_prefix(
    motion: NewMotion, size: int, leads: int
) -> None:
    pool, members = motion(), dict.fromkeys(REPS[:size], 1)
    for _ in range(leads):
        pool.lead(members, set())
        counts = [pool.turns[rep] for rep in members]
        assert max(counts) - min(counts) <= 1


def test_thirty_leads_over_two_equal_reps_are_fifteen_each(motion: NewMotion) -> None:
    pool = motion()
    for _ in range(30):
        pool.lead({"a": 1, "b": 1}, set())
    assert pool.turns == {"a": 15, "b": 15}


@settings(max_examples=60)
@given(days=DAYS)
def test_whoever_is_absent_joins_leaves_returns_or_changes_weight_nobody_is_far_from_his_share(
    motion: NewMotion, days: list[tuple[dict[str, int], set[str]]]
) -> None:
    pool = motion()
    for members, away in days:
        pool.lead(members, away)
        pool.credits_are_owed()
        pool.nobody_is_far_from_his_share()


BY_HAND = st.sampled_from(["draw", "draw", "pin", "book", "give back", "reassign"])


@settings(max_examples=60)
@given(steps=st.lists(st.tuples(BY_HAND, DAY, st.integers(0, 2**16)), min_size=1, max_size=30))
def test_with_turns_given_back_a_book_handed_over_and_a_pin_credit_is_shares_less_turns(
    motion: NewMotion, steps: list[tuple[str, tuple[dict[str, int], set[str]], int]]
) -> None:
    """Manual assignments are turns whose winner was fixed, where the pool counts them all."""
    pool = motion(Counts.ALL)
    for kind, (members, away), number in steps:
        rep = REPS[number % len(REPS)]
        past: dict[str, Any] = {"last_pool": "p", "stage": Stage.MQL, "visit": 1}
        other = RepOwner(REPS[(number + 1) % len(REPS)])
        match kind:
            case "give back":
                pool.undo(number)
            case "pin":
                made = pool.lead(members, away, pinned_rep=rep, owner=other, **past)
                assert made.owner == RepOwner(rep)
            case "book":
                gone = {"asked": Asked.ASSIGN, "given_to": rep, "excluded": (other.id,)}
                made = pool.lead(members, away, owner=other, **gone, **past)
                assert made.owner == RepOwner(rep)
            case "reassign":
                gone = {"asked": Asked.REASSIGN, "excluded": (other.id,)}
                pool.lead(members, away, owner=other, **gone, **past)
            case _:
                pool.lead(members, away)
        pool.credits_are_owed()


@settings(max_examples=40)
@given(
    size=st.integers(2, 7),
    before=st.integers(0, 15),
    absent=st.integers(1, 60),
    after=st.integers(1, 21),
)
def test_nobody_is_flooded_on_return(
    motion: NewMotion, size: int, before: int, absent: int, after: int
) -> None:
    """However long he was away, he then has his share of the turns and what he was owed: less than
    two turns, whatever passed meanwhile.
    """
    pool, members = motion(), dict.fromkeys(REPS[:size], 1)
    for _ in range(before):
        pool.lead(members, set())
    for _ in range(absent):
        pool.lead(members, {"a"})
    had = pool.turns["a"]
    for leads in range(1, after + 1):
        pool.lead(members, set())
        assert abs(pool.turns["a"] - had - Fraction(leads, size)) < 2


@settings(max_examples=20)
@given(weights=st.lists(st.integers(1, 9), min_size=2, max_size=5), leads=st.integers(1, 30))
def test_priorities_break_ties_and_change_no_share(
    motion: NewMotion, weights: list[int], leads: int
) -> None:
    """Pool.lead gives the reps priorities 0 to 4: nobody has more turns for it than one ahead."""
    pool = motion()
    members = dict(zip(REPS, weights, strict=False))
    for _ in range(leads):
        pool.lead(members, set())
        pool.nobody_is_far_from_his_share()
        for rep, weight in members.items():
            share = Fraction(weight * sum(pool.turns.values()), sum(weights))
            assert abs(pool.turns[rep] - share) < len(members)


def test_of_equal_reps_the_one_of_higher_priority_comes_first(motion: NewMotion) -> None:
    """b has priority 1, a has 0."""
    pool = motion()
    owners = [pool.lead({"a": 1, "b": 1}, set()).owner for _ in range(4)]
    assert owners == [RepOwner("b"), RepOwner("a")] * 2
