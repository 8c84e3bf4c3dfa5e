"""The world of a simulation: who the leads are, what they do, and how sales treats them.

Nothing here knows the rules that are simulated. Whether a lead would buy is drawn first, from who
it is and from an interest that nobody sees; what it does follows from that interest, and what sales
finds out follows from whether it would buy. So rules that recognise interest do better.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random

import msgspec

from scoring_service.domain.schema import Schema
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.simulation.attributes import some
from scoring_service.values.lead import Lead

START = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday: the first day of every simulation."""

TICK = timedelta(minutes=15)
"""Whatever happens, happens at a whole tick; what happens at one shares its instant."""

COUNTRIES = (("US", 0.4), ("DE", 0.2), ("GB", 0.15), ("FR", 0.1), ("CA", 0.1), ("JP", 0.05))
INDUSTRIES = (("software", 0.3), ("finance", 0.2), ("health", 0.15), ("retail", 0.35))
SOURCES = (("organic", 0.35), ("paid_search", 0.25), ("event", 0.15), ("referral", 0.25))
TITLES = ("CEO", "VP Sales", "Marketing Director", "Analyst", "Student", "Operations Manager")
EMPLOYEES = (8, 35, 90, 250, 800, 5000)

ANONYMOUS_SHARE, NO_SOURCE_SHARE = 0.08, 0.06
BUYS_BASE, BUYS_BY_INTEREST, BUYS_BY_SIZE, BUYS_BY_REFERRAL = -2.6, 1.4, 0.5, 0.6
"""Log-odds of a lead that sales works well: base, a standard deviation of interest, a step of size,
and a referral.
"""

ACTIVE_WEEKS, ACTS_A_WEEK = 3.5, 1.0
"""The mean number of weeks in which a lead is active, and of what it does in each."""


@dataclass(frozen=True, slots=True)
class Person:
    """A lead as the world knows it: what is sent of it, when it comes, how keen it is."""

    lead: Lead
    comes_at: datetime
    interest: float
    buys: bool


def person(chance: Random, schema: Schema, number: int, days: int) -> Person:
    """The lead of that number."""
    interest = chance.gauss(0, 1)
    size = chance.randrange(len(EMPLOYEES))
    source = _of(chance, SOURCES)
    odds = BUYS_BASE + BUYS_BY_INTEREST * interest + BUYS_BY_SIZE * (size - 2)
    buys = chance.random() < 1 / (1 + exp(-odds - BUYS_BY_REFERRAL * (source == "referral")))
    at = _arrival(chance, days)
    lead = _lead(chance, number, EMPLOYEES[size], source)
    lead = msgspec.structs.replace(lead, attributes=some(chance, schema, at.date()))
    return Person(lead, at, interest, buys)


def acts(
    chance: Random, scoring: Scoring, person: Person, until: datetime
) -> list[tuple[datetime, str]]:
    """What a lead does before `until`, and when: more and more seriously the keener it is."""
    mildly, seriously, badly = _kinds(scoring)
    found: list[tuple[datetime, str]] = []
    at = person.comes_at
    ends = at + timedelta(weeks=chance.expovariate(1 / ACTIVE_WEEKS))
    weekly = ACTS_A_WEEK * exp(0.5 * person.interest)
    while at < min(ends, until):
        found.append((ticked(at), _kind(chance, person.interest, mildly, seriously, badly)))
        at += timedelta(weeks=chance.expovariate(weekly))
    if chance.random() < 0.2:  # comes back after months, when its need has come back
        back = person.comes_at + timedelta(days=chance.uniform(60, 150))
        if back < until:
            keen = person.interest + 0.5
            found.append((ticked(back), _kind(chance, keen, mildly, seriously, badly)))
    return found


def ticked(at: datetime) -> datetime:
    """The tick at or after an instant."""
    left = (START - at) % TICK
    return at + left


def _lead(chance: Random, number: int, employees: int, source: str) -> Lead:
    name = f"person-{number:06}"
    domain = f"company-{chance.randrange(1 + number // 2 + 10):05}.example"
    anonymous = chance.random() < ANONYMOUS_SHARE
    known = chance.random() >= NO_SOURCE_SHARE
    return Lead(
        lead_id=f"sim-{number:06}",
        email=None if anonymous else f"{name}@{domain}",
        full_name=None if anonymous else name,
        job_title=None if anonymous else chance.choice(TITLES),
        company_name=None if anonymous else domain.removesuffix(".example"),
        country=_of(chance, COUNTRIES),
        industry=_of(chance, INDUSTRIES),
        employees=employees,
        source=source if known else None,
    )


def _arrival(chance: Random, days: int) -> datetime:
    """Three quarters come at a working hour of a weekday, the others at any hour."""
    while True:
        at = START + timedelta(days=chance.random() * days)
        working = at.weekday() < 5 and 8 <= at.hour < 18
        if working or chance.random() < 0.14:
            return ticked(at)


def _kinds(scoring: Scoring) -> tuple[list[str], list[str], list[str]]:
    """The activity types of the rules: mild, serious (of high intent), and bad ones."""
    kinds = scoring.activities.items()
    seriously = [name for name, kind in kinds if kind.high_intent]
    badly = [name for name, kind in kinds if kind.points < 0]
    mildly = [name for name, _ in kinds if name not in (*seriously, *badly)]
    return mildly or seriously, seriously or mildly, badly


def _kind(
    chance: Random, interest: float, mildly: list[str], seriously: list[str], badly: list[str]
) -> str:
    drawn = chance.random()
    if drawn < 0.16 / (1 + exp(-1.2 * interest)):
        return chance.choice(seriously)
    if badly and drawn > 0.985 + 0.01 * interest:
        return chance.choice(badly)
    return chance.choice(mildly)


def _of(chance: Random, shares: tuple[tuple[str, float], ...]) -> str:
    names, weights = zip(*shares, strict=True)
    return str(chance.choices(names, weights)[0])
