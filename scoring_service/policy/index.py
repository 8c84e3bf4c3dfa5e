"""The first route that matches: found by an index over the routes' necessary tests, or by trying
each (the twin, for explanations and tests).
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from types import NoneType
from typing import Any

from scoring_service.domain.routing.routes import Route, RouteMatch
from scoring_service.policy.index_bits import Entry, with_bits
from scoring_service.policy.index_path import Path, path_of, value_at
from scoring_service.policy.index_symbol import BYTES_MAX, SymbolIndex, symbol_indexes
from scoring_service.policy.necessary import Necessary
from scoring_service.values.condition import ConditionError, Symbols
from scoring_service.values.decision import RouteError

IsOpen = Callable[[str, datetime], bool]
"""Whether the calendar of this name is open at this instant."""

_PLAIN = frozenset({str, int, float, bool, NoneType, datetime})
"""Values of other types may equal what they do not share a hash with, as decimals do floats."""

_WINDOW = 2048
"""Bits searched at once: taking the lowest bit costs as many digits as the integer has."""


class ScannedRoutes:
    """Every route tried in order. The last must be the `otherwise`: it is taken without a test."""

    def __init__(self, routes: Sequence[Route], is_open: IsOpen) -> None:
        assert routes, "a policy has at least its otherwise"
        self.routes: Sequence[Route] = tuple(routes)
        self._is_open = is_open

    def first(self, symbols: Symbols, now: datetime, start: int = 0) -> RouteMatch:
        """The first match at or after `start`, and the errors of those before it."""
        errors: list[RouteError] = []
        for route in self.routes[start:-1]:
            try:
                holds = route.condition(symbols)
            except ConditionError as error:
                errors.append(RouteError(_label(route), str(error)))
                continue
            if holds and (route.during is None or self._is_open(route.during, now)):
                return RouteMatch(route, tuple(errors))
        return RouteMatch(self.routes[-1], tuple(errors))


class IndexedRoutes:
    """The same choice from an index that leaves few routes to try.

    `necessary[i]` are tests without which `routes[i]` does not match; with `exact[i]` they are all
    of its condition. The index only ever narrows: what it leaves is confirmed by the route's own
    condition, so that its cells may be coarse and a value of a type it does not know may narrow
    nothing. Only where neither was so an exact route needs no confirmation. Routes it skips leave
    no errors. `bytes_max` is the memory that the bits may take: with less, more is left to the
    conditions. Values must not be NaN.
    """

    def __init__(
        self,
        routes: Sequence[Route],
        necessary: Sequence[Sequence[Necessary]],
        exact: Sequence[bool],
        is_open: IsOpen,
        bytes_max: int = BYTES_MAX,
    ) -> None:
        assert len(routes) == len(necessary) == len(exact), (len(routes), len(necessary))
        assert routes, "a policy has at least its otherwise"
        self.routes: Sequence[Route] = tuple(routes)
        self._is_open = is_open
        self._matches = tuple(RouteMatch(route) for route in routes)
        self._last = count = len(routes) - 1
        self._every = (1 << count) - 1
        self._windows = tuple((((1 << _WINDOW) - 1) << at, at) for at in range(0, count, _WINDOW))
        indexes, loose = symbol_indexes(necessary[:-1], bytes_max)
        self._indexes = tuple(map(_unpacked, indexes))
        self._sure = bytes(
            exact[at] and at not in loose and routes[at].during is None for at in range(count)
        )

    def first(self, symbols: Symbols, now: datetime, start: int = 0) -> RouteMatch:
        """The first match at or after `start`, and the errors of those tried before it."""
        bits, sure = self._left(symbols)
        if start:
            bits = bits >> start << start
        errors: list[RouteError] = []
        for window, at in self._windows:
            part = bits & window
            part >>= at if part else 0
            while part:
                lowest = part & -part
                position = at + lowest.bit_length() - 1
                if (sure and self._sure[position]) or self._holds(position, symbols, now, errors):
                    return self._match(position, errors)
                part ^= lowest
        return self._match(self._last, errors)

    def _left(self, symbols: Symbols) -> tuple[int, bool]:
        """The positions that the index leaves, as bits, and whether exact ones among them match."""
        bits, sure = self._every, True
        for symbol, path, by_value, cuts, cells, others, known in self._indexes:
            try:
                value: Any = symbols.get(symbol) if path is None else value_at(symbols, path)
                entry = by_value.get(value)
                if entry is None:
                    entry = cells[bisect_right(cuts, value)] if cuts else others
            except (TypeError, AttributeError):
                sure = False
                continue
            if type(value) not in known:
                sure = False
                if type(value) not in _PLAIN:
                    continue
            bits &= entry if isinstance(entry, int) else with_bits(others, entry)
            if not bits:
                break
        return bits, sure

    def _holds(
        self, position: int, symbols: Symbols, now: datetime, errors: list[RouteError]
    ) -> bool:
        route = self.routes[position]
        try:
            if not route.condition(symbols):
                return False
        except ConditionError as error:
            errors.append(RouteError(_label(route), str(error)))
            return False
        return route.during is None or self._is_open(route.during, now)

    def _match(self, position: int, errors: Sequence[RouteError]) -> RouteMatch:
        if not errors:
            return self._matches[position]
        return RouteMatch(self.routes[position], tuple(errors))


def _label(route: Route) -> str:
    return route.name if route.row is None else f"{route.name}, row {route.row}"


_Unpacked = tuple[
    str, Path | None, dict[Any, Entry], Sequence[float], Sequence[Entry], int, frozenset[type]
]


def _unpacked(index: SymbolIndex) -> _Unpacked:
    """As a tuple, which the lookup takes apart in one step; a path only for dotted symbols."""
    return (
        index.symbol,
        path_of(index.symbol),
        index.by_value,
        index.cuts,
        index.cells,
        index.others,
        index.known,
    )
