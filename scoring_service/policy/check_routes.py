"""Routes and rows that no lead ever reaches, because one before them always matches first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from scoring_service.domain.routing.routes import Route, ToAccountOwner, ToTrack
from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.policy.check_places import at_route, called, limited
from scoring_service.policy.files.routing import Routing, always
from scoring_service.policy.index import IndexedRoutes
from scoring_service.policy.language.symbols import table_symbols
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf
from scoring_service.policy.necessary_logic import all_implied, is_empty, merged

_TRIED_MAX = 64
_PIECES_MAX = 100
_SOME_INSTANT = datetime(2025, 1, 15, 10, tzinfo=UTC)
_SOME: dict[AttributeType, Any] = {
    AttributeType.TEXT: "?",
    AttributeType.INTEGER: 0,
    AttributeType.NUMBER: 0.0,
    AttributeType.BOOLEAN: True,
    AttributeType.DATE: _SOME_INSTANT,
    AttributeType.TEXTS: ("?",),
}


def route_findings(folder: Folder) -> Iterator[Finding]:
    """Routes that are never reached, conditions that never hold, SLAs that nobody has to meet."""
    assert folder.routing is not None
    assert folder.scoring is not None
    symbols = table_symbols(folder.schema, folder.scoring.activities)
    yield from _after_unconditional(folder.routing)
    yield from limited(_unreached(_Proof(folder.routing, symbols)))
    yield from limited(_contradictory(folder.routing))
    yield from limited(_unowned_slas(folder.routing.routes))


def _unconditional(routing: Routing) -> int:
    """The position of the first route that every lead matches; that of the otherwise at last."""
    for route in routing.routes:
        whole = routing.exact[route.position] and not routing.necessary[route.position]
        if (whole or route.text.strip() == "true") and _stops(route) and route.during is None:
            return route.position
    return len(routing.routes) - 1


def _after_unconditional(routing: Routing) -> Iterator[Finding]:
    at = _unconditional(routing)
    after = routing.routes[at + 1 : -1]
    if after:
        more = f", nor are the {len(after) - 1} after it" if len(after) > 1 else ""
        what = f"this is never reached{more}: {called(routing.routes[at])} matches every lead"
        yield at_route(after[0], what, "move the one that matches every lead to the end")


def _stops(route: Route) -> bool:
    """Whether a lead that matches goes no further: an account owner may be away or missing."""
    return not isinstance(route.assign, ToAccountOwner)


@dataclass(frozen=True, slots=True)
class _Blocker:
    """A route whose tests are its whole condition, so that meeting them is matching it."""

    route: Route
    tests: Sequence[Necessary]


class _Proof:
    """Finds, for a route, one before it that matches whatever it matches."""

    def __init__(self, routing: Routing, symbols: dict[str, Attribute]) -> None:
        self.routing, self._symbols = routing, symbols
        self.last = _unconditional(routing)
        self._tests = tuple(map(merged, routing.necessary))
        self._blockers = [
            _Blocker(route, self._tests[route.position])
            for route in routing.routes[: self.last]
            if routing.exact[route.position] and _stops(route)
        ]
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
        for test in tests:
            if isinstance(test, OneOf) and 1 < len(test.values) <= _PIECES_MAX:
                pieces = [_only(tests, test, value) for value in test.values]
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
                inside[last] = self._value(test)
        return symbols

    def _value(self, test: Necessary) -> Any:
        match test:
            case OneOf():
                return next(iter(test.values))
            case Between():
                return _inside(test)
            case IsNull(negated=True):
                attribute = self._symbols.get(test.symbol)
                return _SOME[attribute.type] if attribute else "?"
            case _:
                return None


def _whenever(calendar: str, at: datetime) -> bool:
    return True


def _inside(test: Between) -> float:
    low, high = test.low, test.high
    if low is not None and high is not None:
        return low if test.low_included else high if test.high_included else (low + high) / 2
    if low is not None:
        return low if test.low_included else low + 1
    return 0 if high is None else high if test.high_included else high - 1


def _only(tests: Sequence[Necessary], one: OneOf, value: Any) -> list[Necessary]:
    """The tests with one of them narrowed to a single of its values."""
    return [OneOf(test.symbol, frozenset({value})) if test is one else test for test in tests]


def _every(
    pieces: Sequence[Sequence[Necessary]], before: Callable[[Sequence[Necessary]], Route | None]
) -> tuple[Route, ...]:
    found: dict[int, Route] = {}
    for piece in pieces:
        route = before(piece)
        if route is None:
            return ()
        found[route.position] = route
    return tuple(found[position] for position in sorted(found))


def _unreached(proof: _Proof) -> Iterator[Finding]:
    by_text: dict[tuple[str, str | None], Route] = {}
    for route in proof.routing.routes[: proof.last + 1]:
        if route is proof.routing.routes[-1]:
            return
        same = by_text.get((route.text, None)) or by_text.get((route.text, route.during))
        if found := ((same,) if same else proof.covers(route)):
            yield _never(route, found)
        elif _stops(route):
            by_text.setdefault((route.text, route.during), route)


def _never(route: Route, found: Sequence[Route]) -> Finding:
    names = " and ".join(called(before) for before in found[:3]) + (" ..." if found[3:] else "")
    other = any(before.assign != route.assign for before in found)
    always_first = "always matches first" if len(found) == 1 else "always match first"
    what = f"this is never reached: {names} {always_first}"
    elsewhere = ", and sends the lead elsewhere" if len(found) == 1 else ", and send it elsewhere"
    remedy = "move it up, or narrow the other" if other else "remove it"
    return at_route(route, f"{what}{elsewhere if other else ''}", remedy)


def _contradictory(routing: Routing) -> Iterator[Finding]:
    """Conditions that ask two things of a symbol that no value is."""
    for route, tests in zip(routing.routes, routing.necessary, strict=True):
        if never := next(filter(is_empty, merged(tests)), None):
            what = f"no lead meets this: no value of {never.symbol} is all that is asked of it"
            yield at_route(route, what, "mend the condition, or remove the route")


def _unowned_slas(routes: Sequence[Route]) -> Iterator[Finding]:
    for route in routes:
        if isinstance(route.assign, ToTrack) and route.sla != "accept" and route.row in (None, 1):
            what = f"the SLA '{route.sla}' has nobody to meet it: a track takes no leads"
            yield at_route(route, what, "remove it, or send the lead to a pool")
