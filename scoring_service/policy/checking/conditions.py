"""Orderings on what may be missing, where that decides more than they do: inside `or` and `not`."""

from collections.abc import Iterator
from typing import Any

from rule_engine import ast

from scoring_service.policy.checking.missing import without
from scoring_service.policy.checking.places import at, limited
from scoring_service.policy.condition_texts import condition_texts
from scoring_service.policy.examples.shown import Examples
from scoring_service.policy.language.parsing import parsed
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding

_ALWAYS_THERE = frozenset({"score.fit", "score.behaviour", "score.behaviour_level"})
_Guarded = frozenset[str]


def conditions_findings(folder: Folder, examples: Examples) -> Iterator[Finding]:
    """An ordering of a missing value cannot be evaluated, and takes the whole condition with it."""
    yield from limited(_orderings(folder, examples))


def _orderings(folder: Folder, examples: Examples) -> Iterator[Finding]:
    seen = examples.seen
    for document, path, text in condition_texts(folder.documents):
        if not _may_order(text):
            continue
        for symbol in sorted(set(_unguarded(parsed(text, seen), frozenset(), inside=False))):
            what = f"without {symbol} this whole condition does not match, whatever else is in it"
            remedy = f"test it first: ({symbol} != null and {symbol} ...)"
            yield at(document, path, what, remedy, without(folder, examples, path, text, symbol))


def _may_order(text: str) -> bool:
    """Cheap, since reading a condition is not."""
    return any(sign in text for sign in "<>") and any(word in text for word in ("or", "not"))


def _unguarded(node: Any, guarded: _Guarded, *, inside: bool) -> Iterator[str]:
    """The symbols ordered inside `or` or `not` though nothing has shown that they are there."""
    if isinstance(node, ast.LogicExpression):
        either = node.type == "or"
        shown = _missing_refused(node.left, node.type)
        yield from _unguarded(node.left, guarded, inside=inside or either)
        yield from _unguarded(node.right, guarded | shown, inside=inside or either)
    elif isinstance(node, ast.UnaryExpression) and node.type == "not":
        yield from _unguarded(node.right, guarded, inside=True)
    elif inside and isinstance(node, ast.ArithmeticComparisonExpression):
        for side in (node.left, node.right):
            symbol = _symbol(side)
            if symbol and symbol not in guarded and not _is_always_there(symbol):
                yield symbol


def _missing_refused(node: Any, kind: str) -> _Guarded:
    """Symbols that are there once the left of an `and` held, or once that of an `or` did not."""
    if isinstance(node, ast.LogicExpression) and node.type == kind:
        return _missing_refused(node.left, kind) | _missing_refused(node.right, kind)
    wanted = "ne" if kind == "and" else "eq"
    if isinstance(node, ast.ComparisonExpression) and node.type == wanted:
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(other, ast.NullExpression) and (symbol := _symbol(one)):
                return frozenset({symbol})
    return frozenset()


def _symbol(node: Any) -> str:
    """The dotted name of a symbol, "" for anything else."""
    if isinstance(node, ast.SymbolExpression):
        return str(node.name)
    if isinstance(node, ast.GetAttributeExpression):
        above = _symbol(node.object)
        return f"{above}.{node.name}" if above else ""
    return ""


def _is_always_there(symbol: str) -> bool:
    return symbol in _ALWAYS_THERE or (symbol.startswith("activity.") and symbol.endswith(".count"))
