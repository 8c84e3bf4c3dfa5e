"""The lookup of the first route: where it begins, what it confirms, and what it tells of errors."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from scoring_service.domain.routing.routes import Route, RouteMatch, ToPool, ToTrack
from scoring_service.policy.index import IndexedRoutes, ScannedRoutes
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf
from scoring_service.values.condition import Condition, ConditionError

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
NIGHT = datetime(2026, 3, 3, 23, tzinfo=UTC)
WINDOW = 2_048
"""Positions that the lookup searches at once: the edges of such windows are tried below."""


def is_open(calendar: str, at: datetime) -> bool:
    return (8 <= at.hour < 18) == (calendar == "day")


def always(symbols: Any) -> bool:
    return True


def never(symbols: Any) -> bool:
    return False


def broken(symbols: Any) -> bool:
    raise ConditionError("country >=: the value is missing")


def equals(symbol: str, value: Any) -> Condition:
    return lambda symbols: bool(symbols.get(symbol) == value)


class Counted:
    """A condition that remembers how often it was asked."""

    def __init__(self, answer: bool) -> None:
        self.answer, self.asked = answer, 0

    def __call__(self, symbols: Any) -> bool:
        self.asked += 1
        return self.answer


Entry = tuple[Condition, Sequence[Necessary], bool]
"""A condition, what the index may know of it, and whether that is all of it."""


def routes_of(*entries: Entry, during: Mapping[int, str] | None = None) -> list[Route]:
    hours = during or {}
    routes = [
        Route(at, f"r{at}", "", ToPool("p"), condition, during=hours.get(at))
        for at, (condition, _, _) in enumerate(entries)
    ]
    return [*routes, Route(len(routes), "otherwise", "true", ToTrack("t"), never)]


def indexed(*entries: Entry, during: Mapping[int, str] | None = None) -> IndexedRoutes:
    """A table; that its `otherwise` never holds shows that it is taken without a test."""
    necessary = [*(tests for _, tests, _ in entries), ()]
    exact = [*(whole for _, _, whole in entries), True]
    return IndexedRoutes(routes_of(*entries, during=during), necessary, exact, is_open)


def scanned(*entries: Entry, during: Mapping[int, str] | None = None) -> ScannedRoutes:
    return ScannedRoutes(routes_of(*entries, during=during), is_open)


BOTH = pytest.mark.parametrize(
    "table", [pytest.param(indexed, id="index"), pytest.param(scanned, id="scan")]
)
Table = Callable[..., IndexedRoutes | ScannedRoutes]
OPAQUE: tuple[Sequence[Necessary], bool] = ((), False)


def of(country: str) -> Entry:
    """A route of one country, of which the index knows all."""
    return equals("country", country), [OneOf("country", frozenset({country}))], True


@BOTH
def test_of_several_that_match_the_first_is_taken(table: Table) -> None:
    found = table(of("AT"), of("DE"), (always, *OPAQUE), of("DE"))
    assert found.first({"country": "DE"}, NOON).route.name == "r1"
    assert found.first({"country": "FR"}, NOON).route.name == "r2"


@BOTH
def test_where_none_matches_the_last_is_taken_without_a_test(table: Table) -> None:
    found = table(of("DE"))
    assert found.first({"country": "FR"}, NOON) == RouteMatch(found.routes[1])
    alone = table()
    assert alone.first({}, NOON).route.name == "otherwise"


@BOTH
@pytest.mark.parametrize(
    ("start", "name"),
    [
        pytest.param(0, "r0", id="at the beginning"),
        pytest.param(1, "r2", id="behind the first that matches"),
        pytest.param(2, "r2", id="at one that matches"),
        pytest.param(3, "otherwise", id="at the last"),
    ],
)
def test_it_goes_on_where_it_is_told_to(table: Table, start: int, name: str) -> None:
    found = table(of("DE"), of("AT"), of("DE"))
    assert found.first({"country": "DE"}, NOON, start).route.name == name


@BOTH
def test_a_route_during_a_calendar_holds_while_that_is_open(table: Table) -> None:
    found = table(of("DE"), of("DE"), during={0: "day", 1: "night"})
    assert found.first({"country": "DE"}, NOON).route.name == "r0"
    assert found.first({"country": "DE"}, NIGHT).route.name == "r1"
    assert found.first({"country": "DE"}, NOON, 1).route.name == "otherwise"


@BOTH
def test_routes_that_cannot_be_evaluated_are_passed_and_named_in_order(table: Table) -> None:
    found = table((broken, *OPAQUE), of("AT"), (broken, *OPAQUE), of("DE"), (broken, *OPAQUE))
    match = found.first({"country": "DE"}, NOON)
    assert match.route.name == "r3"
    assert [(error.route, error.error) for error in match.errors] == [
        ("r0", "country >=: the value is missing"),
        ("r2", "country >=: the value is missing"),
    ]


@BOTH
def test_errors_before_the_place_it_goes_on_from_are_not_told_again(table: Table) -> None:
    found = table((broken, *OPAQUE), (broken, *OPAQUE))
    assert [error.route for error in found.first({}, NOON, 1).errors] == ["r1"]
    assert found.first({}, NOON, 2).errors == ()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        pytest.param(None, "by hand", id="a written route by its name"),
        pytest.param(1, "by hand, row 1", id="a row of a table by its number too"),
    ],
)
def test_an_error_names_its_route(row: int | None, told: str) -> None:
    routes = [
        Route(0, "by hand", "", ToPool("p"), broken, row=row),
        Route(1, "otherwise", "true", ToTrack("t"), never),
    ]
    tables = IndexedRoutes(routes, [(), ()], [False, True], is_open), ScannedRoutes(routes, is_open)
    for table in tables:
        assert [error.route for error in table.first({}, NOON).errors] == [told]


@BOTH
def test_a_calendar_is_not_asked_of_a_route_that_does_not_match(table: Table) -> None:
    found = table(of("AT"), of("DE"), during={0: "no such calendar"})
    assert found.first({"country": "DE"}, NOON).route.name == "r1"


@pytest.mark.parametrize("position", [0, 1, WINDOW - 1, WINDOW, WINDOW + 1, 2 * WINDOW - 1])
@pytest.mark.parametrize("count", [2 * WINDOW, 2 * WINDOW + 1])
def test_the_only_match_is_found_at_the_edges_of_what_is_searched_at_once(
    position: int, count: int
) -> None:
    entries = [of("DE" if at == position else f"C{at}") for at in range(count)]
    table = indexed(*entries)
    assert table.first({"country": "DE"}, NOON).route.position == position
    assert table.first({"country": "DE"}, NOON, position).route.position == position
    assert table.first({"country": "DE"}, NOON, position + 1).route.position == count
    assert table.first({"country": "nowhere"}, NOON).route.position == count


def test_the_first_of_few_kept_as_numbers_is_not_the_first_of_all() -> None:
    """Of so many routes the positions of a value are numbers, and joined when it is looked up."""
    table = indexed(*[of("AT" if at == 0 else f"C{at // 2}") for at in range(5_000)])
    assert table.first({"country": "C7"}, NOON).route.position == 14
    assert table.first({"country": "C7"}, NOON, 15).route.position == 15
    assert table.first({"country": "C7"}, NOON, 16).route.position == 5_000


@pytest.mark.parametrize(
    ("tests", "whole", "value", "asked"),
    [
        pytest.param([OneOf("x", frozenset({"a"}))], True, "a", 0, id="all is known: not asked"),
        pytest.param([OneOf("x", frozenset({"a"}))], False, "a", 1, id="more is demanded: asked"),
        pytest.param([OneOf("x", frozenset({"a"}))], False, "b", 0, id="ruled out: not asked"),
        pytest.param([OneOf("x", frozenset({1}))], True, True, 1, id="true beside 1: asked"),
        pytest.param([OneOf("x", frozenset({1}))], True, 1.0, 0, id="a float that is 1: not asked"),
        pytest.param([OneOf("x", frozenset({1}))], True, ["a"], 1, id="a list: asked"),
        pytest.param([Between("x", 0, 5)], True, 5, 0, id="a number in a range: not asked"),
        pytest.param([Between("x", 0, 5)], True, 5.5, 0, id="a number beside it: not asked"),
        pytest.param([Between("x", 0, 5)], True, "a", 1, id="a text that has no place: asked"),
        pytest.param([Between("x", 0, 5)], True, None, 0, id="null is in no range: not asked"),
        pytest.param([IsNull("x")], True, None, 0, id="null, as is demanded: not asked"),
        pytest.param([IsNull("x")], True, 5, 0, id="something, where null is: not asked"),
        pytest.param([IsNull("x", negated=True)], True, 5, 0, id="something, as is demanded"),
        pytest.param([], False, "a", 1, id="nothing is known: asked"),
    ],
)
def test_a_condition_is_asked_only_where_the_index_cannot_tell(
    tests: Sequence[Necessary], whole: bool, value: Any, asked: int
) -> None:
    condition = Counted(True)
    indexed((condition, tests, whole)).first({"x": value}, NOON)
    assert condition.asked == asked


def test_what_the_index_leaves_is_confirmed_by_the_condition() -> None:
    condition = Counted(False)
    table = indexed((condition, [OneOf("x", frozenset({"a"}))], False), of("DE"))
    assert table.first({"x": "a", "country": "DE"}, NOON).route.name == "r1"
    assert condition.asked == 1


def test_of_one_odd_value_every_condition_is_asked_again() -> None:
    """A value of a type that a hash may take for another makes nothing certain."""
    condition = Counted(True)
    exact = [OneOf("x", frozenset({1})), OneOf("y", frozenset({"a"}))]
    table = indexed((condition, exact, True))
    table.first({"x": 1, "y": "a"}, NOON)
    assert condition.asked == 0
    table.first({"x": True, "y": "a"}, NOON)
    assert condition.asked == 1


@pytest.mark.parametrize(
    ("symbols", "name"),
    [
        pytest.param({}, "unowned", id="nothing at all"),
        pytest.param({"account": None}, "unowned", id="no account"),
        pytest.param({"account": 7}, "unowned", id="an account that is a number"),
        pytest.param({"account": {}}, "unowned", id="an account without owner"),
        pytest.param({"account": {"owner": None}}, "unowned", id="nobody owns it"),
        pytest.param({"account": {"owner": "anna"}}, "anna's", id="somebody owns it"),
        pytest.param({"account": {"owner": ["anna"]}}, "otherwise", id="owners in a list"),
    ],
)
def test_a_gap_on_the_way_to_a_value_skips_nothing_that_could_match(
    symbols: dict[str, Any], name: str
) -> None:
    """The index rules out a route only where the condition would say no."""

    def owner(given: Any) -> Any:
        account = given.get("account")
        return account.get("owner") if isinstance(account, dict) else None

    routes = [
        Route(0, "anna's", "", ToPool("p"), lambda given: owner(given) == "anna"),
        Route(1, "unowned", "", ToPool("p"), lambda given: owner(given) is None),
        Route(2, "otherwise", "true", ToTrack("t"), never),
    ]
    necessary: list[list[Necessary]] = [
        [OneOf("account.owner", frozenset({"anna"}))],
        [IsNull("account.owner")],
        [],
    ]
    table = IndexedRoutes(routes, necessary, [True, True, True], is_open)
    assert table.first(symbols, NOON).route.name == name
    assert ScannedRoutes(routes, is_open).first(symbols, NOON).route.name == name


def test_the_same_match_is_handed_out_again() -> None:
    """A match without errors is made once: most leads take one of few routes."""
    table = indexed(of("DE"))
    lead = {"country": "DE"}
    assert table.first(lead, NOON) is table.first(lead, NOON)


@pytest.mark.parametrize(
    ("necessary", "exact"),
    [
        pytest.param([()], [True, True], id="tests of fewer routes"),
        pytest.param([(), ()], [True], id="fewer that are told exact"),
    ],
)
def test_each_route_comes_with_what_is_known_of_it(
    necessary: list[tuple[Necessary, ...]], exact: list[bool]
) -> None:
    with pytest.raises(AssertionError):
        IndexedRoutes(routes_of(of("DE")), necessary, exact, is_open)


def test_there_is_no_table_without_its_otherwise() -> None:
    with pytest.raises(AssertionError, match="a policy has at least its otherwise"):
        ScannedRoutes([], is_open)
    with pytest.raises(AssertionError, match="a policy has at least its otherwise"):
        IndexedRoutes([], [], [], is_open)
