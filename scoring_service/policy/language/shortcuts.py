"""The commonest comparisons, a symbol against a literal, read and compared in one function.

Only values of the expected types take the short way; whatever else is left to the general
condition, so that both say the same.
"""

from __future__ import annotations  # else each closure builds those of its parameters anew

import operator
from collections.abc import Callable
from functools import lru_cache
from types import NoneType
from typing import Any

from scoring_service.policy.language.nodes import ORDER
from scoring_service.policy.language.values import EXACT, symbol_of
from scoring_service.values.condition import Condition, Symbols

Test = Callable[[Any, Any], Any]
"""Of the literal and the value, in this order; implemented in C."""

Usual = tuple[type, frozenset[type]]
"""The type to look for first, and the others: a float may be no number."""

TESTS: dict[str, Test] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.le,
    "gt": operator.lt,
    "le": operator.ge,
    "lt": operator.gt,
    "in": operator.contains,
    "is": operator.is_,
    "is not": operator.is_not,
}


def shortcut(node: Any, sign: str, literal: Any, general: Condition) -> Condition:
    """The same as `general`, faster where `node` is a symbol and its value of the usual type.

    `literal` is native, a set for `in`; numbers must be such that int and float compare with them
    as the library's decimals do.
    """
    symbol, kinds = symbol_of(node), EXACT.get(node.result_type.name)
    if symbol is None or kinds is None:
        return general
    path = symbol.split(".")
    usual = _usual(kinds, sign in ORDER)
    return _BY_DEPTH[len(path)](path, usual, TESTS[sign], literal, general)


# What a condition needs stands in defaults of its parameters: closures take three times the objects
# and so make the collector stop everybody longer.


def _at_top(
    path: list[str], usual: Usual, test: Test, literal: Any, general: Condition
) -> Condition:
    (name,), (first, others) = path, usual

    def holds(
        symbols: Symbols,
        name: str = name,
        first: type = first,
        others: frozenset[type] = others,
        test: Test = test,
        literal: Any = literal,
        general: Condition = general,
    ) -> bool:
        value = symbols.get(name)
        kind = type(value)
        if kind is first or (kind in others and value == value):  # noqa: PLR0124 - not a NaN
            return test(literal, value)  # type: ignore[no-any-return]
        return general(symbols)

    return holds


def _inside(
    path: list[str], usual: Usual, test: Test, literal: Any, general: Condition
) -> Condition:
    (top, last), (first, others) = path, usual

    def holds(
        symbols: Symbols,
        top: str = top,
        last: str = last,
        first: type = first,
        others: frozenset[type] = others,
        test: Test = test,
        literal: Any = literal,
        general: Condition = general,
    ) -> bool:
        try:
            value = symbols[top][last]
        except (KeyError, TypeError):
            return general(symbols)
        kind = type(value)
        if kind is first or (kind in others and value == value):  # noqa: PLR0124
            return test(literal, value)  # type: ignore[no-any-return]
        return general(symbols)

    return holds


def _deep_inside(
    path: list[str], usual: Usual, test: Test, literal: Any, general: Condition
) -> Condition:
    (top, middle, last), (first, others) = path, usual

    def holds(
        symbols: Symbols,
        top: str = top,
        middle: str = middle,
        last: str = last,
        first: type = first,
        others: frozenset[type] = others,
        test: Test = test,
        literal: Any = literal,
        general: Condition = general,
    ) -> bool:
        try:
            value = symbols[top][middle][last]
        except (KeyError, TypeError):
            return general(symbols)
        kind = type(value)
        if kind is first or (kind in others and value == value):  # noqa: PLR0124
            return test(literal, value)  # type: ignore[no-any-return]
        return general(symbols)

    return holds


@lru_cache
def _usual(kinds: frozenset[type], is_order: bool) -> Usual:
    (first,) = kinds & {str, int, bool}
    return first, kinds - {first, NoneType if is_order else first}


_BY_DEPTH = {1: _at_top, 2: _inside, 3: _deep_inside}
