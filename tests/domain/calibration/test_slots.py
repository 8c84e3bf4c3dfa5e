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


@pytest.mark.parametrize(
    ("edges", "names"),
    [
        pytest.param((0.5,), ("< 0.5", ">= 0.5"), id="one cut"),
        pytest.param(
            (1_000_000.0, 2_500_000.0),
            ("< 1e+06", "1e+06 to 2.5e+06", ">= 2.5e+06"),
            id="large cuts are short where that tells them apart",
        ),
        pytest.param(
            (1_000_001.0, 1_000_002.0, 1_000_003.0),
            ("< 1000001.0", "1000001.0 to 1000002.0", "1000002.0 to 1000003.0", ">= 1000003.0"),
            id="and whole where it does not",
        ),
    ],
)
def test_bins_are_named_by_their_cuts(edges: tuple[float, ...], names: tuple[str, ...]) -> None:
    assert bin_names(edges) == names


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=6, unique=True))
def test_no_two_bins_have_one_name(cuts: list[float]) -> None:
    names = bin_names(tuple(sorted(cuts)))
    assert len(set(names)) == len(names) == len(cuts) + 1


@given(
    st.lists(st.integers(1_000_000, 1_000_020).map(float), min_size=1, max_size=6, unique=True),
    st.floats(999_990, 1_000_030),
)
def test_a_number_is_counted_in_its_own_bin(cuts: list[float], value: float) -> None:
    edges = tuple(sorted(cuts))
    place = sum(value >= edge for edge in edges)
    assert number_slot(value, edges) == bin_names(edges)[place] == score_slot(value, edges)
