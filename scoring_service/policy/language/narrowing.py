"""What the index may know of a written condition: tests without which it does not match.

A condition that cannot be evaluated does not match, so what is necessary for `a` is necessary for
`a and b` in either order. Dates are left out: a naive instant equals nothing in a hash, and
everything it should in the library.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rule_engine import ast

from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.policy.language.compiling import chain
from scoring_service.policy.language.nodes import FLIPPED
from scoring_service.policy.language.values import native, symbol_of
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf, together

SymbolTypes = Mapping[str, Attribute]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The tests; with `exact` they are the whole condition."""

    tests: tuple[Necessary, ...] = ()
    exact: bool = False


UNKNOWN = Narrowing()


def narrowing(node: Any, symbols: SymbolTypes) -> Narrowing:
    """What is necessary for the condition of this node, which compiles."""
    known = _NARROWED.get(type(node))
    return UNKNOWN if known is None else known(node, symbols)


def _literal(node: Any, symbols: SymbolTypes) -> Narrowing:
    return Narrowing(exact=bool(node.value))


def _flag(node: Any, symbols: SymbolTypes) -> Narrowing:
    return Narrowing((OneOf(node.name, frozenset({True})),), exact=True)


def _logic(node: Any, symbols: SymbolTypes) -> Narrowing:
    parts = [narrowing(part, symbols) for part in chain(node)]
    return _all(parts) if node.type == "and" else _any(parts)


def _all(parts: list[Narrowing]) -> Narrowing:
    tests, merged = together(test for part in parts for test in part.tests)
    typed = {test.symbol for test in tests if not isinstance(test, IsNull)}
    exact = all(part.exact or _is_covered(part, typed) for part in parts)
    return Narrowing(tests, exact and merged)


def _is_covered(part: Narrowing, typed: set[str]) -> bool:
    """`x != null` cannot raise where another test has found x to be of its type."""
    return bool(part.tests) and all(
        isinstance(test, IsNull) and test.symbol in typed for test in part.tests
    )


def _any(parts: list[Narrowing]) -> Narrowing:
    """Equalities of one symbol are one list; of other alternatives nothing single is necessary."""
    values: set[Any] = set()
    for part in parts:
        match part.tests:
            case (OneOf() as test,):
                values |= test.values
            case _:
                return UNKNOWN
    (first, *others) = (part.tests[0].symbol for part in parts)
    if any(symbol != first for symbol in others):
        return UNKNOWN
    return Narrowing((OneOf(first, frozenset(values)),), all(part.exact for part in parts))


def _equality(node: Any, symbols: SymbolTypes) -> Narrowing:
    name, literal = _against_literal(node.left, node.right, symbols)
    if name is None or literal is None:
        return UNKNOWN
    if isinstance(literal, ast.NullExpression):
        return _null(name, node.type == "ne")
    if node.type == "ne":
        return UNKNOWN
    return Narrowing((OneOf(name, frozenset({native(literal)})),), exact=True)


def _null(name: str, negated: bool) -> Narrowing:
    """A symbol at the top raises for a value of another type, which is not null either."""
    return Narrowing((IsNull(name, negated),), exact=not negated or "." in name)


def _order(node: Any, symbols: SymbolTypes) -> Narrowing:
    name, literal = _against_literal(node.left, node.right, symbols)
    if name is None or not isinstance(literal, ast.FloatExpression):
        return UNKNOWN
    sign = FLIPPED[node.type] if node.right is not literal else node.type
    bound, included = native(literal), sign in ("ge", "le")
    if sign in ("ge", "gt"):
        return Narrowing((Between(name, low=bound, low_included=included),), exact=True)
    return Narrowing((Between(name, high=bound, high_included=included),), exact=True)


def _containment(node: Any, symbols: SymbolTypes) -> Narrowing:
    name = _indexed(node.member, symbols)
    if name is None or not isinstance(node.container, ast.ArrayExpression):
        return UNKNOWN
    values = native(node.container)
    if None in values:
        return UNKNOWN
    return Narrowing((OneOf(name, frozenset(values)),), exact=True)


def _against_literal(left: Any, right: Any, symbols: SymbolTypes) -> tuple[str | None, Any]:
    for symbol, literal in ((left, right), (right, left)):
        if isinstance(literal, ast.LiteralExpressionBase):
            return _indexed(symbol, symbols), literal
    return None, None


def _indexed(node: Any, symbols: SymbolTypes) -> str | None:
    """The symbol's name, if the index may look at its values."""
    name = symbol_of(node)
    attribute = None if name is None else symbols.get(name)
    if attribute is None or attribute.type in (AttributeType.DATE, AttributeType.TEXTS):
        return None
    return name


_NARROWED: Mapping[type, Callable[[Any, SymbolTypes], Narrowing]] = {
    ast.BooleanExpression: _literal,
    ast.SymbolExpression: _flag,
    ast.LogicExpression: _logic,
    ast.ComparisonExpression: _equality,
    ast.ArithmeticComparisonExpression: _order,
    ast.ContainsExpression: _containment,
}
