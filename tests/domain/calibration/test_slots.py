"""Where a value falls for counting."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.calibration.slots import (
    activity_slot,
    bin_names,
    criterion_slot,
    number_slot,
    score_slot,
    text_slot,
)


@pytest.mark.parametrize(
    ("value", "slot"),
    [
        pytest.param(None, "missing", id="no number"),
        pytest.param(math.nan, "missing", id="not a number"),
        pytest.param(-1e9, "< 1", id="far below"),
        pytest.param(1.0, "1 to 5", id="an edge belongs to the bin above it"),
        pytest.param(4.999, "1 to 5", id="between"),
        pytest.param(5.0, ">= 5", id="the last edge"),
    ],
)
def test_numbers_fall_into_the_scorecard_s_bins(value: float | None, slot: str) -> None:
    assert number_slot(value, (1.0, 5.0)) == slot


def test_without_edges_there_is_one_bin() -> None:
    assert bin_names(()) == ("any",)
    assert number_slot(3.0, ()) == "any"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6, unique=True), st.floats(-2e6, 2e6))
def test_every_number_has_a_named_bin(edges: list[float], value: float) -> None:
    cuts = tuple(sorted(edges))
    assert number_slot(value, cuts) in bin_names(cuts)


@pytest.mark.parametrize(
    ("level", "slot"),
    [
        pytest.param("web", "=web", id="known"),
        pytest.param("tv", "other", id="never seen"),
        pytest.param(None, "missing", id="none"),
        pytest.param("missing", "=missing", id="a level called missing is not a missing one"),
    ],
)
def test_levels_are_told_from_what_is_none(level: str | None, slot: str) -> None:
    assert text_slot(level, {"web", "missing"}) == slot


@pytest.mark.parametrize(
    ("decayed", "points", "slot"),
    [
        pytest.param(0.0, 8.0, "nothing", id="nothing done"),
        pytest.param(1.0, 8.0, "< 0.5", id="long ago"),
        pytest.param(8.0, 8.0, "1 to 2", id="just now"),
        pytest.param(-40.0, -40.0, "1 to 2", id="points below zero count alike"),
        pytest.param(24.0, 8.0, ">= 2", id="often"),
        pytest.param(0.0, 0.0, "nothing", id="a type without points"),
    ],
)
def test_activities_count_in_fresh_ones(decayed: float, points: float, slot: str) -> None:
    assert activity_slot(decayed, points) == slot


def test_criteria_and_p() -> None:
    assert criterion_slot(True) != criterion_slot(False)
    assert [score_slot(p, (0.1, 0.3)) for p in (0.05, 0.1, 0.3)] == [
        "< 0.1",
        "0.1 to 0.3",
        ">= 0.3",
    ]
