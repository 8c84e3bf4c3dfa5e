"""A draw beside one that is written down slowly: who is eligible, whose turn it is, who waits.

The twin knows the rules and nothing of how they are computed: credits are fractions of a turn,
everybody is asked everything, and those who wait are gone through one by one.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.routing.decide import decide
from scoring_service.domain.routing.rotation import TURN
from scoring_service.domain.routing.routes import ToPool
from scoring_service.values.condition import ConditionError
from scoring_service.values.decision import Decision, Passed
from scoring_service.values.facts import Asked, Facts, MemberFacts, PoolFacts, Waiting
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Hours, Leave, Member, Pool, Rep

NewOffice = Callable[..., Any]
NewPool = Callable[..., Pool]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
REPS = "abcdef"
POOLS = ("west", "east", "south")
DRAINED: dict[str, Any] = {
    "asked": Asked.DRAIN,
    "stage": Stage.MQL,
    "owner": QueueOwner("west-queue"),
    "waiting_in": "west",
    "enqueued_at": MONDAY - timedelta(hours=1),
    "is_new": False,
}
TODAY, LATER = Leave(date(2026, 3, 2), date(2026, 3, 2)), Leave(date(2026, 3, 9), date(2026, 3, 9))


def takes_big(symbols: Mapping[str, Any]) -> bool:
    """A condition that cannot be evaluated where nobody said how many they are."""
    if symbols["employees"] is None:
        raise ConditionError("employees is missing")
    return bool(symbols["employees"] >= 200)


class Told(NamedTuple):
    """What the twin says of one lead: the rep and his pool, and why each other was passed over."""

    rep: str | None
    pool: str
    passed: dict[tuple[str, str], Passed]
    credits: dict[str, Fraction]


def limits(rep: Rep, known: MemberFacts) -> Passed | None:
    """A limit of 5 refuses the sixth, 0 takes none."""
    for limit, taken, outcome in (
        (rep.open_leads_max, known.open_leads, Passed.OPEN_LEADS_MAX),
        (rep.per_day_max, known.taken_today, Passed.PER_DAY_MAX),
        (rep.per_week_max, known.taken_this_week, Passed.PER_WEEK_MAX),
    ):
        if limit is not None and taken + 1 > limit:
            return outcome
    return None


def why_not(
    rep: Rep, member: Member, known: MemberFacts, pool: Pool, lead: Lead, facts: Facts
) -> Passed | None:
    """Active, meets the member's `when`, not excluded, not on leave, in hours, below his limits."""
    if not rep.active:
        return Passed.INACTIVE
    if rep.rep_id in facts.excluded:
        return Passed.EXCLUDED
    if member.condition is not None and (lead.employees is None or lead.employees < 200):
        return Passed.CONDITION
    if TODAY in rep.leave:
        return Passed.ON_LEAVE
    # The office is open on a Monday at ten; New York is not yet.
    if pool.hours is Hours.WORKING and rep.calendar == "new-york":
        return Passed.CLOSED
    return limits(rep, known)


def turn(members: list[tuple[Member, MemberFacts]]) -> tuple[str, dict[str, Fraction]]:
    """Each gains its share of a turn, the richest pays a whole one."""
    total = sum(member.weight for member, _ in members)
    rich = {
        member.rep_id: Fraction(known.credit, TURN) + Fraction(member.weight, total)
        for member, known in members
    }

    def place(one: tuple[Member, MemberFacts]) -> tuple[Any, ...]:
        member, known = one
        behind = -member.weight, -member.priority, known.last_draw, member.rep_id
        return -rich[member.rep_id], *behind

    winner = min(members, key=place)[0].rep_id
    return winner, {**rich, winner: rich[winner] - 1}


def twin(office: Any, lead: Lead, facts: Facts, start: str) -> Told:
    """The pool, then its fallbacks: whoever is eligible and for whom nobody waits."""
    passed: dict[tuple[str, str], Passed] = {}
    pools = {known.pool: known for known in facts.pools}
    for name in (start, *office.policy.pools[start].fallback):
        pool, known = office.policy.pools[name], pools[name]
        waiting = () if facts.asked is Asked.DRAIN else known.waiting
        eligible = []
        for member, his in zip(pool.members, known.members, strict=True):
            why = why_not(office.policy.reps[member.rep_id], member, his, pool, lead, facts)
            if why is None and any(member.rep_id not in one.not_for for one in waiting):
                why = Passed.QUEUE_FIRST
            if why is None:
                eligible.append((member, his))
            else:
                passed[name, member.rep_id] = why
        if eligible:
            winner, credits = turn(eligible)
            return Told(winner, name, passed, credits)
    return Told(None, "", passed, {})


SEEDS = st.integers(0, 2**32)


class Made(NamedTuple):
    """An office, a lead, what was known of it and of the pools, and what was decided."""

    office: Any
    lead: Lead
    facts: Facts
    decision: Decision


def some_rep(rep_id: str, rng: Random) -> Rep:
    return Rep(
        rep_id,
        active=rng.random() < 0.8,
        calendar=rng.choice(["office", "always", "new-york"]),
        open_leads_max=rng.choice([None, None, 0, 1, 2]),
        per_day_max=rng.choice([None, None, 0, 1, 2]),
        per_week_max=rng.choice([None, None, 1, 2]),
        leave=rng.choice([(), (), (TODAY,), (LATER,)]),
    )


