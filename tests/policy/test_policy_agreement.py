"""Written routes, rows and hours in one policy: the index, the twin and the explanation agree."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.policy.explaining.explain import Tried, tried
from scoring_service.policy.load import load
from scoring_service.policy.source import Source

Loaded = Callable[..., Policy]
MONDAY = datetime(2025, 1, 13, tzinfo=UTC)

COUNTRIES = ("DE", "AT", "CH", "US", "F\u00d8", "")
TERMS = (
    'country == "{country}"',
    'country in ["{country}", "US"]',
    'country != "{country}"',
    'country =~ "{country}"',
    "employees >= {number}",
    "employees < {number}",
    "employees > {number} and employees <= {more}",
    "seats != null",
    "seats == null or seats > {number}",
    'plan == "pro"',
    '"a" in tools',
    "account.owner != null",
    "account.country == country",
    "score.fit >= {number}",
    'score.quadrant in ["nurture", "sales_ready"]',
    "activity.demo_request.days_since <= {number}",
    "activity.page_view.count >= {number}",
    'not (country == "{country}")',
)
ASSIGNED = ("{pool: sdr}", "{pool: executives}", "{track: not-now}", "{account_owner: {}}")


def condition(rng: Random) -> str:
    terms = []
    for term in rng.sample(TERMS, rng.randrange(1, 4)):
        number = rng.choice((0, 1, 5, 10, 200, 1000))
        words = {"country": rng.choice(COUNTRIES[:4]), "number": number, "more": number + 50}
        terms.append(f"({term.format(**words)})")
    return rng.choice((" and ", " and ", " or ")).join(terms)


def routing(rng: Random) -> str:
    entries = []
    for at in range(rng.randrange(1, 12)):
        hours = rng.choice(("", "", ", during: office"))
        entries.append(
            f"  - {{name: r{at}, when: '{condition(rng)}',"
            f" assign: {rng.choice(ASSIGNED)}{hours}}}\n"
        )
    table = "  - {name: table, table: territories.csv, assign: {pool: '{pool}'}}\n"
    entries.insert(rng.randrange(len(entries) + 1), table)
    return f"routes:\n{''.join(entries)}otherwise: {{track: welcome-nurture}}\n"


def territories(rng: Random) -> str:
    rows = ["country,employees,account.owner,score.fit,pool"]
    for _ in range(rng.randrange(1, 30)):
        low = rng.choice((0, 5, 200, 1000))
        cells = (
            rng.choice(("", "DE", "DE|AT", '"""US"""')),
            rng.choice(("", f">={low}", f"<{low}", f"{low}..{low + 99}", str(low))),
            rng.choice(("", "", "anna|ben")),
            rng.choice(("", ">=40", "0..39.5")),
            rng.choice(("sdr", "executives")),
        )
        rows.append(",".join(cells))
    return "\n".join(rows) + "\n"


def seen(rng: Random) -> dict[str, Any]:
    count = rng.choice((0, 0, 1, 5))
    return {"count": count, "days_since": rng.choice((0.5, 1.0, 40.0)) if count else None}


def lead(rng: Random) -> dict[str, Any]:
    """Symbols as they come: null, missing, and numbers at the bounds of conditions."""
    symbols: dict[str, Any] = {
        "country": rng.choice((*COUNTRIES, None)),
        "employees": rng.choice((None, 0, 4, 5, 10, 199, 200, 299, 300, 1000, 10**9)),
        "account": {
            "owner": rng.choice((None, "anna", "ben", "carla")),
            "country": rng.choice((None, "DE", "US")),
        },
        "score": {
            "fit": rng.choice((0.0, 39.5, 39.7, 40.0, 100.0)),
            "quadrant": rng.choice(("nurture", "sales_ready", "deprioritise")),
        },
        "activity": {"demo_request": seen(rng), "page_view": seen(rng)},
    }
    for name, values in {"seats": (0, 7), "plan": ("pro", "free"), "tools": (("a",), ())}.items():
        if rng.random() < 0.6:
            symbols[name] = rng.choice((*values, None))
    return symbols


@pytest.mark.parametrize("seed", range(25))
def test_index_twin_and_explanation_choose_the_same_route(seed: int, loaded: Loaded) -> None:
    rng = Random(seed)
    policy = loaded(routing=routing(rng), territories=territories(rng), routing_test="")
    for _ in range(120):
        symbols, now = lead(rng), MONDAY + timedelta(hours=rng.randrange(168))
        chosen = policy.routes.first(symbols, now).route
        assert policy.routes_unindexed.first(symbols, now).route is chosen, symbols
        told = list(tried(policy, symbols, now))
        assert (told[-1].name, told[-1].row) == (chosen.name, chosen.row), symbols
        assert told[-1].outcome is Tried.MATCHED


@pytest.mark.parametrize("seed", range(10))
def test_going_on_after_a_route_they_agree_too(seed: int, loaded: Loaded) -> None:
    rng = Random(1000 + seed)
    policy = loaded(routing=routing(rng), territories=territories(rng), routing_test="")
    for _ in range(30):
        symbols, start, chosen = lead(rng), 0, []
        while start < len(policy.routes.routes):
            found = policy.routes.first(symbols, MONDAY, start).route
            assert policy.routes_unindexed.first(symbols, MONDAY, start).route is found
            chosen.append(found.position)
            start = found.position + 1
        assert chosen == sorted(set(chosen))
        assert chosen[-1] == len(policy.routes.routes) - 1


@pytest.mark.parametrize("seed", range(10))
def test_every_error_of_the_twin_is_told_and_the_index_tells_some_of_them(
    seed: int, loaded: Loaded
) -> None:
    rng = Random(2000 + seed)
    policy = loaded(routing=routing(rng), territories=territories(rng), routing_test="")
    for _ in range(60):
        symbols = lead(rng)
        of_twin = policy.routes_unindexed.first(symbols, MONDAY).errors
        of_index = policy.routes.first(symbols, MONDAY).errors
        told = [one for one in tried(policy, symbols, MONDAY) if one.outcome is Tried.ERROR]
        assert [one.error for one in of_twin] == [one.error for one in told]
        assert set(of_index) <= set(of_twin)


@pytest.mark.parametrize("seed", range(10))
def test_a_policy_that_reused_what_was_compiled_chooses_the_same(
    seed: int, loaded: Loaded, source: Callable[..., Source]
) -> None:
    rng = Random(3000 + seed)
    before, text, table = loaded(), routing(rng), territories(rng)
    fresh = loaded(routing=text, territories=table, routing_test="")
    reused = load(source(routing=text, territories=table, routing_test=""), before)
    twice = load(source(routing=text, territories=table, routing_test=""), reused)
    for _ in range(60):
        symbols = lead(rng)
        expected = fresh.routes.first(symbols, MONDAY).route.position
        assert reused.routes.first(symbols, MONDAY).route.position == expected
        assert twice.routes.first(symbols, MONDAY).route.position == expected
