"""What the route index may know of a condition: tests on single symbols that must hold for it to
match.
"""

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