def some_members(rng: Random) -> list[Member]:
    text = "employees >= 200"
    return [
        Member(rep, rng.randint(1, 5), rng.randint(0, 4), rng.choice([None, None, takes_big]), text)
        for rep in rng.sample(REPS, rng.randint(1, 5))
    ]


def some_pool(office: Any, name: str, rng: Random) -> PoolFacts:
    """A pool as a store could know it. Credits of quarters of a turn tie often."""
    places = {
        member.rep_id: {
            "credit": rng.randint(-4, 4) * TURN // 4,
            "last_draw": rng.randint(0, 3),
            "open_leads": rng.randint(0, 2),
            "taken_today": rng.randint(0, 2),
            "taken_this_week": rng.randint(0, 2),
        }
        for member in office.policy.pools[name].members
    }
    line = [
        Waiting(f"w{i}", MONDAY, tuple(sorted(rng.sample(REPS, rng.randint(3, 6)))))
        for i in range(rng.choice([0, 0, 1, 2]))
    ]
    known: PoolFacts = office.pool_facts(name, line, **places)
    return msgspec.structs.replace(known, next_draw=rng.randint(4, 9))


@pytest.fixture(scope="module")
def make(new_office: NewOffice, new_pool: NewPool) -> Callable[[int], Made]:
    """A lead that arrives at one of three pools that share reps, or is drained from its queue."""

    def made(seed: int) -> Made:
        rng = Random(seed)
        pools = [
            new_pool(
                name,
                some_members(rng),
                hours=rng.choice(list(Hours)),
                fallback=tuple(rng.sample(POOLS[1:], rng.randint(0, 2))) if name == "west" else (),
            )
            for name in POOLS
        ]
        reps = [some_rep(rep, rng) for rep in REPS]
        office = new_office(*pools, reps=reps, otherwise=ToPool("west"))
        lead = Lead("l1", employees=rng.choice([None, 5, 500]))
        fields: dict[str, Any] = DRAINED if rng.random() < 0.4 else {}
        fields = {
            **fields,
            "excluded": tuple(sorted(rng.sample(REPS, rng.randint(0, 2)))),
            "pools": [some_pool(office, name, rng) for name in POOLS],
        }
        return Made(office, lead, office.facts(lead, **fields), office.decide(lead, **fields))

    return made


@settings(max_examples=250)
@given(seed=SEEDS)
def test_a_draw_is_the_one_that_the_twin_makes(make: Callable[[int], Made], seed: int) -> None:
    """Pool, then fallbacks; the richest of those eligible for whom nobody waits; else the queue.

    Everybody who was passed over is told, with the first thing that is against him.
    """
    office, lead, facts, decision = make(seed)
    told = twin(office, lead, facts, "west")
    assert decision.owner == (RepOwner(told.rep) if told.rep else QueueOwner("west-queue"))
    assert decision.pool == (told.pool or "west")
    assert (decision.draw is None) is (told.rep is None)
    silent = {Passed.CHOSEN, Passed.OTHER_TURN}
    outcomes = {(one.pool, one.rep_id): one.outcome for one in decision.considered}
    assert {key: why for key, why in outcomes.items() if why not in silent} == told.passed
    assert {rep for (_, rep), why in outcomes.items() if why in silent} == set(told.credits)


@settings(max_examples=100)
@given(seed=SEEDS)
def test_each_gains_his_share_and_the_winner_pays_a_turn(
    make: Callable[[int], Made], seed: int
) -> None:
    """To the rounding of 10^12 div W; what all gain is what the winner pays, to the unit."""
    office, lead, facts, decision = make(seed)
    told, draw = twin(office, lead, facts, "west"), decision.draw
    if draw is None:
        return
    known = next(pool for pool in facts.pools if pool.pool == draw.pool)
    assert (draw.number, draw.winner) == (known.next_draw, told.rep)
    assert sum(gain for _, gain in draw.gains) == draw.paid
    before = {member.rep_id: member.credit for member in known.members}
    members = office.policy.pools[draw.pool].members
    weights = sum(member.weight for member in members if member.rep_id in told.credits)
    for rep, gain in draw.gains:
        after = before[rep] + gain - (draw.paid if rep == draw.winner else 0)
        assert abs(Fraction(after, TURN) - told.credits[rep]) * TURN <= weights, rep


@settings(max_examples=100)
@given(seed=SEEDS)
def test_whoever_stands_first_in_the_file_has_no_advantage(
    new_office: NewOffice, make: Callable[[int], Made], seed: int
) -> None:
    """Ties are broken by weight, priority, the last draw and the id, never by the file's order."""
    office, _, facts, decision = make(seed)
    pools = [replace(pool, members=pool.members[::-1]) for pool in office.policy.pools.values()]
    other = new_office(*pools, reps=office.policy.reps.values(), otherwise=ToPool("west"))
    known = [msgspec.structs.replace(one, members=one.members[::-1]) for one in facts.pools]
    again = decide(other.policy, msgspec.structs.replace(facts, pools=tuple(known)))
    assert (again.owner, again.pool) == (decision.owner, decision.pool)
