"""What one test on a symbol says of another: implied by it, or not to be met together."""

from collections.abc import Iterable
from math import inf

from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf, narrower

Bound = tuple[float, int]
"""A number, and whether the range begins behind it (1), at it (0) or ends before it (-1)."""


def implies(one: Necessary, other: Necessary) -> bool:
    """Whether every value that meets `one` meets `other`; False where that is not certain.

    >>> implies(Between("employees", 200, 999), Between("employees", 100))
    True
    """
    match one, other:
        case OneOf(), OneOf():
            return one.values <= other.values
        case OneOf(), Between():
            return all(within(value, other) for value in one.values)
        case Between(), Between():
            return lower(other) <= lower(one) and upper(one) <= upper(other)
        case ((OneOf() | Between()), IsNull()):
            return other.negated
        case IsNull(), IsNull():
            return one.negated == other.negated
        case _:
            return False


def disjoint(one: Necessary, other: Necessary) -> bool:
    """Whether no value meets both; False where that is not certain."""
    match one, other:
        case OneOf(), OneOf():
            return one.values.isdisjoint(other.values)
        case OneOf(), Between():
            return not any(within(value, other) for value in one.values)
        case Between(), Between():
            return upper(one) < lower(other) or upper(other) < lower(one)
        case IsNull(), IsNull():
            return one.negated != other.negated
        case IsNull(), _:
            return not one.negated
        case _:
            return disjoint(other, one)


def all_implied(tests: Iterable[Necessary], given: Iterable[Necessary]) -> bool:
    """Whether whatever meets every test of `given` meets every one of `tests`."""
    by_symbol: dict[str, list[Necessary]] = {}
    for test in given:
        by_symbol.setdefault(test.symbol, []).append(test)
    return all(
        any(implies(known, test) for known in by_symbol.get(test.symbol, ())) for test in tests
    )


def merged(tests: Iterable[Necessary]) -> tuple[Necessary, ...]:
    """The same demand with one test a symbol, where two of them can be said as one.

    >>> merged([Between("employees", 10), Between("employees", None, 20)])
    (Between(symbol='employees', low=10, high=20, low_included=True, high_included=True),)
    """
    found: list[Necessary] = []
    for test in tests:
        for place, known in enumerate(found):
            if known.symbol == test.symbol and (one := _both(known, test)):
                found[place] = one
                break
        else:
            found.append(test)
    return tuple(found)


def is_empty(test: Necessary) -> bool:
    """Whether no value meets it.

    >>> is_empty(Between("employees", 20, 10))
    True
    """
    if isinstance(test, OneOf):
        return not test.values
    return isinstance(test, Between) and lower(test) > upper(test)


def _both(one: Necessary, other: Necessary) -> Necessary | None:
    match one, other:
        case OneOf(), OneOf():
            return OneOf(one.symbol, one.values & other.values)
        case OneOf(), Between():
            values = frozenset(value for value in one.values if within(value, other))
            return OneOf(one.symbol, values)
        case Between(), OneOf():
            return _both(other, one)
        case Between(), Between():
            return narrower(one, other)
    if implies(one, other):
        return one
    return other if implies(other, one) else None


def within(value: object, test: Between) -> bool:
    """Whether a value is a number inside the bounds.

    >>> within(1000, Between("employees", None, 1000, high_included=False))
    False
    """
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return lower(test) <= (value, 0) <= upper(test)


def lower(test: Between) -> Bound:
    """The lower bound, in an order in which an excluded one comes after the number itself."""
    return (-inf, 0) if test.low is None else (test.low, 0 if test.low_included else 1)


def upper(test: Between) -> Bound:
    """The upper bound; one that is excluded comes before the number itself."""
    return (inf, 0) if test.high is None else (test.high, 0 if test.high_included else -1)
