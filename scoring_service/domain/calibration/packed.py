"""Rows of L as one integer each, so that a lead's rows are added up at once.

A row of k numbers becomes the sum of its numbers, in fixed point, times 2^0, 2^64, ... up to
2^(64 (k - 1)): adding such integers adds the rows number by number, as long as no number leaves its
64 bits. Rows are published with six decimals, so nothing is lost; adding lists of floats takes
several times as long.
"""

from collections.abc import Sequence
from math import hypot
from struct import Struct

BITS = 64
FRACTION = 1 << 28
"""The steps of a factor that a row is taken by."""

UNIT = 10**6 * FRACTION
ROW_MAX = 10.0
"""The largest number of a row: of log-odds, far beyond anything that was learned."""

TIMES_MAX = 1000.0
"""A row counts at most so many times: its interval is then all there is."""


def pack(row: Sequence[float]) -> int:
    """A row, to be taken `times`: `pack(row) * times(1.0)` is the row itself."""
    return sum(round(value * 10**6) << (BITS * place) for place, value in enumerate(row))


def times(factor: float) -> int:
    """How often a packed row is taken, in steps of 2^-28; at most 1,000 times."""
    return round(min(max(factor, -TIMES_MAX), TIMES_MAX) * FRACTION)


class Lengths:
    """Measures sums of packed rows of one width.

    >>> Lengths(2).of(pack((3.0, 0.0)) * times(1.0) - pack((0.0, 4.0)) * times(1.0))
    5.0
    """

    __slots__ = ("_numbers", "_signs", "_size")

    def __init__(self, width: int) -> None:
        self._size = width * BITS // 8
        self._signs = ((1 << BITS * width) - 1) // ((1 << BITS) - 1) << (BITS - 1)
        self._numbers = Struct(f"<{width}q").unpack

    def of(self, total: int) -> float:
        """The length of the row that such a sum stands for."""
        signs = self._signs
        return (
            hypot(*self._numbers(((total + signs) ^ signs).to_bytes(self._size, "little"))) / UNIT
        )
