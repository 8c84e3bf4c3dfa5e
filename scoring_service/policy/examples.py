"""Examples that a finding is shown by: a lead that the rules really treat as the finding says.

None is shown that was not decided on by the policy itself.
"""

from collections import deque
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

from scoring_service.domain.business_time.windows import NeverOpen, is_open, next_open
from scoring_service.domain.intake import violations
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.routes import Route, ToPool
from scoring_service.policy.example_fillers import fillers
from scoring_service.policy.example_lead import lead_of, written
from scoring_service.policy.example_terms import combinations, nested, terms_of
from scoring_service.policy.example_values import meets, values_beside, values_for
from scoring_service.policy.files.rule_test_shape import Expected
from scoring_service.policy.files.rule_tests import NOW, RuleTest
from scoring_service.policy.language.symbols import Scope, scope, table_symbols
from scoring_service.policy.load import Folder, policy_of
from scoring_service.policy.necessary import IsNull, Necessary
from scoring_service.policy.rule_tests import Ran, run_test
from scoring_service.values.condition import Condition, ConditionError, Symbols
from scoring_service.values.facts import PoolFacts

TRIED_MAX = 32
"""Leads that are decided on in search of one example."""

_ROUTES_MAX = 3
"""Routes to a pool that are looked at for a lead of it."""

_OWNER = "account.owner"

_no_pools: dict[str, PoolFacts] = {}

Values = Mapping[str, Any]
Asked = Mapping[str, Sequence[Necessary]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A lead that was decided on, and what conditions saw of it."""

    ran: Ran
    symbols: Symbols
    fit_symbols: Symbols

    def matches(self, condition: Condition) -> bool:
        """Whether a route's condition matched."""
        return holds(condition, self.symbols) is True


def holds(condition: Condition, symbols: Symbols) -> bool | None:
    """Whether it matches; None where it cannot be evaluated."""
    try:
        return condition(symbols)
    except ConditionError:
        return None


class Examples:
    """Looks for examples in one folder."""

    def __init__(self, folder: Folder) -> None:
        assert folder.scoring is not None
        assert folder.routing is not None
        self._folder, self._routing, self.scoring = folder, folder.routing, folder.scoring
        self.symbols = table_symbols(folder.schema, folder.scoring.activities)

    @cached_property
    def policy(self) -> Policy:
        """The folder as a policy, made when the first example is looked for."""
        return policy_of(self._folder)

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
            return wanted and self._taker(shown) in among

        for asked, values in self._starts(wanting, taker):
            shown = self._search(asked, values, right, wanting.position, (wanting, taker))
            if shown is not None:
                return shown
        return None

    def _it(self, wanting: Route, shown: Shown) -> str:
        taker = self._taker(shown)
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

    def shown(
        self,
        values: Values,
        right: Callable[[Shown], bool] = lambda _: True,
        asked: Asked | None = None,
    ) -> Shown | None:
        """A lead of these values that is right, as it was decided on."""
        return self._search(asked or {}, values, right, 0, ())

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

    def _search(
        self,
        asked: Asked,
        values: Values,
        right: Callable[[Shown], bool],
        before: int,
        kept: Sequence[Route],
    ) -> Shown | None:
        """From these values on, those that keep earlier routes from taking the lead first."""
        of_score = any(symbol.startswith("score.") for symbol in values)
        starts = self._filled(values) if of_score else [values]
        waiting, tried = deque(starts), 0
        seen = set()
        while waiting and tried < TRIED_MAX * (4 if of_score else 1):
            values = waiting.popleft()
            if (key := repr(sorted(values.items()))) in seen:
                continue
            seen.add(key)
            tried += 1
            shown = self._decided(values, kept)
            if shown is not None and right(shown):
                return shown
            if shown is not None:
                waiting.extendleft(self._avoiding(shown, values, asked, before, kept))
        return None

    def _filled(self, values: Values) -> list[Values]:
        return fillers(self.scoring, self._folder.compiled, self.symbols, values)

    def _avoiding(
        self, shown: Shown, values: Values, asked: Asked, before: int, kept: Sequence[Route]
    ) -> Iterator[Values]:
        """The values with one changed, so that the route which took the lead does not."""
        taker = self._taker(shown)
        if taker is None or taker >= before or any(route.position == taker for route in kept):
            return
        for test in self._routing.necessary[taker]:
            symbol = test.symbol
            for value in values_beside(asked.get(symbol, ()), test, self.symbols[symbol]):
                yield {**values, symbol: value}

    def _decided(self, values: Values, kept: Sequence[Route]) -> Shown | None:
        hours = next((route.during for route in reversed(kept) if route.during), None)
        calendars = self._folder.calendars
        try:
            now = next_open(calendars[hours], NOW) if hours else NOW
        except NeverOpen:
            return None
        test = lead_of(values, self._folder.schema, now)
        return None if test is None else self.decided(test)

    def decided(self, test: RuleTest) -> Shown | None:
        """What becomes of a lead; None for one that intake would refuse."""
        wrong = violations(self._folder.schema, self.scoring, test.lead, test.activities, test.now)
        if wrong:
            return None
        ran = run_test(self.policy, test)
        case = Case(self.policy, ran.facts, _no_pools.__getitem__)
        return Shown(ran, case.symbols, case.fit_symbols)

    def _taker(self, shown: Shown) -> int | None:
        """The position of the route that decided."""
        key = shown.ran.decision.route, shown.ran.decision.row
        return self._positions.get(key)

    @cached_property
    def _positions(self) -> Mapping[tuple[str, int | None], int]:
        return {(route.name, route.row): route.position for route in self._routing.routes}

    def _wanted(self, route: Route, shown: Shown) -> bool:
        opens = route.during is None or is_open(
            self._folder.calendars[route.during], shown.ran.test.now
        )
        return opens and shown.matches(route.condition)


def _all(value: Any, tests: Sequence[Necessary]) -> bool:
    return all(meets(value, test) for test in tests)


def _short(route: Route) -> str:
    return f"'{route.name}'" if route.row is None else f"row {route.row} of '{route.name}'"
