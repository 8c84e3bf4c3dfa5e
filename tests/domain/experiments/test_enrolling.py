"""The arm of a person: stable, drawn by weight, and found by nothing but two names."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.experiments.enrolling import arm_of, first_of, united_arms
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

WEIGHTS = st.dictionaries(st.text(min_size=1), st.integers(1, 1000), min_size=2, max_size=10)
ARMS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["control", "lower"]))
NOW = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("experiment", "first", "arm"),
    [
        pytest.param("lower-bar", "lead-1", "control", id="one lead"),
        pytest.param("lower-bar", "lead-4", "lower", id="another lead"),
        pytest.param("other", "lead-1", "control", id="another experiment"),
        pytest.param("lower-bar", "", "lower", id="no name at all"),
        pytest.param("lower-bar", "lead-ü", "control", id="a name that is not ASCII"),
    ],
)
def test_the_arm_is_this_for_ever(experiment: str, first: str, arm: str) -> None:
    """Written down: a change of the hash would move every person of a running experiment."""
    assert arm_of(experiment, first, {"control": 1, "lower": 1}) == arm


def test_every_process_says_the_same() -> None:
    asked = (
        "from scoring_service.domain.experiments.enrolling import arm_of\n"
        "print(*[arm_of('e', f'l{i}', {'a': 2, 'b': 3, 'c': 1}) for i in range(200)])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", asked],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    here = [arm_of("e", f"l{i}", {"a": 2, "b": 3, "c": 1}) for i in range(200)]
    assert said == {" ".join(here) + "\n"}


@pytest.mark.parametrize(
    "weights",
    [
        pytest.param({"control": 1, "lower": 1}, id="halves"),
        pytest.param({"control": 9, "lower": 1}, id="a tenth"),
        pytest.param({"a": 1, "b": 2, "control": 3}, id="a sixth, a third and a half"),
        pytest.param({"control": 999, "rare": 1}, id="one in a thousand"),
    ],
)
def test_shares_are_those_of_the_weights(weights: dict[str, int]) -> None:
    many, total = 20_000, sum(weights.values())
    came = Counter(arm_of("lower-bar", f"lead-{i}", weights) for i in range(many))
    for arm, weight in weights.items():
        due = many * weight / total
        assert abs(came[arm] - due) < 4 * sqrt(due * (1 - weight / total)), arm


def test_two_experiments_share_no_arms() -> None:
    """Of the persons in an arm of one, half are in that arm of the other."""
    halves = {"a": 1, "b": 1}
    both = Counter(
        (arm_of("e", f"l{i}", halves), arm_of("f", f"l{i}", halves)) for i in range(8000)
    )
    assert all(abs(count - 2000) < 4 * sqrt(1500) for count in both.values()), both


@given(st.text(), st.text(), WEIGHTS)
def test_the_order_of_the_arms_does_not_matter(
    name: str, lead: str, weights: dict[str, int]
) -> None:
    turned = dict(reversed(weights.items()))
    assert arm_of(name, lead, weights) == arm_of(name, lead, turned)


@given(st.text(), st.text(), WEIGHTS, st.integers(2, 9))
def test_only_the_ratio_of_weights_matters(
    name: str, lead: str, weights: dict[str, int], times: int
) -> None:
    more = {arm: weight * times for arm, weight in weights.items()}
    assert arm_of(name, lead, weights) == arm_of(name, lead, more)


@given(ARMS, ARMS)
def test_a_survivor_keeps_its_arms_and_takes_over_those_it_lacks(
    stays: dict[str, str], other: dict[str, str]
) -> None:
    arms = united_arms(stays, other)
    assert {name: arms[name] for name in stays} == stays
    assert arms.keys() == stays.keys() | other.keys()
    assert all(arms[name] == other[name] for name in other.keys() - stays.keys())


def test_a_person_is_named_by_the_lead_stored_first() -> None:
    def lead(lead_id: str, day: int) -> StoredLead:
        at = NOW.replace(day=day)
        return StoredLead(Lead(lead_id), "p", Stage.NURTURE, at, at, at)

    assert first_of([lead("b", 2), lead("z", 1), lead("a", 3)]) == "z"
    assert first_of([lead("b", 1), lead("a", 1)]) == "a"
