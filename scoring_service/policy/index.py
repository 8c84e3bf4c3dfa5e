"""The first route that matches: found by an index over the routes' necessary tests, or by trying
each (the twin, for explanations and tests).
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from scoring_service.domain.routing.routes import Route, RouteMatch
from scoring_service.policy.index_path import Path, path_of, value_at
from scoring_service.policy.index_symbol import BYTES_MAX, Entry, SymbolIndex, symbol_indexes
from scoring_service.policy.necessary import Necessary
from scoring_service.values.condition import ConditionError, Symbols
from scoring_service.values.decision import RouteError

IsOpen = Callable[[str, datetime], bool]
"""Whether the calendar of this name is open at this instant."""

_ErrorAt = tuple[int, str]
"""The position of a route that could not be evaluated, and why."""

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

    `necessary[i]` are tests without which `routes[i]` does not match. The index only ever narrows:
    what it leaves is confirmed by the route's own condition, so that its cells may be coarse, and a
    value of a type it does not know narrows nothing. Routes it skips leave no errors. `bytes_max`
    is the memory that the bits may take: with less, more is left to the conditions.
    """

    def __init__(
        self,
        routes: Sequence[Route],
        necessary: Sequence[Sequence[Necessary]],
        is_open: IsOpen,
        bytes_max: int = BYTES_MAX,
    ) -> None:
        assert len(routes) == len(necessary), (len(routes), len(necessary))
        assert routes, "a policy has at least its otherwise"
        self.routes: Sequence[Route] = tuple(routes)
        self._is_open = is_open
        self._matches = tuple(RouteMatch(route) for route in routes)
        self._last = count = len(routes) - 1
        self._every = (1 << count) - 1
        self._windows = tuple((((1 << _WINDOW) - 1) << at, at) for at in range(0, count, _WINDOW))
        self._indexes = tuple(map(_unpacked, symbol_indexes(necessary[:-1], bytes_max)))

    def first(self, symbols: Symbols, now: datetime, start: int = 0) -> RouteMatch:
        """The first match at or after `start`, and the errors of those tried before it."""
        bits, few = self._candidates(symbols)
        errors: list[_ErrorAt] = []
        end = self._last
        if few:
            later = sorted(position for position in few if position >= start)
            end = self._first_of(later, symbols, now, errors)
        if start:
            bits = bits >> start << start
        found = self._lowest(bits, end, symbols, now, errors) if bits else end
        if not errors:
            return self._matches[found]
        before = dict(sorted(error for error in errors if error[0] < found))
        return RouteMatch(
            self.routes[found],
            tuple(RouteError(_label(self.routes[at]), text) for at, text in before.items()),
        )

    def _candidates(self, symbols: Symbols) -> tuple[int, tuple[int, ...]]:
        """The positions that the index leaves: as bits, and some more one by one."""
        bits = self._every
        few: tuple[int, ...] = ()
        for symbol, path, by_value, cuts, cells, others in self._indexes:
            try:
                value: Any = symbols.get(symbol) if path is None else value_at(symbols, path)
                entry = by_value.get(value)
                if entry is None:
                    entry = cells[bisect_right(cuts, value)] if cuts else others
            except TypeError:
                continue
            if isinstance(entry, int):
                bits &= entry
            else:
                few += entry
                bits &= others
            if not bits:
                break
        return bits, few

    def _first_of(
        self,
        positions: Sequence[int],
        symbols: Symbols,
        now: datetime,
        errors: list[_ErrorAt],
    ) -> int:
        """The first of `positions` that holds; else the last route."""
        for position in positions:
            if self._holds(position, symbols, now, errors):
                return position
        return self._last

    def _lowest(
        self,
        bits: int,
        end: int,
        symbols: Symbols,
        now: datetime,
        errors: list[_ErrorAt],
    ) -> int:
        """The lowest position in `bits`, below `end`, that holds; else `end`."""
        for window, at in self._windows:
            if at >= end:
                break
            if not (part := bits & window):
                continue
            part >>= at
            while part:
                lowest = part & -part
                position = at + lowest.bit_length() - 1
                if position >= end:
                    return end
                if self._holds(position, symbols, now, errors):
                    return position
                part ^= lowest
        return end

    def _holds(
        self, position: int, symbols: Symbols, now: datetime, errors: list[_ErrorAt]
    ) -> bool:
        route = self.routes[position]
        try:
            if not route.condition(symbols):
                return False
        except ConditionError as error:
            errors.append((position, str(error)))
            return False
        return route.during is None or self._is_open(route.during, now)


def _label(route: Route) -> str:
    return route.name if route.row is None else f"{route.name}, row {route.row}"


_Unpacked = tuple[str, Path | None, dict[Any, Entry], Sequence[float], Sequence[Entry], int]


def _unpacked(index: SymbolIndex) -> _Unpacked:
    """As a tuple, which the lookup takes apart in one step; a path only for dotted symbols."""
    return (
        index.symbol,
        path_of(index.symbol),
        index.by_value,
        index.cuts,
        index.cells,
        index.others,
    )
