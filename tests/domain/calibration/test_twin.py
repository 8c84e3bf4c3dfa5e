"""The estimate for one lead, the one for many, and scikit-learn's are one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import numpy as np
import pytest

from scoring_service.calibration.learning.apply import LogOdds, log_odds
from scoring_service.calibration.learning.export import scorecard_bytes
from scoring_service.calibration.learning.fitting import fit, predicted
from scoring_service.calibration.results import Fitted
from scoring_service.calibration.table import Column, Kind, Time, TrainingTable
from scoring_service.domain.calibration.estimate import Estimate, estimate
from scoring_service.domain.calibration.model import Model, model_of
from scoring_service.domain.calibration.scorecard import Scorecard
from scoring_service.domain.schema import AttributeType
from scoring_service.domain.scoring.scoring import ActivityScoring, Bars, Grades, Scoring

ROWS = 10_000
TRAINED = 3_000
LEVELS = ("web", "fair", "partner", "rare", "never")


def table_of(seed: int, rows: int, *, unseen: bool) -> TrainingTable:
    """Rows with missing values; levels that training never saw only where `unseen`."""
    chance = np.random.default_rng(seed)
    employees = np.where(chance.random(rows) < 0.2, np.nan, np.round(chance.lognormal(4, 1, rows)))
    shares = (0.4, 0.3, 0.2, 0.005, 0.095) if unseen else (0.5, 0.3, 0.19, 0.01, 0.0)
    source = chance.choice(5, rows, p=shares).astype(float)
    source[chance.random(rows) < 0.1] = -1
    known = chance.choice(2, rows).astype(float)
    known[chance.random(rows) < 0.3 if unseen else np.zeros(rows, bool)] = -1
    big = (np.nan_to_num(employees) >= 200).astype(float)
    points = np.minimum(chance.exponential(20, rows) * (chance.random(rows) < 0.5), 60.0)
    eta = -1.5 + 0.4 * big + 0.02 * points + 0.5 * (source == 0)
    won = chance.random(rows) < 1 / (1 + np.exp(-eta))
    scoring = ActivityScoring("demo_request", 60.0, timedelta(days=21), points_max=60.0)
    columns = (
        Column("company size", Kind.CRITERION, big, when="employees >= 200"),
        Column("employees", Kind.NUMBER, employees, AttributeType.INTEGER),
        Column("source", Kind.TEXT, source, AttributeType.TEXT, LEVELS),
        Column("known", Kind.TEXT, known, AttributeType.BOOLEAN, ("false", "true")),
        Column("demo_request", Kind.ACTIVITY, points, scoring=scoring),
    )
    place = np.arange(rows)
    return TrainingTable(
        "simulated", place, won, np.ones(rows), Time.ORDER, place, place,
        np.zeros(rows, bool), columns,
    )  # fmt: skip


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit(table_of(1, TRAINED, unseen=False), 0.3)


@pytest.fixture(scope="module")
def scorecard(fitted: Fitted) -> Scorecard:
    """As it was written and read again."""
    return msgspec.json.decode(scorecard_bytes(fitted.scorecard), type=Scorecard)


@pytest.fixture(scope="module")
def served(scorecard: Scorecard) -> Model:
    nothing = Scoring((), {}, {}, Grades((), ()), Bars(0, 0))
    holds = {"employees >= 200": lambda symbols: (symbols["employees"] or 0) >= 200}
    return model_of("v", scorecard, holds, nothing)


@pytest.fixture(scope="module")
def rows() -> TrainingTable:
    return table_of(2, ROWS, unseen=True)


@pytest.fixture(scope="module")
def one_by_one(served: Model, rows: TrainingTable) -> list[Estimate]:
    employees, source, known, points = (
        rows.column(name).values for name in ("employees", "source", "known", "demo_request")
    )
    found = []
    for number in range(ROWS):
        symbols: Mapping[str, Any] = {
            "employees": None if np.isnan(employees[number]) else int(employees[number]),
            "source": LEVELS[int(source[number])] if source[number] >= 0 else None,
            "known": bool(known[number]) if known[number] >= 0 else None,
        }
        found.append(estimate(served, symbols, {"demo_request": float(points[number])}))
    return found


@pytest.fixture(scope="module")
def together(scorecard: Scorecard, rows: TrainingTable) -> LogOdds:
    return log_odds(scorecard, rows)


def test_the_rows_hold_what_training_never_saw(rows: TrainingTable, scorecard: Scorecard) -> None:
    assert "never" not in str(scorecard)
    assert (rows.column("source").values == LEVELS.index("never")).sum() > 500
    assert (rows.column("known").values == -1).sum() > 500


def test_one_by_one_is_what_it_is_together(one_by_one: list[Estimate], together: LogOdds) -> None:
    eta = [sum(c.log_odds for c in found.contributions) for found in one_by_one]
    np.testing.assert_allclose(eta, together.eta, rtol=0, atol=1e-9)
    low, high = together.interval
    for values, name in ((together.p, "value"), (low, "low"), (high, "high")):
        alone = [getattr(found.win, name) for found in one_by_one]
        np.testing.assert_allclose(alone, values, rtol=0, atol=1e-9)


def test_both_are_what_scikit_learn_says(
    fitted: Fitted, rows: TrainingTable, one_by_one: list[Estimate]
) -> None:
    wanted = predicted(fitted.pipeline, rows)
    alone = [found.win.value for found in one_by_one]
    np.testing.assert_allclose(alone, np.clip(wanted, 0.0001, 0.9999), rtol=0, atol=1e-9)
