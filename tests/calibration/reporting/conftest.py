"""A small calibration whose figures are known, made without fitting anything."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from scoring_service.calibration.results import (
    Clock,
    Fitted,
    Gate,
    Headroom,
    Interval,
    Leak,
    Metrics,
    Predictions,
    Severity,
    Training,
)
from scoring_service.calibration.table import Column, Floats, Kind, Time, TrainingTable
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    TextTerm,
)
from scoring_service.domain.schema import AttributeType
from scoring_service.domain.scoring.scoring import ActivityScoring

ROWS = 3_000
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = 3_600_000_000
SOURCES = {"web": 0.0, "fair": 0.8, "ads": -0.6}
EDGES = (50.0, 200.0)
BINS = (-0.5, 0.1, 0.4)
DEMO = ActivityScoring("demo_request", 60.0, timedelta(days=21), points_max=60.0)

Train = Callable[..., Training]


def _cell(weight: float, place: int, spread: float = 0.1) -> Cell:
    return Cell(weight, tuple(spread if at == place else 0.0 for at in range(12)))


SCORECARD = Scorecard(
    intercept=_cell(-2.0, 0),
    terms=(
        CriterionTerm("decides", 'seniority == "vp"', _cell(0.9, 1)),
        ActivityTerm("demo_request", 60.0, 21 * 86_400.0, _cell(0.02, 2, 0.002), points_max=60.0),
        NumberTerm(
            "employees",
            AttributeType.INTEGER,
            EDGES,
            tuple(_cell(weight, 3 + place) for place, weight in enumerate(BINS)),
            _cell(-0.2, 6),
        ),
        TextTerm(
            "source",
            AttributeType.TEXT,
            {
                level: _cell(weight, 7 + place)
                for place, (level, weight) in enumerate(SOURCES.items())
            },
            _cell(-0.1, 10),
            _cell(0.0, 11),
        ),
    ),
    base_rate=0.2,
    rows=ROWS,
    won=600,
    horizon_days=90.0,
)


def _logit(decides: Floats, demo: Floats, employees: Floats, codes: Floats) -> Floats:
    sizes = np.where(
        np.isnan(employees), -0.2, np.array(BINS)[np.searchsorted(EDGES, employees, "right") % 3]
    )
    sources = np.array([*SOURCES.values(), -0.1])[codes.astype(int)]
    found: Floats = -2.0 + 0.9 * decides + 0.02 * demo + sizes + sources
    return found


def _table(chance: np.random.Generator, rows: int, odds: float) -> tuple[TrainingTable, Floats]:
    decides = (chance.random(rows) < 0.3).astype(float)
    demo = np.where(chance.random(rows) < 0.4, 60 * chance.random(rows), 0.0)
    employees = np.where(chance.random(rows) < 0.1, np.nan, np.exp(chance.normal(4.5, 1, rows)))
    codes = chance.choice([0, 1, 2, -1], rows, p=[0.6, 0.15, 0.2, 0.05]).astype(float)
    p = 1 / (1 + np.exp(-_logit(decides, demo, employees, codes)))
    won = chance.random(rows) < 1 / (1 + np.exp(-_logit(decides, demo, employees, codes) - odds))
    at = int(BEGAN.timestamp()) * 1_000_000 + np.arange(rows) * HOUR
    table = TrainingTable(
        source="leads.csv",
        leads=np.arange(rows),
        won=won,
        weights=np.ones(rows),
        time=Time.INSTANTS,
        scored_at=at,
        known_at=at + 90 * 24 * HOUR,
        recycled=chance.random(rows) < 0.1,
        columns=(
            Column("decides", Kind.CRITERION, decides, when='seniority == "vp"'),
            Column("demo_request", Kind.ACTIVITY, demo, scoring=DEMO),
            Column("employees", Kind.NUMBER, employees, type=AttributeType.INTEGER),
            Column("source", Kind.TEXT, codes, type=AttributeType.TEXT, levels=tuple(SOURCES)),
        ),
        horizon=timedelta(days=90),
        notes=("12 rows were left out: their lead is there twice.",),
        digest="0f" * 32,
    )
    return table, p


def _metrics(rows: int, won: int, auc: float) -> Metrics:
    return Metrics(
        rows=rows,
        won=won,
        roc_auc=Interval(auc, auc - 0.03, auc + 0.03),
        pr_auc=Interval(0.4, 0.35, 0.45),
        log_loss=Interval(0.43, 0.41, 0.45),
        brier=Interval(0.13, 0.12, 0.14),
        ece=Interval(0.02, 0.01, 0.04),
        lift_at_10=Interval(2.4, 2.0, 2.8),
        perfect_ece=0.018,
    )


@pytest.fixture(scope="session")
def pipeline() -> object:
    rows = np.array([[0.0], [1.0], [0.0], [1.0]])
    return make_pipeline(LogisticRegression(solver="newton-cholesky")).fit(rows, [0, 1, 1, 1])


@pytest.fixture(scope="session")
def train(pipeline: object) -> Train:
    """A training; `odds` moves the last window's log-odds, other names replace its fields."""

    def made(odds: float = 0.0, **changes: object) -> Training:
        table, p = _table(np.random.default_rng(7), ROWS, 0.0)
        late, late_p = _table(np.random.default_rng(8), ROWS, odds)
        cut = ROWS * 4 // 5
        window = np.arange(ROWS) >= cut
        trains = np.arange(ROWS) < cut - 200
        late_rows = late.rows(window)
        judged = Predictions(late_rows, late_p[window])
        both = replace(table, won=np.where(window, late.won, table.won))
        fitted = Fitted(pipeline, SCORECARD, 1.0)
        whole = Training(
            table=both,
            leaks=(
                Leak("closed_value", Severity.EXCLUDED, ("filled: 1.00 against .00",), 0.99, 1.0),
            ),
            clocks=(Clock("rate", 0.97),),
            gate=Gate(None, ""),
            in_window=window,
            trains=trains,
            before=fitted,
            published=fitted,
            window=judged,
            out_of_fold=Predictions(both.rows(trains), p[trains]),
            metrics=_metrics(int(window.sum()), int(late_rows.won.sum()), 0.72),
            metrics_unrecycled=_metrics(540, 130, 0.73),
            fold_metrics=_metrics(int(trains.sum()), 480, 0.74),
            metrics_with_clocks=_metrics(600, int(late_rows.won.sum()), 0.66),
            headroom=Headroom(0.731, 0.428),
            half_lives=((0.5, 0.4312), (1.0, 0.4301), (2.0, 0.4299)),
            seed=3,
        )
        return replace(whole, **changes)  # type: ignore[arg-type]

    return made


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"
