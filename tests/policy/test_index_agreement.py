"""The index chooses the route that trying each one chooses, for leads as dirty as they come.

`benchmarks/long/index_agreement.py` runs the same generator for longer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import inf, nextafter
from random import Random
from typing import Any

import pytest

from scoring_service.domain.routing.routes import Route, ToPool, ToTrack
from scoring_service.policy.index import IndexedRoutes, ScannedRoutes
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf
from scoring_service.values.condition import Condition, ConditionError

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
NUMBERS = (-5, -0.0, 0, 0.1, 1, 1, 9.5, 10, 200, 999, 999.5, 1000, 10**6, 2**53, 2**53 + 1, 10**400)
TEXTS = ("DE", "AT", "CH", "FR", "US", "01234", "1", "True", "a|b", 'x"y', "é")
WRONG = (True, False, inf, ["DE"], {"DE": 1}, {"DE"}, ("DE",), NOON)
SYMBOLS = ("country", "employees", "vip", "account.owner", "activity.demo.days_since", "mixed")


@dataclass(frozen=True)
class Term:
    """A part of a condition, with what the index may know of it."""

    necessary: Necessary | None
    holds: Condition


def is_open(calendar: str, at: datetime) -> bool:
    """`day` is open from 8 to 18, `night` otherwise."""
    return (8 <= at.hour < 18) == (calendar == "day")


def read(symbols: Any, symbol: str) -> Any:
    for name in symbol.split("."):
        if symbols is None:
            return None
        if not isinstance(symbols, dict):
            raise ConditionError(f"{symbol} is no map")
        symbols = symbols.get(name)
    return symbols


def one_of(rng: Random, symbol: str) -> Term:
    """Equality as the language has it: of identical kinds for one value, Python's for a list."""
    pool: tuple[Any, ...] = rng.choice((TEXTS, NUMBERS, (True, False), (*TEXTS, *NUMBERS, True)))
    values = rng.sample(pool, min(len(pool), rng.choice((1, 1, 2, 5))))
    single = len(values) == 1

    def holds(symbols: Any) -> bool:
        value = read(symbols, symbol)
        if single:
            same = kind(value) == kind(values[0])
            return same and bool(value == values[0])
        return value in values

    return Term(OneOf(symbol, frozenset(values)), holds)


def kind(value: Any) -> Any:
    return "number" if type(value) in (int, float) else type(value)


def between(rng: Random, symbol: str) -> Term:
    low, high = sorted(rng.choices(NUMBERS, k=2))
    test = Between(
        symbol,
        rng.choice((None, low)),
        rng.choice((None, high)),
        rng.random() < 0.5,
        rng.random() < 0.5,
    )

    def holds(symbols: Any) -> bool:
        value = read(symbols, symbol)
        if kind(value) != "number":
            raise ConditionError(f"{symbol} is no number")
        above = test.low is None or value > test.low or (test.low_included and value == test.low)
        below = test.high is None or value < test.high
        return above and (below or (test.high_included and value == test.high))

    return Term(test, holds)


def is_null(rng: Random, symbol: str) -> Term:
    negated = rng.random() < 0.5
    return Term(IsNull(symbol, negated), lambda symbols: (read(symbols, symbol) is None) != negated)


def opaque(rng: Random, symbol: str) -> Term:
    """What the index knows nothing of: a search in a text, which raises for other types."""

    def holds(symbols: Any) -> bool:
        value = read(symbols, symbol)
        if not isinstance(value, str):
            raise ConditionError(f"{symbol} is no text")
        return len(value) % 2 == 0

    return Term(None, holds)


def all_hold(terms: list[Term]) -> Condition:
    return lambda symbols: all(term.holds(symbols) for term in terms)


TERMS: tuple[Callable[[Random, str], Term], ...] = (
    one_of,
    one_of,
    between,
    between,
    is_null,
    opaque,
)


def random_routes(rng: Random, count: int) -> tuple[list[Route], list[list[Necessary]], list[bool]]:
    """Routes of up to six terms, some on one symbol twice, some during a calendar; `otherwise`.

    Of one symbol alone, or without opaque terms, the index may know all that there is to know.
    """
    routes, necessary, exact = [], [], []
    lengths = (0, 1, 2, 3, 3, 4) if count < 100 else (4, 5, 6)
    symbols = rng.sample(SYMBOLS, rng.choice((1, 2, 6)))
    if len(symbols) < 6:
        lengths = (1, 1, 2)
    kinds = rng.choice((TERMS, TERMS[:-1], TERMS[:2], TERMS[2:4], (one_of, is_null)))
    for position in range(count):
        chosen = [rng.choice(symbols) for _ in range(rng.choice(lengths))]
        terms = [rng.choice(kinds)(rng, symbol) for symbol in chosen]
        terms = terms or [opaque(rng, "country")]
        during = rng.choice((None, None, None, "day", "night"))
        row = rng.choice((None, position + 1))
        route = Route(
            position, f"r{position}", "", ToPool("p"), all_hold(terms), during=during, row=row
        )
        routes.append(route)
        necessary.append([term.necessary for term in terms if term.necessary])
        exact.append(len(necessary[-1]) == len(terms))
    routes.append(Route(count, "otherwise", "", ToTrack("t"), lambda symbols: True))
    return routes, [*necessary, []], [*exact, True]


def random_value(rng: Random) -> Any:
    number = rng.choice(NUMBERS)
    near = 0.5 if abs(number) > 2**60 else nextafter(number, rng.choice((inf, -inf)))
    text = rng.choice(TEXTS)
    return rng.choice((number, number, near, number + 1, text, text, text, None, *WRONG))


