"""What the first match costs: in tables of 100 to 50,000 rows, and in rule-engine's Chain.

    python benchmarks/first_match.py

A lookup is a lead's symbols built and its first route found. Times are medians of five interleaved
rounds; the exit code is 1 where a promise is missed.
"""

import sys
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import rule_engine

from scoring_service.domain.routing.routes import Route, ToPool, ToTrack
from scoring_service.domain.schema import TYPED_FIELDS, Attribute
from scoring_service.domain.symbols import lead_symbols, route_symbols
from scoring_service.policy.decision_table import TableRow, read_table, render
from scoring_service.policy.index import IndexedRoutes
from scoring_service.values.account import AccountMatch
from scoring_service.values.lead import Lead
from scoring_service.values.score import Quadrant, Score

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
SCHEMA = {name: Attribute(name, kind, typed=True) for name, kind in TYPED_FIELDS.items()}
COUNTRIES = [f"{a}{b}" for a in "ABCDEFGHIJ" for b in "ABCDEF"]
INDUSTRIES = [f"industry-{n}" for n in range(20)]
REGIONS = ["EMEA", "APAC", "NA", "LATAM"]
SCORE = Score(50.0, 40.0, "B", 2, Quadrant.SALES_READY, True, (), (), NOW, "r")
ROUNDS = 5


def table(rng: Random, count: int) -> bytes:
    """Rows of country (a list), industry, region (often any) and a range of employees."""
    lines = ["country,industry,region,employees,pool"]
    for _ in range(count):
        countries = "|".join(rng.sample(COUNTRIES, rng.choice((1, 1, 2, 5))))
        industry = rng.choice(INDUSTRIES) if rng.random() < 0.8 else ""
        region = rng.choice(REGIONS) if rng.random() < 0.5 else ""
        low = rng.randrange(1, 20_000)
        span = f"{low}..{low + rng.randrange(10, 2_000)}" if rng.random() < 0.9 else f">={low}"
        lines.append(f"{countries},{industry},{region},{span},pool-{rng.randrange(40)}")
    return "\n".join(lines).encode()


def leads(rng: Random, count: int) -> list[Lead]:
    return [
        Lead(
            lead_id=f"lead-{n}",
            email=f"ada{n % 50}@example{n % 20}.com",
            company_name="Example",
            country=rng.choice(COUNTRIES),
            industry=rng.choice(INDUSTRIES),
            region=rng.choice(REGIONS),
            employees=rng.randrange(1, 20_000),
        )
        for n in range(count)
    ]


def symbols_of(lead: Lead) -> dict[str, Any]:
    return route_symbols(lead_symbols(lead, SCHEMA, AccountMatch()), SCORE, {}, (), "known", NOW)


def indexed(rows: Sequence[TableRow]) -> IndexedRoutes:
    routes = [
        Route(at, "by territory", "", ToPool(row.results["pool"]), row.condition, row=row.number)
        for at, row in enumerate(rows)
    ]
    otherwise = Route(len(rows), "otherwise", "", ToTrack("nurture"), lambda symbols: True)
    tests = [row.tests for row in rows]
    return IndexedRoutes(
        [*routes, otherwise], [*tests, ()], [True] * (len(rows) + 1), lambda calendar, at: True
    )


def loaded(content: bytes) -> IndexedRoutes:
    return indexed(read_table("territories.csv", content, ("pool",), SCHEMA))


def first_of(routes: IndexedRoutes, lead: Lead) -> object:
    return routes.first(symbols_of(lead), NOW)


def first_of_ready(
    routes: IndexedRoutes, ready: Mapping[str, dict[str, Any]], lead: Lead
) -> object:
    return routes.first(ready[lead.lead_id], NOW)


def chain(rows: Sequence[TableRow]) -> rule_engine.Chain:
    kinds = {
        "text": rule_engine.DataType.STRING,
        "integer": rule_engine.DataType.FLOAT,
        "number": rule_engine.DataType.FLOAT,
        "texts": rule_engine.DataType.ARRAY(rule_engine.DataType.STRING),
    }
    types = {name: kinds[kind.value] for name, kind in TYPED_FIELDS.items()}
    context = rule_engine.Context(
        type_resolver=rule_engine.type_resolver_from_dict(types), default_value=None
    )
    entries = [(render(row), row.results["pool"]) for row in rows]
    return rule_engine.Chain(entries, default_value="otherwise", context=context)


def per_call(work: Callable[[Lead], object], sent: Sequence[Lead]) -> float:
    """Seconds a lead."""
    began = perf_counter()
    for lead in sent:
        work(lead)
    return (perf_counter() - began) / len(sent)


def interleaved(
    work: dict[str, tuple[Callable[[Lead], object], Sequence[Lead]]],
) -> dict[str, float]:
    """The median over the rounds, each of which runs everything once."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS):
        for name, (each, sent) in work.items():
            times[name].append(per_call(each, sent))
    return {name: median(found) for name, found in times.items()}


def memory(content: bytes) -> tuple[float, float]:
    """MB of rows, routes and index together, and of the index alone."""
    tracemalloc.start()
    rows = read_table("territories.csv", content, ("pool",), SCHEMA)
    of_rows = tracemalloc.get_traced_memory()[0]
    routes = indexed(rows)
    both = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(routes.routes) == len(rows) + 1
    return both / 1e6, (both - of_rows) / 1e6


def load_seconds(content: bytes) -> float:
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        loaded(content)
        times.append(perf_counter() - began)
    return median(times)


def main() -> int:
    rng = Random(8)
    contents = {count: table(rng, count) for count in (100, 1_000, 10_000, 50_000)}
    tables = {count: loaded(content) for count, content in contents.items()}
    sent = leads(rng, 2_000)
    by_library = chain(read_table("territories.csv", contents[1_000], ("pool",), SCHEMA))
    ready = {lead.lead_id: symbols_of(lead) for lead in sent}
    work: dict[str, tuple[Callable[[Lead], object], Sequence[Lead]]] = {
        "symbols alone": (symbols_of, sent),
        "Chain of 1,000": (lambda lead: by_library.evaluate(symbols_of(lead)), sent[:20]),
    }
    for count, routes in tables.items():
        work[f"{count:,} rows"] = (partial(first_of, routes), sent)
        work[f"{count:,} rows, without symbols"] = (partial(first_of_ready, routes, ready), sent)
    found = interleaved(work)
    for name, seconds in found.items():
        print(f"{name:32} {seconds * 1e6:10.2f} us")
    growth = found["10,000 rows"] / found["100 rows"]
    faster = found["Chain of 1,000"] / found["1,000 rows"]
    load = {count: load_seconds(contents[count]) for count in (10_000, 50_000)}
    both, alone = memory(contents[50_000])
    print(f"10,000 rows cost {growth:.2f} x 100 rows (promise: at most 2)")
    print(f"1,000 rows are {faster:,.0f} x as fast as Chain (promise: at least 50)")
    print(f"10,000 rows load in {load[10_000]:.2f} s (promise: below 2)")
    print(f"50,000 rows load in {load[50_000]:.2f} s")
    print(f"50,000 rows take {both:.0f} MB, of which the index {alone:.0f} MB")
    return 0 if growth <= 2 and faster >= 50 and load[10_000] < 2 else 1


if __name__ == "__main__":
    sys.exit(main())
