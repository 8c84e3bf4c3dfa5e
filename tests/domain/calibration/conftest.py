"""The starter rules with a small model, and leads as a store has recorded them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scoring_service.domain.calibration.baseline import MISSING, SCORE, Baseline, Shares
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    TextTerm,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.schema import AttributeType
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StageEntry, StoredLead

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def _cell(weight: float) -> Cell:
    return Cell(weight, (0.1,))


SCORECARD = Scorecard(
    intercept=_cell(-1.5),
    terms=(
        CriterionTerm("large company", "employees >= 200", _cell(0.8)),
        ActivityTerm("demo_request", 60.0, 21 * 86_400.0, _cell(0.02), points_max=60.0),
        NumberTerm(
            "employees", AttributeType.INTEGER, (50.0,), (_cell(-0.2), _cell(0.2)), _cell(0.0)
        ),
        TextTerm(
            "source",
            AttributeType.TEXT,
            {"web": _cell(0.1), "fair": _cell(0.5)},
            _cell(0.0),
            _cell(0.0),
        ),
    ),
    base_rate=0.25,
    rows=2_000,
    won=500,
    horizon_days=90.0,
)
BASELINE = Baseline(
    rows=2_000,
    base_rate=0.25,
    features=(
        Shares("large company", "criterion", {"holds": 0.5, "holds not": 0.5}),
        Shares("demo_request", "activity", {"nothing": 0.9, "1 to 2": 0.1}),
        Shares("employees", "number", {"< 50": 0.4, ">= 50": 0.5, MISSING: 0.1}),
        Shares("source", "text", {"=web": 0.6, "=fair": 0.4}),
    ),
    score_edges=(0.2, 0.4),
    score=Shares(SCORE, SCORE, {"< 0.2": 0.3, "0.2 to 0.4": 0.4, ">= 0.4": 0.3}),
)


@pytest.fixture(scope="session")
def policy() -> Policy:
    files = {path.name: path.read_bytes() for path in (ROOT / "rules").iterdir()}
    return load(source_of(files, msgspec.json.encode(SCORECARD)))


@pytest.fixture(scope="session")
def baseline() -> Baseline:
    return BASELINE


@dataclass
class Recorded:
    """Makes records of leads; `days` is how long before now a lead came in."""

    now: datetime = NOW
    ids: "count[int]" = field(default_factory=lambda: count(1))

    def lead(
        self,
        days: float,
        *path: tuple[Stage, float],
        activities: tuple[Activity, ...] = (),
        reason: str = "",
        **fields: Any,
    ) -> LeadRecord:
        """A lead that entered each stage so many days ago; `reason` is that of the last."""
        name = f"lead-{next(self.ids):05}"
        created = self.now - timedelta(days=days)
        steps = ((Stage.KNOWN, days), *path)
        entries = tuple(
            StageEntry(
                lead_id=name, visit=visit, cycle=1, at=self.now - timedelta(days=ago),
                stage_from=steps[visit - 1][0].value if visit else "", stage_to=stage.value,
                actor="tester", cause="route", owner="", score="{}", revision="r",
                reason=reason if visit == len(path) else "",
            )
            for visit, (stage, ago) in enumerate(steps)
        )  # fmt: skip
        stored = StoredLead(
            Lead(name, **fields),
            name,
            steps[-1][0],
            created,
            created,
            created,
        )
        recorded = tuple((activity.occurred_at, activity) for activity in activities)
        return LeadRecord(stored, entries, (), recorded)

    def demo(self, days: float) -> Activity:
        """A demo request so many days ago."""
        return Activity("demo_request", self.now - timedelta(days=days))


@pytest.fixture
def recorded() -> Recorded:
    return Recorded()
