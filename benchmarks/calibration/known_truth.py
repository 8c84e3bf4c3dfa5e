"""Training rows whose true log-odds are known, because they are drawn from them.

The truth is of the scorecard's form: a number of three values, a text of three levels (or up to
eight), each with missing ones, a criterion, and two activity types. `interaction` adds what the
form cannot say.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from scoring_service.calibration.table import (
    MISSING,
    Column,
    Floats,
    Integers,
    Kind,
    Time,
    TrainingTable,
)
from scoring_service.domain.schema import AttributeType
from scoring_service.domain.scoring.scoring import ActivityScoring

DEMO = ActivityScoring("demo_request", 60.0, timedelta(days=21), points_max=60.0)
PAGES = ActivityScoring("page_view", 2.0, timedelta(days=7))
SOURCES = ("ads", "fair", "web", "partner", "mail", "phone", "event", "search")
SIZES = (20.0, 200.0, 2_000.0)
EVERY = timedelta(hours=2)
HORIZON = timedelta(days=30)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Log-odds of each trait; the last of `sizes` and of `sources` is that of missing."""

    base: float
    decides: float
    demo: float
    pages: float
    sizes: Floats
    sources: Floats
    interaction: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Rows, and their true log-odds, shape (n,)."""

    table: TrainingTable
    eta: Floats


def truth(
    chance: np.random.Generator, spread: float = 0.6, interaction: float = 0.0, levels: int = 3
) -> Truth:
    """Weights drawn from a normal; those of points are for about the most points there are."""
    decides, demo, pages = chance.normal(0, spread, 3)
    sizes = chance.normal(0, spread, len(SIZES) + 1)
    sources = chance.normal(0, spread, levels + 1)
    return Truth(-1.2, decides, demo / 60, pages / 20, sizes, sources, interaction)


def drawn(chance: np.random.Generator, rows: int, by: Truth) -> Known:
    """So many leads, one every two hours, won as their log-odds have it."""
    decides = (chance.random(rows) < 0.3).astype(float)
    demo = np.where(chance.random(rows) < 0.4, 60 * chance.random(rows), 0.0)
    pages = chance.exponential(8, rows)
    levels = len(by.sources) - 1
    size, source = _places(chance, rows, len(SIZES)), _places(chance, rows, levels)
    eta = (
        by.base
        + by.decides * decides
        + by.demo * demo
        + by.pages * pages
        + by.sizes[size]
        + by.sources[source]
        + by.interaction * (decides - 0.3) * (source == 0)
    )
    employees = np.array([*SIZES, np.nan])[size]
    codes = np.where(source == levels, MISSING, source).astype(float)
    columns = (
        Column("decides", Kind.CRITERION, decides, when='seniority == "vp"'),
        _activity(DEMO, demo),
        _activity(PAGES, pages),
        Column("employees", Kind.NUMBER, employees, AttributeType.INTEGER),
        Column("source", Kind.TEXT, codes, AttributeType.TEXT, levels=SOURCES[:levels]),
    )
    at = np.arange(rows) * (EVERY // MICROSECOND)
    table = TrainingTable(
        source="known",
        leads=np.arange(rows),
        won=chance.random(rows) < 1 / (1 + np.exp(-eta)),
        weights=np.ones(rows),
        time=Time.INSTANTS,
        scored_at=at,
        known_at=at + HORIZON // MICROSECOND,
        recycled=np.zeros(rows, dtype=bool),
        columns=columns,
        horizon=HORIZON,
    )
    return Known(table, eta)


def _activity(scoring: ActivityScoring, points: Floats) -> Column:
    return Column(
        scoring.type,
        Kind.ACTIVITY,
        points,
        scoring=scoring,
        halved=points**2 / 60,
        doubled=np.sqrt(points),
    )


def _places(chance: np.random.Generator, rows: int, count: int) -> Integers:
    """Numbers 0 to count - 1 alike often, and `count` for one row in six."""
    missing = chance.random(rows) < 1 / 6
    return np.where(missing, count, chance.integers(0, count, rows))
