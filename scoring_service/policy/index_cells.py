"""Ranges of numbers as cells: which positions stay possible between two neighbouring cuts."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf, nextafter

from scoring_service.policy.necessary import Between

FEW = 16
"""An entry of at most so many positions keeps their numbers instead of bits."""

_EXACT_MAX = 2**53


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers in [low, high), at least those that a test allows; for this position."""

    low: float
    high: float
    position: int


def span_of(test: Between, position: int) -> Span | None:
    """Half-open by the next float, so that every bound can be a cut; None where it bounds nothing.

    >>> span_of(Between("employees", 200, 999.5, high_included=False), 7)
    Span(low=200, high=999.5, position=7)
    """
    start = -inf if test.low is None else _start(test.low, test.low_included)
    end = inf if test.high is None else _end(test.high, test.high_included)
    bounded = start > -inf or end < inf
    return Span(start, end, position) if bounded else None


def _start(low: float, included: bool) -> float:
    if abs(low) >= _EXACT_MAX:
        return _widened(low, -inf)
    return low if included else nextafter(low, inf)


def _end(high: float, included: bool) -> float:
    if abs(high) >= _EXACT_MAX:
        return _widened(high, inf)
    return nextafter(high, inf) if included else high


def _widened(bound: float, towards: float) -> float:
    """A few floats further: as a float the bound may have been rounded."""
    try:
        exact = float(bound)
    except OverflowError:
        return towards
    for _ in range(4):
        exact = nextafter(exact, towards)
    return exact


@dataclass(frozen=True, slots=True)
class Cells:
    """`cells[i]` holds for numbers in [cuts[i - 1], cuts[i]): bits with the others, or positions.

    Without cuts there are no cells.
    """

    cuts: Sequence[float] = ()
    cells: Sequence[int | tuple[int, ...]] = ()


def bits_of(positions: Iterable[int], count: int) -> int:
    """The integer with these bits set, of `count`."""
    filled = bytearray(count // 8 + 1)
    for position in positions:
        filled[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(filled, "little")


def bytes_of_bits(count: int) -> int:
    """Memory of an integer of so many bits: 30 of them in 4 bytes."""
    return count // 30 * 4 + 32


def cells_of(spans: Sequence[Span], count: int, others: int, bytes_max: int) -> Cells:
    """As many cells as the spans have bounds, or as fit into `bytes_max`: then they are coarse."""
    cuts = sorted({bound for span in spans for bound in (span.low, span.high)} - {inf, -inf})
    if not cuts:
        return Cells()
    crowded_max = max(1, bytes_max // bytes_of_bits(count))
    while len(cuts) > 1 and (crowded := _crowded(spans, cuts)) > crowded_max:
        cuts = cuts[:: max(2, crowded // crowded_max)]
    return Cells(cuts, tuple(_swept(spans, cuts, count, others)))


def _covered(span: Span, cuts: Sequence[float]) -> tuple[int, int]:
    """The first and the last cell that has numbers of the span."""
    return bisect_right(cuts, span.low), bisect_left(cuts, span.high)


def _crowded(spans: Sequence[Span], cuts: Sequence[float]) -> int:
    """How many cells have more than a few positions, and so need bits."""
    change = [0] * (len(cuts) + 2)
    for span in spans:
        first, last = _covered(span, cuts)
        change[first] += 1
        change[last + 1] -= 1
    crowded = active = 0
    for step in change:
        active += step
        crowded += active > FEW
    return crowded


def _swept(
    spans: Sequence[Span], cuts: Sequence[float], count: int, others: int
) -> Iterator[int | tuple[int, ...]]:
    """The entry of each cell, from below."""
    starts: list[list[int]] = [[] for _ in range(len(cuts) + 2)]
    stops: list[list[int]] = [[] for _ in range(len(cuts) + 2)]
    for span in spans:
        first, last = _covered(span, cuts)
        if first <= last:
            starts[first].append(span.position)
            stops[last + 1].append(span.position)
    active: set[int] = set()
    filled = bytearray(count // 8 + 1)
    for cell in range(len(cuts) + 1):
        active.difference_update(stops[cell])
        active.update(starts[cell])
        for position in (*stops[cell], *starts[cell]):
            filled[position >> 3] ^= 1 << (position & 7)
        yield _entry(active, filled, others)


def _entry(active: set[int], filled: bytearray, others: int) -> int | tuple[int, ...]:
    if len(active) <= FEW:
        return tuple(sorted(active))
    return int.from_bytes(filled, "little") | others
