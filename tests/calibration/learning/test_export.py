"""What scorecard.json holds."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.calibration.learning.export import factor, scorecard_bytes
from scoring_service.calibration.learning.fitting import fit
from scoring_service.calibration.results import Fitted
from scoring_service.calibration.table import MISSING, TrainingTable
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    TextTerm,
)


def test_it_is_read_as_it_was_written(fitted: Fitted) -> None:
    content = scorecard_bytes(fitted.scorecard)
    assert msgspec.json.decode(content, type=Scorecard) == fitted.scorecard
    assert scorecard_bytes(msgspec.json.decode(content, type=Scorecard)) == content


def test_it_names_every_term_with_what_it_was_trained_on(
    fitted: Fitted, table: TrainingTable
) -> None:
    decides, demo, pages, employees, source = fitted.scorecard.terms
    assert isinstance(decides, CriterionTerm)
    assert (decides.name, decides.when) == ("decides", 'seniority == "vp"')
    assert isinstance(demo, ActivityTerm)
    assert isinstance(pages, ActivityTerm)
    assert (demo.type, demo.points, demo.half_life) == ("demo_request", 60.0, 21 * 86_400.0)
    assert (demo.points_max, pages.points_max) == (60.0, None)
    assert isinstance(employees, NumberTerm)
    assert (employees.attribute, employees.type, employees.edges) == (
        "employees",
        "integer",
        (200.0, 2_000.0),
    )
    assert len(employees.bins) == 3
    assert isinstance(source, TextTerm)
    assert (fitted.scorecard.rows, fitted.scorecard.won) == (len(table), table.won.sum())
    assert fitted.scorecard.base_rate == pytest.approx(table.won.mean())
    assert fitted.scorecard.horizon_days == 30.0


def test_weights_have_ten_decimals_and_rows_of_the_factor_six(fitted: Fitted) -> None:
    scorecard = fitted.scorecard
    terms = [t for t in scorecard.terms if not isinstance(t, ActivityTerm)]
    cells = [scorecard.intercept, *(cell for term in terms for cell in term.cells)]
    assert len(cells) > 10
    for cell in cells:
        assert cell.weight == round(cell.weight, 10)
    for cell in (*cells, *(cell for term in scorecard.terms for cell in term.cells)):
        assert cell.row == tuple(round(value, 6) for value in cell.row)
        assert len(cell.row) == len(scorecard.intercept.row)


@given(
    st.integers(0, 2**32),
    st.sampled_from([0.3, 1.0, 4.0, 100.0]),
    st.integers(1, 4),
    st.integers(1, 60),
)
def test_the_factor_is_of_the_covariance(
    seed: int, penalty: float, features: int, rows: int
) -> None:
    chance = np.random.default_rng(seed)
    encoded, certainty = chance.normal(0, 1, (rows, features)), chance.uniform(0.05, 0.25, rows)
    x = np.column_stack([np.ones(rows), encoded])
    ridge = np.diag([0.0] + [min(penalty, 4.0)] * features)
    precision = x.T @ np.diag(certainty) @ x + ridge
    found = factor(encoded, certainty, penalty)
    assert np.allclose(found @ found.T @ precision, np.eye(1 + features), atol=1e-6)
    assert np.array_equal(found, np.tril(found))


def test_the_factor_of_many_rows_is_summed_in_parts() -> None:
    chance = np.random.default_rng(1)
    encoded, certainty = chance.normal(0, 1, (25_000, 3)), chance.uniform(0.05, 0.25, 25_000)
    x = np.column_stack([np.ones(25_000), encoded])
    whole = (x.T * certainty) @ x + np.diag([0.0, 1.0, 1.0, 1.0])
    found = factor(encoded, certainty, 1.0)
    assert np.allclose(found @ found.T @ whole, np.eye(4), atol=1e-9)


def test_a_text_that_training_never_saw_filled_is_as_uncertain_as_the_penalty(
    table: TrainingTable,
) -> None:
    """Nothing is known of what any level of it is worth."""
    source = table.column("source")
    empty = replace(source, values=np.full(len(table), float(MISSING)))
    unknown = replace(table, columns=(*table.without({"source"}).columns, empty))
    term = fit(unknown, 0.5).scorecard.terms[-1]
    assert isinstance(term, TextTerm)
    assert term.levels == {}
    assert (term.unseen.weight, term.unseen.variance) == (0.0, 0.5)


@pytest.mark.parametrize(
    ("horizon", "days"),
    [
        pytest.param(timedelta(days=90), 90.0, id="whole days"),
        pytest.param(timedelta(hours=36), 1.5, id="a day and a half"),
        pytest.param(None, None, id="no times"),
    ],
)
def test_the_horizon_is_told_in_days(
    table: TrainingTable, horizon: timedelta | None, days: float | None
) -> None:
    assert fit(replace(table, horizon=horizon), 0.5).scorecard.horizon_days == days
