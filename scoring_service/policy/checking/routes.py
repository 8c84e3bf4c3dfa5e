"""Routes and rows that no lead ever reaches, because one before them always matches first."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from scoring_service.domain.routing.routes import Route, ToTrack
from scoring_service.domain.schema import Attribute
from scoring_service.policy.checking.places import at_route, called, limited
from scoring_service.policy.checking.reach import Proof, stops, tried_below, unconditional
from scoring_service.policy.checking.values import never_met
from scoring_service.policy.examples.shown import Examples
from scoring_service.policy.files.routing import Routing
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding
from scoring_service.policy.necessary_logic import is_empty, merged


def route_findings(folder: Folder, examples: Examples) -> Iterator[Finding]:
    """Routes that are never reached, conditions that never hold, SLAs that nobody has to meet."""
    assert folder.routing is not None
    routes = _Routes(folder.routing, examples)
    yield from routes.after_unconditional()
    yield from limited(routes.unreached())
    yield from limited(_contradictory(folder.routing, examples))
    yield from limited(_unowned_slas(folder.routing.routes, examples))


class _Routes:
    """The routes of a folder, each held against those before it."""

    def __init__(self, routing: Routing, examples: Examples) -> None:
        self._routing, self._examples = routing, examples
        self._all = unconditional(routing, below=False)
        self._below = unconditional(routing, below=True)
        self._proof = cache(lambda below: Proof(routing, examples.symbols, below=below))

    def after_unconditional(self) -> Iterator[Finding]:
        """One finding for all that stand behind a route that matches every lead."""
        for before in sorted({self._all, self._below}, key=lambda route: route.position):
            after = [r for r in self._routing.routes[:-1] if self._behind(r) is before]
            if after:
                more = f", nor are {len(after) - 1} more after it" if len(after) > 1 else ""
                what = f"this is never reached{more}: {called(before)} matches every lead"
                remedy = "move the one that matches every lead to the end"
                example = self._examples.taken(after[0], (before,))
                yield at_route(after[0], what, remedy, example)

    def unreached(self) -> Iterator[Finding]:
        """Those that others match before, though none of these matches every lead."""
        by_text: dict[tuple[str, str | None, bool], Route] = {}
        for route in self._routing.routes[:-1]:
            if self._behind(route) is not None:
                continue
            below = tried_below(route)
            keys = [(route.text, during, below) for during in (None, route.during)]
            same = next((by_text[key] for key in keys if key in by_text), None)
            if found := ((same,) if same else self._proof(below).covers(route)):
                yield self._never(route, found)
            elif stops(route):
                for mode in {below, False}:
                    by_text.setdefault((route.text, route.during, mode), route)

    def _behind(self, route: Route) -> Route | None:
        """The route that matches every lead which might reach this one; None where none does."""
        before = self._below if tried_below(route) else self._all
        return before if route.position > before.position else None

    def _never(self, route: Route, found: Sequence[Route]) -> Finding:
        names = " and ".join(called(before) for before in found[:3]) + (" ..." if found[3:] else "")
        other = any(before.assign != route.assign for before in found)
        always_first = "always matches first" if len(found) == 1 else "always match first"
        what = f"this is never reached: {names} {always_first}"
        elsewhere = (
            ", and sends the lead elsewhere" if len(found) == 1 else ", and send it elsewhere"
        )
        remedy = "move it up, or narrow the other" if other else "remove it"
        example = self._examples.taken(route, found)
        return at_route(route, f"{what}{elsewhere if other else ''}", remedy, example)


def _contradictory(routing: Routing, examples: Examples) -> Iterator[Finding]:
    """Conditions that ask what no value is, or what its symbol never is."""
    symbols: Mapping[str, Attribute] = examples.symbols
    for route, tests in zip(routing.routes, routing.necessary, strict=True):
        asked = merged(tests)
        if never := next(filter(is_empty, asked), None):
            what = f"no lead meets this: no value of {never.symbol} is all that is asked of it"
            yield at_route(route, what, "mend the condition, or remove the route")
        elif why := never_met(asked, symbols, examples.scoring):
            what = f"no lead meets this: {why}"
            yield at_route(route, what, "mend the condition, or remove the route")


def _unowned_slas(routes: Sequence[Route], examples: Examples) -> Iterator[Finding]:
    for route in routes:
        if isinstance(route.assign, ToTrack) and route.sla != "accept" and route.row in (None, 1):
            what = f"the SLA '{route.sla}' has nobody to meet it: a track takes no leads"
            example = examples.taken(route, (route,))
            yield at_route(route, what, "remove it, or send the lead to a pool", example)
