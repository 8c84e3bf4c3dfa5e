"""A scorecard on many rows: it says what scikit-learn says, and says of what it is made."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.calibration.learning.apply import Z, log_odds, predictions
from scoring_service.calibration.learning.fitting import fit, predicted
from scoring_service.calibration.learning.model import matrix
from scoring_service.calibration.results import Fitted
from scoring_service.calibration.table import MISSING, Column, Floats, Kind, TrainingTable
from scoring_service.domain.calibration.scorecard import ActivityTerm, Scorecard, TextTerm
from scoring_service.domain.scoring.scoring import ActivityScoring

EXACT = 1e-9


def _decision(fitted: Fitted, table: TrainingTable) -> Floats:
    found: Floats = fitted.pipeline.decision_function(matrix(table))
    return found


def test_on_10_000_rows_with_missing_and_unseen_levels_it_equals_scikit_learn(
    fitted: Fitted, asked: TrainingTable
) -> None:
    assert asked.column("source").missing.sum() > 1_000
    assert (asked.column("source").values == 8).sum() > 500
    eta = log_odds(fitted.scorecard, asked).eta
    assert np.abs(eta - _decision(fitted, asked)).max() < EXACT
    p = predictions(fitted.scorecard, asked).p
    assert np.abs(p - np.clip(predicted(fitted.pipeline, asked), 0.0001, 0.9999)).max() < EXACT


def test_what_training_never_saw_is_worth_the_same_in_both(
    complete: TrainingTable, asked: TrainingTable
) -> None:
    """Trained without anything missing or rare, asked for all of that."""
    fitted = fit(complete, 0.5)
    difference = log_odds(fitted.scorecard, asked).eta - _decision(fitted, asked)
    assert np.abs(difference).max() < EXACT


def test_shares_and_intercept_sum_to_the_log_odds(fitted: Fitted, asked: TrainingTable) -> None:
    found = log_odds(fitted.scorecard, asked)
    total = found.shares.sum(axis=1) + fitted.scorecard.intercept.weight
    assert np.abs(total - _decision(fitted, asked)).max() < EXACT
    assert found.shares.shape == (len(asked), len(fitted.scorecard.terms))


def test_the_interval_is_that_of_the_whole_covariance(
    fitted: Fitted, table: TrainingTable, asked: TrainingTable
) -> None:
    """Against (X'WX + min(lambda, 4) I)^-1 written out; rows of L have 6 decimals."""
    encoder, learner = fitted.pipeline[0], fitted.pipeline[-1]
    encoded = encoder.transform(matrix(table))
    x = np.column_stack([np.ones(len(encoded)), encoded])
    p = learner.predict_proba(encoded)[:, 1]
    ridge = np.diag([0.0] + [2.0] * encoded.shape[1])
    covariance = np.linalg.inv((x.T * (p * (1 - p))) @ x + ridge)
    z = np.column_stack([np.ones(len(asked)), encoder.transform(matrix(asked))])
    deviation = np.sqrt(np.einsum("ij,jk,ik->i", z, covariance, z))
    found = log_odds(fitted.scorecard, asked)
    assert np.abs(found.deviation - deviation).max() < 1e-4
    low, high = found.interval
    assert np.allclose(low, 1 / (1 + np.exp(-(found.eta - 1.645 * deviation))), atol=1e-4)
    assert np.allclose(high, 1 / (1 + np.exp(-(found.eta + 1.645 * deviation))), atol=1e-4)


def test_a_level_never_seen_is_less_certain_by_how_much_levels_differ(
    complete: TrainingTable,
) -> None:
    scorecard = fit(complete, 0.5).scorecard
    term = scorecard.terms[-1]
    assert isinstance(term, TextTerm)
    shares = np.bincount(complete.column("source").values.astype(int)) / len(complete)
    weights = np.array([cell.weight for cell in term.levels.values()])
    assert len(weights) == 7
    mean = shares[:7] @ weights
    assert term.unseen.weight == pytest.approx(mean)
    assert term.unseen.variance == pytest.approx(shares[:7] @ (weights - mean) ** 2, abs=1e-9)
    assert term.unseen == term.missing, "nothing was missing either"


def test_rare_levels_and_new_ones_are_one(fitted: Fitted, asked: TrainingTable) -> None:
    found = log_odds(fitted.scorecard, asked)
    codes, last = asked.column("source").values, found.shares[:, -1]
    assert len(set(last[codes >= 7])) == 1
    term = fitted.scorecard.terms[-1]
    assert isinstance(term, TextTerm)
    assert term.unseen.variance == 0.0
    assert set(term.levels) == {"ads", "fair", "web", "partner", "mail", "phone", "event"}


@pytest.mark.parametrize("name", ["employees", "source"])
def test_a_column_that_the_table_has_not_is_missing(
    fitted: Fitted, table: TrainingTable, name: str
) -> None:
    column = table.column(name)
    gone = np.full(len(table), MISSING if column.kind is Kind.TEXT else np.nan)
    empty = (*table.without({name}).columns, replace(column, values=gone))
    left_out = log_odds(fitted.scorecard, table.without({name}))
    assert np.array_equal(left_out.eta, log_odds(fitted.scorecard, _of(table, *empty)).eta)


@pytest.mark.parametrize("name", ["decides", "demo_request"])
def test_a_criterion_or_a_type_that_the_table_has_not_does_not_count(
    fitted: Fitted, table: TrainingTable, name: str
) -> None:
    none = replace(table.column(name), values=np.zeros(len(table)))
    left_out = log_odds(fitted.scorecard, table.without({name}))
    zero = log_odds(fitted.scorecard, _of(table, *table.without({name}).columns, none))
    assert np.array_equal(left_out.eta, zero.eta)


def test_a_criterion_of_the_same_name_and_another_condition_does_not_count(
    fitted: Fitted, table: TrainingTable
) -> None:
    other = replace(table.column("decides"), when='seniority == "intern"')
    changed = log_odds(fitted.scorecard, _of(table, *table.without({"decides"}).columns, other))
    assert not changed.shares[:, 0].any()


@pytest.mark.parametrize(
    ("points", "points_max", "times"),
    [
        pytest.param(60.0, 60.0, 1.0, id="as trained"),
        pytest.param(30.0, 30.0, 2.0, id="half the points"),
        pytest.param(120.0, None, 0.5, id="twice the points, no cap"),
    ],
)
def test_points_of_another_scoring_are_translated(
    fitted: Fitted, table: TrainingTable, points: float, points_max: float | None, times: float
) -> None:
    """Applying its own proposal must not move any P."""
    column = table.column("demo_request")
    scoring = ActivityScoring("demo_request", points, timedelta(days=21), points_max=points_max)
    other = replace(column, values=column.values / times, scoring=scoring)
    moved = _of(table, *(other if c is column else c for c in table.columns))
    before, after = (log_odds(fitted.scorecard, rows).eta for rows in (table, moved))
    assert np.abs(before - after).max() < EXACT


def _of(table: TrainingTable, *columns: Column) -> TrainingTable:
    return replace(table, columns=columns)


@given(st.floats(0, 60), st.floats(0, 60))
def test_points_add_in_proportion(fitted: Fitted, table: TrainingTable, a: float, b: float) -> None:
    points = np.array([a, b, 0.0])
    column = replace(table.column("demo_request").rows(np.arange(3)), values=points)
    found = log_odds(fitted.scorecard, _of(table.rows(np.arange(3)), column))
    place, term = next(
        (number, term)
        for number, term in enumerate(fitted.scorecard.terms)
        if isinstance(term, ActivityTerm) and term.type == "demo_request"
    )
    assert np.allclose(found.shares[:, place], term.per_point.weight * points, atol=1e-12)


@given(st.permutations(range(5)))
def test_the_order_of_columns_does_not_matter(
    fitted: Fitted, table: TrainingTable, order: list[int]
) -> None:
    few = table.rows(np.arange(20))
    mixed = _of(few, *(few.columns[k] for k in order))
    eta = log_odds(fitted.scorecard, few).eta
    assert np.array_equal(eta, log_odds(fitted.scorecard, mixed).eta)


@given(st.lists(st.integers(0, 1_500), min_size=1, max_size=8))
def test_a_row_is_judged_by_itself(fitted: Fitted, table: TrainingTable, rows: list[int]) -> None:
    alone = log_odds(fitted.scorecard, table.rows(np.array(rows)))
    among = log_odds(fitted.scorecard, table)
    assert np.allclose(alone.eta, among.eta[rows], atol=1e-12)
    assert np.allclose(alone.deviation, among.deviation[rows], atol=1e-12)


def test_a_scorecard_without_terms_says_the_same_of_everybody(
    fitted: Fitted, table: TrainingTable
) -> None:
    bare = Scorecard(fitted.scorecard.intercept, (), base_rate=0.2, rows=1, won=1)
    found = log_odds(bare, table)
    assert set(found.eta) == {bare.intercept.weight}
    assert found.deviation[0] == pytest.approx(np.linalg.norm(bare.intercept.row))
    assert Z == 1.645
