"""What a symbol's value leaves is never less than what the tests allow, and as little as fits."""

from bisect import bisect_right
from collections.abc import Sequence
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.policy.index_bits import FEW, bits_of, bytes_of
from scoring_service.policy.index_cells import Span, cells_of
from scoring_service.policy.index_path import path_of, value_at
from scoring_service.policy.index_symbol import SymbolIndex, symbol_indexes
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf

small = st.sampled_from([-3, -0.5, -0.0, 0, 0.1, 1, 1.0, 2, 2.5, 3, 9.75])
numbers = st.one_of(
    small,
    st.sampled_from([2**53, 2**53 + 1, 2.0**53, -(2**60), 1e300, 10**400, inf, -inf]),
)
texts = st.sampled_from(["DE", "AT", "1", ""])
values = st.one_of(st.none(), st.booleans(), texts, numbers)
bounds = st.one_of(st.none(), numbers)
tests_of_a_symbol = st.one_of(
    st.builds(
        OneOf, st.just("x"), st.frozensets(st.one_of(st.booleans(), texts, numbers), max_size=3)
    ),
    st.builds(Between, st.just("x"), bounds, bounds, st.booleans(), st.booleans()),
    st.builds(IsNull, st.just("x"), st.booleans()),
)


def allows(test: Necessary, value: Any) -> bool:
    """As conditions have it: 1 and 1.0 are equal, 1 and true are not."""
    match test:
        case OneOf():
            return any(value == one and is_flag(value) == is_flag(one) for one in test.values)
        case IsNull():
            return (value is None) != test.negated
        case Between():
            if isinstance(value, bool) or not isinstance(value, int | float):
                return False
            low, high = test.low, test.high
            above = low is None or value > low or (test.low_included and value == low)
            return above and (
                high is None or value < high or (test.high_included and value == high)
            )


def is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def left_by(index: SymbolIndex, value: Any, count: int) -> set[int]:
    """The positions an index leaves, as the lookup reads it."""
    entry = index.by_value.get(value)
    if entry is None:
        is_number = isinstance(value, int | float)
        in_cells = is_number and index.cuts
        entry = index.cells[bisect_right(index.cuts, value)] if in_cells else index.others
    if isinstance(entry, tuple):
        return {*entry, *ones(index.others, count)}
    return ones(entry, count)


def falls_through(index: SymbolIndex, value: Any) -> bool:
    """Whether the lookup raises for this value, and so takes nothing from the index."""
    return bool(index.cuts) and isinstance(value, str) and value not in index.by_value


def ones(bits: int, count: int) -> set[int]:
    return {position for position in range(count) if bits >> position & 1}


@settings(max_examples=400)
@given(
    st.lists(st.lists(tests_of_a_symbol, max_size=2), min_size=1, max_size=12),
    values,
    st.sampled_from([10, 100, 10**6]),
)
def test_no_route_is_skipped_that_its_tests_allow(
    routes: list[list[Necessary]], value: Any, bytes_max: int
) -> None:
    allowed = {
        position
        for position, tests in enumerate(routes)
        if all(allows(test, value) for test in tests)
    }
    indexes, loose = symbol_indexes(routes, bytes_max)
    left = set(range(len(routes)))
    for index in indexes:
        left &= left_by(index, value, len(routes))
    assert allowed <= left
    if all(type(value) in index.known and not falls_through(index, value) for index in indexes):
        assert left - loose <= allowed


small_bounds = st.one_of(st.none(), small)
ranges_of_numbers = st.builds(
    Between, st.just("x"), small_bounds, small_bounds, st.booleans(), st.booleans()
)


@given(st.lists(ranges_of_numbers, min_size=1, max_size=40), small)
def test_with_memory_enough_small_numbers_leave_exactly_the_ranges_around_them(
    ranges: list[Between], value: float
) -> None:
    routes = [[test] for test in ranges]
    allowed = {position for position, test in enumerate(ranges) if allows(test, value)}
    for index in symbol_indexes(routes)[0]:
        assert left_by(index, value, len(routes)) == allowed


def only(routes: Sequence[Sequence[Necessary]]) -> SymbolIndex:
    (index,), _ = symbol_indexes(routes)
    return index


def test_a_value_of_few_routes_keeps_their_numbers_and_one_of_many_bits() -> None:
    few = [[OneOf("x", frozenset({"few"}))]] * FEW
    many = [[OneOf("x", frozenset({"many"}))]] * 5_000
    index = only([*few, *many, []])
    assert index.by_value["few"] == tuple(range(FEW))
    assert index.by_value["many"] == bits_of(range(FEW, FEW + 5_001), FEW + 5_001)
    assert index.others == 1 << FEW + 5_000


def test_bits_of_few_routes_are_short_enough_to_keep() -> None:
    index = only([[OneOf("x", frozenset({"a"}))], [OneOf("x", frozenset({"b"}))]])
    assert index.by_value == {"a": 0b01, "b": 0b10, None: 0}


def test_where_bits_take_too_much_memory_more_values_keep_numbers() -> None:
    routes = [[OneOf("x", frozenset({f"v{n // 40}"}))] for n in range(8_000)]
    assert all(isinstance(entry, int) for entry in only(routes).by_value.values())
    (index,), _ = symbol_indexes(routes, bytes_max=10_000)
    assert index.by_value["v1"] == tuple(range(40, 80))


def test_null_leaves_the_routes_that_ask_for_it_and_those_that_do_not_ask() -> None:
    index = only([[IsNull("x")], [IsNull("x", negated=True)], [OneOf("x", frozenset({"a"}))], []])
    assert ones(index.by_value[None], 4) == {0, 3}  # type: ignore[arg-type]
    assert left_by(index, "b", 4) == {1, 3}
    assert left_by(index, "a", 4) == {1, 2, 3}


