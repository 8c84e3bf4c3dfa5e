"""What a whole score costs without the wire, and what its parts cost.

    python benchmarks/score_domain.py

A lead of 20 typed and declared attributes, 20 activities of 6 types, 6 fit criteria. The median of
five runs each, the runs interleaved.
"""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scoring_service.domain.business_time.calendar import Calendar, Window
from scoring_service.domain.business_time.deadline import deadline
from scoring_service.domain.business_time.duration import BusinessHours
from scoring_service.domain.business_time.windows import is_open
from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.domain.scoring.behaviour import of_events, of_states
from scoring_service.domain.scoring.lapse import lapse
from scoring_service.domain.scoring.score import score_activities, score_state
from scoring_service.domain.scoring.scoring import (
    ActivityScoring,
    Bars,
    FitCriterion,
    Grades,
    Scoring,
)
from scoring_service.domain.scoring.state import fold, rebuild
from scoring_service.domain.symbols import lead_symbols
from scoring_service.values.account import AccountMatch
from scoring_service.values.activity import Activity
from scoring_service.values.condition import Condition
from scoring_service.values.lead import Lead

RUNS = 5
CALLS = 2_000
NOW = datetime(2026, 3, 2, 10, 0, 0, 250_000, tzinfo=UTC)
DAY = timedelta(days=1)


def at_least(name: str, bound: float) -> Condition:
    """A condition of about the cost of a compiled one."""
    return lambda symbols: symbols[name] is not None and symbols[name] >= bound


def equals(name: str, value: str) -> Condition:
    return lambda symbols: symbols[name] == value


def activity_types() -> Mapping[str, ActivityScoring]:
    types = (
        ActivityScoring("page_view", 2, 7 * DAY, 20, "web"),
        ActivityScoring("pricing_view", 8, 7 * DAY, 30, "web"),
        ActivityScoring("download", 12, 14 * DAY, 36, "content"),
        ActivityScoring("webinar", 20, 21 * DAY, 40, "content"),
        ActivityScoring("demo_request", 50, 21 * DAY, high_intent=True),
        ActivityScoring("trial_start", 40, 10 * DAY, high_intent=True),
    )
    return {scored.type: scored for scored in types}


SCORING = Scoring(
    fit=(
        FitCriterion("size", "", 20, at_least("employees", 200)),
        FitCriterion("revenue", "", 15, at_least("annual_revenue", 1e6)),
        FitCriterion("country", "", 15, equals("country", "DE")),
        FitCriterion("industry", "", 20, equals("industry", "software")),
        FitCriterion("student", "", -30, equals("email_domain", "example.edu")),
        FitCriterion("plan", "", 10, equals("plan", "pro")),
    ),
    activities=activity_types(),
    groups={"web": 35.0, "content": 60.0},
    grades=Grades((("A", 75), ("B", 50), ("C", 25)), ((1, 60), (2, 35), (3, 15))),
    mql=Bars(40, 40),
)
SCHEMA = {
    "plan": Attribute("plan", AttributeType.TEXT),
    "seats": Attribute("seats", AttributeType.INTEGER),
    "trial_until": Attribute("trial_until", AttributeType.DATE),
}
LEAD = Lead(
    lead_id="lead-1",
    email="ann.weber@mail.acme.de",
    full_name="Ann Weber",
    job_title="CFO",
    phone="+49 30 1234567",
    company_name="Acme GmbH",
    company_domain="www.acme.de",
    account_id="acme",
    country="DE",
    region="EMEA",
    postal_code="10115",
    industry="software",
    employees=1200,
    annual_revenue=5e7,
    currency="EUR",
    technologies=("python", "grpc"),
    product_interest="platform",
    source="webinar",
    attributes={"plan": "pro", "seats": 12, "trial_until": "2026-03-31"},
)
NAMES = tuple(SCORING.activities)
ACTIVITIES = tuple(
    Activity(NAMES[i % 6], NOW - timedelta(hours=7 * i + 1), f"activity-{i}") for i in range(20)
)
STATES = rebuild(SCORING, ACTIVITIES, NOW)
EARNED = of_events(SCORING, ACTIVITIES, NOW)
FORTY = BusinessHours(timedelta(hours=40))
OFFICE = Calendar(
    "berlin-office",
    ZoneInfo("Europe/Berlin"),
    ((Window(540, 750), Window(795, 1080)),) * 5 + ((),) * 2,
    closed=frozenset({date(2026, 3, 6)}),
)


def whole_from_events() -> object:
    symbols = lead_symbols(LEAD, SCHEMA, AccountMatch())
    return score_activities(SCORING, symbols, ACTIVITIES, NOW, "0123456789abcdef")


def whole_from_state() -> object:
    symbols = lead_symbols(LEAD, SCHEMA, AccountMatch())
    return score_state(SCORING, symbols, STATES, NOW, "0123456789abcdef")


PARTS: Mapping[str, Callable[[], object]] = {
    "score from 20 activities, symbols included": whole_from_events,
    "score from state, symbols included": whole_from_state,
    "  symbols": lambda: lead_symbols(LEAD, SCHEMA, AccountMatch()),
    "  behaviour of 20 activities": lambda: of_events(SCORING, ACTIVITIES, NOW),
    "  behaviour of 6 states": lambda: of_states(SCORING, STATES, NOW),
    "  qualified_until": lambda: lapse(SCORING, EARNED, 35, NOW),
    "one activity folded into the state": lambda: fold(SCORING, STATES, ACTIVITIES[:1], NOW),
    "deadline over 40 business hours, dates known": lambda: deadline(OFFICE, NOW, FORTY),
    "deadline over 40 business hours, a new calendar": lambda: deadline(
        replace(OFFICE), NOW, FORTY
    ),
    "is_open": lambda: is_open(OFFICE, NOW),
}


def microseconds(part: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(CALLS):
        part()
    return (time.perf_counter() - began) / CALLS * 1e6


def main() -> None:
    runs = [{name: microseconds(part) for name, part in PARTS.items()} for _ in range(RUNS)]
    for name in PARTS:
        print(f"{median(run[name] for run in runs):8.1f} us  {name}")


if __name__ == "__main__":
    main()
