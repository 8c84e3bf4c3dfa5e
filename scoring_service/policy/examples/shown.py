"""Examples that a finding is shown by: a lead that the rules really treat as the finding says.

None is shown that was not decided on by the policy itself.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

from scoring_service.domain.business_time.windows import is_open
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.routes import Route, ToPool
from scoring_service.policy.examples.lead import written
from scoring_service.policy.examples.search import Asked, Right, Search, Shown, Values, holds
from scoring_service.policy.examples.terms import combinations, nested, terms_of
from scoring_service.policy.examples.values import meets, values_for
from scoring_service.policy.files.rule_test_shape import Expected
from scoring_service.policy.language.symbols import Scope, scope
from scoring_service.policy.load import Folder
from scoring_service.policy.necessary import IsNull, Necessary

_ROUTES_MAX = 3
"""Routes to a pool that are looked at for a lead of it."""

_OWNER = "account.owner"


class Examples:
    """Looks for examples in one folder."""

    def __init__(self, folder: Folder) -> None:
        self._folder, self._search = folder, Search(folder)
        self._routing, self.scoring = self._search.routing, self._search.scoring
        self.symbols = self._search.symbols

    @property
    def policy(self) -> Policy:
        """The folder as a policy."""
        return self._search.policy

    @cached_property
    def seen(self) -> Scope:
        """What conditions of routes see."""
        return scope(self.symbols)

    def taken(self, wanting: Route, takers: Sequence[Route]) -> str:
        """A lead that `wanting` matches and one of these takes, else one that some other route
        before it takes; "" where none was found.
        """
        named = {taker.position for taker in takers}
        earlier = range(wanting.position + (wanting in takers))
        for among in (named, earlier):
            for taker in takers:
                shown = self._first(wanting, taker, among)
                if shown is not None:
                    return self.told(shown, self._it(wanting, shown), "route", "row")
        return ""

    def shared(self, route: Route, other: Route) -> str:
        """A lead that two rows match, taken by the first of them if that is found; else ""."""
        it = f"rows {other.row} and {route.row} of '{route.name}' match this lead"
        both = (other, route)
        for among in ({other.position}, range(other.position + 1)):
            shown = self._first(route, other, among, both)
            if shown is not None:
                return self.told(shown, it, "route", "row")
        return ""

    def waiting(self, pool: str, queue: str) -> str:
        """A lead that a route sends to a pool, and that waits in its queue; "" where none does."""
        sending = (r for r in self._routing.routes if r.assign == ToPool(pool))
        for route in islice(sending, _ROUTES_MAX):
            shown = self._first(route, route, {route.position})
            if shown is not None and shown.ran.came["queue"] == queue:
                it = f"{_short(route)} takes this lead, and it waits for {pool}"
                return self.told(shown, it, "route", "row", "queue")
        return ""

    def _first(
        self,
        wanting: Route,
        taker: Route,
        among: Container[int],
        matching: Sequence[Route] = (),
    ) -> Shown | None:
        """A lead that `wanting` (or all `matching`) matches, and that one of these takes."""

        def right(shown: Shown) -> bool:
            wanted = all(self._wanted(route, shown) for route in matching or (wanting,))
            return wanted and self._search.taker(shown) in among

        for asked, values in self._starts(wanting, taker):
            kept = (wanting, taker)
            shown = self._search.find(values, right, asked, wanting.position, kept)
            if shown is not None:
                return shown
        return None

    def _it(self, wanting: Route, shown: Shown) -> str:
        taker = self._search.taker(shown)
        if taker is None or taker == wanting.position:
            return f"{_short(wanting)} takes this lead"
        return (
            f"{_short(wanting)} matches this lead, {_short(self._routing.routes[taker])} takes it"
        )

    def told(self, shown: Shown, it: str, *expected: str) -> str:
        """The example as a rule test that passes: it expects what came."""
        known = expected if shown.ran.decision.route else ("mql_ready",)
        came = {name: shown.ran.came[name] for name in known}
        test = replace(shown.ran.test, it=it, expect=Expected(**came))
        return written(test)

    def shown(self, values: Values, right: Right) -> Shown | None:
        """A lead of these values that is right, as it was decided on."""
        return self._search.find(values, right)

    def _starts(self, wanting: Route, taker: Route) -> Iterator[tuple[Asked, Values]]:
        """What the routes ask of each symbol, with first values that may meet it."""
        asked: dict[str, list[Necessary]] = {}
        for route in (wanting, taker):
            for test in self._routing.necessary[route.position]:
                asked.setdefault(test.symbol, []).append(test)
        values = {symbol: self._meeting(symbol, tests) for symbol, tests in asked.items()}
        if all(values.values()):
            yield asked, {symbol: found[0] for symbol, found in values.items()}
        if not self._routing.exact[wanting.position] and wanting.row is None:
            terms = terms_of(wanting.text, self.seen)
            solved = (
                tried
                for tried in combinations(terms, {})
                if holds(wanting.condition, nested(tried, self.symbols)) is True
            )
            yield from (({}, tried) for tried in islice(solved, 4))

    def _meeting(self, symbol: str, tests: Sequence[Necessary]) -> tuple[Any, ...]:
        if symbol == _OWNER and all(isinstance(test, IsNull) for test in tests):
            active = (name for name, rep in self._folder.team.reps.items() if rep.active)
            return tuple(value for value in (*islice(active, 3), None) if _all(value, tests))
        return values_for(tests, self.symbols[symbol])

    def _wanted(self, route: Route, shown: Shown) -> bool:
        opens = route.during is None or is_open(
            self._folder.calendars[route.during], shown.ran.test.now
        )
        return opens and shown.matches(route.condition)


def _all(value: Any, tests: Sequence[Necessary]) -> bool:
    return all(meets(value, test) for test in tests)


def _short(route: Route) -> str:
    return f"'{route.name}'" if route.row is None else f"row {route.row} of '{route.name}'"
