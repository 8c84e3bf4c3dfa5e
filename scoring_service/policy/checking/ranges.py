"""Which rows of a table have a range that some number in another shares, as bits."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping

from scoring_service.policy.necessary import Between
from scoring_service.policy.necessary_logic import Bound, lower, upper

_STEP = 128
"""Ranges whose bits are joined for good: those of each row would take the square of the rows."""


class Ranges:
    """The rows that ask for each of these ranges of one symbol; a row asks for one at most.

    >>> rows = Ranges({Between("n", 1, 10): 0b01, Between("n", 20, 30): 0b10})
    >>> rows.sharing(Between("n", 10, 15)), rows.at(25)
    (1, 2)
    """

    def __init__(self, rows: Mapping[Between, int]) -> None:
        self._every = 0
        for bits in rows.values():
            self._every |= bits
        self._from_below = _Joined({test: upper(test) for test in rows}, rows)
        self._from_above = _Joined({test: _opposite(lower(test)) for test in rows}, rows)

    def sharing(self, test: Between) -> int:
        """The rows whose range has a number that meets the test."""
        return self._between(lower(test), upper(test))

    def at(self, value: float) -> int:
        """The rows whose range has this number."""
        return self._between((value, 0), (value, 0))

    def _between(self, low: Bound, high: Bound) -> int:
        ended = self._from_below.before(low)
        not_begun = self._from_above.before(_opposite(high))
        return self._every & ~ended & ~not_begun


def _opposite(bound: Bound) -> Bound:
    return -bound[0], -bound[1]


class _Joined:
    """Ranges in the order of a bound, the bits of those before every so many joined."""

    def __init__(self, bounds: Mapping[Between, Bound], rows: Mapping[Between, int]) -> None:
        ordered = sorted(bounds, key=bounds.__getitem__)
        self._bounds = [bounds[test] for test in ordered]
        self._bits = [rows[test] for test in ordered]
        self._joined, joined = [0], 0
        for at, bits in enumerate(self._bits, start=1):
            joined |= bits
            if at % _STEP == 0:
                self._joined.append(joined)

    def before(self, bound: Bound) -> int:
        """The rows whose bound is below this one."""
        count = bisect_left(self._bounds, bound)
        joined = self._joined[count // _STEP]
        for bits in self._bits[count - count % _STEP : count]:
            joined |= bits
        return joined


class Values:
    """The rows that ask for each of these values of one symbol; a row may ask for several."""

    def __init__(self, rows: Mapping[object, int]) -> None:
        self._rows = rows
        numbers = [n for n in rows if isinstance(n, int | float) and not isinstance(n, bool)]
        self._numbers = sorted(numbers)

    def at(self, value: object) -> int:
        """The rows that ask for this value."""
        return self._rows.get(value, 0)

    def inside(self, test: Between) -> int:
        """The rows that ask for a number inside the range."""
        low, high = lower(test), upper(test)
        first = (
            bisect_left(self._numbers, low[0])
            if low[1] == 0
            else bisect_right(self._numbers, low[0])
        )
        last = (
            bisect_right(self._numbers, high[0])
            if high[1] == 0
            else bisect_left(self._numbers, high[0])
        )
        found = 0
        for number in self._numbers[first:last]:
            found |= self._rows[number]
        return found
