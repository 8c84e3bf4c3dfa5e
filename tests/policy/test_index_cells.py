"""Ranges cut into cells: a number's cell has every range around it, and with memory no other."""

from bisect import bisect_right
from collections.abc import Sequence
from math import inf, nextafter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.policy.index_bits import bytes_of
from scoring_service.policy.index_cells import EXACT_MAX, Cells, Span, cells_of, span_of
from scoring_service.policy.necessary import Between

COUNT = 12
LONG = 4_000
"""So many routes that few positions are kept as numbers."""

ENOUGH = 10**9
FEW = settings(max_examples=50)


def range_of(low: float | None, high: float | None, sides: str) -> Between:
    """A range written as mathematicians do: `[]` with its bounds, `()` without."""
    return Between("n", low, high, sides[0] == "[", sides[1] == "]")


@pytest.mark.parametrize(
    ("test", "low", "high"),
    [
        pytest.param(range_of(1, 5, "[)"), 1, 5, id="as it is where only the lower bound belongs"),
        pytest.param(range_of(1, 5, "[]"), 1, nextafter(5, inf), id="up to the next float"),
        pytest.param(range_of(1, 5, "()"), nextafter(1, inf), 5, id="from the next float on"),
        pytest.param(range_of(None, 5, "[)"), -inf, 5, id="open below"),
        pytest.param(range_of(1, None, "[]"), 1, inf, id="open above"),
        pytest.param(range_of(0, 0, "[]"), 0, nextafter(0, inf), id="nothing but zero"),
        pytest.param(
            range_of(-0.5, 0.5, "(]"), nextafter(-0.5, inf), nextafter(0.5, inf), id="around zero"
        ),
        pytest.param(
            range_of(1 - EXACT_MAX, EXACT_MAX - 1, "[)"), 1 - EXACT_MAX, EXACT_MAX - 1,
            id="the largest bounds that floats tell apart",
        ),
    ],
)  # fmt: skip
def test_a_range_is_half_open_by_the_next_float(test: Between, low: float, high: float) -> None:
    assert span_of(test, 7) == Span(low, high, 7, loose=False)


@pytest.mark.parametrize(
    ("test", "inside"),
    [
        pytest.param(range_of(EXACT_MAX, None, "[]"), EXACT_MAX, id="a lower bound"),
        pytest.param(range_of(EXACT_MAX + 1, None, "()"), EXACT_MAX + 2, id="one between floats"),
        pytest.param(range_of(None, EXACT_MAX, "[]"), EXACT_MAX, id="an upper bound"),
        pytest.param(range_of(None, -EXACT_MAX, "[)"), -EXACT_MAX - 1, id="far below zero"),
        pytest.param(range_of(10**400, None, "[]"), 10**400, id="a bound that is no float"),
        pytest.param(range_of(None, -(10**400), "[]"), -(10**400), id="nor below zero"),
    ],
)
def test_of_bounds_that_floats_round_a_span_has_more_and_says_so(
    test: Between, inside: float
) -> None:
    span = span_of(test, 3)
    assert span.loose
    assert span.low <= inside < span.high or span.high == inf
    assert span.position == 3


def positions(cells: Cells, value: float, others: int = 0, count: int = COUNT) -> set[int]:
    """What the lookup reads: an entry of numbers leaves the others too."""
    entry = cells.cells[bisect_right(cells.cuts, value)]
    if isinstance(entry, tuple):
        return {*entry, *(at for at in range(count) if others >> at & 1)}
    return {at for at in range(count) if entry >> at & 1}


def around(spans: Sequence[Span], value: float) -> set[int]:
    return {span.position for span in spans if span.low <= value < span.high}


BOUND = st.integers(0, 12).map(lambda n: n / 2)
SPANS = st.lists(
    st.tuples(BOUND | st.just(-inf), BOUND | st.just(inf)).filter(lambda b: b != (-inf, inf)),
    min_size=1,
    max_size=COUNT,
).map(lambda pairs: [Span(low, high, at) for at, (low, high) in enumerate(pairs)])
VALUES = [n / 4 for n in range(-2, 30)]


