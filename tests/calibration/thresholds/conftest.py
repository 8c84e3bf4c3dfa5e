"""Trainings of a known P, and leads with histories that the shipped rules score."""

from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path

import numpy as np
import pytest

from scoring_service.calibration.results import Fitted, Gate, Predictions, Training
from scoring_service.calibration.table import (
    Column,
    Flags,
    Floats,
    Kind,
    LeadHistory,
    Time,
    TrainingTable,
)
from scoring_service.domain.calibration.scorecard import ActivityTerm, Cell, Scorecard
from scoring_service.server.folders import rule_files
from scoring_service.values.activity import Activity

RULES = Path(__file__).parents[3] / "rules"
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
DAY = 86_400_000_000
HORIZON = timedelta(days=30)
SCORECARD = Scorecard(
    Cell(0.0, (0.1,)), (ActivityTerm("acts", 1.0, 86_400.0, Cell(1.0, (0.0,))),), 0.2, 100, 20
)
"""P is the sigmoid of the points of the one column that the tables here have."""


class Trainings:
    """Trainings in which P is what the test says, out of fold and in service alike."""

    @staticmethod
    def table(
        p: Floats, won: Flags, time: Time = Time.INSTANTS, a_day: float = 10
    ) -> TrainingTable:
        n = len(p)
        dated = time is Time.INSTANTS
        at = (np.arange(n) * DAY / a_day).astype(np.int64) if dated else np.zeros(n, np.int64)
        return TrainingTable(
            source="made up",
            leads=np.arange(n),
            won=np.asarray(won, dtype=np.bool_),
            weights=np.ones(n),
            time=time,
            scored_at=at,
            known_at=at,
            recycled=np.zeros(n, dtype=np.bool_),
            columns=(Column("acts", Kind.ACTIVITY, np.log(p / (1 - p))),),
        )

    def of(self, p: Floats, won: Flags, time: Time = Time.INSTANTS, a_day: float = 10) -> Training:
        table = self.table(p, won, time, a_day)
        window = np.arange(len(p)) >= len(p) * 4 // 5
        return Training(
            table=table,
            leaks=(),
            clocks=(),
            gate=Gate(None, ""),
            in_window=window,
            trains=~window,
            published=Fitted(None, SCORECARD, 1.0),
            window=Predictions(table.rows(window), p[window]),
            out_of_fold=Predictions(table.rows(~window), p[~window]),
        )

    def drawn(self, rows: int = 3_000, seed: int = 0, time: Time = Time.INSTANTS) -> Training:
        """Leads won as their P says, .05 to .8."""
        chance = np.random.default_rng(seed)
        p = chance.uniform(0.05, 0.8, rows)
        return self.of(p, chance.random(rows) < p, time)


def histories(leads: int = 900, seed: int = 0) -> tuple[LeadHistory, ...]:
    """Leads of all sizes and seniorities that do things, the better the likelier won."""
    chance = np.random.default_rng(seed)
    return tuple(_history(chance, number) for number in range(leads))


def _history(chance: np.random.Generator, number: int) -> LeadHistory:
    created = BEGAN + timedelta(hours=4 * number)
    employees, decides = int(chance.choice([10, 100, 500])), bool(chance.random() < 0.5)
    symbols = {
        "employees": employees,
        "industry": str(chance.choice(["software", "farming"])),
        "seniority": "vp" if decides else "staff",
        "department": "sales",
    }
    kinds = chance.choice(["page_view", "demo_request", "webinar_attended"], chance.integers(0, 5))
    acts = [
        Activity(
            str(kind), created + timedelta(hours=int(chance.integers(1, 200))), f"{number}-{k}"
        )
        for k, kind in enumerate(kinds)
    ]
    demo = any(act.type == "demo_request" for act in acts)
    odds = -2.2 + 1.2 * decides + 0.6 * (employees >= 200) + 1.6 * demo
    won = bool(chance.random() < 1 / (1 + np.exp(-odds)))
    closed = created + timedelta(days=int(chance.integers(9, 28)))
    known = tuple(sorted(((act.occurred_at, act) for act in acts), key=itemgetter(0)))
    return LeadHistory(f"lead {number}", created, ((created, symbols),), known, closed, won)


@pytest.fixture(scope="session")
def trainings() -> Trainings:
    return Trainings()


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    """The shipped rules, without the tests of their scores: other points have other scores."""
    return {k: v for k, v in rule_files(RULES).items() if not k.endswith("_test.yaml")}


@pytest.fixture(scope="session")
def leads() -> tuple[LeadHistory, ...]:
    return histories()


@pytest.fixture(scope="session")
def until(leads: tuple[LeadHistory, ...]) -> datetime:
    """When the last lead had closed."""
    return max(lead.closed_at for lead in leads if lead.closed_at)
