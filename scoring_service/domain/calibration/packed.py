"""Rows of L as one integer each, so that a lead's rows are added up at once.

A row of k numbers becomes the sum of its numbers, in fixed point, times 2^0, 2^64, ... up to
2^(64 (k - 1)): adding such integers adds the rows number by number, as long as no number leaves its
64 bits. Rows are published with six decimals, so nothing is lost; adding lists of floats takes
several times as long.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import dist, hypot
from struct import Struct

BITS = 64
FRACTION = 2.0**26
"""The steps of a factor that a row is taken by."""

UNIT = 10.0**6 * FRACTION
ROW_MAX = 10.0
"""The largest number of a row: of log-odds, far beyond anything that was learned."""

TIMES_MAX = 1000.0
"""A row counts at most so many times: its interval is then all there is."""

ZERO = 1.5 * 2.0**52
"""As bits it is the zero of a double that counts by ones, up to 2^51 of them either way: an integer
added to its bits is added to the double.
"""

REACH_MAX = 2.0**51 / UNIT - 1
"""What a number of a sum of rows may reach if it is to be read as such a double: 32.5."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Measures sums of packed rows: `of` gives the length of the row that `start` and what was
    added to it stand for.
    """

    start: int
    of: Callable[[int], float]


def pack(row: tuple[float, ...]) -> int:
    """A row, to be taken `times`: `pack(row) * times(1.0)` is the row itself."""
    return sum(round(value * 10**6) << (BITS * place) for place, value in enumerate(row))


def times(factor: float) -> int:
    """How often a packed row is taken, in steps of 2^-26; at most 1,000 times."""
    if not -TIMES_MAX <= factor <= TIMES_MAX:
        factor = min(max(factor, -TIMES_MAX), TIMES_MAX)
    return round(factor * FRACTION)


def lengths(width: int, reach: float) -> Lengths:
    """Measures sums of packed rows of one width, of which no number is beyond `reach`.

    >>> found = lengths(2, 4.0)
    >>> found.of(found.start + pack((3.0, 0.0)) * times(1.0) - pack((0.0, 4.0)) * times(1.0))
    5.0
    """
    return _of_doubles(width) if reach <= REACH_MAX else _of_integers(width)


def _of_doubles(width: int) -> Lengths:
    """Doubles are measured several times as fast as integers of 64 bits."""
    size, numbers, origin = width * BITS // 8, Struct(f"<{width}d").unpack, (ZERO,) * width

    def of(total: int) -> float:
        return dist(numbers(total.to_bytes(size, "little")), origin) / UNIT

    return Lengths(_repeated(int.from_bytes(Struct("<d").pack(ZERO), "little"), width), of)


def _of_integers(width: int) -> Lengths:
    size, numbers = width * BITS // 8, Struct(f"<{width}q").unpack
    signs = _repeated(1 << (BITS - 1), width)

    def of(total: int) -> float:
        return hypot(*numbers((total ^ signs).to_bytes(size, "little"))) / UNIT

    return Lengths(signs, of)


def _repeated(bits: int, width: int) -> int:
    """The same 64 bits in each place."""
    return ((1 << BITS * width) - 1) // ((1 << BITS) - 1) * bits
