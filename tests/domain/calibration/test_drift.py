"""The laws of the population stability index, and what of it is chance."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.calibration.drift import (
    SHARE_MIN,
    by_chance,
    deviations,
    part,
    psi,
    shares,
)

counts = st.lists(st.integers(1, 1_000), min_size=2, max_size=8)


def _shares(values: list[int]) -> dict[str, float]:
    return shares({str(place): value for place, value in enumerate(values)})


@given(counts)
def test_equal_shares_have_a_psi_of_zero(values: list[int]) -> None:
    assert psi(_shares(values), _shares(values)) == 0
    assert psi(_shares(values), _shares([3 * value for value in values])) == pytest.approx(0)


@given(counts, counts)
def test_it_is_the_same_both_ways(one: list[int], other: list[int]) -> None:
    assert psi(_shares(one), _shares(other)) == pytest.approx(psi(_shares(other), _shares(one)))


@given(counts, counts)
def test_it_is_the_sum_of_its_slots_and_never_below_zero(one: list[int], other: list[int]) -> None:
    before, after = _shares(one), _shares(other)
    slots = before.keys() | after.keys()
    parts = [part(before.get(slot, 0), after.get(slot, 0)) for slot in slots]
    assert all(value >= 0 for value in parts)
    assert psi(before, after) == pytest.approx(sum(parts))


@given(counts)
def test_splitting_a_slot_evenly_changes_nothing(values: list[int]) -> None:
    before, after = _shares(values), _shares(values[::-1])
    first, *rest = sorted(before)
    split_before = {name: before[name] for name in rest} | {
        f"{first}/{half}": before[first] / 2 for half in "ab"
    }
    split_after = {name: after[name] for name in rest} | {
        f"{first}/{half}": after[first] / 2 for half in "ab"
    }
    assert psi(split_before, split_after) == pytest.approx(psi(before, after))


def test_against_the_definition() -> None:
    before, after = {"a": 0.2, "b": 0.8}, {"a": 0.5, "b": 0.5}
    expected = 0.3 * math.log(0.5 / 0.2) - 0.3 * math.log(0.5 / 0.8)
    assert psi(before, after) == pytest.approx(expected)


def test_a_slot_that_was_empty_is_finite_and_large() -> None:
    found = psi({"a": 1.0}, {"a": 0.8, "new": 0.2})
    assert found == pytest.approx(
        0.2 * math.log(1 / 0.8) + (0.2 - SHARE_MIN) * math.log(0.2 / SHARE_MIN)
    )
    assert found > 1


@pytest.mark.parametrize(
    ("slots", "quantile"),
    [
        pytest.param(2, 6.635, id="one degree of freedom"),
        pytest.param(5, 13.277, id="four"),
        pytest.param(10, 21.666, id="nine"),
        pytest.param(50, 74.919, id="forty-nine"),
    ],
)
def test_chance_has_the_99_percent_quantile_of_chi_squared(slots: int, quantile: float) -> None:
    """Quantiles of a printed table."""
    assert by_chance(slots, 100, 100, z=2.326) == pytest.approx(quantile * 0.02, rel=0.015)


def test_samples_of_unchanged_shares_stay_under_it() -> None:
    chance, over = random.Random(3), 0
    levels, weights = "abcde", [0.4, 0.3, 0.15, 0.1, 0.05]

    def sampled() -> dict[str, float]:
        drawn = chance.choices(levels, weights, k=500)
        return shares({level: drawn.count(level) for level in levels})

    for _ in range(400):
        over += psi(sampled(), sampled()) > by_chance(5, 500, 500, z=2.326)
    assert over <= 12


def test_nothing_counted_has_no_shares() -> None:
    assert shares({}) == {}
    assert shares({"a": 0}) == {}


def test_the_more_is_looked_at_the_more_is_chance() -> None:
    assert deviations(1) == pytest.approx(2.326, abs=1e-3)
    assert deviations(1) < deviations(10) < deviations(100)
