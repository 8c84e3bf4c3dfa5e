"""The first sub-condition that failed, found in the order in which a condition asks them."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from scoring_service.policy.failed.parts import Joined, Part
from scoring_service.policy.index_path import path_of, value_at
from scoring_service.policy.language.written import literal
from scoring_service.values.condition import ConditionError, Symbols


class Came(StrEnum):
    """What a sub-condition came to for a lead."""

    HELD = "held"
    FAILED = "failed"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What decided a condition: the sub-condition, what it came to, the values it saw.

    `condition` is its text. `values` are symbols with their values as a condition writes them, null
    for what is not known. `parts`, joined by `joined`, are what made it so where it is no
    comparison: of an `or` that failed every alternative, of a `not` what held inside, of an `and`
    that held inside a `not` all of it. `not_asked` are alternatives that an error kept from being
    asked. For a cell of a table `column` names it and `cell` is its text; for a test that the index
    works with they are its symbol and what it demands.
    """

    condition: str
    came: Came
    values: tuple[tuple[str, str], ...] = ()
    error: str = ""
    joined: Joined = Joined.ALONE
    parts: tuple["Finding", ...] = ()
    not_asked: tuple[str, ...] = ()
    column: str = ""
    cell: str = ""


def found_in(part: Part, symbols: Symbols) -> Finding:
    """What decided the condition for these symbols, whatever it came to."""
    match part.joined:
        case Joined.AND:
            return _all(part, symbols)
        case Joined.OR:
            return _any(part, symbols)
        case Joined.NOT:
            return _not(part, symbols)
    return _alone(part, symbols)


def value_text(symbol: str, symbols: Symbols) -> str:
    """A symbol's value as a condition writes it; null for what is not there.

    >>> value_text("account.owner", {"account": {"owner": "anna"}}), value_text("country", {})
    ('"anna"', 'null')
    """
    return literal(value_of(symbol, symbols))


def value_of(symbol: str, symbols: Symbols) -> Any:
    """A symbol's value; None for what is not there."""
    try:
        return value_at(symbols, path_of(symbol) or (symbol,))
    except AttributeError:
        return None


def _alone(part: Part, symbols: Symbols) -> Finding:
    values = tuple((symbol, value_text(symbol, symbols)) for symbol in part.symbols)
    try:
        came = Came.HELD if part.condition(symbols) else Came.FAILED
    except ConditionError as error:
        return Finding(part.text, Came.ERROR, values, str(error))
    return Finding(part.text, came, values)


def _all(part: Part, symbols: Symbols) -> Finding:
    held = []
    for below in part.parts:
        found = found_in(below, symbols)
        if found.came is not Came.HELD:
            return found
        held.append(found)
    return Finding(part.text, Came.HELD, joined=Joined.AND, parts=tuple(held))


def _any(part: Part, symbols: Symbols) -> Finding:
    failed: list[Finding] = []
    for below in part.parts:
        found = found_in(below, symbols)
        if found.came is Came.ERROR:
            later = tuple(other.text for other in part.parts[len(failed) + 1 :])
            return replace(found, not_asked=(*found.not_asked, *later))
        if found.came is Came.HELD:
            return found
        failed.append(found)
    return Finding(part.text, Came.FAILED, joined=Joined.OR, parts=tuple(failed))


def _not(part: Part, symbols: Symbols) -> Finding:
    found = found_in(part.parts[0], symbols)
    if found.came is Came.ERROR:
        return found
    came = Came.FAILED if found.came is Came.HELD else Came.HELD
    return Finding(part.text, came, joined=Joined.NOT, parts=(found,))
