"""Country codes that no lead and no account has: intake takes those of ISO 3166-1 alpha-2 only."""

from collections.abc import Iterable, Iterator
from typing import Any

from rule_engine import ast

from scoring_service.policy.checking.places import at, at_route, limited
from scoring_service.policy.condition_texts import condition_texts
from scoring_service.policy.examples.shown import Examples
from scoring_service.policy.language.parsing import parsed
from scoring_service.policy.language.values import symbol_of
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding
from scoring_service.policy.necessary import OneOf
from scoring_service.values.countries import COUNTRIES, likely

_COUNTRIES = ("country", "account.country")


def country_findings(folder: Folder, examples: Examples) -> Iterator[Finding]:
    """A code such as `UK` or `de` is compared in vain, in a condition or in a cell of a table."""
    yield from limited(_in_conditions(folder, examples))
    yield from limited(_in_tables(folder))


def _in_conditions(folder: Folder, examples: Examples) -> Iterator[Finding]:
    for document, path, text in condition_texts(folder.documents):
        if "country" in text:
            for symbol, code in _unknown(_compared(parsed(text, examples.seen))):
                yield at(document, path, *_said(symbol, code))


def _in_tables(folder: Folder) -> Iterator[Finding]:
    assert folder.routing is not None
    for route, tests in zip(folder.routing.routes, folder.routing.necessary, strict=True):
        if route.row is not None:
            asked = [(t.symbol, code) for t in tests if isinstance(t, OneOf) for code in t.values]
            for symbol, code in _unknown(asked):
                yield at_route(route, *_said(symbol, code))


def _unknown(compared: Iterable[tuple[str, object]]) -> list[tuple[str, str]]:
    """Those that no country has, once each, in an order that stays; a star is no slip in a code."""
    return sorted(
        {
            (symbol, code)
            for symbol, code in compared
            if symbol in _COUNTRIES and isinstance(code, str) and code not in COUNTRIES
            if "*" not in code
        }
    )


def _compared(node: Any) -> Iterator[tuple[str, object]]:
    """Symbols with the texts they are held against, anywhere in a condition."""
    match node:
        case ast.LogicExpression():
            yield from _compared(node.left)
            yield from _compared(node.right)
        case ast.UnaryExpression():
            yield from _compared(node.right)
        case ast.ContainsExpression(container=ast.ArrayExpression()):
            for entry in node.container.value:
                yield from _pair(node.member, entry)
        case ast.ComparisonExpression(type="eq" | "ne"):
            yield from _pair(node.left, node.right)
            yield from _pair(node.right, node.left)


def _pair(side: Any, literal: Any) -> Iterator[tuple[str, object]]:
    symbol = symbol_of(side)
    if symbol is not None and isinstance(literal, ast.StringExpression):
        yield symbol, literal.value


def _said(symbol: str, code: str) -> tuple[str, str]:
    meant = likely(code)
    remedy = f"did you mean '{meant}'?" if meant else "write ISO 3166-1 alpha-2, such as DE"
    return f"{symbol} is never '{code[:20]}', which is no country code", remedy
