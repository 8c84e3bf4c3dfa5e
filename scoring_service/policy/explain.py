"""Why each route did or did not match a lead, errors included: from the unindexed twin."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from scoring_service.domain.business_time.windows import is_open
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.routes import Route
from scoring_service.policy.index_path import path_of, value_at
from scoring_service.values.condition import ConditionError, Symbols
from scoring_service.values.decision import Decision
from scoring_service.values.facts import Asked, Facts

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


def routes_tried(policy: Policy, facts: Facts, decision: Decision) -> tuple[TriedRoute, ...]:
    """The routes that a decision went through, to the one it ended at; none where it was made
    before them. Nothing but the facts is read.
    """
    if not decision.route or facts.asked is Asked.DRAIN:
        return ()
    case = Case(policy, facts, {known.pool: known for known in facts.pools}.__getitem__)
    until = next(
        (
            route.position
            for route in policy.routes_unindexed.routes
            if (route.name, route.row) == (decision.route, decision.row)
        ),
        len(policy.routes_unindexed.routes) - 1,
    )
    return tuple(tried(policy, case.symbols, facts.now, until))


def passed_over(routes: Iterable[TriedRoute]) -> Iterator[str]:
    """A sentence for each route before the last; rows of a table that did not match share one."""
    for (name, failed), group in groupby(tuple(routes)[:-1], key=_kind):
        found = tuple(group)
        if not failed or len(found) == 1:
            yield from (f"{route}." for route in found)
        else:
            rows = f"{found[0].row} to {found[-1].row} ({found[0].place} on)"
            yield f"{name}, rows {rows} did not match."


def _kind(route: TriedRoute) -> tuple[str, bool]:
    return route.name, route.row is not None and route.outcome is Tried.NOT_MATCHED


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
