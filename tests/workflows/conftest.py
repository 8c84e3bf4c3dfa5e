"""A small sales team on a real store, driven by a clock that the test moves."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of

from scoring_service.domain.policy import Policy

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

ATTRIBUTES: dict[str, Any] = {
    "plan": {"type": "text", "values": ["free", "pro", "enterprise"]},
    "seats": {"type": "integer", "min": 0},
}

SCORING: dict[str, Any] = {
    "fit": [
        {"name": "company size", "when": "employees >= 200", "points": 50},
        {"name": "target country", "when": 'country in ["DE", "GB", "US"]', "points": 20},
        {"name": "enterprise plan", "when": 'plan == "enterprise"', "points": 10},
    ],
    "behaviour": {
        "groups": {"web": {"points_max": 35}},
        "activities": {
            "pricing_page_view": {
                "points": 15,
                "half_life": "7d",
                "group": "web",
                "points_max": 30,
            },
            "demo_request": {
                "points": 60,
                "half_life": "21d",
                "points_max": 60,
                "high_intent": True,
            },
            "unsubscribe": {"points": -40, "half_life": "365d"},
        },
    },
    "grades": {
        "fit": {"A": 75, "B": 50, "C": 25},
        "behaviour": {1: 60, 2: 35, 3: 15},
    },
    "mql": {"fit_min": 40, "behaviour_min": 40, "hysteresis": 5},
    "disqualify": [
        {"name": "rival", "when": 'company_domain == "rival.com"', "reason": "is_competitor"},
    ],
}

ROUTING: dict[str, Any] = {
    "routes": [
        {
            "name": "known account",
            "when": "account.owner != null",
            "assign": {"account_owner": {"backup_pool": "west"}},
        },
        {"name": "small firms", "when": "employees < 10", "assign": {"track": "newsletter"}},
        {
            "name": "british",
            "when": 'country == "GB"',
            "assign": {"pool": "limited"},
            "below_bar": True,
        },
        {"name": "everybody", "when": "employees >= 10", "assign": {"pool": "west"}},
    ],
    "otherwise": {"queue": "triage", "owner": "sales-ops"},
}

TEAM: dict[str, Any] = {
    "reps": {
        "ann": {"name": "Ann", "role": "sdr", "team": "west", "manager": "mia"},
        "bob": {"name": "Bob", "role": "sdr", "team": "west", "manager": "mia"},
        "cat": {"name": "Cat", "role": "sdr", "team": "west", "manager": "mia"},
        "dan": {"name": "Dan", "zone": "America/New_York", "per_day_max": 2, "manager": "mia"},
        "eve": {"name": "Eve", "zone": "America/New_York", "per_day_max": 1, "manager": "mia"},
        "mia": {"name": "Mia", "role": "manager"},
        "olu": {"name": "Olu", "role": "ops"},
    },
    "pools": {
        "west": {
            "members": [{"rep": "ann", "weight": 5}, {"rep": "bob"}, {"rep": "cat"}],
        },
        "limited": {
            "members": [{"rep": "dan"}, {"rep": "eve"}],
            "queue": {"name": "limited-waiting", "owner": "sales-ops"},
        },
    },
    "operators": ["sales-ops"],
}

LIFECYCLE: dict[str, Any] = {
    "tracks": {"newsletter": {"owner": "marketing"}, "welcome-nurture": {"owner": "marketing"}},
    "default_track": "welcome-nurture",
    "intake": {"queue": "intake", "owner": "sales-ops"},
    "escalation_contact": "sales-ops",
}


def rule_files(**changes: Mapping[str, Any]) -> dict[str, bytes]:
    """The test team's rule files; `changes` replaces whole files by their stem."""
    files = {
        "attributes": ATTRIBUTES,
        "scoring": SCORING,
        "routing": ROUTING,
        "team": TEAM,
        "lifecycle": LIFECYCLE,
        **changes,
    }
    return {f"{name}.yaml": yaml.safe_dump(value).encode() for name, value in files.items()}


@pytest.fixture(scope="session")
def policy_of() -> Callable[..., Policy]:
    """Compiles the test team's rules, with whole files replaced."""
    return lambda **changes: load(source_of(rule_files(**changes)))


@pytest.fixture(scope="session")
def policy(policy_of: Callable[..., Policy]) -> Policy:
    """The test team's policy."""
    return policy_of()


class Clock:
    """Time as the test sets it."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


class Desk:
    """A store with its writer, asked as the rim would ask it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self._requests = count(1)

    async def run(self, unit: Callable[[Transaction, Policy, datetime], T]) -> T:
        return await self.store.writer.write(unit, Keys(), None)

    async def ask(self, request: RouteLead) -> AssignmentView:
        keys = of_route(request)
        return await self.store.writer.write(
            lambda tx, policy, now: route(tx, policy, request, now), keys, None
        )

    async def route(self, lead: Lead | None = None, **fields: Any) -> AssignmentView:
        """Route a lead under a new request_id unless one is given."""
        fields.setdefault("request_id", f"r{next(self._requests)}")
        request = RouteLead(lead=lead, **fields)
        digest = msgspec.json.encode(msgspec.structs.replace(request, request_id="")).decode()
        return await self.ask(msgspec.structs.replace(request, digest=digest))
