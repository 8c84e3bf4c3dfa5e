"""Why the library would not build a tree: the place inside, the types there, the nearest name."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from rule_engine import DataType, ast, errors

from scoring_service.policy.language.nodes import SIGNS
from scoring_service.policy.language.refusal import Refused, shortened
from scoring_service.policy.language.symbols import ROUTES_ONLY, Scope
from scoring_service.policy.mistake import did_you_mean

_KINDS = {
    "FLOAT": "a number",
    "STRING": "a text",
    "BOOLEAN": "true or false",
    "DATETIME": "a date",
    "ARRAY": "a list",
    "NULL": "null",
}


def kind_of(node: Any) -> str:
    """The type of a built node in words."""
    if DataType.is_type(node.result_type, DataType.OBJECT):
        return "a group of symbols"
    return _KINDS.get(node.result_type.name, "of an unknown type")


def shown(node: Any) -> str:
    """A built value as its reader wrote it, about so."""
    match node:
        case ast.SymbolExpression():
            return str(node.name)
        case ast.GetAttributeExpression():
            return f"{shown(node.object)}.{node.name}"
        case ast.ArrayExpression():
            return "[...]" if node.value else "[]"
        case ast.LiteralExpressionBase():
            return _shown_literal(node.value)
    return "this value"


def _shown_literal(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{shortened(value)}"'
        case datetime():
            return f'd"{value.isoformat()}"'
    return format(value, "f") if isinstance(value, Decimal) else "this value"


def explained(error: errors.EngineError, tree: Any, seen: Scope) -> Refused:
    """The library's error of building `tree` (not built), as a mistake."""
    if isinstance(error, errors.SymbolResolutionError):
        return _unknown_symbol(error.symbol_name, seen)
    if isinstance(error, errors.AttributeResolutionError):
        return _unknown_attribute(error)
    if isinstance(error, errors.SyntaxError):
        value = shortened(str(getattr(error, "value", "")))
        remedy = 'write dates as d"2026-03-31", and look at quotes and backslashes'
        return Refused(f"{error.message}: {value}", remedy)
    return _mismatch(tree) or Refused(f"the condition does not fit: {error.message}", _LOOK)


_LOOK = "compare numbers with numbers and texts with texts"


def _unknown_symbol(name: str, seen: Scope) -> Refused:
    if name in ROUTES_ONLY and "stage" in seen.symbols:
        what = f"unknown symbol '{name}': scoring.yaml gives points to no activity"
        return Refused(what, "add its type below 'behaviour: activities:', or mend the condition")
    if name in ROUTES_ONLY:
        what = f"'{name}' is not known to fit and disqualify criteria"
        return Refused(what, "they see the lead, its account and its source: use it in a route")
    if name.lower() in ("true", "false", "null", "none"):
        return Refused(f"unknown symbol '{name}'", "write true, false or null in small letters")
    remedy = did_you_mean(name, {symbol.partition(".")[0] for symbol in seen.symbols})
    if "did you mean" not in remedy:
        remedy = f'declare it in attributes.yaml, or put a text in quotes: "{name}"'
    return Refused(f"unknown symbol '{name}'", remedy)


def _unknown_attribute(error: errors.AttributeResolutionError) -> Refused:
    name, owner = error.attribute_name, error.object
    if DataType.is_definition(owner) and DataType.is_type(owner, DataType.OBJECT):
        what = f"unknown symbol '{owner.name}.{name}'"
        return Refused(what, did_you_mean(name, owner.attributes))
    kind = getattr(owner, "name", "")
    what = f"there is no property '.{name}' of {_KINDS.get(kind, 'this')}"
    known = _PROPERTIES.get(kind, ())
    return Refused(what, did_you_mean(name, known) if known else "compare the value itself")


_PROPERTIES = {
    "STRING": ("as_lower", "as_upper", "is_empty", "length"),
    "ARRAY": ("is_empty", "length"),
    "DATETIME": ("day", "month", "year"),
}


def _mismatch(node: Any) -> Refused | None:
    """The innermost unbuilt node that does not build though what is below it does."""
    below = []
    for part in node.args[1:]:
        if type(part) is not type(node):
            continue
        try:
            below.append(part.build())
        except errors.EngineError:
            return _mismatch(part)
    if len(below) != 2:
        return None
    if node.cls is ast.GetItemExpression:
        return _no_part(*below)
    left, right = reversed(below) if node.cls is ast.ContainsExpression else below
    sign = _JOINED.get(node.cls) or SIGNS.get(str(node.args[1]).lower(), "")
    sides = f"{shown(left)} is {kind_of(left)} and {shown(right)} {kind_of(right)}"
    return Refused(f"'{sign}' does not go here: {sides}", remedy_of(left, right, sign))


_JOINED = {ast.ContainsExpression: "in", ast.CoalesceExpression: "??"}


def _no_part(of: Any, place: Any) -> Refused:
    """`of[place]` where there is nothing to take a part of, or by."""
    what = f"there is no {shown(place)} in {shown(of)}, which is {kind_of(of)}"
    if DataType.is_type(of.result_type, DataType.OBJECT):
        return Refused(what, f"write a dot: {shown(of)}.{min(of.result_type.attributes)}")
    return Refused(what, "only texts and lists have parts, by number: postal_code[:2]")


def remedy_of(left: Any, right: Any, sign: str) -> str:
    """How to compare two sides that do not fit."""
    if sign.startswith(("=~", "!~")):
        return "regular expressions search in texts: compare others with == or >="
    if sign == "in" and not isinstance(right, ast.LiteralExpressionBase):
        return 'write a list to the right of in: x in ["a", "b"]'
    names = {left.result_type.name, right.result_type.name}
    for name, remedy in _REMEDIES.items():
        if name in names:
            return remedy
    return _LOOK


_REMEDIES = {
    "NULL": "test with == null or != null",
    "DATETIME": 'write a date as d"2026-03-31"',
    "BOOLEAN": "compare with true or false, without quotes",
    "FLOAT": "write a number without quotes, a text with them",
}
