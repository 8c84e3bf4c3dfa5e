"""What a condition compares each of its symbols with: the values worth trying on it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from rule_engine import ast

from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.policy.examples.values import values_for
from scoring_service.policy.language.parsing import parsed
from scoring_service.policy.language.symbols import Scope
from scoring_service.policy.language.values import native, symbol_of
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf

TRIED_MAX = 512
"""Combinations of values that are tried on one condition."""

_CLASS = re.compile(r"\[(.)[^]]*\]")
_REPEATED = re.compile(r"\.[*+?]|[\^$]")

Terms = Mapping[str, Sequence[Any]]
"""By symbol the values worth trying: those that it is compared with, what is near them, null."""


def terms_of(text: str, seen: Scope) -> Terms:
    """The terms of a condition that compiles."""
    asked: dict[str, list[Necessary]] = {}
    for symbol, test in _asked(parsed(text, seen)):
        asked.setdefault(symbol, []).append(test)
    return {symbol: _values(tests, seen.symbols[symbol]) for symbol, tests in asked.items()}


def combinations(terms: Terms, fixed: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Values of all symbols at once, at most so many; those that are `fixed` stay."""
    names = [name for name in terms if name not in fixed]
    for values in islice(product(*(terms[name] for name in names)), TRIED_MAX):
        yield dict(zip(names, values, strict=True)) | dict(fixed)


def nested(values: Mapping[str, Any], symbols: Mapping[str, Attribute]) -> dict[str, Any]:
    """The values as a condition sees them; every other symbol is null.

    >>> nested({"account.owner": "anna"}, {"account.owner": Attribute("owner", AttributeType.TEXT)})
    {'account': {'owner': 'anna'}}
    """
    found: dict[str, Any] = {}
    for name in symbols:
        *steps, last = name.split(".")
        inside = found
        for step in steps:
            inside = inside.setdefault(step, {})
        inside[last] = values.get(name)
    return found


def _values(tests: Sequence[Necessary], attribute: Attribute) -> tuple[Any, ...]:
    found: dict[Any, None] = {}
    for test in tests:
        found |= dict.fromkeys(_typed(values_for([test], attribute), attribute))
    if attribute.type is AttributeType.BOOLEAN:
        found |= {True: None, False: None}
    return (*found, None)


def _typed(values: Sequence[Any], attribute: Attribute) -> Iterator[Any]:
    """The values; of several texts a list of the one that is asked for."""
    for value in values:
        several = attribute.type is AttributeType.TEXTS and isinstance(value, str)
        yield (value,) if several else value


def _asked(node: Any) -> Iterator[tuple[str, Necessary]]:
    """Every symbol with a test of a value that it is compared with."""
    for kind, read in _READERS.items():
        if isinstance(node, kind):
            yield from read(node)
            return
    if (symbol := symbol_of(node)) is not None:
        yield symbol, IsNull(symbol, negated=True)


def _sides(node: Any) -> Iterator[tuple[str, Necessary]]:
    yield from _asked(node.left)
    yield from _asked(node.right)


def _compared(node: Any) -> Iterator[tuple[str, Necessary]]:
    for side, other in ((node.left, node.right), (node.right, node.left)):
        symbol = _inner(side)
        if symbol is None:
            continue
        yield symbol, IsNull(symbol, negated=True)
        if isinstance(other, ast.LiteralExpressionBase):
            yield from ((symbol, test) for test in _tests(symbol, native(other)))


def _tests(symbol: str, value: Any) -> Iterator[Necessary]:
    """A value, and of a number those beside it."""
    if isinstance(value, list | tuple):
        yield from (OneOf(symbol, frozenset({one})) for one in value if one is not None)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from (
            Between(symbol, value, value),
            Between(symbol, value),
            Between(symbol, None, value),
        )
    elif value is not None:
        yield OneOf(symbol, frozenset({value}))


def _matched(node: Any) -> Iterator[tuple[str, Necessary]]:
    symbol = _inner(node.left)
    if symbol is not None and isinstance(node.right, ast.StringExpression):
        yield symbol, OneOf(symbol, frozenset({_likely(node.right.value)}))
        yield symbol, IsNull(symbol, negated=True)


def _likely(pattern: str) -> str:
    """A text that a simple pattern is likely to match.

    >>> _likely(".*[.]edu$")
    'x.edu'
    """
    plain = _CLASS.sub(r"\1", _REPEATED.sub("", pattern)).replace("\\", "")
    return f"x{plain}" if pattern.startswith(".") else plain


def _contained(node: Any) -> Iterator[tuple[str, Necessary]]:
    member, container = _inner(node.member), _inner(node.container)
    if member is not None:
        yield member, IsNull(member, negated=True)
        if isinstance(node.container, ast.ArrayExpression):
            yield from ((member, test) for test in _tests(member, native(node.container)))
    if container is not None and isinstance(node.member, ast.StringExpression):
        yield container, OneOf(container, frozenset({node.member.value}))


def _inner(node: Any) -> str | None:
    """The symbol of a side: of a property or a part of one too, and of one before a `??`."""
    if (found := symbol_of(node)) is not None:
        return found
    match node:
        case ast.GetAttributeExpression():
            return _inner(node.object)
        case ast.GetItemExpression() | ast.GetSliceExpression():
            return _inner(node.container)
        case ast.CoalesceExpression():
            return _inner(node.left)
    return None


_READERS: Mapping[type, Callable[[Any], Iterator[tuple[str, Necessary]]]] = {
    ast.LogicExpression: _sides,
    ast.CoalesceExpression: _sides,
    ast.UnaryExpression: lambda node: _asked(node.right),
    ast.FuzzyComparisonExpression: _matched,
    ast.ArithmeticComparisonExpression: _compared,
    ast.ComparisonExpression: _compared,
    ast.ContainsExpression: _contained,
}
