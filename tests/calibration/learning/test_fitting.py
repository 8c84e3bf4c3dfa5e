"""How C is chosen, and that two fits are one."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.calibration.known_truth import Truth, drawn, truth
from scoring_service.calibration.judging.splits import folds
from scoring_service.calibration.learning.apply import log_odds
from scoring_service.calibration.learning.export import scorecard_bytes
from scoring_service.calibration.learning.fitting import (
    CS,
    best_c,
    fit,
    fitted_pipeline,
    predicted,
    predicted_out_of_fold,
)
from scoring_service.calibration.results import Fitted
from scoring_service.calibration.table import Column, Kind, Time, TrainingTable

NOTHING = Truth(-1.0, 0, 0, 0, np.zeros(4), np.zeros(4))


def _leads(rows: int, by: Truth, seed: int = 3) -> TrainingTable:
    return replace(drawn(np.random.default_rng(seed), rows, by).table, time=Time.NONE)


def _with_noise(table: TrainingTable, columns: int) -> TrainingTable:
    chance = np.random.default_rng(9)
    noise = (
        Column(f"noise {number}", Kind.NUMBER, chance.normal(0, 1, len(table)))
        for number in range(columns)
    )
    return replace(table, columns=(*table.columns, *noise))


STRONG = truth(np.random.default_rng(8), spread=1.5)


@pytest.mark.parametrize(
    ("table", "least", "most"),
    [
        pytest.param(_leads(1_500, STRONG), 1.0, 3.0, id="much to learn: a weak penalty"),
        pytest.param(
            _with_noise(_leads(600, NOTHING), 15), 0.003, 0.1, id="nothing to learn: a strong one"
        ),
    ],
)
def test_c_is_what_predicts_rows_unseen(table: TrainingTable, least: float, most: float) -> None:
    assert least <= best_c(table, folds(table, 5, 0)) <= most


@pytest.mark.parametrize("won", [pytest.param(2, id="half"), pytest.param(3, id="a third")])
def test_a_column_that_never_changes_is_fitted_without_a_warning(won: int) -> None:
    table = _leads(1_500, NOTHING)
    same = Column("same", Kind.NUMBER, np.full(len(table), 7.0))
    table = replace(table, columns=(same,), won=np.arange(len(table)) % won == 0)
    c = best_c(table, folds(table, 5, 0))
    assert predicted(fitted_pipeline(table, c), table) == pytest.approx(1 / won)


def test_of_penalties_that_the_rows_cannot_tell_apart_it_is_the_weakest() -> None:
    """Held against the out-of-fold losses of each C, lead by lead."""
    table = _leads(600, truth(np.random.default_rng(8)))
    parts = folds(table, 5, 0)
    losses = np.array([_losses(table, c) for c in CS])
    least = losses.sum(axis=1).argmin()
    more = losses - losses[least]
    as_good = more.sum(axis=1) <= more.std(axis=1) * np.sqrt(len(table))
    assert best_c(table, parts) == max(np.array(CS)[as_good])
    assert CS[least] < best_c(table, parts)


def _losses(table: TrainingTable, c: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    p, _ = predicted_out_of_fold(table, folds(table, 5, 0), c)
    return np.asarray(-np.log(np.where(table.won, p, 1 - p)))


def test_where_no_fold_has_both_outcomes_c_is_the_middle_one() -> None:
    table = _leads(100, STRONG)
    lost = replace(table, won=np.zeros(100, dtype=bool))
    assert best_c(lost, folds(lost, 5, 0)) == CS[len(CS) // 2]


def test_each_row_is_predicted_by_a_model_that_did_not_see_it() -> None:
    table = _leads(300, STRONG)
    parts = folds(table, 3, 0)
    p, fold_of = predicted_out_of_fold(table, parts, 1.0)
    for number, (trains, tested) in enumerate(parts):
        own = predicted(fitted_pipeline(table.rows(trains), 1.0), table.rows(tested))
        assert np.array_equal(p[tested], own)
        assert set(fold_of[tested]) == {number}


def test_rows_before_the_first_fold_are_not_predicted() -> None:
    table = replace(_leads(300, STRONG), time=Time.ORDER)
    p, fold_of = predicted_out_of_fold(table, folds(table, 5, 0), 1.0)
    assert np.isnan(p[:50]).all()
    assert np.array_equal(np.isnan(p), np.isnan(fold_of))


def test_the_pipeline_uses_the_coefficients_that_the_scorecard_tells(fitted: Fitted) -> None:
    learner = fitted.pipeline[-1]
    assert np.array_equal(learner.coef_, np.round(learner.coef_, 10))
    assert learner.intercept_[0] == fitted.scorecard.intercept.weight


def test_the_intercept_is_not_penalised() -> None:
    """However strong the penalty, mean P is the share won."""
    table = _leads(1_000, STRONG)
    p = predicted(fitted_pipeline(table, 0.003), table)
    assert p.mean() == pytest.approx(table.won.mean(), abs=1e-6)


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_a_lead_of_three_rows_counts_as_one(seed: int) -> None:
    """Its rows weigh a third each: as good as one of them, for weights, bins, L and all."""
    table = _leads(200, STRONG, seed)
    thrice = table.rows(np.repeat(np.arange(200), 3))
    thirds = replace(thrice, weights=np.full(600, 1 / 3))
    once, again = fit(table, 1.0).scorecard, fit(thirds, 1.0).scorecard
    one, other = log_odds(once, table), log_odds(again, table)
    assert np.allclose(one.eta, other.eta, atol=1e-6)
    assert np.allclose(one.deviation, other.deviation, atol=1e-4)


SCRIPT = """
import sys
import numpy as np
from dataclasses import replace
from benchmarks.calibration.known_truth import drawn, truth
from scoring_service.calibration.learning.export import scorecard_bytes
from scoring_service.calibration.results import Refusal
from scoring_service.calibration.training import TrainingOptions, train
chance = np.random.default_rng(4)
table = drawn(chance, 2_000, truth(chance, spread=0.9)).table
training = train(table, TrainingOptions(replicates=20))
assert training.published is not None
sys.stdout.buffer.write(scorecard_bytes(training.published.scorecard))
"""


def test_two_processes_write_the_same_bytes_whatever_their_threads() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads},
            capture_output=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    ]
    assert len(runs[0]) > 1_000
    assert runs[0] == runs[1]


def test_the_same_rows_give_the_same_bytes(table: TrainingTable, fitted: Fitted) -> None:
    again = fit(table, 0.5)
    assert scorecard_bytes(again.scorecard) == scorecard_bytes(fitted.scorecard)
