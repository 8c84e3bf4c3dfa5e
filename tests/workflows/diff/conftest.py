"""A team whose hours, limits, conditions and fallbacks all bind, and pasts that make them bind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.workflows.diff.past import Arrived, Left, Moment

START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
KINDS = ("demo_request", "pricing_page_view", "unsubscribe")
CALENDARS = {"office": {"zone": "Europe/Berlin", "weekly": {"mon-fri": "09:00-17:00"}}}
REPS = {
    "ann": {"calendar": "office", "open_leads_max": 4, "manager": "mia"},
    "bob": {"calendar": "office", "per_day_max": 2, "manager": "mia"},
    "cat": {"zone": "America/New_York", "per_week_max": 6, "manager": "mia"},
    "dan": {"manager": "mia", "leave": [{"from": "2026-03-04", "to": "2026-03-05"}]},
    "mia": {"role": "manager"},
    "olu": {"role": "ops"},
}
POOLS = {
    "west": {
        "members": [{"rep": "ann", "weight": 3}, {"rep": "bob"}, {"rep": "cat"}],
        "hours": "working",
        "queue": {"name": "west-waiting", "owner": "olu"},
    },
    "large": {
        "members": [{"rep": "ann", "when": 'country == "DE"'}, {"rep": "dan"}],
        "fallback": ["west"],
        "queue": {"name": "large-waiting", "owner": "olu"},
    },
}
TEAM = {"reps": REPS, "pools": POOLS, "operators": ["sales-ops"]}
ROUTES = [
    {"name": "small firms", "when": "employees < 10", "assign": {"track": "newsletter"}},
    {"name": "large firms", "when": "employees >= 200", "assign": {"pool": "large"}},
    {"name": "everybody", "when": "employees >= 10", "assign": {"pool": "west"}},
]
OTHERWISE = {"queue": "triage", "owner": "sales-ops"}


@pytest.fixture(scope="session")
def team_policy(policy_of: Callable[..., Policy]) -> Callable[..., Policy]:
    """Compiles the team's rules with other routes, other reps or other pools."""

    def make(
        routes: list[Any] | None = None, *, model: bytes = b"", **team: dict[str, Any]
    ) -> Policy:
        return policy_of(
            model,
            calendars=CALENDARS,
            team={**TEAM, **team},
            routing={"routes": routes or ROUTES, "otherwise": OTHERWISE},
        )

    return make


@pytest.fixture(scope="session")
def past_of() -> Callable[[int, int], tuple[Moment, ...]]:
    """Leads that come, come again and leave, in the order of time, by a seed and their number."""
    return _past


def _past(seed: int, leads: int, hours_apart: float = 2.0) -> tuple[Moment, ...]:
    chance, at = Random(seed), START
    moments: list[Moment] = []
    known: dict[str, Lead] = {}
    for i in range(leads):
        at += timedelta(minutes=chance.randrange(int(hours_apart * 60) + 1))
        lead_id = f"l{chance.randrange(i + 1)}" if known and chance.random() < 0.15 else f"l{i}"
        lead = known.setdefault(lead_id, _lead(chance, lead_id))
        moments.append(_arrival(chance, lead, at, i))
        if chance.random() < 0.25:
            at += timedelta(minutes=1)
            moments.append(Left(at, chance.choice(sorted(known)), Stage.OPPORTUNITY))
    return tuple(moments)


def _lead(chance: Random, lead_id: str) -> Lead:
    return Lead(
        lead_id=lead_id,
        email=f"{lead_id}@firm{lead_id}.example",
        employees=chance.choice([5, 50, 50, 500, 500, None]),
        country=chance.choice(["DE", "GB", "FR", None]),
        company_domain="rival.com" if chance.random() < 0.05 else None,
        source=chance.choice(["web", None]),
    )


def _arrival(chance: Random, lead: Lead, at: datetime, number: int) -> Arrived:
    done = tuple(
        Activity(chance.choice(KINDS), at - timedelta(days=chance.random() * 20), f"a{number}-{k}")
        for k in range(chance.randrange(3))
    )
    return Arrived(at, lead, done, changed=bool(done))
