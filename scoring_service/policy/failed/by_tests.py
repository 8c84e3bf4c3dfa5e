"""Which test that the index works with failed: a reason at the cost of a look at a value."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from types import NoneType
from typing import Any

from scoring_service.policy.failed.finding import Came, Finding, value_of, value_text
from scoring_service.policy.language.written import literal
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf
from scoring_service.policy.necessary_logic import within
from scoring_service.values.condition import Symbols

Saw = tuple[tuple[str, str], ...]

_PLAIN = frozenset({str, int, float, bool, NoneType, datetime})
"""Values of other types may equal what they do not share a hash with, as decimals do floats."""


def failed_test(tests: Iterable[Necessary], symbols: Symbols) -> tuple[Saw, Finding] | None:
    """The first test that surely failed, and what was seen up to it; None where none did.

    As long as it fails the condition does not match, whatever else is in it: so it is a true
    reason, though not always that of the part which is written first.
    """
    saw: list[tuple[str, str]] = []
    for test in tests:
        saw.append((test.symbol, value_text(test.symbol, symbols)))
        if _surely_fails(test, value_of(test.symbol, symbols)):
            text = " and ".join(f"{test.symbol} {one}" for one in _compared(test))
            cell = " and ".join(_demanded(test))
            found = Finding(text, Came.FAILED, (saw[-1],), column=test.symbol, cell=cell)
            return tuple(dict(saw).items()), found
    return None


def _surely_fails(test: Necessary, value: Any) -> bool:
    if type(value) not in _PLAIN:
        return False
    match test:
        case OneOf():
            return value not in test.values
        case IsNull():
            return (value is None) == test.negated
    return not within(value, test)


def _compared(test: Necessary) -> Iterator[str]:
    """The test as conditions write it, behind its symbol."""
    match test:
        case OneOf():
            values = _values(test)
            yield f"== {values[0]}" if len(values) == 1 else f"in [{', '.join(values)}]"
        case IsNull():
            yield f"{'!' if test.negated else '='}= null"
        case Between(low=None, high=None):
            yield "!= null"
        case Between():
            yield from _bounds(test)


def _demanded(test: Necessary) -> Iterator[str]:
    """The same in words, behind "has to be"."""
    match test:
        case OneOf():
            yield "|".join(_values(test))
        case IsNull(negated=False):
            yield "not known"
        case IsNull() | Between(low=None, high=None):
            yield "known"
        case Between():
            yield from _bounds(test)


def _values(test: OneOf) -> list[str]:
    return sorted(map(literal, test.values))


def _bounds(test: Between) -> Iterator[str]:
    if test.low is not None:
        yield f">{'=' if test.low_included else ''} {literal(test.low)}"
    if test.high is not None:
        yield f"<{'=' if test.high_included else ''} {literal(test.high)}"
