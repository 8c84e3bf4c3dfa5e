"""The values inside a condition: symbols, their properties, and what the library evaluates for us.

A getter gives what the library would, up to the type of numbers: int and float stay, where the
library makes decimals of them. It raises ConditionError where the library raises.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import NoneType
from typing import Any

from rule_engine import DataType, ast, errors

from scoring_service.policy.language.refusal import Refused
from scoring_service.policy.language.symbols import Scope
from scoring_service.policy.language.untyped import kind_of, shown
from scoring_service.values.condition import ConditionError, Symbols

Getter = Callable[[Symbols], Any]

COMPILED_PROPERTIES: Mapping[str, Callable[[str], Any]] = {
    "as_lower": str.lower,
    "as_upper": str.upper,
    "length": len,
    "is_empty": lambda text: not text,
}
DATE_PROPERTIES = ("year", "month", "day")
LIST_PROPERTIES = ("length", "is_empty")
"""The library evaluates these two kinds."""

EXACT: Mapping[str, frozenset[type]] = {
    "STRING": frozenset({str, NoneType}),
    "FLOAT": frozenset({int, float, NoneType}),
    "BOOLEAN": frozenset({bool, NoneType}),
}
"""The Python types of a symbol that need no second look; others are left to the library."""


def getter(node: Any, seen: Scope) -> Getter:
    """A function of the symbols that gives the value of this node; Refused for unknown nodes."""
    if (symbol := symbol_of(node)) is not None:
        if symbol not in seen.getters:
            seen.getters[symbol] = _symbol(node, symbol)
        return seen.getters[symbol]
    match node:
        case ast.GetAttributeExpression():
            return _property(node, seen)
        case ast.CoalesceExpression():
            return _coalesced(node, seen)
        case ast.GetItemExpression() | ast.GetSliceExpression():
            return _part(node, seen)
        case ast.LiteralExpressionBase() if node.is_reduced:
            value = native(node)
            return lambda symbols: value
    raise Refused(f"{type(node).__name__} is not read there", "write it in another way")


def native(node: Any) -> Any:
    """A literal's value; numbers as int or float, which are equal to it as decimals."""
    if isinstance(node, ast.FloatExpression):
        whole = node.value == node.value.to_integral_value()
        return int(node.value) if whole else float(node.value)
    if isinstance(node, ast.ArrayExpression):
        return tuple(native(member) for member in node.value)
    return node.value


def by_library(node: Any) -> Getter:
    """The library's own evaluation of this node, which is kept for it."""
    evaluate = getattr(node, f"_op_{getattr(node, 'type', '')}", node.evaluate)
    name = shown(node)

    def value_of(symbols: Symbols) -> Any:
        try:
            return evaluate(symbols)
        except errors.EngineError as error:
            raise ConditionError(error.message) from None
        except Exception as error:
            raise ConditionError(f"{name}: {type(error).__name__}") from None

    return value_of


def symbol_of(node: Any) -> str | None:
    """The dotted name of a symbol's node, None for other nodes."""
    if isinstance(node, ast.SymbolExpression):
        return str(node.name)
    if not isinstance(node, ast.GetAttributeExpression):
        return None
    owner = symbol_of(node.object)
    is_object = DataType.is_type(node.object.result_type, DataType.OBJECT)
    return f"{owner}.{node.name}" if owner is not None and is_object else None


def value_in(node: Any) -> str:
    """The dotted name of a symbol's node, or of the first value in a group of symbols."""
    name, kind = str(symbol_of(node)), node.result_type
    while DataType.is_type(kind, DataType.OBJECT):
        first = min(kind.attributes)
        name, kind = f"{name}.{first}", kind.attributes[first]
    return name


def _symbol(node: Any, symbol: str) -> Getter:
    if DataType.is_type(node.result_type, DataType.OBJECT):
        what = f"'{symbol}' is {kind_of(node)}, no value"
        raise Refused(what, f"name one of them: {value_in(node)}")
    if isinstance(node, ast.GetAttributeExpression):
        return _nested_instant(node, symbol) if _is_date(node) else _nested(symbol)
    if _is_date(node):
        return _instant(symbol, by_library(node))
    if DataType.is_type(node.result_type, DataType.ARRAY):
        return _texts(symbol, by_library(node))
    return _plain(symbol, EXACT[node.result_type.name], by_library(node))


