"""Reliability, distribution and gain, against plain sums over the rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.calibration.reporting.evaluation_curves import (
    distribution,
    gain,
    reliability,
    share_won,
)
from scoring_service.calibration.results import Predictions
from scoring_service.calibration.table import Time, TrainingTable


def _predictions(rows: list[tuple[float, bool]], weights: list[float] | None = None) -> Predictions:
    n = len(rows)
    table = TrainingTable(
        source="x",
        leads=np.arange(n),
        won=np.array([won for _, won in rows], dtype=bool),
        weights=np.ones(n) if weights is None else np.array(weights),
        time=Time.NONE,
        scored_at=np.zeros(n, dtype=np.int64),
        known_at=np.zeros(n, dtype=np.int64),
        recycled=np.zeros(n, dtype=bool),
        columns=(),
    )
    return Predictions(table, np.array([p for p, _ in rows]))


probabilities = st.integers(0, 1000).map(lambda thousandth: thousandth / 1000)
some_rows = st.lists(st.tuples(probabilities, st.booleans()), min_size=1, max_size=60)


@given(some_rows)
def test_every_row_is_in_one_bin_and_the_bins_sum_to_all(rows: list[tuple[float, bool]]) -> None:
    bins = reliability(_predictions(rows))
    assert sum(place.rows for place in bins) == len(rows)
    won = sum(place.won.value * place.rows for place in bins)
    assert won == pytest.approx(sum(won for _, won in rows))
    for place in bins:
        inside = [p for p, _ in rows if place.low <= p < place.high or p == place.high == 1]
        assert place.predicted == pytest.approx(sum(inside) / len(inside))
        assert 0 <= place.won.low <= place.won.value <= place.won.high <= 1


def test_a_lead_with_three_rows_counts_once() -> None:
    rows = [(0.5, True)] * 3 + [(0.5, False)]
    (place,) = reliability(_predictions(rows, [1 / 3, 1 / 3, 1 / 3, 1.0]))
    assert place.won == pytest.approx(share_won(1, 2))
    assert place.rows == 4


@given(some_rows)
def test_the_distribution_counts_every_row(rows: list[tuple[float, bool]]) -> None:
    found = distribution(_predictions(rows))
    assert found.won.sum() == sum(won for _, won in rows)
    assert found.lost.sum() == sum(not won for _, won in rows)


@given(some_rows, st.randoms())
def test_gain_rises_from_nothing_to_everything_whatever_the_order(rows, random) -> None:  # type: ignore[no-untyped-def]
    found = gain(_predictions(rows))
    assert found.wins[0] == 0
    assert found.wins[-1] == pytest.approx(1 if any(won for _, won in rows) else 0)
    assert (np.diff(found.wins) >= -1e-12).all()
    random.shuffle(rows)
    assert gain(_predictions(rows)).wins == pytest.approx(found.wins)


def test_the_best_tenth_holds_all_wins_where_p_ranks_perfectly() -> None:
    rows = [(0.9, True)] * 10 + [(0.1, False)] * 90
    found = gain(_predictions(rows))
    assert found.wins[10] == pytest.approx(1.0)
    assert found.wins[5] == pytest.approx(0.5)


def test_rows_of_equal_p_share_their_wins() -> None:
    found = gain(_predictions([(0.5, True)] * 10 + [(0.5, False)] * 90))
    assert found.wins == pytest.approx(found.rows)


@pytest.mark.parametrize(
    ("won", "leads", "low", "high"),
    [
        pytest.param(0, 10, 0.0, 0.213, id="none of ten may still be a fifth"),
        pytest.param(10, 10, 0.787, 1.0, id="ten of ten may still be four fifths"),
        pytest.param(50, 100, 0.419, 0.581, id="half of a hundred"),
        pytest.param(0, 0, 0.0, 1.0, id="nothing is known without leads"),
    ],
)
def test_shares_have_wilson_s_interval(won: float, leads: float, low: float, high: float) -> None:
    found = share_won(won, leads)
    assert found.low == pytest.approx(low, abs=5e-4)
    assert found.high == pytest.approx(high, abs=5e-4)


def test_a_p_of_one_is_in_the_last_bin() -> None:
    (place,) = reliability(_predictions([(1.0, True)]))
    assert place.low == pytest.approx(14 / 15)
    assert place.high == 1.0


@pytest.mark.parametrize(
    ("largest", "top"),
    [
        pytest.param(0.12, 0.15, id="a low one"),
        pytest.param(0.15, 0.15, id="at a twentieth"),
        pytest.param(1.0, 1.0, id="certain"),
        pytest.param(0.0, 0.05, id="never below one"),
    ],
)
def test_the_distribution_ends_at_the_twentieth_above_the_largest_p(
    largest: float, top: float
) -> None:
    found = distribution(_predictions([(largest, True), (0.0, False)]))
    assert found.edges[-1] == pytest.approx(top)
    assert found.won.sum() + found.lost.sum() == 2