@pytest.mark.parametrize(
    ("tests", "value", "left"),
    [
        pytest.param([Between("x", 1), Between("x", None, 5)], 5, True, id="two bounds, inside"),
        pytest.param([Between("x", 1), Between("x", None, 5)], 6, False, id="two bounds, outside"),
        pytest.param(
            [OneOf("x", frozenset("ab")), OneOf("x", frozenset("bc"))], "b", True, id="in both"
        ),
        pytest.param(
            [OneOf("x", frozenset("ab")), OneOf("x", frozenset("b"))],
            "a",
            False,
            id="in the longer",
        ),
        pytest.param(
            [IsNull("x", negated=True), OneOf("x", frozenset("a"))],
            "b",
            False,
            id="the telling one",
        ),
        pytest.param([OneOf("x", frozenset({2**53}))], 7, True, id="too large for a hash to tell"),
        pytest.param([Between("x", 3, 3)], 3, True, id="a point"),
        pytest.param([Between("x", 3, 3, False, False)], 3, False, id="an empty range"),
        pytest.param([Between("x", 5, 3)], 4, False, id="bounds exchanged"),
        pytest.param([Between("x")], 4, True, id="any number"),
        pytest.param([Between("x", 10**400)], 10**400, True, id="a bound beyond floats"),
        pytest.param([Between("x", inf)], inf, True, id="a bound that is infinite"),
        pytest.param([Between("x", None, -(10**400))], 5, True, id="generous beyond floats"),
    ],
)
def test_several_tests_of_a_route_on_one_symbol(
    tests: list[Necessary], value: Any, left: bool
) -> None:
    indexes, _ = symbol_indexes([tests])
    assert all(0 in left_by(index, value, 1) for index in indexes) == left


@pytest.mark.parametrize(
    ("test", "kind", "is_known"),
    [
        (OneOf("x", frozenset({"a"})), str, True),
        (OneOf("x", frozenset({"a"})), bool, True),
        (OneOf("x", frozenset({"a"})), int, True),
        (OneOf("x", frozenset({1})), int, True),
        (OneOf("x", frozenset({1})), bool, False),
        (OneOf("x", frozenset({1.5})), bool, False),
        (OneOf("x", frozenset({True})), bool, True),
        (OneOf("x", frozenset({True})), float, False),
        (Between("x", 0, 5), int, True),
        (Between("x", 0, 5), bool, False),
        (IsNull("x"), type(None), True),
        (IsNull("x"), list, False),
    ],
)
def test_types_are_known_whose_equal_values_a_hash_tells_apart(
    test: Necessary, kind: type, is_known: bool
) -> None:
    assert (kind in only([[test]]).known) == is_known


def test_of_coarse_cells_numbers_are_not_known() -> None:
    routes = [[Between("x", start, start + 500)] for start in range(1_000)]
    (index,), loose = symbol_indexes(routes, bytes_max=10_000)
    assert int not in index.known
    assert loose == frozenset()


@pytest.mark.parametrize(
    "tests",
    [
        [OneOf("x", frozenset({"a"})), OneOf("x", frozenset({"a", "b"}))],
        [OneOf("x", frozenset({5, 2**53}))],
        [Between("x", 5, 2**53)],
        [Between("x", -(2**53), 5)],
        [Between("x")],
    ],
    ids=["two tests", "a large value", "a large upper bound", "a large lower bound", "no bounds"],
)
def test_a_route_is_loose_of_which_the_index_does_not_tell_all(tests: list[Necessary]) -> None:
    exact: list[Necessary] = [Between("x", 5, 6), OneOf("y", frozenset({"a"}))]
    assert symbol_indexes([exact, tests])[1] == {1}


def test_the_most_tested_symbol_comes_first() -> None:
    a, b = OneOf("a", frozenset({"1"})), OneOf("b", frozenset({"1"}))
    indexes, _ = symbol_indexes([[b], [a, b], [b], [a]])
    assert [index.symbol for index in indexes] == ["b", "a"]


def test_ranges_are_cut_into_as_many_cells_as_memory_allows() -> None:
    spans = [Span(start, start + 500, start) for start in range(1_000)]
    exact = cells_of(spans, 1_000, 0, 10**9)
    assert len(exact.cuts) == 1_500
    coarse = cells_of(spans, 1_000, 0, 100 * bytes_of(1_000))
    assert 20 <= len(coarse.cuts) <= 100
    assert len(coarse.cells) == len(coarse.cuts) + 1


def test_cells_never_want_for_memory_that_cannot_be() -> None:
    spans = [Span(-inf, bound, bound) for bound in range(100)]
    assert len(cells_of(spans, 100, 0, 0).cells) <= 2


def test_narrow_ranges_keep_numbers_so_that_any_count_of_cells_is_cheap() -> None:
    spans = [Span(start, start + 1, start) for start in range(5_000)]
    found = cells_of(spans, 5_000, 0, 0)
    assert not found.coarse
    assert found.cells[bisect_right(found.cuts, 1234.5)] == (1234,)


def test_a_dotted_symbol_is_found_in_nested_maps() -> None:
    path = path_of("activity.demo.count")
    assert path is not None
    assert value_at({"activity": {"demo": {"count": 3}}}, path) == 3


@pytest.mark.parametrize("broken", [None, {}, {"demo": 5}, "text", 7])
def test_a_gap_on_the_way_to_a_dotted_symbol_is_no_value(broken: object) -> None:
    with pytest.raises(AttributeError):
        value_at({"activity": broken}, ("activity", "demo", "count"))
