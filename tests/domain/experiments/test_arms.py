"""The policy as the arms of a lead make it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.experiments.arms import VARIANTS_MAX, with_arms
from scoring_service.domain.experiments.experiment import CONTROL, Arm, Experiment
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.routes import ToPool, ToTrack
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.stage import Stage

BASE = Path(__file__).parents[2] / "golden" / "base"
NOW = datetime(2026, 9, 15, tzinfo=UTC)
DAY = timedelta(days=1)
TWO = b"""
bars:
  from: 2026-09-01
  to: 2026-10-01
  arms:
    control: {weight: 1}
    lower: {mql: {behaviour_min: 30}}
    strict: {mql: {fit_min: 60, behaviour_min: 50}}
  outcome: {stage: sql, within: 30d}
ways:
  from: 2026-09-01
  to: 2026-12-01
  arms:
    control: {weight: 1}
    warm: {tracks: {welcome-nurture: not-now}}
    inside: {routes: {asked: executives}}
  outcome: {stage: sql, within: 30d}
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The golden base with two experiments."""
    files = {file.name: file.read_bytes() for file in BASE.iterdir()}
    return load(source_of({**files, "experiments.yaml": TWO}))


@pytest.mark.parametrize(
    ("arms", "now"),
    [
        pytest.param({}, NOW, id="a lead in none"),
        pytest.param({"bars": "control"}, NOW, id="one in control"),
        pytest.param({"bars": "lower"}, NOW - timedelta(days=30), id="before it begins"),
        pytest.param({"bars": "lower"}, NOW + timedelta(days=30), id="after its end"),
        pytest.param({"past": "lower"}, NOW, id="an experiment that the rules have no more"),
        pytest.param({"bars": "lowest"}, NOW, id="an arm that the rules have no more"),
    ],
)
def test_nothing_is_changed_for(policy: Policy, arms: Mapping[str, str], now: datetime) -> None:
    assert with_arms(policy, arms, now) is policy


@pytest.mark.parametrize(
    ("arms", "bars"),
    [
        pytest.param({"bars": "lower"}, (40, 30), id="one bar"),
        pytest.param({"bars": "strict"}, (60, 50), id="both bars"),
        pytest.param({"bars": "lower", "ways": "warm"}, (40, 30), id="beside another experiment"),
    ],
)
def test_bars_are_the_arms(
    policy: Policy, arms: Mapping[str, str], bars: tuple[float, float]
) -> None:
    found = with_arms(policy, arms, NOW)
    assert (found.scoring.mql.fit_min, found.scoring.mql.behaviour_min) == bars
    assert found.scoring.mql.hysteresis == policy.scoring.mql.hysteresis
    assert found.revision == policy.revision
    assert policy.scoring.mql.behaviour_min == 40


def test_tracks_stand_in_wherever_the_rules_name_one(policy: Policy) -> None:
    found = with_arms(policy, {"ways": "warm"}, NOW)
    small = next(route for route in found.routes.routes if route.name == "small")
    assert small.assign == ToTrack("not-now")
    assert found.lifecycle.default_track == "not-now"
    assert found.lifecycle.reasons["timing"].tracks == ("not-now",)


def test_a_route_draws_from_the_other_pool_and_no_other_does(policy: Policy) -> None:
    for table, before in (
        (with_arms(policy, {"ways": "inside"}, NOW).routes, policy.routes),
        (with_arms(policy, {"ways": "inside"}, NOW).routes_unindexed, policy.routes_unindexed),
    ):
        changed = [
            (new.name, new.assign)
            for new, old in zip(table.routes, before.routes, strict=True)
            if new.assign != old.assign
        ]
        assert changed == [("asked", ToPool("executives"))]


def test_what_is_derived_is_derived_once_and_is_final(policy: Policy) -> None:
    arms = {"bars": "lower", "ways": "inside"}
    found = with_arms(policy, arms, NOW)
    assert with_arms(policy, dict(reversed(arms.items())), NOW + timedelta(days=1)) is found
    assert with_arms(found, {"bars": "strict"}, NOW) is found
    assert with_arms(policy, {"bars": "lower"}, NOW) is not found


def test_a_policy_made_of_another_derives_its_own(policy: Policy) -> None:
    with_arms(policy, {"bars": "lower"}, NOW)
    other = replace(policy, operators=frozenset({"else"}))
    assert with_arms(other, {"bars": "lower"}, NOW).operators == {"else"}


@given(
    st.dictionaries(
        st.sampled_from(["bars", "ways", "past"]),
        st.sampled_from(["control", "lower", "strict", "warm", "inside"]),
    ),
    st.integers(-60, 120),
)
def test_there_are_no_more_variants_than_combinations(
    policy: Policy, arms: dict[str, str], days: int
) -> None:
    found = with_arms(policy, arms, NOW + timedelta(days=days))
    assert found is policy or found in policy.variants.values()
    assert len(policy.variants) <= 3 * 3 - 1


def test_combinations_of_arms_are_kept_within_a_limit(policy: Policy) -> None:
    """Eleven experiments of two arms have two thousand."""
    arm = Arm("other", tracks={"welcome-nurture": "not-now"})
    names = [f"e{number}" for number in range(11)]
    many = replace(
        policy,
        experiments=tuple(
            Experiment(name, NOW, NOW + timedelta(days=1), (Arm(CONTROL), arm), Stage.SQL, DAY)
            for name in names
        ),
    )
    for held in product((CONTROL, "other"), repeat=len(names)):
        made = with_arms(many, dict(zip(names, held, strict=True)), NOW)
        assert (made is many) == ("other" not in held)
        assert len(many.variants) <= VARIANTS_MAX
