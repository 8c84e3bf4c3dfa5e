"""Which rows of a table share a number: beside looking at every number there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.policy.checking.ranges import Ranges, Values
from scoring_service.policy.necessary import Between
from scoring_service.policy.necessary_logic import within

NUMBERS = [half / 2 for half in range(-3, 30)]
"""The bounds are whole numbers from 0 to 12: whatever lies between two of them is one of these."""


def between(low: int | None, high: int | None, with_low: bool, with_high: bool) -> Between:
    return Between("n", low, high, with_low, with_high)


def is_met(test: Between) -> bool:
    return any(within(number, test) for number in NUMBERS)


bounds = st.none() | st.integers(0, 12)
ranges = st.builds(between, bounds, bounds, st.booleans(), st.booleans()).filter(is_met)
several = st.lists(ranges, max_size=12, unique=True)


def as_bits(rows: list[Between]) -> dict[Between, int]:
    return {test: 1 << place for place, test in enumerate(rows)}


def places(bits: int) -> set[int]:
    return {place for place in range(bits.bit_length()) if bits >> place & 1}


@given(several, ranges)
def test_rows_share_a_number_with_a_range_exactly_if_some_number_is_in_both(
    rows: list[Between], asked: Between
) -> None:
    inside = [number for number in NUMBERS if within(number, asked)]
    expected = {
        place for place, row in enumerate(rows) if any(within(number, row) for number in inside)
    }
    assert places(Ranges(as_bits(rows)).sharing(asked)) == expected


@given(several, st.sampled_from(NUMBERS))
def test_rows_have_a_number_exactly_if_it_is_within_their_bounds(
    rows: list[Between], number: float
) -> None:
    expected = {place for place, row in enumerate(rows) if within(number, row)}
    assert places(Ranges(as_bits(rows)).at(number)) == expected


@given(st.lists(st.integers(0, 12), max_size=8, unique=True), ranges)
def test_rows_ask_for_a_number_inside_a_range_exactly_if_it_is_within_its_bounds(
    numbers: list[int], asked: Between
) -> None:
    rows: dict[object, int] = {number: 1 << place for place, number in enumerate(numbers)}
    expected = {place for place, number in enumerate(numbers) if within(number, asked)}
    assert places(Values(rows).inside(asked)) == expected


@pytest.mark.parametrize("count", [127, 128, 129, 255, 256, 257, 400])
def test_bits_that_are_joined_for_good_are_those_of_the_rows_one_by_one(count: int) -> None:
    """Of thousands of rows every 128 are joined: nothing is lost or doubled at the seams."""
    found = Ranges(as_bits([Between("n", at * 10, at * 10 + 9) for at in range(count)]))
    for at in {0, 1, 126, 127, 128, 129, 254, 255, 256, 257, count - 1}:
        if at < count:
            assert places(found.at(at * 10 + 5)) == {at}
            assert places(found.sharing(Between("n", at * 10 + 9, at * 10 + 10))) == {
                each for each in (at, at + 1) if each < count
            }
    assert places(found.sharing(Between("n"))) == set(range(count))
    assert found.at(count * 10) == 0


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        pytest.param(Between("n", 1, 5), Between("n", 5, 9), True, id="a bound that both have"),
        pytest.param(Between("n", 1, 5, high_included=False), Between("n", 5, 9), False,
                     id="a bound that one of them leaves out"),
        pytest.param(Between("n", 1, 5), Between("n", 5, 9, low_included=False), False,
                     id="a bound that the other leaves out"),
        pytest.param(Between("n", None, 5), Between("n", 4), True, id="two that are open"),
        pytest.param(Between("n", None, 5), Between("n", 6), False, id="two open ones apart"),
        pytest.param(Between("n"), Between("n", 7, 7), True, id="any number, and one"),
        pytest.param(Between("n", -5, -1), Between("n", -2, 3), True, id="below nought"),
        pytest.param(Between("n", 4, 5, low_included=False, high_included=False),
                     Between("n", 4.25, 4.5), True, id="a part of a number"),
    ],
)  # fmt: skip
def test_two_ranges_share_a_number_or_none_whichever_is_asked_for(
    one: Between, other: Between, shared: bool
) -> None:
    assert bool(Ranges({one: 1}).sharing(other)) is shared
    assert bool(Ranges({other: 1}).sharing(one)) is shared


def test_rows_with_the_same_range_are_found_together() -> None:
    found = Ranges({Between("n", 1, 5): 0b1010, Between("n", 7): 0b0100})
    assert found.at(3) == 0b1010
    assert found.sharing(Between("n", 5, 7)) == 0b1110
    assert found.at(6) == 0


def test_no_rows_share_nothing() -> None:
    assert Ranges({}).sharing(Between("n")) == 0
    assert Ranges({}).at(5) == 0
    assert Values({}).inside(Between("n")) == 0


def test_texts_and_yes_or_no_are_no_numbers_inside_a_range() -> None:
    """Yes is not one, though it is for Python."""
    found = Values({"DE": 0b001, True: 0b010, 7: 0b100})
    assert found.inside(Between("n", 0, 9)) == 0b100
    assert (found.at("DE"), found.at(7), found.at("AT")) == (0b001, 0b100, 0)
