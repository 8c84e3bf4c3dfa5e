"""What the route index may know of a condition: tests on single symbols that must hold for it to
match.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OneOf:
    """The symbol equals one of these texts, numbers, booleans or instants. Null is none of them."""

    symbol: str
    values: frozenset[str | bool | int | float | datetime]


@dataclass(frozen=True, slots=True)
class Between:
    """The symbol is a number inside the bounds; None is unbounded. Null never is."""

    symbol: str
    low: float | None = None
    high: float | None = None
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True)
class IsNull:
    """The symbol is null (or, with `negated`, is not)."""

    symbol: str
    negated: bool = False


Necessary = OneOf | Between | IsNull
"""A necessary condition: where it does not hold the whole condition does not match (or raises)."""


def together(tests: Iterable[Necessary]) -> tuple[tuple[Necessary, ...], bool]:
    """Tests that must all hold, at most one a symbol; and whether nothing was lost in joining them.

    >>> together([IsNull("x", negated=True), Between("x", low=5), Between("x", high=9)])
    ((Between(symbol='x', low=5, high=9, low_included=True, high_included=True),), True)
    """
    joined: dict[str, Necessary] = {}
    whole = True
    for test in tests:
        known = joined.get(test.symbol)
        joined[test.symbol], kept = (test, True) if known is None else _both(known, test)
        whole = whole and kept
    return tuple(joined.values()), whole


def _both(one: Necessary, other: Necessary) -> tuple[Necessary, bool]:
    """A test that holds where both do; False where it holds elsewhere too."""
    match one, other:
        case Between(), Between():
            return narrower(one, other), True
        case (OneOf() | Between(), IsNull(negated=True)):
            return one, True
        case (IsNull(negated=True), OneOf() | Between()):
            return other, True
        case OneOf(), OneOf():
            return min(one, other, key=lambda test: len(test.values)), False
        case (_, OneOf()):
            return other, False
        case _:
            return one, isinstance(one, IsNull) and one == other


def narrower(one: Between, other: Between) -> Between:
    """The numbers inside both."""
    lows = [(b.low, not b.low_included) for b in (one, other) if b.low is not None]
    highs = [(b.high, b.high_included) for b in (one, other) if b.high is not None]
    low, low_open = max(lows) if lows else (None, False)
    high, high_included = min(highs) if highs else (None, True)
    return Between(one.symbol, low, high, not low_open, high_included)
