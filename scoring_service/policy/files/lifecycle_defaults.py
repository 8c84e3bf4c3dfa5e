"""What holds where lifecycle.yaml is silent."""

from collections.abc import Mapping
from datetime import timedelta

from scoring_service.domain.business_time.duration import (
    BusinessDays,
    BusinessHours,
    Duration,
    Elapsed,
)
from scoring_service.domain.lifecycle.lifecycle import Reason, Rung, Then, Track

Stale = Mapping[str, Mapping[str, Duration]]


def _days(count: int) -> Elapsed:
    return Elapsed(timedelta(days=count))


def _business_hours(count: float) -> BusinessHours:
    return BusinessHours(timedelta(hours=count))


def _reasons(then: Then, *names: str, returns_turn: bool = False) -> dict[str, Reason]:
    return {name: Reason(name, then, returns_turn=returns_turn) for name in names}


def _recycles(name: str, days: int, *tracks: str) -> Reason:
    return Reason(name, Then.RECYCLE, tracks, _days(days))


DEFAULT_TRACKS: Mapping[str, Track] = {
    name: Track(name, "marketing") for name in ("welcome-nurture", "competitive_recapture")
}

_RECYCLING = (
    _recycles("timing", 180),
    _recycles("budget", 90),
    _recycles("stakeholder_change", 60),
    _recycles("no_decision", 90),
    _recycles("unresponsive", 90),
    _recycles("stalled", 90),
    _recycles("not_worked", 30),
    _recycles("chose_competitor", 365, "competitive_recapture"),
    _recycles("other", 90),
)

DEFAULT_REASONS: Mapping[str, Reason] = {
    **{reason.name: reason for reason in _RECYCLING},
    **_reasons(Then.REROUTE, "wrong_owner", returns_turn=True),
    **_reasons(Then.DISQUALIFY, "wrong_icp", "no_need", "is_competitor", "do_not_contact"),
    **_reasons(Then.DISQUALIFY, "invalid_contact", "duplicate", "spam", returns_turn=True),
}

DEFAULT_SLAS: Mapping[str, Duration] = {
    "accept": _business_hours(4),
    "hot": _business_hours(0.25),
    "first_contact": _business_hours(1),
    "open_opportunity": BusinessDays(2),
    "disposition": BusinessDays(5),
}

DEFAULT_LADDER = (
    Rung(_business_hours(4), tell="manager"),
    Rung(_business_hours(8), tell="manager's manager"),
    Rung(_business_hours(24), reassign=True),
)

DEFAULT_STALE: Stale = {
    "anonymous": {"disqualify": _days(90)},
    "known": {"notice": BusinessDays(2), "disqualify": BusinessDays(10)},
    "nurture": {"review": _days(180), "disqualify": _days(730)},
    "mql": {"escalate": BusinessDays(5), "recycle": BusinessDays(20)},
    "sal": {"reassign": BusinessDays(10)},
    "sql": {"recycle": BusinessDays(20)},
    "opportunity": {
        "overdue": BusinessDays(5),
        "silent": BusinessDays(20),
        "again": BusinessDays(10),
    },
    "recycled": {"disqualify": _days(730)},
}

DECISIONS_KEEP = timedelta(days=400)

TOP_AGAIN = _business_hours(8)

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "bant": ("budget", "authority", "need", "timeline"),
    "meddic": (
        "metrics",
        "economic_buyer",
        "decision_criteria",
        "decision_process",
        "identified_pain",
        "champion",
    ),
}
"""Sets of questions by name, in the order of their letters."""
