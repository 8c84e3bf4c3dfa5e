"""Everybody who was looked at stands in the explanation as he stood at the draw."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.domain.routing.rotation import TURN
from scoring_service.policy.explaining.reps import ELIGIBLE, RepSeen, reps_seen
from scoring_service.policy.explaining.reps_told import in_order, rep_said
from scoring_service.values.decision import Decision, Passed
from scoring_service.values.facts import Facts, MemberFacts, PoolFacts, Waiting
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 1, 10, tzinfo=UTC)
TEAM = """
reps:
  ann: {calendar: office}
  bob: {calendar: office, open_leads_max: 12, per_day_max: 3}
  cat: {calendar: office, per_week_max: 9}
  dan: {calendar: office, leave: [{from: 2026-03-01, to: 2026-03-06}]}
  eve: {calendar: office}
  fay: {calendar: office, active: false}
pools:
  west:
    members: [{rep: ann, weight: 3}, {rep: bob}, {rep: cat}, {rep: dan},
      {rep: eve, when: 'country == "DE" and employees >= 100'}, {rep: fay}]
    hours: working
    fallback: [east]
  east: {members: [{rep: cat}, {rep: ann}], counts: all}
"""
ROUTING = "routes: []\notherwise: {pool: west}\n"
CALENDARS = "office: {zone: UTC, weekly: {mon-fri: 09:00-17:00}}\n"


@pytest.fixture(scope="module")
def policy(loaded: Callable[..., Policy]) -> Policy:
    return loaded(team=TEAM, routing=ROUTING, routing_test="", calendars=CALENDARS)


def pool(name: str, policy: Policy, known: dict[str, MemberFacts], **more: Any) -> PoolFacts:
    members = tuple(
        known.get(member.rep_id, MemberFacts(member.rep_id))
        for member in policy.pools[name].members
    )
    return PoolFacts(name, members, 7, **more)


def facts(
    policy: Policy, known: dict[str, MemberFacts], now: datetime = MONDAY, **more: Any
) -> Facts:
    pools = tuple(pool(name, policy, known) for name in ("west", "east"))
    more.setdefault("pools", pools)
    lead = more.pop("lead", Lead("l1", country="DE", employees=50))
    return Facts(lead, now, policy.revision, **more)


def seen(policy: Policy, asked: Facts) -> tuple[Decision, tuple[RepSeen, ...]]:
    made = decide(policy, asked)
    return made, reps_seen(policy, asked, made)


def told(policy: Policy, asked: Facts) -> list[str]:
    _, reps = seen(policy, asked)
    return [rep_said(rep, reps) for rep in in_order(reps)]


def test_each_rep_is_told_with_what_kept_the_lead_from_him(policy: Policy) -> None:
    known = {
        "ann": MemberFacts("ann", TURN // 4, 3, open_leads=2),
        "bob": MemberFacts("bob", -TURN // 2, 6, open_leads=12, taken_today=1),
        "cat": MemberFacts("cat", 0, 5, taken_this_week=8),
    }
    assert told(policy, facts(policy, known)) == [
        "ann (weight 3) got it, by turn; owed 1.00 turn (0.25 before, 0.75 by this draw)",
        "cat was eligible; it was another's turn; owed 0.25 turns (0.00 before, 0.25 by this"
        " draw); 8 of 9 this week",
        "bob is at capacity: 12 of 12 open leads; owed -0.50 turns; 1 of 3 today",
        "dan is away until 2026-03-06, that day included",
        'eve takes only leads where country == "DE" and employees >= 100:'
        " employees >= 100 failed, employees is 50",
        "fay is no longer active",
    ]


@pytest.mark.parametrize(
    ("known", "more", "says"),
    [
        pytest.param(
            {}, {"now": SUNDAY},
            "ann (weight 3) is outside working hours"
            " (calendar office, which opens at 2026-03-02 09:00 UTC)",
            id="outside hours, until when",
        ),
        pytest.param(
            {"bob": MemberFacts("bob", taken_today=3)}, {},
            "bob is at capacity: 3 of 3 leads today; 0 of 12 open", id="a limit a day",
        ),
        pytest.param(
            {"cat": MemberFacts("cat", taken_this_week=9)}, {},
            "cat is at capacity: 9 of 9 leads this week", id="a limit a week",
        ),
        pytest.param(
            {}, {"excluded": ("ann",)},
            "ann (weight 3) must not get this lead (excluded)", id="excluded",
        ),
        pytest.param(
            {}, {"lead": Lead("l1", country="DE")},
            'eve takes only leads where country == "DE" and employees >= 100:'
            " employees >= 100 could not be evaluated, employees is not known",
            id="a condition that could not be evaluated",
        ),
        pytest.param(
            {"ann": MemberFacts("ann", -TURN // 2)},
            {"lead": Lead("l1", country="DE", employees=500), "excluded": ("cat",)},
            "bob got it, by turn (eve owed as much; the id decides); owed 0.20 turns"
            " (0.00 before, 0.20 by this draw); 0 of 12 open, 0 of 3 today",
            id="a tie",
        ),
    ],
)  # fmt: skip
def test_what_is_told_of_one(
    policy: Policy, known: dict[str, MemberFacts], more: dict[str, Any], says: str
) -> None:
    assert says in told(policy, facts(policy, known, **more))


@pytest.mark.parametrize(
    ("size", "says"),
    [
        pytest.param(50, "eve takes only leads where employees >= 100, and employees is 50",
                     id="that failed"),
        pytest.param(None, "eve takes only leads where employees >= 100:"
                     " employees >= 100 could not be evaluated, employees is not known",
                     id="that could not be evaluated"),
    ],
)  # fmt: skip
def test_a_condition_of_one_comparison_is_told_once(
    loaded: Callable[..., Policy], size: int | None, says: str
) -> None:
    team = TEAM.replace('country == "DE" and ', "")
    policy = loaded(team=team, routing=ROUTING, routing_test="", calendars=CALENDARS)
    assert says in told(policy, facts(policy, {}, lead=Lead("l1", employees=size)))


def test_of_many_who_are_owed_as_much_the_number_is_told() -> None:
    others = [RepSeen(f"r{i}", Passed.OTHER_TURN, "", "west", 1, gain=5) for i in range(4)]
    rep = RepSeen("ann", Passed.CHOSEN, "", "west", 1, 3, gain=5)
    assert rep_said(rep, others).startswith(
        "ann got it, by turn (4 others owed as much; the higher priority decides)"
    )


def test_who_waits_for_the_turn_is_told(policy: Policy) -> None:
    west = pool("west", policy, {}, waiting=(Waiting("l0", SUNDAY),), waiting_count=1)
    pools = (west, pool("east", policy, {}))
    said = told(policy, facts(policy, {}, pools=pools))
    assert said[0] == "ann (weight 3) has to take another first: l0 waits for this turn"


def test_the_fallback_is_told_behind_the_pool(policy: Policy) -> None:
    _, reps = seen(policy, facts(policy, {}, SUNDAY))
    assert [rep.pool for rep in in_order(reps)] == ["west"] * 6 + ["east"] * 2
    assert reps[-1].outcome in ELIGIBLE


def test_a_claim_is_told_without_turns_or_limits(policy: Policy) -> None:
    said = told(policy, facts(policy, {}, pinned_rep="bob", pools=()))
    assert said == ["bob is the rep the lead is pinned to"]


def test_a_turn_that_is_counted_shows_the_members_of_its_pool(policy: Policy) -> None:
    full = {"cat": MemberFacts("cat", taken_this_week=9)}
    asked = facts(policy, full, pinned_rep="ann", last_pool="east", stage=Stage.MQL,
                  owner=RepOwner("bob"))  # fmt: skip
    made, reps = seen(policy, asked)
    assert made.draw is not None
    members = [rep for rep in reps if rep.pool == "east"]
    assert {rep.rep_id: rep.outcome for rep in members} == {
        "cat": Passed.PER_WEEK_MAX,
        "ann": Passed.OTHER_TURN,
    }
    eligible = {rep.rep_id: rep.gain for rep in members if rep.outcome in ELIGIBLE}
    assert eligible == dict(made.draw.gains)
    assert [rep.pool for rep in in_order(reps)] == ["", "east", "east"]


def _loads() -> st.SearchStrategy[dict[str, MemberFacts]]:
    count = st.integers(0, 13)

    def of(rep: str) -> st.SearchStrategy[MemberFacts]:
        credit = st.integers(-2 * TURN, 2 * TURN)
        return st.builds(MemberFacts, st.just(rep), credit, st.integers(0, 6), count, count, count)

    return st.fixed_dictionaries({rep: of(rep) for rep in ("ann", "bob", "cat", "dan", "eve")})


@settings(max_examples=100)
@given(
    _loads(),
    st.sampled_from([MONDAY, SUNDAY, datetime(2026, 3, 9, 16, 59, tzinfo=UTC)]),
    st.sets(st.sampled_from(["ann", "bob", "cat"])),
    st.sampled_from([None, 50, 500]),
)
def test_the_eligible_are_those_among_whom_it_was_drawn(
    policy: Policy, known: dict[str, MemberFacts], now: datetime, excluded: set[str], size: Any
) -> None:
    lead = Lead("l1", country="DE", employees=size)
    asked = facts(policy, known, now, excluded=tuple(sorted(excluded)), lead=lead)
    made, reps = seen(policy, asked)
    gains = dict(made.draw.gains) if made.draw else {}
    drawn_in = made.draw.pool if made.draw else None
    eligible = {rep.rep_id for rep in reps if rep.outcome in ELIGIBLE}
    assert eligible == gains.keys()
    assert {r.rep_id: r.gain for r in reps if r.pool == drawn_in and r.outcome in ELIGIBLE} == gains
    for rep in reps:
        assert rep_said(rep, reps).startswith(rep.rep_id)
        _as_in_the_facts(policy, asked, rep)


def _as_in_the_facts(policy: Policy, asked: Facts, rep: RepSeen) -> None:
    (in_pool,) = (pool for pool in asked.pools if pool.pool == rep.pool)
    (known,) = (member for member in in_pool.members if member.rep_id == rep.rep_id)
    for name in MemberFacts.__struct_fields__:
        assert getattr(rep, name) == getattr(known, name)
    limits = ("open_leads_max", "per_day_max", "per_week_max")
    team = policy.reps[rep.rep_id]
    assert [getattr(rep, name) for name in limits] == [getattr(team, name) for name in limits]


def test_an_absence_says_its_last_day(policy: Policy) -> None:
    _, reps = seen(policy, facts(policy, {}))
    (dan,) = (rep for rep in reps if rep.rep_id == "dan")
    assert (dan.outcome, dan.away_until) == (Passed.ON_LEAVE, date(2026, 3, 6))


def _names() -> Iterator[str]:
    return (field.name for field in fields(RepSeen))


def test_what_the_facts_know_of_a_member_has_the_same_names_here() -> None:
    assert set(MemberFacts.__struct_fields__) <= set(_names())
