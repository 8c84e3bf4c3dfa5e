"""Where a number is cut: at quantiles, in decimals that people can read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.calibration.learning.edges import bin_edges, shortest

NUMBERS = st.floats(-1e12, 1e12, allow_nan=False, allow_subnormal=True)


@pytest.mark.parametrize(
    ("low", "high", "edge"),
    [
        pytest.param(4.857, 4.961, 4.9, id="one decimal is enough"),
        pytest.param(49_812.0, 51_204.0, 50_000.0, id="a round thousand"),
        pytest.param(-3.4, 0.7, 0.0, id="nought lies between"),
        pytest.param(0.1, 0.2, 0.2, id="the higher value itself where it is shortest"),
        pytest.param(1.0, 1.0 + 2**-52, 1.0 + 2**-52, id="neighbours of one another"),
        pytest.param(0.0, 5e-324, 5e-324, id="the least number there is"),
    ],
)
def test_an_edge_is_the_shortest_decimal_that_keeps_two_values_apart(
    low: float, high: float, edge: float
) -> None:
    assert shortest(low, high) == edge


@given(NUMBERS, NUMBERS)
def test_an_edge_lies_above_the_lower_value_and_not_above_the_higher(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    if low < high:
        assert low < shortest(low, high) <= high


@pytest.mark.parametrize(
    ("values", "bins", "edges"),
    [
        pytest.param([1, 2, 3, 4], 2, [3], id="halves"),
        pytest.param([1, 2, 3, 4], 4, [2, 3, 4], id="quarters"),
        pytest.param([1, 2, 3, 4], 9, [2, 3, 4], id="never more bins than values"),
        pytest.param([7, 7, 7], 4, [], id="one value has one bin"),
        pytest.param([np.nan, np.nan], 4, [], id="nothing but missing values"),
        pytest.param([np.nan, 1, 2], 2, [2], id="missing values do not count"),
        pytest.param([0] * 9 + [5], 4, [5], id="a rare value above one that most rows have"),
        pytest.param([0] + [5] * 9, 4, [5], id="a rare value below one that most rows have"),
        pytest.param([1, 2, 3], 1, [], id="a single bin has no edge"),
    ],
)
def test_bins_hold_about_as_many_rows_each(
    values: list[float], bins: int, edges: list[float]
) -> None:
    found = bin_edges(np.array(values, dtype=float), np.ones(len(values)), bins)
    assert found.tolist() == edges


ROWS = st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 3)), min_size=1, max_size=60)


@given(ROWS, st.integers(1, 12))
def test_a_row_of_weight_two_counts_as_two_rows(rows: list[tuple[int, int]], bins: int) -> None:
    values, weights = (np.array(part, dtype=float) for part in zip(*rows, strict=True))
    often = np.repeat(values, weights.astype(int))
    alone = bin_edges(often, np.ones(len(often)), bins)
    assert bin_edges(values, weights, bins).tolist() == alone.tolist()


@given(st.lists(NUMBERS, min_size=1, max_size=60), st.integers(2, 12))
def test_edges_rise_and_leave_no_bin_empty(values: list[float], bins: int) -> None:
    edges = bin_edges(np.array(values), np.ones(len(values)), bins)
    assert len(edges) < bins
    held = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    assert (np.diff(edges) > 0).all()
    assert (held > 0).all()
