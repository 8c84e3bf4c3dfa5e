"""A typed tree as closures over a lead's symbols: some twenty to fifty times the library's speed.

Two lists of nodes, and any other is refused. Compiled are logic, comparisons with literals, null
tests, lists, regular expressions, symbols, properties of texts and `??`. The library evaluates
comparisons of two symbols, a symbol in a symbol, parts of texts (`postal_code[:2]`) and the year,
month and day of dates; their nodes are kept, all others can go.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rule_engine import ast

from scoring_service.policy.language import comparisons
from scoring_service.policy.language.checking import (
    LITERALS,
    check_containment,
    check_equality,
    check_order,
    check_truth,
)
from scoring_service.policy.language.nodes import FLIPPED, RegexComparison
from scoring_service.policy.language.refusal import Refused
from scoring_service.policy.language.shortcuts import shortcut
from scoring_service.policy.language.symbols import Scope
from scoring_service.policy.language.untyped import shown
from scoring_service.policy.language.values import by_library, getter, native
from scoring_service.values.condition import Condition, Symbols


def compiled(node: Any, seen: Scope) -> Condition:
    """The condition of a tree's expression; Refused where it is not one that we read."""
    check_truth(node)
    compile_node = _COMPILED.get(type(node))
    if compile_node is None:
        raise Refused(f"{type(node).__name__} is not read in conditions", "write it otherwise")
    return compile_node(node, seen)


def release(node: Any) -> None:
    """Lets a tree go at once: each node holds a method of its own, a cycle that would otherwise
    wait for a collection, which stops every thread for as long as it takes.
    """
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if hasattr(found, "_evaluator"):
            found._evaluator = None
            waiting += [getattr(found, side) for side in ("left", "right") if hasattr(found, side)]


def _literal(node: Any, seen: Scope) -> Condition:
    value = bool(node.value)
    return lambda _: value


def _flag(node: Any, seen: Scope) -> Condition:
    value_of = getter(node, seen)
    return shortcut(node, "is", True, lambda lead: bool(value_of(lead)))


def _not(node: Any, seen: Scope) -> Condition:
    condition = compiled(node.right, seen)
    return lambda lead: not condition(lead)


def _logic(node: Any, seen: Scope) -> Condition:
    parts = tuple(compiled(part, seen) for part in chain(node))
    if len(parts) == 2:
        return _pair(node.type, *parts)
    return _every(parts) if node.type == "and" else _any(parts)


def chain(node: Any) -> Iterator[Any]:
    """The parts of `a and b and c`, from the left."""
    for side in (node.left, node.right):
        if isinstance(side, ast.LogicExpression) and side.type == node.type:
            yield from chain(side)
        else:
            yield side


def _pair(sign: str, one: Condition, other: Condition) -> Condition:
    if sign == "and":
        return lambda lead: one(lead) and other(lead)
    return lambda lead: one(lead) or other(lead)


def _every(parts: tuple[Condition, ...]) -> Condition:
    def every(lead: Symbols) -> bool:
        for part in parts:  # noqa: SIM110 - a generator costs as much as the parts
            if not part(lead):
                return False
        return True

    return every


def _any(parts: tuple[Condition, ...]) -> Condition:
    def any_of(lead: Symbols) -> bool:
        for part in parts:  # noqa: SIM110
            if part(lead):
                return True
        return False

    return any_of


def _equality(node: Any, seen: Scope) -> Condition:
    check_equality(node, seen.symbols)
    value, literal = node.left, node.right
    if isinstance(value, LITERALS):
        value, literal = literal, value
    if not isinstance(literal, LITERALS):
        return _library(node, seen)
    equal = comparisons.equality(getter(value, seen), literal)
    general = equal if node.type == "eq" else lambda lead: not equal(lead)
    sign = node.type
    if isinstance(literal, ast.NullExpression):
        sign = "is" if node.type == "eq" else "is not"
    return shortcut(value, sign, native(literal), general)


def _order(node: Any, seen: Scope) -> Condition:
    check_order(node)
    value, literal, sign = node.left, node.right, node.type
    if isinstance(value, LITERALS):
        value, literal, sign = literal, value, FLIPPED[sign]
    if not isinstance(literal, LITERALS):
        return _library(node, seen)
    general = comparisons.order(getter(value, seen), sign, literal, shown(value))
    return shortcut(value, sign, native(literal), general)


def _regex(node: Any, seen: Scope) -> Condition:
    return comparisons.regex(getter(node.left, seen), node.type, node.right.value, shown(node.left))


def _containment(node: Any, seen: Scope) -> Condition:
    check_containment(node, seen.symbols)
    if isinstance(node.container, ast.ArrayExpression):
        found = frozenset(native(node.container))
        general = comparisons.membership(getter(node.member, seen), found, node.container)
        return shortcut(node.member, "in", found, general)
    if isinstance(node.member, LITERALS):
        container = getter(node.container, seen)
        return comparisons.containment(container, node.member.value, shown(node.container))
    return _library(node, seen)


def _library(node: Any, seen: Scope) -> Condition:
    """Two symbols against each other: rare, and full of cases that the library has settled."""
    sides = (node.left, node.right) if hasattr(node, "left") else (node.member, node.container)
    for side in sides:
        getter(side, seen)
    evaluate = by_library(node)
    return lambda lead: bool(evaluate(lead))


_COMPILED: Mapping[type, Callable[[Any, Scope], Condition]] = {
    ast.LogicExpression: _logic,
    ast.UnaryExpression: _not,
    ast.ComparisonExpression: _equality,
    ast.ArithmeticComparisonExpression: _order,
    RegexComparison: _regex,
    ast.ContainsExpression: _containment,
    ast.BooleanExpression: _literal,
    ast.SymbolExpression: _flag,
    ast.GetAttributeExpression: _flag,
    ast.CoalesceExpression: _flag,
}
