"""What is true of every diff, whatever the rules and the past."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring_service.cli.rules.diff.sides import both_replayed
from scoring_service.domain.policy import Policy
from scoring_service.workflows.diff.comparing import compared
from scoring_service.workflows.diff.first_scores import as_first_met, first_arrivals, score_alike
from scoring_service.workflows.diff.past import Moment, Past, Stood
from scoring_service.workflows.diff.replaying import replay
from scoring_service.workflows.diff.results import Diff, Pair

PastOf = Callable[[int, int], tuple[Moment, ...]]
FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEEDS = st.integers(0, 10_000)
OTHER_ROUTES = [
    {"name": "british", "when": 'country == "GB"', "assign": {"pool": "west"}},
    {"name": "large firms", "when": "employees >= 50", "assign": {"pool": "large"}},
]


@pytest.fixture(scope="module")
def old(team_policy: Callable[..., Policy]) -> Policy:
    """The team's rules."""
    return team_policy()


@pytest.fixture(scope="module")
def new(team_policy: Callable[..., Policy]) -> Policy:
    """The team's rules with other routes."""
    return team_policy(OTHER_ROUTES)


def diff(old: Policy, new: Policy, past: Past) -> Diff:
    return compared(replay(old, past), replay(new, past), past)


@FEW
@given(seed=SEEDS)
def test_a_policy_differs_in_nothing_from_itself(seed: int, old: Policy, past_of: PastOf) -> None:
    past = Past(past_of(seed, 40))
    found = diff(old, old, past)
    assert found.changes == ()
    assert found.leads == len({m.lead.lead_id for m in past.moments if hasattr(m, "lead")})
    assert all(not load.leads.differs and not load.taken.differs for load in found.reps)
    assert not any((found.qualified.differs, found.routed.differs, found.outside_hours.differs))


@FEW
@given(seed=SEEDS)
def test_turning_old_and_new_round_turns_every_pair_round(
    seed: int, old: Policy, new: Policy, past_of: PastOf
) -> None:
    past = Past(past_of(seed, 40))
    there, back = diff(old, new, past), diff(new, old, past)
    assert [one.lead_id for one in there.changes] == [one.lead_id for one in back.changes]
    for one, other in zip(there.changes, back.changes, strict=True):
        assert one.owner == Pair(other.owner.new, other.owner.old)
        assert one.mql == Pair(other.mql.new, other.mql.old)
    for load, turned in zip(there.reps, back.reps, strict=True):
        assert load.leads == Pair(turned.leads.new, turned.leads.old)


@FEW
@given(seed=SEEDS)
def test_every_lead_is_with_one_rep_one_queue_or_one_track(
    seed: int, old: Policy, new: Policy, past_of: PastOf
) -> None:
    found = diff(old, new, Past(past_of(seed, 40)))
    for side in ("old", "new"):
        of_reps = sum(getattr(load.leads, side) for load in found.reps)
        of_others = sum(getattr(load.leads, side) for load in found.owners)
        assert of_reps + of_others == found.leads


@FEW
@given(seed=SEEDS)
def test_the_counts_are_those_of_the_changes(
    seed: int, old: Policy, new: Policy, past_of: PastOf
) -> None:
    found = diff(old, new, Past(past_of(seed, 40)))
    parts = ("owner", "route", "quadrant", "mql")
    differing = Counter(
        part for change in found.changes for part in parts if getattr(change, part).differs
    )
    assert [getattr(found, part) for part in parts] == [differing[part] for part in parts]
    assert all(any(getattr(change, part).differs for part in parts) for change in found.changes)


def test_two_processes_find_what_one_finds(old: Policy, new: Policy, past_of: PastOf) -> None:
    past = Past(past_of(3, 60))
    alone = replay(old, past), replay(new, past)
    assert both_replayed(old, new, past, moments_min=1, at_a_time=2) == alone
    assert both_replayed(old, new, past, moments_min=1, at_a_time=1) == alone


def test_a_lead_that_stood_when_the_window_began_is_not_met_first(
    past_of: PastOf,
) -> None:
    moments = past_of(1, 10)
    first, *others = first_arrivals(Past(moments))
    there = Stood(as_first_met(first))
    assert list(first_arrivals(Past(moments, (there,)))) == others


def test_policies_score_alike_where_only_the_routes_differ(
    old: Policy, new: Policy, team_policy: Callable[..., Policy], scorecard_json: Any
) -> None:
    assert score_alike(old, new)
    assert not score_alike(old, stricter(old))
    assert not score_alike(old, team_policy(model=scorecard_json()))


def stricter(policy: Policy) -> Policy:
    """With a higher bar on behaviour."""
    bars = replace(policy.scoring.mql, behaviour_min=80)
    return replace(policy, scoring=replace(policy.scoring, mql=bars))


def test_another_scoring_is_replayed_by_its_own_scores(old: Policy, past_of: PastOf) -> None:
    new, past = stricter(old), Past(past_of(2, 60))
    alone = replay(old, past), replay(new, past)
    assert both_replayed(old, new, past) == alone
    assert alone[0].fates != alone[1].fates


def test_with_a_model_wins_move_with_their_leads(
    team_policy: Callable[..., Policy], scorecard_json: Callable[..., bytes], past_of: PastOf
) -> None:
    model = scorecard_json()
    past = Past(past_of(5, 60))
    found = diff(team_policy(model=model), team_policy(OTHER_ROUTES, model=model), past)
    assert found.expected_wins is not None
    assert found.moved_wins is not None
    moved = [one.win_probability or 0 for one in found.changes if one.owner.differs]
    assert found.moved_wins == pytest.approx(sum(moved))
    assert 0 < found.moved_wins < len(moved)
    for side in ("old", "new"):
        of_reps = sum(getattr(load.expected_wins, side) for load in found.reps)
        assert of_reps == pytest.approx(getattr(found.expected_wins, side))