def random_lead(rng: Random) -> dict[str, Any]:
    """Symbols with nulls, gaps and wrong types, in nested maps too."""
    lead: dict[str, Any] = {}
    for name in ("country", "employees", "vip", "mixed"):
        if rng.random() < 0.9:
            lead[name] = random_value(rng)
    lead["account"] = rng.choice(({"owner": random_value(rng)}, {"owner": None}, {}, None, 7, "x"))
    days = {"days_since": random_value(rng)}
    lead["activity"] = rng.choice(({"demo": days}, {"demo": days}, {"demo": None}, {}, None, [1]))
    return lead


Difference = tuple[dict[str, Any], str, str]
"""A lead, and the routes that index and scan choose for it."""


def compared(
    seed: int, count: int, leads: int, bytes_max: int = 2**25
) -> Iterator[tuple[int, Difference | None]]:
    """For each lead how many routes the scan tried, and what index and scan differ in, if any."""
    rng = Random(seed)
    both = both_of(rng, count, bytes_max)
    for _ in range(leads):
        yield tried_by(both, rng, random_lead(rng))


def both_of(rng: Random, count: int, bytes_max: int = 2**25) -> tuple[IndexedRoutes, ScannedRoutes]:
    routes, necessary, exact = random_routes(rng, count)
    indexed = IndexedRoutes(routes, necessary, exact, is_open, bytes_max)
    return indexed, ScannedRoutes(routes, is_open)


def tried_by(
    both: tuple[IndexedRoutes, ScannedRoutes], rng: Random, lead: dict[str, Any]
) -> tuple[int, Difference | None]:
    """By day or by night, from the first route or going on after one that could not be taken.

    They differ in the route, or in an error that the scan did not meet.
    """
    indexed, scanned = both
    at = NOON + timedelta(hours=rng.choice((0, 9)))
    start = rng.choice((0, 0, 0, rng.randrange(len(scanned.routes))))
    by_index, by_scan = indexed.first(lead, at, start), scanned.first(lead, at, start)
    errors = tuple(error for error in by_scan.errors if error in by_index.errors)
    same = by_index.route is by_scan.route and errors == by_index.errors
    tried = by_scan.route.position - start + 1
    return tried, None if same else (lead, by_index.route.name, by_scan.route.name)


SIZES = ((1, 60, 20), (4, 100, 20), (12, 60, 20), (60, 40, 20), (700, 20, 6), (5_000, 4, 2))
"""Routes, leads and policies: fewer routes than a value keeps as numbers, more than one window."""


@pytest.mark.parametrize(("count", "leads", "policies"), SIZES)
@pytest.mark.parametrize("bytes_max", [2**25, 4_000], ids=["exact cells", "coarse cells"])
def test_the_index_chooses_what_trying_each_route_chooses(
    count: int, leads: int, policies: int, bytes_max: int
) -> None:
    found = [pair for seed in range(policies) for pair in compared(seed, count, leads, bytes_max)]
    assert [difference for _, difference in found if difference] == []
    assert len(found) == policies * leads


def test_a_hundred_thousand_pairs_of_a_lead_and_a_policy_choose_the_same() -> None:
    """Each of 250 policies, most of them of few routes, meets each of 400 leads."""
    rng = Random(11)
    leads = [random_lead(rng) for _ in range(400)]
    policies = [
        both_of(rng, rng.choice((2, 5, 9, 14, 20)), rng.choice((2**25, 400))) for _ in range(250)
    ]
    found = [tried_by(both, rng, lead) for both in policies for lead in leads]
    assert [difference for _, difference in found if difference] == []
    assert len(found) == 100_000
    otherwise = sum(
        both[0].first(lead, NOON).route.name == "otherwise"
        for both in policies
        for lead in leads[:20]
    )
    assert 500 < otherwise < 4_500, "neither all leads reach the last route nor none"


def test_the_generator_reaches_early_and_late_routes_and_otherwise() -> None:
    tried = [count for seed in range(20) for count, _ in compared(seed, 700, 20)]
    assert min(tried) < 50
    assert max(tried) == 701
    assert sum(tried) > 40_000


def test_a_decimal_equals_a_float_it_shares_no_hash_with_and_so_narrows_nothing() -> None:
    (otherwise,), _, _ = random_routes(Random(3), 0)
    exact = Decimal("0.1")
    equal = Route(0, "a tenth", "", ToPool("p"), lambda symbols: symbols["share"] == exact)
    above = Route(1, "more", "", ToPool("p"), lambda symbols: symbols["share"] >= exact)
    routes = [equal, above, otherwise]
    necessary: list[list[Necessary]] = [
        [OneOf("share", frozenset({0.1}))],
        [Between("share", low=0.1)],
        [],
    ]
    table = IndexedRoutes(routes, necessary, [True] * 3, is_open)
    assert table.first({"share": exact}, NOON).route is equal
    assert table.first({"share": exact}, NOON, start=1).route is above


def test_a_route_that_cannot_be_evaluated_is_named_and_does_not_match() -> None:
    (otherwise,), _, _ = random_routes(Random(3), 0)
    term = opaque(Random(0), "country")
    broken = Route(0, "by name", "", ToPool("p"), term.holds, row=7)
    for table in (
        IndexedRoutes([broken, otherwise], [[], []], [False, True], is_open),
        ScannedRoutes([broken, otherwise], is_open),
    ):
        match = table.first({"country": 5}, NOON)
        assert match.route is otherwise
        assert [(e.route, e.error) for e in match.errors] == [
            ("by name, row 7", "country is no text")
        ]