def _is_date(node: Any) -> bool:
    return bool(node.result_type == DataType.DATETIME)


def _plain(name: str, exact: frozenset[type], library: Getter) -> Getter:
    def value_of(symbols: Symbols) -> Any:
        value = symbols.get(name)
        return value if type(value) in exact else library(symbols)

    return value_of


def _instant(name: str, library: Getter) -> Getter:
    def value_of(symbols: Symbols) -> Any:
        value = symbols.get(name)
        if value is None or (type(value) is datetime and value.tzinfo is not None):
            return value
        return library(symbols)

    return value_of


_TEXT = frozenset({str})


def _texts(name: str, library: Getter) -> Getter:
    def value_of(symbols: Symbols) -> Any:
        value = symbols.get(name)
        if value is None or (type(value) is tuple and _TEXT.issuperset(map(type, value))):
            return value
        return library(symbols)

    return value_of


def _nested_instant(node: Any, symbol: str) -> Getter:
    nested, library = _nested(symbol), by_library(node)

    def instant_of(symbols: Symbols) -> Any:
        value = nested(symbols)
        aware = type(value) is datetime and value.tzinfo is not None
        return value if value is None or aware else library(symbols)

    return instant_of


def _nested(symbol: str) -> Getter:
    """The library does not look at the type of what is inside: any value will do."""
    *path, last = symbol.split(".")
    if len(path) == 1:
        (top,) = path

        def inside(symbols: Symbols) -> Any:
            try:
                return symbols.get(top)[last]  # type: ignore[index]
            except KeyError:
                return None
            except (TypeError, IndexError):
                raise ConditionError(f"{top} is no map") from None

        return inside
    top, middle = path

    def deep_inside(symbols: Symbols) -> Any:
        try:
            return symbols.get(top).get(middle)[last]  # type: ignore[union-attr]
        except KeyError:
            return None
        except (AttributeError, TypeError, IndexError):
            raise ConditionError(f"{top}.{middle} is no map") from None

    return deep_inside


def _property(node: Any, seen: Scope) -> Getter:
    name, of, library = node.name, node.object, by_library(node)
    value_of = getter(of, seen)
    if of.result_type != DataType.STRING:
        return _library_property(node, library)
    compute = COMPILED_PROPERTIES.get(name)
    if compute is None:
        known = ", ".join(COMPILED_PROPERTIES)
        raise Refused(f"'.{name}' is not read in conditions", f"of a text there are: {known}")

    def of_text(symbols: Symbols) -> Any:
        value = value_of(symbols)
        if type(value) is str:
            return compute(value)
        return None if value is None else library(symbols)

    return of_text


def _library_property(node: Any, library: Getter) -> Getter:
    known = DATE_PROPERTIES if _is_date(node.object) else LIST_PROPERTIES
    if node.name not in known:
        what = f"'.{node.name}' is not read in conditions"
        raise Refused(what, f"of {kind_of(node.object)} there are: {', '.join(known)}")
    return library


def _coalesced(node: Any, seen: Scope) -> Getter:
    first, second = getter(node.left, seen), getter(node.right, seen)

    def value_of(symbols: Symbols) -> Any:
        value = first(symbols)
        return second(symbols) if value is None else value

    return value_of


def _part(node: Any, seen: Scope) -> Getter:
    """A letter, a part of a text, an entry of a list, counted from 0: by the library."""
    bounds = (node.item,) if isinstance(node, ast.GetItemExpression) else (node.start, node.stop)
    for bound in bounds:
        if not isinstance(bound, ast.FloatExpression | ast.NullExpression):
            raise Refused("a place in [...] must be a number", "write it out: postal_code[:2]")
    getter(node.container, seen)
    return by_library(node)
