"""Ranges of numbers as cells: which positions stay possible between two neighbouring cuts."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, nextafter

import msgspec

from scoring_service.policy.index_bits import Entry, bytes_of, few_of
from scoring_service.policy.necessary import Between

EXACT_MAX = 2**53
"""Beyond it not every whole number is a float, and neighbours compare equal by one of two ways."""


class Span(msgspec.Struct, frozen=True, gc=False):
    """The numbers in [low, high), at least those that a test allows, for this position.

    `loose`: perhaps more than those.
    """

    low: float
    high: float
    position: int
    loose: bool = False


def span_of(test: Between, position: int) -> Span:
    """Half-open by the next float, so that every bound can be a cut.

    >>> span_of(Between("employees", 200, 999.5, high_included=False), 7)
    Span(low=200, high=999.5, position=7, loose=False)
    """
    start, loose_start = _start(test.low, test.low_included)
    end, loose_end = _end(test.high, test.high_included)
    return Span(start, end, position, loose_start or loose_end)


def _start(low: float | None, included: bool) -> tuple[float, bool]:
    if low is None:
        return -inf, False
    if abs(low) < EXACT_MAX:
        return (low if included else nextafter(low, inf)), False
    return _widened(low, -inf), True


def _end(high: float | None, included: bool) -> tuple[float, bool]:
    if high is None:
        return inf, False
    if abs(high) < EXACT_MAX:
        return (nextafter(high, inf) if included else high), False
    return _widened(high, inf), True


def _widened(bound: float, towards: float) -> float:
    """A few floats further: as a float the bound may have been rounded."""
    try:
        widened = float(bound)
    except OverflowError:
        return towards
    for _ in range(4):
        widened = nextafter(widened, towards)
    return widened


@dataclass(frozen=True, slots=True)
class Cells:
    """`cells[i]` holds for numbers in [cuts[i - 1], cuts[i]); without cuts there are no cells.

    `coarse`: a cell may have positions that only a part of it allows.
    """

    cuts: Sequence[float] = ()
    cells: Sequence[Entry] = ()
    coarse: bool = False


def cells_of(spans: Sequence[Span], count: int, others: int, bytes_max: int) -> Cells:
    """As many cells as the spans have bounds, or as fit into `bytes_max`: then they are coarse.

    Each span is bounded on one side at least.
    """
    found = {bound for span in spans for bound in (span.low, span.high)} - {-inf, inf}
    bounds = cuts = sorted(found)
    few, crowded_max = few_of(count), max(1, bytes_max // bytes_of(count))
    while len(cuts) > 1 and (crowded := _crowded(spans, cuts, few)) > crowded_max:
        cuts = cuts[:: max(2, crowded // crowded_max)]
    return Cells(cuts, tuple(_swept(spans, cuts, count, others)), coarse=len(cuts) < len(bounds))


def _covered(span: Span, cuts: Sequence[float]) -> tuple[int, int]:
    """The first and the last cell that has numbers of the span."""
    return bisect_right(cuts, span.low), bisect_left(cuts, span.high)


def _crowded(spans: Sequence[Span], cuts: Sequence[float], few: int) -> int:
    """How many cells have more than a few positions, and so need bits."""
    change = [0] * (len(cuts) + 2)
    for span in spans:
        first, last = _covered(span, cuts)
        if first <= last:
            change[first] += 1
            change[last + 1] -= 1
    crowded = active = 0
    for step in change:
        active += step
        crowded += active > few
    return crowded


def _swept(
    spans: Sequence[Span], cuts: Sequence[float], count: int, others: int
) -> Iterator[Entry]:
    """The entry of each cell, from below."""
    starts: list[list[int]] = [[] for _ in range(len(cuts) + 2)]
    stops: list[list[int]] = [[] for _ in range(len(cuts) + 2)]
    for span in spans:
        first, last = _covered(span, cuts)
        if first <= last:
            starts[first].append(span.position)
            stops[last + 1].append(span.position)
    few, active, filled = few_of(count), set[int](), bytearray(count // 8 + 1)
    for cell in range(len(cuts) + 1):
        active.difference_update(stops[cell])
        active.update(starts[cell])
        for position in (*stops[cell], *starts[cell]):
            filled[position >> 3] ^= 1 << (position & 7)
        if len(active) > few:
            yield int.from_bytes(filled, "little") | others
        else:
            yield tuple(sorted(active)) or others
