"""Every figure held against scikit-learn, every interval against what resampling leads means."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    log_loss,
    roc_auc_score,
)

from scoring_service.calibration.judging.metrics import ECE_BINS, Judged, metrics
from scoring_service.calibration.results import Interval, Metrics, Predictions
from scoring_service.calibration.table import Flags, Floats

NAMES = ("roc_auc", "pr_auc", "log_loss", "brier", "ece", "lift_at_10")
ROWS = st.lists(
    st.tuples(st.integers(0, 20), st.booleans(), st.sampled_from([0.25, 0.5, 1.0, 3.0])),
    min_size=2,
    max_size=40,
).filter(lambda rows: len({won for _, won, _ in rows}) == 2)
"""Twentieths of P, with many ties; the outcome; the weight."""


def _measured(
    tables: Any, p: Any, won: Any, replicates: int = 5, seed: int = 0, **more: Any
) -> Metrics:
    return metrics(Predictions(tables.table(won, **more), np.asarray(p)), seed, replicates)


def _values(found: Metrics) -> list[float]:
    return [getattr(found, name).value for name in NAMES]


def _plain_ece(p: Floats, won: Flags, weights: Floats) -> float:
    off = 0.0
    for k in range(ECE_BINS):
        here = np.minimum((p * ECE_BINS).astype(int), ECE_BINS - 1) == k
        if here.any():
            mean, share = (np.average(x[here], weights=weights[here]) for x in (p, won))
            off += weights[here].sum() / weights.sum() * abs(mean - share)
    return off


@given(rows=ROWS)
def test_every_figure_is_that_of_scikit_learn(
    tables: Any, rows: list[tuple[int, bool, float]]
) -> None:
    p = np.array([twentieth / 20 for twentieth, *_ in rows])
    won, weights = np.array([won for _, won, _ in rows]), np.array([w for *_, w in rows])
    found = _measured(tables, p, won, weights=weights)
    sure = np.clip(p, 1e-12, 1 - 1e-12)
    expected = (
        roc_auc_score(won, p, sample_weight=weights),
        average_precision_score(won, p, sample_weight=weights),
        log_loss(won, sure, sample_weight=weights),
        brier_score_loss(won, p, sample_weight=weights),
        _plain_ece(p, won, weights),
    )
    assert _values(found)[:5] == pytest.approx(expected, abs=1e-9)
    assert (found.rows, found.won) == (len(rows), won.sum())


@given(rows=ROWS, seed=st.integers(0, 5))
def test_each_interval_holds_its_value(
    tables: Any, rows: list[tuple[int, bool, float]], seed: int
) -> None:
    p, won, weights = zip(*rows, strict=True)
    found = _measured(tables, np.array(p) / 20, won, 20, seed, weights=weights)
    for name in NAMES:
        interval: Interval = getattr(found, name)
        assert interval.low <= interval.value <= interval.high


@given(rows=ROWS, times=st.integers(2, 4))
def test_a_row_of_weight_k_counts_as_k_rows(
    tables: Any, rows: list[tuple[int, bool, float]], times: int
) -> None:
    p, won = np.array([p for p, *_ in rows]) / 20, np.array([won for _, won, _ in rows])
    heavy = np.where(np.arange(len(p)) % 2, float(times), 1.0)
    often = np.repeat(np.arange(len(p)), heavy.astype(int))
    weighted = _measured(tables, p, won, weights=heavy)
    repeated = _measured(tables, p[often], won[often])
    assert _values(weighted) == pytest.approx(_values(repeated), abs=1e-9)


@given(rows=ROWS, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_is_of_no_account(
    tables: Any, rows: list[tuple[int, bool, float]], order: Any
) -> None:
    shuffled = rows.copy()
    order.shuffle(shuffled)
    found = []
    for these in (rows, shuffled):
        p, won, weights = zip(*these, strict=True)
        found.append(_values(_measured(tables, np.array(p) / 20, won, weights=weights)))
    assert found[0] == pytest.approx(found[1], abs=1e-9)


@given(rows=ROWS, seed=st.integers(0, 5))
def test_the_auc_alone_is_the_first_of_the_figures(
    tables: Any, rows: list[tuple[int, bool, float]], seed: int
) -> None:
    """Also where a draw left only one outcome: then neither is a number."""
    p, won, weights = zip(*rows, strict=True)
    judged = Judged.of(Predictions(tables.table(won, weights=weights), np.array(p) / 20))
    drawn = [*judged.resampled(np.random.default_rng(seed), 10), np.zeros(len(rows))]
    alone, firsts = [judged.auc(w) for w in drawn], [judged.figures(w)[0] for w in drawn]
    assert np.array_equal(alone, firsts, equal_nan=True)


LIFTS = [
    pytest.param([1.0] + [0.5] * 9, [1] + [0] * 9, 10.0, id="the one that was won is the best"),
    pytest.param([0.0] + [0.5] * 9, [1] + [0] * 9, 0.0, id="the one that was won is the last"),
    pytest.param([0.5] * 10, [1] + [0] * 9, 1.0, id="all alike lift nothing, whatever the order"),
    pytest.param([0.9] * 2 + [0.1] * 8, [1, 0] + [0] * 8, 5.0, id="half of two at the border"),
    pytest.param(np.arange(20, 0, -1) / 20, [1, 1] + [0] * 17 + [1], 20 / 3, id="a tenth is two"),
]


@pytest.mark.parametrize(("p", "won", "expected"), LIFTS)
def test_lift_is_the_share_won_among_the_best_tenth_over_that_of_all(
    tables: Any, p: Any, won: Any, expected: float
) -> None:
    assert _measured(tables, p, won).lift_at_10.value == pytest.approx(expected)


def test_rows_of_one_lead_are_drawn_together(tables: Any) -> None:
    """Ten rows a lead of a tenth each say no more than one row: the same interval, to the digit."""
    chance = np.random.default_rng(4)
    p = chance.random(80)
    won = chance.random(80) < p
    once = _measured(tables, p, won, 50)
    ten: dict[str, Any] = {"leads": np.repeat(np.arange(80), 10), "weights": np.full(800, 0.1)}
    often = _measured(tables, np.repeat(p, 10), np.repeat(won, 10), 50, **ten)
    for name in NAMES:
        assert getattr(often, name) == pytest.approx(getattr(once, name))


def test_the_interval_is_as_wide_as_the_figure_varies(tables: Any) -> None:
    """Of 100 samples the 90 % interval of the Brier score holds the true one in about 90."""
    chance, held = np.random.default_rng(8), 0
    for seed in range(100):
        p = chance.uniform(0.1, 0.9, 150)
        interval = _measured(tables, p, chance.random(150) < p, 100, seed).brier
        held += interval.low <= _BRIER_OF_TRUE_P <= interval.high
    assert 80 <= held <= 98


_BRIER_OF_TRUE_P = 0.25 - 0.8**2 / 12
"""The mean of p (1 - p) for p uniform on (.1, .9)."""


def test_a_model_that_is_right_in_every_p_shows_the_ece_of_chance(tables: Any) -> None:
    """Half of 2,000 rows at p = .5: the mean distance of a share of n from p is
    sqrt(2 p (1 - p) / (pi n)).
    """
    found = _measured(tables, np.full(2_000, 0.5), np.arange(2_000) % 2 == 0)
    assert found.ece.value == 0.0
    assert found.perfect_ece == pytest.approx(np.sqrt(2 * 0.25 / (np.pi * 2_000)), rel=0.35)


def test_equal_seeds_give_equal_figures_and_others_other_intervals(tables: Any) -> None:
    p = np.linspace(0.05, 0.95, 60)
    won = np.arange(60) % 3 > 0
    first, again, other = (_measured(tables, p, won, 20, seed) for seed in (1, 1, 2))
    assert first == again
    assert _values(first) == _values(other)
    assert first.roc_auc != other.roc_auc


def test_a_replicate_without_both_outcomes_is_passed_over(tables: Any) -> None:
    found = _measured(tables, [0.9, 0.1, 0.2], [True, False, False], 200)
    assert found.roc_auc == Interval(1.0, 1.0, 1.0)


@pytest.mark.parametrize("won", [True, False])
def test_one_outcome_alone_cannot_be_measured(tables: Any, won: bool) -> None:
    with pytest.raises(ValueError, match="rows that were won and rows that were not"):
        Judged.of(Predictions(tables.table([won] * 3), np.full(3, 0.5)))
