"""Comparisons as closures: a value against a literal. Each says what the library says of it.

The library compares decimals; int and float give the same against literals of at most 15 digits.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from rule_engine import ast
from rule_engine.types import coerce_value

from scoring_service.policy.language.nodes import ORDER, SIGNS
from scoring_service.policy.language.regex import matcher
from scoring_service.policy.language.values import Getter, native
from scoring_service.values.condition import Condition, ConditionError, Symbols

_NUMBERS = frozenset({int, float})


def equality(value_of: Getter, literal: Any) -> Condition:
    """`==`: of identical types; null equals null only."""
    if isinstance(literal, ast.FloatExpression):
        return partial(_equals_number, value_of, native(literal), literal.value)
    return partial(_equals, value_of, type(literal.value), literal.value)


def _equals(value_of: Getter, kind: type, expected: Any, symbols: Symbols) -> bool:
    value = value_of(symbols)
    return type(value) is kind and value == expected


def _equals_number(value_of: Getter, number: float, exact: Any, symbols: Symbols) -> bool:
    value = value_of(symbols)
    if type(value) in _NUMBERS:
        return bool(value == number)
    return type(value) is type(exact) and value == exact


def membership(value_of: Getter, found: frozenset[Any], literals: Any) -> Condition:
    """`in [...]`: Python's, in which 1 is true; null is in a list that has it. `found` are the
    literals' native values.
    """
    return partial(_is_in, value_of, found, literals.evaluate(None))


def _is_in(
    value_of: Getter, found: frozenset[Any], exact: tuple[Any, ...], symbols: Symbols
) -> bool:
    value = value_of(symbols)
    if type(value) in _HASHED:
        return value in found
    return coerce_value(value, verify_type=False) in exact


_HASHED = frozenset({str, int, float, bool, datetime})


def order(value_of: Getter, sign: str, literal: Any, name: str) -> Condition:
    """`>= > <= <`: ConditionError for null and for values of another type."""
    compare, what = ORDER[sign], f"{name} {SIGNS[sign]}"
    if isinstance(literal, ast.FloatExpression):
        exact = literal.value
        return partial(_is_number_ordered, value_of, compare, native(literal), exact, what)
    return partial(_is_ordered, value_of, compare, literal.value, what)


Compare = Callable[[Any, Any], Any]


def _is_ordered(
    value_of: Getter, compare: Compare, bound: Any, what: str, symbols: Symbols
) -> bool:
    value = value_of(symbols)
    if type(value) is type(bound):
        return bool(compare(value, bound))
    raise _without_order(value, what)


def _is_number_ordered(
    value_of: Getter, compare: Compare, number: float, exact: Any, what: str, symbols: Symbols
) -> bool:
    value = value_of(symbols)
    if type(value) in _NUMBERS and value == value:  # noqa: PLR0124 - not a NaN
        return bool(compare(value, number))
    if type(value) is type(exact) and value == value:  # noqa: PLR0124
        return bool(compare(value, exact))
    raise _without_order(value, what)


def _without_order(value: Any, what: str) -> ConditionError:
    if value is None:
        return ConditionError(f"{what}: the value is missing")
    return ConditionError(f"{what}: {type(value).__name__} has no such order")


def regex(value_of: Getter, sign: str, pattern: str, name: str) -> Condition:
    """`=~` and its kin. A missing text matches nothing, so `!~` holds for it."""
    matches, negated = matcher(pattern, anchored=sign.endswith("fzm")), sign.startswith("ne")
    what = f"{name} {SIGNS[sign]}"

    def found(symbols: Symbols) -> bool:
        value = value_of(symbols)
        if value is None:
            return negated
        if not isinstance(value, str):
            raise ConditionError(f"{what}: {type(value).__name__} is no text")
        try:
            return matches(value) is not negated
        except UnicodeEncodeError:
            raise ConditionError(f"{what}: the text has half a character") from None

    return found


def containment(container_of: Getter, text: str, name: str) -> Condition:
    """A literal text in a symbol: one of several texts, or a part of one."""

    missing = f'"{text}" in {name}: the value is missing'

    def contains(symbols: Symbols) -> bool:
        container = container_of(symbols)
        if container is None:
            raise ConditionError(missing)
        try:
            return text in container
        except TypeError:
            kind = type(container).__name__
            raise ConditionError(f'"{text}" in {name}: nothing is in {kind}') from None

    return contains
