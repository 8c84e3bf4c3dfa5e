"""A lead counts alike at training, from columns, and in service, from what the store recorded."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import numpy as np
import pytest

from scoring_service.calibration.reporting.baseline import baseline
from scoring_service.calibration.reporting.file_health import observed_in
from scoring_service.calibration.rows.read_store import read_store
from scoring_service.domain.calibration.baseline import Baseline, Shares
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    TextTerm,
)
from scoring_service.domain.calibration.slots import activity_slot
from scoring_service.domain.policy import Policy
from scoring_service.domain.schema import AttributeType
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.record import LeadRecord
from scoring_service.workflows.model_health import observing, pages

FOLDER = Path(__file__).parents[3] / "rules"
LARGE = "employees >= 200"
LEADS = 80
TYPES = ("demo_request", "page_view")


def _cell(weight: float) -> Cell:
    return Cell(weight, (0.1,))


CARD = Scorecard(
    intercept=_cell(-1.0),
    terms=(
        CriterionTerm("large company", LARGE, _cell(0.7)),
        ActivityTerm("demo_request", 60.0, 21 * 86_400.0, _cell(0.02), points_max=60.0),
        ActivityTerm("page_view", 2.0, 3 * 86_400.0, _cell(0.1), points_max=7.0),
        NumberTerm("employees", AttributeType.INTEGER, (50.0, 300.0),
                   (_cell(-0.3), _cell(0.0), _cell(0.4)), _cell(-0.1)),
        TextTerm("source", AttributeType.TEXT, {"web": _cell(0.2)}, _cell(0.0), _cell(-0.2)),
        TextTerm("budget_approved", AttributeType.BOOLEAN,
                 {"false": _cell(-0.3), "true": _cell(0.6)}, _cell(0.0), _cell(0.0)),
    ),
    base_rate=0.3,
    rows=1_000,
    won=300,
    horizon_days=0.5,
)  # fmt: skip


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The starter rules with the model, whose page views have other points than theirs."""
    files = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    return load(source_of(files, msgspec.json.encode(CARD)))


@pytest.fixture
async def desk(open_desk: Any, clock: Any, policy: Policy) -> Any:
    """Leads of three weeks: some did things before they came in, some were enriched later."""
    desk, chance = open_desk("desk", policy), Random(11)
    for number in range(LEADS):
        clock.advance(hours=6)
        approved = chance.choice([True, False, None])
        lead = Lead(
            f"lead-{number:03}",
            country="DE",
            source=chance.choice(["web", "fair", None]),
            employees=chance.choice([10, 50, 100, 299, 300, 1_000, None]),
            attributes={} if approved is None else {"budget_approved": approved},
        )
        done = tuple(
            Activity(kind, clock.now - timedelta(hours=chance.randint(0, 90)), f"{number}-{place}")
            for place, kind in enumerate(
                chance.choices(["demo_request", "page_view"], k=number % 4)
            )
        )
        await desk.route(lead, activities=done)
        if number % 5 == 0:
            clock.advance(hours=1)
            await desk.route(Lead(f"lead-{number:03}", source="podcast", employees=7))
    clock.advance(days=1)
    return desk


def _there(counts: Mapping[str, float]) -> dict[str, float]:
    return {slot: count for slot, count in counts.items() if count}


async def test_what_the_store_counts_is_what_training_counted(desk: Any, policy: Policy) -> None:
    now = desk.clock.now
    table = await desk.store.read(
        lambda reader: read_store(reader, policy, now, horizon=timedelta(hours=12)).table
    )
    known = baseline(table, np.linspace(0.05, 0.8, len(table)), CARD)
    counting = observing(policy, known, now)
    await desk.store.read(lambda reader: list(pages(counting, reader)))
    served, trained = counting.observed(), observed_in(table, CARD, known)
    assert served.leads == trained.leads == LEADS
    for name, counts in trained.features.items():
        if name != "page_view":
            assert _there(served.features[name]) == _there(counts), name
    assert len(trained.features["employees"]) == 4
    assert served.features["source"]["other"] > 0


def _page_views(record: LeadRecord) -> str:
    """The slot by the definition: points halve every three days, seven of them at most count."""
    came = record.lead.created_at
    ages = [
        (came - done.occurred_at) / timedelta(days=3)
        for _, done in record.activities
        if done.type == "page_view" and done.occurred_at <= came
    ]
    return activity_slot(min(sum(2.0 * 0.5**age for age in ages), 7.0), 2.0)


async def test_a_type_that_is_scored_otherwise_today_counts_as_in_training(
    desk: Any, policy: Policy
) -> None:
    now = desk.clock.now
    records = await desk.store.read(lambda reader: reader.lead_records())
    known = Baseline(1_000, 0.3, (), (0.3,), Shares("p", "p", {}))
    counting = observing(policy, known, now)
    for record in records:
        counting.take(record)
    expected = Counter(map(_page_views, records))
    assert counting.observed().features["page_view"] == expected
    assert len(expected) >= 3
