"""Sets of positions as integers: what is put in is what is in it, and memory is never told less."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.policy.index_bits import FEW, bits_of, bytes_of, few_of, with_bits

POSITIONS = st.frozensets(st.integers(0, 99))


def ones(bits: int) -> set[int]:
    """The positions whose bit is set."""
    return {position for position in range(bits.bit_length()) if bits >> position & 1}


@pytest.mark.parametrize(
    ("positions", "count", "bits"),
    [
        pytest.param([], 10, 0, id="no position is no bit"),
        pytest.param([], 0, 0, id="of no routes there are none"),
        pytest.param([0], 1, 0b1, id="the first alone"),
        pytest.param([7, 8], 9, 0b1_1000_0000, id="on both sides of a byte"),
        pytest.param([15], 16, 1 << 15, id="the last of two whole bytes"),
        pytest.param([16], 17, 1 << 16, id="the first of a byte begun"),
        pytest.param([3, 3, 3], 4, 0b1000, id="one that is named again"),
        pytest.param([2, 0, 1], 3, 0b111, id="in any order"),
    ],
)
def test_positions_are_the_bits_that_are_set(positions: list[int], count: int, bits: int) -> None:
    assert bits_of(positions, count) == bits


@given(POSITIONS, st.integers(0, 50))
def test_law_the_bits_of_positions_are_those_positions(
    positions: frozenset[int], more: int
) -> None:
    """However many positions there could be beside them."""
    assert ones(bits_of(positions, 100 + more)) == positions


@given(POSITIONS, POSITIONS)
def test_law_a_few_more_positions_are_joined_and_nothing_else(
    before: frozenset[int], more: frozenset[int]
) -> None:
    assert ones(with_bits(bits_of(before, 100), more)) == before | more


@pytest.mark.parametrize(
    ("bits", "more", "joined"),
    [
        pytest.param(0, (), 0, id="nothing and nothing"),
        pytest.param(0b100, (), 0b100, id="without more all stays"),
        pytest.param(0, (0,), 0b1, id="the first position"),
        pytest.param(0, (5,), 0b100000, id="not the first where it is not named"),
        pytest.param(0b100000, (5,), 0b100000, id="one that is there already"),
        pytest.param(0b10, (0, 64), (1 << 64) | 0b11, id="far apart"),
    ],
)
def test_with_more_bits(bits: int, more: tuple[int, ...], joined: int) -> None:
    assert with_bits(bits, more) == joined


@pytest.mark.parametrize("count", [0, 1, 29, 30, 31, 60, 1_000, 5_000, 50_000])
def test_the_memory_of_bits_is_told_as_the_interpreter_has_it(count: int) -> None:
    """Nearly: a budget is no scale."""
    really = sys.getsizeof((1 << count) - 1)
    assert really <= bytes_of(count) <= really + 16


@pytest.mark.parametrize(
    ("count", "few"),
    [
        pytest.param(1, 0, id="bits of one route are shorter than any number"),
        pytest.param(1_000, 0, id="and those of a thousand"),
        pytest.param(3_600 + 29, 0, id="the most that half a kilobyte holds"),
        pytest.param(3_630, FEW, id="one more: few positions are kept as numbers"),
        pytest.param(200_000, FEW, id="of the longest table too"),
    ],
)
def test_where_bits_are_long_a_few_positions_are_kept_as_numbers(count: int, few: int) -> None:
    assert few_of(count) == few
