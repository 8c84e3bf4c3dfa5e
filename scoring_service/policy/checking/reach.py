"""Whether a route can ever be reached: proven by the tests of those before it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from scoring_service.domain.routing.routes import Route, ToAccountOwner, ToTrack
from scoring_service.domain.schema import Attribute
from scoring_service.policy.examples.values import value_for
from scoring_service.policy.files.routing import Routing, always
from scoring_service.policy.index import IndexedRoutes
from scoring_service.policy.necessary import Necessary, OneOf
from scoring_service.policy.necessary_logic import all_implied, merged
from scoring_service.values.score import Quadrant
from scoring_service.values.stage import Stage

_TRIED_MAX = 64
_PIECES_MAX = 100
_SOME_INSTANT = datetime(2025, 1, 15, 10, tzinfo=UTC)
_FINITE: Mapping[str, frozenset[Any]] = {
    "score.quadrant": frozenset(quadrant.value for quadrant in Quadrant),
    "score.fit_grade": frozenset("ABCD"),
    "score.behaviour_level": frozenset({1, 2, 3, 4}),
    "stage": frozenset(stage.value for stage in Stage),
}
"""Symbols that always have one of few values."""


def stops(route: Route) -> bool:
    """Whether a lead that matches goes no further: an account owner may be away or missing."""
    return not isinstance(route.assign, ToAccountOwner)


def tried_below(route: Route) -> bool:
    """Whether a lead below the bars is tried on this route as well, when something happens to it.

    Such a lead passes over all others, so that they keep nothing from it.
    """
    return route.below_bar or isinstance(route.assign, ToTrack)


def unconditional(routing: Routing, *, below: bool) -> Route:
    """The first route that every lead matches, else the `otherwise`; with `below` of those that
    are tried below the bars.
    """
    for route in routing.routes[:-1]:
        whole = routing.exact[route.position] and not routing.necessary[route.position]
        if (whole or route.text.strip() == "true") and _keeps_all(route, below):
            return route
    return routing.routes[-1]


def _keeps_all(route: Route, below: bool) -> bool:
    return stops(route) and route.during is None and (tried_below(route) or not below)


@dataclass(frozen=True, slots=True)
class _Blocker:
    """A route whose tests are its whole condition, so that meeting them is matching it."""

    route: Route
    tests: Sequence[Necessary]


class Proof:
    """Finds, for a route, those before it that match whatever it matches.

    With `below` it is about leads below the bars, and so about fewer routes.
    """

    def __init__(self, routing: Routing, symbols: Mapping[str, Attribute], *, below: bool) -> None:
        plain = (replace(one, min=None, max=None) for one in symbols.values())
        self._symbols = dict(zip(symbols, plain, strict=True))
        self._tests = tuple(map(merged, routing.necessary))
        self._blockers = [
            _Blocker(route, self._tests[route.position])
            for route in routing.routes[:-1]
            if routing.exact[route.position] and stops(route) and (tried_below(route) or not below)
        ]
        asked = {test.symbol for blocker in self._blockers for test in blocker.tests}
        self._finite = tuple(OneOf(name, _FINITE[name]) for name in _FINITE if name in asked)
        self._places = {blocker.route.position: at for at, blocker in enumerate(self._blockers)}
        places = [replace(b.route, condition=always, during=None) for b in self._blockers]
        places.append(replace(routing.routes[-1], condition=always))
        tests = [*(blocker.tests for blocker in self._blockers), ()]
        self._index = IndexedRoutes(places, tests, [True] * len(places), _whenever)

    def covers(self, route: Route) -> tuple[Route, ...]:
        """The routes that between them match first whatever `route` matches; () where none do."""
        tests = self._tests[route.position]
        if whole := self._before(route, tests):
            return (whole,)
        named = {test.symbol for test in tests}
        told = [test for test in tests if isinstance(test, OneOf)]
        for test in (*told, *(one for one in self._finite if one.symbol not in named)):
            if 1 < len(test.values) <= _PIECES_MAX:
                pieces = _split(tests, test)
                if found := _every(pieces, lambda piece: self._before(route, piece)):
                    return found
        return ()

    def _before(self, route: Route, tests: Sequence[Necessary]) -> Route | None:
        symbols, start = self._example(tests), 0
        for _ in range(_TRIED_MAX):
            found = self._index.first(symbols, _SOME_INSTANT, start).route.position
            if found >= route.position:
                return None
            start = self._places[found] + 1
            blocker = self._blockers[start - 1]
            same_hours = blocker.route.during in (None, route.during)
            if same_hours and all_implied(blocker.tests, tests):
                return blocker.route
        return None

    def _example(self, tests: Sequence[Necessary]) -> dict[str, Any]:
        """Symbols of a lead that meets the tests."""
        symbols: dict[str, Any] = {}
        for test in tests:
            *steps, last = test.symbol.split(".")
            inside = symbols
            for step in steps:
                inside = inside.setdefault(step, {})
            if inside.get(last) is None:
                inside[last] = value_for(test, self._symbols[test.symbol])
        return symbols


def _whenever(calendar: str, at: datetime) -> bool:
    return True


def _split(tests: Sequence[Necessary], one: OneOf) -> Iterator[Sequence[Necessary]]:
    """The tests once for each value of one of them, narrowed to it."""
    for value in sorted(one.values, key=repr):
        yield [*(test for test in tests if test is not one), OneOf(one.symbol, frozenset({value}))]


def _every(
    pieces: Iterator[Sequence[Necessary]], before: Callable[[Sequence[Necessary]], Route | None]
) -> tuple[Route, ...]:
    found: dict[int, Route] = {}
    for piece in pieces:
        route = before(piece)
        if route is None:
            return ()
        found[route.position] = route
    return tuple(found[position] for position in sorted(found))
