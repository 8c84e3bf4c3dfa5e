"""What decided a condition, in words that need no knowledge of the language."""

import re
from collections.abc import Iterable

from scoring_service.policy.failed.finding import Came, Finding
from scoring_service.policy.failed.parts import Joined
from scoring_service.policy.language.refusal import shortened

SHOWN_MAX = 5
"""Alternatives told; of a longer list the number of the others."""

DECIMALS = 4
TEXT_MAX = 160
VALUE_MAX = 60
_LONG_NUMBER = re.compile(rf"-?\d{{1,6}}\.\d{{{DECIMALS + 1},}}")


def said(found: Finding) -> str:
    """The finding in a clause, without a full stop.

    >>> said(Finding("employees >= 1000", Came.FAILED, (("employees", "250"),)))
    'employees >= 1000 failed, employees is 250'
    """
    return _said(found, set())


def values_said(values: Iterable[tuple[str, str]]) -> str:
    """Symbols and what they are, in words.

    >>> values_said([("employees", "250"), ("country", "null")])
    'employees is 250, country is not known'
    """
    return ", ".join(_is(symbol, value, "") for symbol, value in values)


def _is(symbol: str, value: str, condition: str) -> str:
    if value == "null" and symbol.startswith("activity."):
        return f"there was no {symbol.split('.')[1]}"
    return f"{symbol} is {_known(value, condition)}"


def _said(found: Finding, told: set[str]) -> str:
    match found.joined:
        case Joined.OR:
            return f"none of {len(found.parts)} alternatives held: {_listed(found.parts, told)}"
        case Joined.AND:
            return f"all of this held: {_listed(found.parts, told)}"
        case Joined.NOT:
            return _turned_round(found, told)
    return _cell(found) if found.column else _alone(found, told)


def _alone(found: Finding, told: set[str]) -> str:
    if found.came is Came.ERROR:
        return _error(found, told)
    if not found.values:
        return f"{_text(found)} {'always holds' if found.came is Came.HELD else 'never holds'}"
    return f"{_text(found)} {found.came}{_values(found, told)}"


def _cell(found: Finding) -> str:
    value = _known(found.values[0][1], found.cell)
    return f"{found.column} has to be {_short(found.cell)}, and it is {value}"


def _turned_round(found: Finding, told: set[str]) -> str:
    (inner,) = found.parts
    if inner.values and found.condition == f"not ({inner.condition})":
        return f"{_text(found)} {found.came}{_values(inner, told)}"
    if inner.came is Came.HELD:
        return f"{_text(found)} failed, because {_said(inner, told)}"
    return f"{_text(found)} held, because {_said(inner, told)}"


def _error(found: Finding, told: set[str]) -> str:
    missing = [symbol for symbol, value in found.values if value == "null"]
    why = _values(found, told) if missing else f": {found.error}"
    later = f"; not asked after it: {_texts(found.not_asked)}" if found.not_asked else ""
    return f"{_text(found)} could not be evaluated{why}{later}"


def _values(found: Finding, told: set[str]) -> str:
    """Each value once in a sentence."""
    new = [(symbol, value) for symbol, value in found.values if symbol not in told]
    told.update(symbol for symbol, _ in new)
    known = ", ".join(_is(symbol, value, found.condition) for symbol, value in new)
    return f", {known}" if new else ""


def _listed(parts: tuple[Finding, ...], told: set[str]) -> str:
    shown = "; ".join(_said(part, told) for part in parts[:SHOWN_MAX])
    return f"{shown}{_more(len(parts))}"


def _texts(texts: tuple[str, ...]) -> str:
    return f"{', '.join(map(_short, texts[:SHOWN_MAX]))}{_more(len(texts))}"


def _more(count: int) -> str:
    return f" and {count - SHOWN_MAX} more" if count > SHOWN_MAX else ""


def _text(found: Finding) -> str:
    return _short(found.condition)


def _short(text: str) -> str:
    return shortened(text, TEXT_MAX)


def _known(value: str, condition: str) -> str:
    if value == "null":
        return "not known"
    if _LONG_NUMBER.fullmatch(value):
        return _rounded(value, condition)
    return shortened(value, VALUE_MAX)


def _rounded(number: str, condition: str) -> str:
    """A number for people, who need not see all digits; never as one of fewer digits that it is
    not, nor as one that the condition names, such as the bar that it missed.
    """
    short = f"{float(number):.{DECIMALS}f}"
    return number if short.endswith("0") or short in condition else short
