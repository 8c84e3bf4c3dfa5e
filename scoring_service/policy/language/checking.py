"""What the library lets pass and is never meant: sides that are never equal, values no lead has."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rule_engine import DataType, ast

from scoring_service.domain.schema import Attribute
from scoring_service.policy.language.nodes import SIGNS
from scoring_service.policy.language.refusal import Refused
from scoring_service.policy.language.untyped import kind_of, remedy_of, shown
from scoring_service.policy.language.values import symbol_of, value_in
from scoring_service.policy.mistake import did_you_mean

LITERALS = (
    ast.BooleanExpression,
    ast.DatetimeExpression,
    ast.FloatExpression,
    ast.NullExpression,
    ast.StringExpression,
)
VALUES = (
    *LITERALS,
    ast.SymbolExpression,
    ast.GetAttributeExpression,
    ast.GetItemExpression,
    ast.GetSliceExpression,
    ast.CoalesceExpression,
)


def check_equality(node: Any, symbols: Mapping[str, Attribute]) -> None:
    """Both sides are values of one type, or one is null; texts are among the listed ones."""
    if _has_null(node.left, node.right):
        return _are_values(node)
    if _is_list(node.left) or _is_list(node.right):
        what = f"{shown(node.left)} and {shown(node.right)}: lists are not compared as a whole"
        raise Refused(what, 'test what is in them: "salesforce" in technologies')
    _are_values(node)
    check_sides(node.left, node.right, SIGNS[node.type])
    for symbol, literal in ((node.left, node.right), (node.right, node.left)):
        if isinstance(literal, ast.StringExpression):
            _is_listed(symbol, (literal,), symbols)
    return None


def check_order(node: Any) -> None:
    """Numbers, dates and texts have an order; null and true have none."""
    _are_values(node)
    for side in (node.left, node.right):
        if side.result_type.name not in ("FLOAT", "DATETIME", "STRING"):
            what = f"{shown(side)} is {kind_of(side)}, which has no order"
            raise Refused(what, "compare it with == or !=")
    check_sides(node.left, node.right, SIGNS[node.type])


def check_containment(node: Any, symbols: Mapping[str, Attribute]) -> None:
    """A value in a list of its type; a text in a text or a list of texts."""
    member, container = node.member, node.container
    _is_value(member)
    if not isinstance(container, ast.ArrayExpression):
        return _check_in_symbol(node, symbols)
    if not container.value:
        raise Refused("nothing is in an empty list", "list the values, or remove the test")
    for entry in container.value:
        if not isinstance(entry, LITERALS):
            what = f"the list has {shown(entry)} in it, which is no plain value"
            raise Refused(what, "list texts in quotes, or numbers")
        if not _has_null(member, entry):
            check_sides(member, entry, "in")
    texts = (entry for entry in container.value if isinstance(entry, ast.StringExpression))
    _is_listed(member, texts, symbols)
    return None


def check_truth(node: Any) -> None:
    """Only what is true or false stands alone or beside and, or, not."""
    if node.result_type != DataType.BOOLEAN:
        what = f"{shown(node)} is {kind_of(node)}, not true or false"
        raise Refused(what, f"compare it: {_example(node)}")


def check_sides(left: Any, right: Any, sign: str) -> None:
    """Two types that the library compares, always with the same result."""
    if left.result_type != right.result_type:
        what = f"{shown(left)} is {kind_of(left)} and {shown(right)} {kind_of(right)}"
        outcome = "always" if sign == "!=" else "never"
        raise Refused(f"'{sign}' {outcome} holds: {what}", remedy_of(left, right, sign))


def _example(node: Any) -> str:
    if isinstance(node, ast.StringExpression):
        return f'country == "DE" or country == {shown(node)}'
    if isinstance(node, ast.LiteralExpressionBase):
        return "country != null, or employees >= 200"
    if symbol_of(node) is None:
        return "(employees ?? 0) >= 200"
    return f"{value_in(node)} != null"


def _check_in_symbol(node: Any, symbols: Mapping[str, Attribute]) -> None:
    member, container = node.member, node.container
    _is_value(container)
    if isinstance(container, ast.StringExpression):
        what = f"{shown(container)} is one text, not a list"
        raise Refused(what, 'write a list to the right of in: x in ["a", "b"]')
    if member.result_type != DataType.STRING:
        what = f"{shown(member)} is {kind_of(member)}, and {shown(container)} has only texts"
        raise Refused(what, "write the value in quotes")
    if _is_list(container) and isinstance(member, ast.StringExpression):
        _is_listed(container, (member,), symbols)


def _is_value(node: Any) -> None:
    if not isinstance(node, VALUES):
        raise Refused("a comparison stands inside a comparison", "join them with and, or, not")


def _are_values(node: Any) -> None:
    for side in (node.left, node.right):
        _is_value(side)


def _is_list(node: Any) -> bool:
    return bool(DataType.is_type(node.result_type, DataType.ARRAY))


def _has_null(*nodes: Any) -> bool:
    return any(isinstance(node, ast.NullExpression) for node in nodes)


def _is_listed(symbol: Any, literals: Iterable[Any], symbols: Mapping[str, Attribute]) -> None:
    name = symbol_of(symbol)
    attribute = None if name is None else symbols.get(name)
    if attribute is None or not attribute.values:
        return
    for text in _texts(literals):
        if text not in attribute.values:
            raise Refused(f"{name} is never '{text}'", did_you_mean(text, attribute.values))


def _texts(literals: Iterable[Any]) -> Iterator[str]:
    for literal in literals:
        yield literal.value
