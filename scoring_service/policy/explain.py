"""Why each route did or did not match a lead, errors included: from the unindexed twin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from scoring_service.domain.business_time.windows import is_open
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.routes import Route
from scoring_service.policy.index_path import path_of, value_at
from scoring_service.values.condition import ConditionError, Symbols

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"' r"|'(?:[^'\\]|\\.)*'")
_SYMBOL = re.compile(r"[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*")
_SHOWN_MAX = 60


class Tried(StrEnum):
    """What became of a route for one lead."""

    MATCHED = "matched"
    NOT_MATCHED = "did not match"
    CLOSED = "outside its hours"
    ERROR = "could not be evaluated"


@dataclass(frozen=True, slots=True)
class TriedRoute:
    """A route with what became of it, its place `file:line`, and the values its condition saw.

    `row` is that of a decision table, from 1. `error` is the text of what went wrong.
    """

    name: str
    row: int | None
    place: str
    text: str
    outcome: Tried
    error: str = ""
    saw: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        row = "" if self.row is None else f", row {self.row}"
        error = f": {self.error}" if self.error else ""
        saw = ", ".join(f"{symbol} is {value}" for symbol, value in self.saw)
        return f"{self.name}{row} ({self.place}) {self.outcome}{error}{saw and f' ({saw})'}"


def tried(
    policy: Policy, symbols: Symbols, now: datetime, until: int | None = None
) -> Iterator[TriedRoute]:
    """Every route in order up to the first that matches, or up to position `until` included.

    `until` is for a decision that went on after a match, because an account owner was away.
    """
    for route in policy.routes_unindexed.routes:
        found = _tried(policy, route, symbols, now)
        yield found
        if route.position == until or (until is None and found.outcome is Tried.MATCHED):
            return


def _tried(policy: Policy, route: Route, symbols: Symbols, now: datetime) -> TriedRoute:
    outcome, error = Tried.NOT_MATCHED, ""
    try:
        if route.condition(symbols):
            outcome = Tried.MATCHED
    except ConditionError as raised:
        outcome, error = Tried.ERROR, str(raised)
    if outcome is Tried.MATCHED and route.during is not None:
        outcome = outcome if is_open(policy.calendars[route.during], now) else Tried.CLOSED
    saw = tuple(_values(policy, route.text, symbols))
    return TriedRoute(route.name, route.row, route.place, route.text, outcome, error, saw)


def _values(policy: Policy, text: str, symbols: Symbols) -> Iterator[tuple[str, str]]:
    """The symbols that a condition names, each with its value for this lead."""
    for name in dict.fromkeys(_SYMBOL.findall(_QUOTED.sub(" ", text))):
        found = "null" if name in policy.schema and name not in symbols else _value(name, symbols)
        if found is not None:
            yield name, found


def _value(name: str, symbols: Symbols) -> str | None:
    """A symbol's value as a condition would write it; None for a word that is no symbol."""
    path = path_of(name) or (name,)
    try:
        holder = value_at(symbols, path[:-1])
    except AttributeError:
        return None
    if not isinstance(holder, dict) or path[-1] not in holder:
        return None
    return _shown(holder[path[-1]])


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}..."