@FEW
@given(SPANS)
def test_law_with_memory_enough_a_cell_has_the_spans_around_its_numbers_and_no_other(
    spans: list[Span],
) -> None:
    cells = cells_of(spans, COUNT, 0, ENOUGH)
    assert not cells.coarse
    for value in VALUES:
        assert positions(cells, value) == around(spans, value)


@FEW
@given(SPANS, st.integers(0, 200))
def test_law_with_any_memory_a_cell_has_the_spans_around_its_numbers(
    spans: list[Span], bytes_max: int
) -> None:
    cells = cells_of(spans, COUNT, 0, bytes_max)
    assert list(cells.cuts) == sorted(set(cells.cuts))
    assert len(cells.cells) == len(cells.cuts) + 1
    for value in VALUES:
        found = positions(cells, value)
        assert around(spans, value) <= found
        assert cells.coarse or found == around(spans, value)


@FEW
@given(SPANS)
def test_law_kept_as_numbers_the_positions_are_the_same(spans: list[Span]) -> None:
    short, long = cells_of(spans, COUNT, 0, ENOUGH), cells_of(spans, LONG, 0, ENOUGH)
    assert all(isinstance(entry, int) for entry in short.cells)
    for value in VALUES:
        assert positions(short, value) == positions(long, value)


@FEW
@given(SPANS, st.frozensets(st.integers(0, COUNT - 1)))
def test_law_routes_that_leave_the_symbol_alone_are_in_every_cell(
    spans: list[Span], alone: frozenset[int]
) -> None:
    others = sum(1 << at for at in alone)
    for count in (COUNT, LONG):
        cells = cells_of(spans, count, others, ENOUGH)
        for value in VALUES:
            assert positions(cells, value, others) == around(spans, value) | alone


def test_the_ranges_of_one_cell_are_kept_as_numbers_until_they_are_too_many() -> None:
    few, many = 16, 17
    spans = [Span(0, 1, at) for at in range(few)] + [Span(5, 6, at) for at in range(many)]
    cells = cells_of(spans, LONG, 0, ENOUGH)
    assert cells.cells[bisect_right(cells.cuts, 0.5)] == tuple(range(few))
    assert cells.cells[bisect_right(cells.cuts, 5.5)] == (1 << many) - 1


def test_a_cell_without_a_range_has_those_that_leave_the_symbol_alone_as_bits() -> None:
    others = 1 << 3_999
    cells = cells_of([Span(0, 1, 0)], LONG, others, ENOUGH)
    assert cells.cells == (others, (0,), others)


def test_an_empty_range_is_in_no_cell() -> None:
    spans = [Span(5, 3, 0), Span(4, 4, 1), Span(0, 9, 2)]
    cells = cells_of(spans, COUNT, 0, ENOUGH)
    for value in (0, 3, 3.5, 4, 5, 8):
        assert positions(cells, value) == {2}


@pytest.mark.parametrize("cells_max", [2, 3, 7, 20, 100])
def test_no_more_crowded_cells_are_made_than_memory_holds(cells_max: int) -> None:
    """Each of these cells has hundreds of ranges, so it needs its bits."""
    spans = [Span(at, at + 500, at) for at in range(1_000)]
    made = cells_of(spans, 1_000, 0, cells_max * bytes_of(1_000))
    assert made.coarse
    assert len(made.cells) <= cells_max + 1
    for value in (0, 250.5, 700, 1_499):
        assert around(spans, value) <= positions(made, value, count=1_000)


def test_ranges_that_only_touch_share_no_number() -> None:
    cells = cells_of([Span(0, 5, 0), Span(5, 9, 1)], COUNT, 0, ENOUGH)
    assert positions(cells, nextafter(5, -inf)) == {0}
    assert positions(cells, 5) == {1}
