"""What a test on a symbol says of another is never more than what holds for every value."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring_service.policy.checking.ranges import Ranges, Values
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf
from scoring_service.policy.necessary_logic import (
    all_implied,
    disjoint,
    implies,
    is_empty,
    merged,
    within,
)

NUMBERS = (-1, 0, 0.5, 1, 2, 3, 10)
VALUES: tuple[Any, ...] = (None, "", "DE", "AT", *NUMBERS)

bounds = st.none() | st.sampled_from(NUMBERS)
ranges = st.builds(Between, st.just("n"), bounds, bounds, st.booleans(), st.booleans())
lists = st.builds(
    OneOf, st.just("n"), st.frozensets(st.sampled_from(VALUES[1:]), min_size=1, max_size=3)
)
tests = ranges | lists | st.builds(IsNull, st.just("n"), st.booleans())


def meets(value: Any, test: Necessary) -> bool:
    """The test itself, as its docstring has it."""
    match test:
        case OneOf():
            return value is not None and value in test.values
        case IsNull():
            return (value is None) != test.negated
        case _:
            return is_within(value, test)


def is_within(value: Any, test: Between) -> bool:
    if value is None or isinstance(value, bool | str):
        return False
    above = test.low is None or value > test.low or (test.low_included and value == test.low)
    return above and (
        test.high is None or value < test.high or (test.high_included and value == test.high)
    )


def between_numbers() -> list[float]:
    return [number + step for number in NUMBERS for step in (-0.25, 0, 0.25)]


@given(tests, tests)
def test_what_is_implied_is_met_by_every_value_that_meets_the_first(
    one: Necessary, other: Necessary
) -> None:
    if implies(one, other):
        for value in (*VALUES, *between_numbers()):
            assert not meets(value, one) or meets(value, other), value


@given(tests, tests)
def test_no_value_meets_two_that_are_disjoint(one: Necessary, other: Necessary) -> None:
    assert disjoint(one, other) == disjoint(other, one)
    if disjoint(one, other):
        for value in (*VALUES, *between_numbers()):
            assert not (meets(value, one) and meets(value, other)), value


@given(st.lists(tests, max_size=4))
@example([Between("n", 10), Between("n", None, 10, high_included=False)])
def test_merging_changes_nothing_that_is_demanded(given_tests: list[Necessary]) -> None:
    fewer = merged(given_tests)
    assert len(fewer) <= len(given_tests)
    for value in (*VALUES, *between_numbers()):
        before = all(meets(value, test) for test in given_tests)
        assert before == all(meets(value, test) for test in fewer), value


@given(tests)
def test_nothing_meets_what_is_empty(test: Necessary) -> None:
    if is_empty(test):
        assert not any(meets(value, test) for value in (*VALUES, *between_numbers()))


@given(ranges)
def test_a_number_is_within_a_range_as_its_bounds_say(test: Between) -> None:
    for value in (*VALUES, *between_numbers()):
        assert within(value, test) == is_within(value, test)


@pytest.mark.parametrize("value", [True, False, None, "1", (1,)])
def test_what_is_no_number_is_within_no_range(value: object) -> None:
    assert not within(value, Between("n"))


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        pytest.param(OneOf("n", frozenset({"DE"})), OneOf("n", frozenset({"DE", "AT"})), True,
                     id="a country is one of two"),
        pytest.param(OneOf("n", frozenset({"DE", "AT"})), OneOf("n", frozenset({"DE"})), False,
                     id="two countries are not one"),
        pytest.param(Between("n", 200, 999), Between("n", 200), True, id="a range in an open one"),
        pytest.param(Between("n", 200), Between("n", 200, low_included=False), False,
                     id="a bound that is included is not above itself"),
        pytest.param(OneOf("n", frozenset({250})), Between("n", 200, 999), True,
                     id="a number in a range"),
        pytest.param(Between("n", 5, 5), OneOf("n", frozenset({5})), False,
                     id="a range of one number is not looked into"),
        pytest.param(Between("n", 1), IsNull("n", negated=True), True,
                     id="what is in a range is there"),
        pytest.param(OneOf("n", frozenset({1})), IsNull("n"), False, id="a value is not null"),
    ],
)  # fmt: skip
def test_what_is_implied(one: Necessary, other: Necessary, holds: bool) -> None:
    assert implies(one, other) is holds


def test_tests_are_implied_symbol_by_symbol() -> None:
    german = OneOf("country", frozenset({"DE"}))
    large = Between("employees", 1000)
    assert all_implied([german], [german, large])
    assert not all_implied([german, large], [german])
    assert all_implied([], [])
    assert not all_implied([Between("seats", 1000)], [large])


@given(st.lists(ranges, min_size=1, max_size=40), ranges)
def test_the_rows_that_share_a_number_are_those_that_are_not_disjoint(
    asked: list[Between], test: Between
) -> None:
    filled = [each for each in asked if not is_empty(each)]
    if is_empty(test) or not filled:
        return
    rows: dict[Between, int] = {}
    for place, each in enumerate(filled):
        rows[each] = rows.get(each, 0) | 1 << place
    expected = sum(1 << at for at, each in enumerate(filled) if not disjoint(each, test))
    assert Ranges(rows).sharing(test) == expected


def test_many_ranges_are_joined_as_few_are() -> None:
    rows = {Between("n", at, at + 5): 1 << at for at in range(1000)}
    found = Ranges(rows)
    for value in (0, 7, 127.5, 128, 500, 1004, 2000):
        expected = sum(1 << at for at in range(1000) if at <= value <= at + 5)
        assert found.at(value) == expected


@given(st.dictionaries(st.sampled_from(VALUES[1:]), st.integers(1, 255), max_size=8), ranges)
def test_the_rows_that_ask_for_a_number_inside_a_range(
    rows: dict[object, int], test: Between
) -> None:
    found, expected = Values(rows), 0
    for value, bits in rows.items():
        assert found.at(value) == bits
        expected |= bits if is_within(value, test) else 0
    assert found.inside(test) == expected
    assert found.at("nowhere") == 0
