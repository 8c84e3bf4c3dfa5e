"""A built tree as text again: what a sub-condition is called, read back to the same condition."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from rule_engine import ast

from scoring_service.policy.language.nodes import SIGNS
from scoring_service.policy.language.values import symbol_of

_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def written(node: Any) -> str:
    """The expression as one would write it."""
    match node:
        case ast.LogicExpression():
            return f"{_side(node.left, node.type)} {node.type} {_side(node.right, node.type)}"
        case ast.UnaryExpression():
            return f"not ({written(node.right)})"
        case ast.ContainsExpression():
            return f"{_value(node.member)} in {_value(node.container)}"
        case ast.ComparisonExpression() | ast.FuzzyComparisonExpression():
            return f"{_value(node.left)} {SIGNS[node.type]} {_value(node.right)}"
        case ast.ArithmeticComparisonExpression():
            return f"{_value(node.left)} {SIGNS[node.type]} {_value(node.right)}"
    return _value(node)


def symbols_in(node: Any) -> tuple[str, ...]:
    """The dotted names of the symbols that a tree reads, each once, from the left."""
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        part = waiting.pop()
        symbol = symbol_of(part)
        if symbol is not None:
            found[symbol] = None
        else:
            waiting.extend(reversed(_below(part)))
    return tuple(found)


_SIDES = ("left", "member", "right", "container", "object", "item", "start", "stop")


def _below(node: Any) -> list[Any]:
    sides = (getattr(node, side, None) for side in _SIDES)
    return [side for side in sides if isinstance(side, ast.ExpressionBase)]


def _side(node: Any, joined: str) -> str:
    """A part of `and` or `or`; in brackets where the other joins it."""
    text = written(node)
    other = isinstance(node, ast.LogicExpression) and node.type != joined
    return f"({text})" if other else text


def _value(node: Any) -> str:
    if isinstance(node, ast.SymbolExpression):
        return str(node.name)
    if isinstance(node, ast.GetAttributeExpression):
        return f"{_value(node.object)}.{node.name}"
    if isinstance(node, ast.CoalesceExpression):
        return f"({_value(node.left)} ?? {_value(node.right)})"
    if isinstance(node, ast.GetItemExpression | ast.GetSliceExpression):
        return f"{_value(node.container)}[{_place(node)}]"
    return _literal(node) if isinstance(node, ast.LiteralExpressionBase) else f"({written(node)})"


def _literal(node: Any) -> str:
    if isinstance(node, ast.ArrayExpression):
        return f"[{', '.join(map(_value, node.value))}]"
    return literal(node.value)


def _place(node: Any) -> str:
    if isinstance(node, ast.GetItemExpression):
        return _value(node.item)
    return f"{_bound(node.start)}:{_bound(node.stop)}"


def _bound(node: Any) -> str:
    return "" if node is None or isinstance(node, ast.NullExpression) else _value(node)


def _is_plain(text: str) -> bool:
    return text.isprintable() and "\\" not in text and '"' not in text


def _escaped(letter: str) -> str:
    """What would steer a terminal, or turn a line round, is shown and does nothing."""
    known = _ESCAPED.get(letter)
    if known is not None or letter.isprintable():
        return known or letter
    return letter.encode("unicode_escape").decode()


def literal(value: Any) -> str:
    """A value as a condition writes it.

    >>> literal("say \\"hi\\""), literal(None), literal(2.50), literal(("a", "b"))
    ('"say \\\\"hi\\\\""', 'null', '2.5', '["a", "b"]')
    """
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    if isinstance(value, str):
        return f'"{value if _is_plain(value) else "".join(map(_escaped, value))}"'
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, datetime):
        return f'd"{value.isoformat()}"'
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    return f"{number:f}".removesuffix(".0")
