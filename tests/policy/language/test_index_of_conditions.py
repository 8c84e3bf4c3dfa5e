"""The index over written conditions leaves out only what would not match: each pair of conditions
on one symbol, by every value, in every order of going on.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from scoring_service.domain.routing.routes import Route, ToPool, ToTrack
from scoring_service.policy.conditions import Compiled
from scoring_service.policy.index import IndexedRoutes, ScannedRoutes

Compile = Callable[[str], Compiled]
Routes = IndexedRoutes | ScannedRoutes

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)

NUMBERS = (
    *("{0} == 5", "{0} == 0.1", "{0} != 5", "{0} >= 5", "{0} > 5", "{0} <= 5", "{0} < 5"),
    *("5 < {0}", "{0} in [5, 7]", "{0} in [5, 0.1, null]", "{0} not in [5]", "{0} == null"),
    *("{0} != null", "{0} == 999999999999999", "({0} ?? 5) >= 5", "{0} == employees"),
)
TEXTS = (
    *('{0} == "DE"', '{0} == ""', '{0} != "DE"', '{0} in ["DE", "AT"]', '{0} in ["DE", null]'),
    *('{0} not in ["DE"]', "{0} == null", "{0} != null", '{0} =~ "D"', '{0} >= "D"'),
    *('{0}.as_lower == "de"', "{0} == country", '"DE" in {0}', "{0}.length > 1"),
)
FLAGS = ("{0}", "not {0}", "{0} == true", "{0} == false", "{0} in [true, null]", "{0} != null")
FORMS = {
    "seats": NUMBERS,
    "account.seats": NUMBERS,
    "activity.demo.days_since": NUMBERS,
    "postal_code": TEXTS,
    "account.name": TEXTS,
    "vip": FLAGS,
    "account.vip": FLAGS,
}
VALUES: tuple[Any, ...] = (
    *(None, 5, 5.0, 4.9999999999999999, 5.1, 0.1, 0, -0.0, 1, 7, 999_999_999_999_999, 2**53 + 1),
    *(float("inf"), -1, True, False, "DE", "D", "", "AT", "é", "\ud800", "5", "true"),
    *((), ("DE",), ["DE"], {"DE": 1}, NOON),
)
BROKEN: tuple[Any, ...] = (None, 7, "x", [1], {})
OTHERS = {"country": "DE", "employees": 5}


def table(routes: Sequence[Compiled]) -> tuple[IndexedRoutes, ScannedRoutes]:
    """The same routes, indexed and not; the last is the one that always matches."""
    made = [
        Route(at, one.text, one.text, ToPool("p"), one.condition) for at, one in enumerate(routes)
    ]
    made.append(Route(len(made), "otherwise", "true", ToTrack("t"), lambda symbols: True))
    necessary = [*(one.necessary for one in routes), ()]
    exact = [*(one.exact for one in routes), True]
    return IndexedRoutes(made, necessary, exact, always), ScannedRoutes(made, always)


def always(calendar: str, at: datetime) -> bool:
    return True


def placed(symbol: str, value: Any) -> dict[str, Any]:
    *path, last = symbol.split(".")
    inside: Any = {last: value}
    for step in reversed(path):
        inside = {step: inside}
    return {**OTHERS, **inside}


def leads(symbol: str) -> list[dict[str, Any]]:
    """Every value, none, and no map on the way to it."""
    top, *rest = symbol.split(".")
    broken = [{**OTHERS, top: wrong} for wrong in BROKEN] if rest else []
    return [*(placed(symbol, value) for value in VALUES), dict(OTHERS), *broken]


def taken(routes: Routes, lead: Any) -> Iterator[int]:
    """The routes that are taken one after the other, each time going on behind it."""
    start = 0
    while start < len(routes.routes):
        position = routes.first(lead, NOON, start).route.position
        yield position
        start = position + 1


@pytest.mark.parametrize("symbol", FORMS)
@pytest.mark.parametrize("joint", ["and", "or"])
def test_each_two_conditions_of_one_symbol_are_found_where_they_hold(
    compiled: Compile, symbol: str, joint: str
) -> None:
    texts = [form.format(symbol) for form in FORMS[symbol]]
    joined = [f"({one}) {joint} ({other})" for one, other in product(texts, repeat=2)]
    indexed, scanned = table([compiled(text) for text in (*texts, *joined)])
    matched = set[int]()
    for lead in leads(symbol):
        found = list(taken(scanned, lead))
        assert list(taken(indexed, lead)) == found, lead
        matched.update(found)
    assert len(matched) > len(texts), "hardly any of them ever holds"


@pytest.mark.parametrize("symbol", FORMS)
def test_the_errors_that_are_told_are_those_of_routes_that_were_tried(
    compiled: Compile, symbol: str
) -> None:
    """The index skips some that could not be evaluated, and invents none."""
    texts = [form.format(symbol) for form in FORMS[symbol]]
    indexed, scanned = table([compiled(text) for text in texts])
    for lead in leads(symbol):
        for start in range(len(texts)):
            told = indexed.first(lead, NOON, start).errors
            every = scanned.first(lead, NOON, start).errors
            assert [one for one in every if one in told] == list(told), lead


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        pytest.param("seats >= 5 and seats < 9", True, id="two bounds are one range"),
        pytest.param("seats != null and seats < 9", True, id="a bound is no null"),
        pytest.param("seats in [5, 7] and seats != null", True, id="nor is a listed value"),
        pytest.param("account.seats == null and account.seats == null", True, id="the same again"),
        pytest.param("seats in [5, 7] and seats in [7, 9]", False, id="two lists are two lists"),
        pytest.param("seats in [5, 7] and seats >= 6", False, id="a list and a bound are both"),
        pytest.param("seats == null and seats >= 6", False, id="what cannot hold is not known"),
        pytest.param("seats == 5 or seats == 7", True, id="two values are one list"),
        pytest.param("seats == 5 or seats >= 7", False, id="a value or a bound is nothing"),
        pytest.param("vip and seats >= 5", True, id="two symbols"),
        pytest.param("not (seats == 5)", False, id="turned round"),
    ],
)
def test_where_the_index_knows_all_of_a_condition(
    compiled: Compile, text: str, exact: bool
) -> None:
    """There its condition is not evaluated again."""
    assert compiled(text).exact is exact
