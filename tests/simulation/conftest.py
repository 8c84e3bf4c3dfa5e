"""A sales team on two continents, and days of leads that come at it, from a seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.account import Account
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.workflows.requests import RouteLead

RULES = {path.name: path.read_bytes() for path in (Path(__file__).parent / "rules").glob("*.yaml")}
ACCOUNTS = (
    Account("acme", "Acme", ("acme.de",), "DE", owner_rep_id="bob"),
    Account("acme-us", "Acme Inc", ("acme.com",), "US", parent_id="acme"),
    Account("orphan", "Orphan", ("orphan.fr",), "FR"),
)
DOMAINS = ("acme.de", "acme.com", "orphan.fr", "rival.com", "one.de", "two.com", "gmail.com")


def rules(**reps: dict[str, Any]) -> Policy:
    """The team's policy, with changes of some reps'."""
    team = yaml.safe_load(RULES["team.yaml"])
    for rep, changes in reps.items():
        team["reps"][rep] |= changes
    return load(source_of({**RULES, "team.yaml": yaml.safe_dump(team).encode()}))


@pytest.fixture(scope="session")
def policies() -> list[Policy]:
    """The team as it is; without Ann; with a limit for Cat and none for Dan."""
    return [
        rules(),
        rules(ann={"active": False}),
        rules(cat={"per_day_max": 1}, dan={"per_day_max": 40}),
    ]


@dataclass
class Traffic:
    """Requests from a seed: new leads, known ones with news, retries, reassignments, farewells."""

    desk: Any
    chance: Random
    sent: list[RouteLead] = field(default_factory=list)
    lead_ids: list[str] = field(default_factory=list)

    def pause(self) -> timedelta:
        """Until the next request; some come at one instant."""
        if self.chance.random() < 0.25:
            return timedelta(0)
        return timedelta(seconds=self.chance.expovariate(1 / 1900))

    def request(self) -> RouteLead:
        """The next request."""
        kind = self.chance.random()
        if kind < 0.05 and self.sent:
            return self.chance.choice(self.sent)
        made: RouteLead = self.desk.request(**self._fields(kind))
        self.sent.append(made)
        return made

    def _fields(self, kind: float) -> dict[str, Any]:
        if kind < 0.25 and self.lead_ids:
            lead_id = self.chance.choice(self.lead_ids)
            if kind < 0.11:
                return {"lead": Lead(lead_id, do_not_contact=True)}
            if kind < 0.15:
                return {
                    "lead_id": lead_id,
                    "actor_id": "sales-ops",
                    "reassign_reason": "wrong desk",
                }
            return {"lead": self._lead(lead_id), "activities": tuple(self._activities())}
        self.lead_ids.append(f"l{len(self.lead_ids):04}")
        return {
            "lead": self._lead(self.lead_ids[-1]),
            "activities": tuple(self._activities()),
        }

    def _lead(self, lead_id: str) -> Lead:
        choose = self.chance.choice
        domain = choose(DOMAINS)
        return Lead(
            lead_id,
            email=f"{lead_id}@{domain}",
            company_domain=domain if self.chance.random() < 0.3 else None,
            country=choose(["DE", "DE", "US", "US", "FR", "JP", None]),
            industry=choose(["finance", "software", None]),
            employees=choose([5, 60, 500, 5000, None]),
            source=choose(["web", None]),
        )

    def _activities(self) -> Iterator[Activity]:
        for _ in range(self.chance.choice([0, 0, 1, 2])):
            kind = self.chance.choice(["demo_request", "page_view", "page_view", "unsubscribe"])
            ago = timedelta(hours=self.chance.randrange(100))
            yield Activity(kind, self.desk.clock.now - ago, f"a{self.chance.getrandbits(60):x}")


@pytest.fixture
def traffic() -> Callable[[Any, int], Traffic]:
    """Requests to a desk, from a seed."""
    return lambda desk, seed: Traffic(desk, Random(seed))


@pytest.fixture(scope="session")
def accounts() -> tuple[Account, ...]:
    """Accounts that are stored before the first lead comes."""
    return ACCOUNTS
