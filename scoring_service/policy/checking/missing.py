"""A lead without an attribute, of which a condition says nothing though the rest of it holds."""

from collections.abc import Mapping
from typing import Any

from scoring_service.policy.conditions import Compiled
from scoring_service.policy.document import Path
from scoring_service.policy.examples.search import Shown, holds
from scoring_service.policy.examples.shown import Examples
from scoring_service.policy.examples.terms import combinations, nested, terms_of
from scoring_service.policy.load import Folder
from scoring_service.values.condition import Condition

_EXPECTED = {"fit": ("fit",), "disqualify": ("mql_ready",)}
"""What a lead is expected to come to, by where the condition stands; else its route."""

Values = Mapping[str, Any]


def without(folder: Folder, examples: Examples, path: Path, text: str, symbol: str) -> str:
    """An example of a lead for which the condition matches with some value of the symbol, and
    cannot be evaluated without one; "" where none was found.
    """
    condition = _compiled(folder, text)
    if condition is None:
        return ""
    of_fit = str(path[0]) in _EXPECTED

    def came(shown: Shown) -> bool | None:
        return holds(condition, shown.fit_symbols if of_fit else shown.symbols)

    for values, value in _tried(examples, condition, text, symbol):
        shown = examples.shown(values, lambda shown: came(shown) is None)
        other = examples.shown({**values, symbol: value}, lambda shown: came(shown) is True)
        if shown is not None and other is not None:
            it = f"without {symbol} this condition does not match, with {_said(value)} it does"
            return examples.told(shown, it, *_EXPECTED.get(str(path[0]), ("route", "row")))
    return ""


def _tried(
    examples: Examples, condition: Condition, text: str, symbol: str
) -> list[tuple[Values, Any]]:
    """At most four leads without the symbol, each with a value that it could have: first those
    that match whatever it is.
    """
    terms = terms_of(text, examples.seen)
    found: list[tuple[int, Values, Any]] = []
    for values in combinations(terms, {symbol: None}):
        if holds(condition, nested(values, examples.symbols)) is not None:
            continue
        matching = [
            value
            for value in terms[symbol]
            if holds(condition, nested({**values, symbol: value}, examples.symbols)) is True
        ]
        if matching:
            found.append((len(matching), values, matching[0]))
    found.sort(key=_most)
    return [(values, value) for _, values, value in found[:4]]


def _most(found: tuple[int, Values, Any]) -> int:
    return -found[0]


def _compiled(folder: Folder, text: str) -> Condition | None:
    for used in folder.compiled.values():
        if isinstance(found := used.get(text), Compiled):
            return found.condition
    return None


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)
