"""A lead that is treated as asked, found by having the policy decide on some."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scoring_service.domain.business_time.windows import NeverOpen, next_open
from scoring_service.domain.intake import violations
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.routes import Route
from scoring_service.policy.examples.fillers import fillers
from scoring_service.policy.examples.lead import lead_of
from scoring_service.policy.examples.values import values_beside
from scoring_service.policy.files.rule_tests import NOW, RuleTest
from scoring_service.policy.language.symbols import table_symbols
from scoring_service.policy.load import Folder, policy_of
from scoring_service.policy.necessary import Necessary
from scoring_service.policy.rule_tests import Ran, run_test
from scoring_service.values.condition import Condition, ConditionError, Symbols
from scoring_service.values.facts import PoolFacts

TRIED_MAX = 32
"""Leads that are decided on in search of one example; more where the score is asked about."""

_MORE = 4
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


Right = Callable[[Shown], bool]
"""Whether a lead is the example looked for."""


class Search:
    """Has the policy of a folder decide on leads until one is right."""

    def __init__(self, folder: Folder) -> None:
        assert folder.scoring is not None
        assert folder.routing is not None
        self.folder, self.routing, self.scoring = folder, folder.routing, folder.scoring
        self.symbols = table_symbols(folder.schema, folder.scoring.activities)

    @cached_property
    def policy(self) -> Policy:
        """The folder as a policy, made when the first lead is decided on."""
        return policy_of(self.folder)

    def find(
        self,
        values: Values,
        right: Right,
        asked: Asked | None = None,
        before: int = 0,
        kept: Sequence[Route] = (),
    ) -> Shown | None:
        """A lead that is right, from these values on; None where none was found.

        Values are changed, within what is `asked` of them, where a route at a position `before`
        takes the lead that is none of those `kept`.
        """
        scored = any(map(_is_of_score, values))
        waiting = deque(self._filled(values) if scored else (values,))
        seen: set[str] = set()
        while waiting and len(seen) < TRIED_MAX * (_MORE if scored else 1):
            values = waiting.popleft()
            if (key := repr(sorted(values.items()))) in seen:
                continue
            seen.add(key)
            shown = self._decided(values, kept)
            if shown is not None and right(shown):
                return shown
            tests = self._took(shown, before, kept) if shown else ()
            if not scored and any(_is_of_score(test.symbol) for test in tests):
                scored = True
                waiting.extendleft(reversed(self._filled(values)))
            waiting.extendleft(self._avoiding(tests, values, asked or {}))
        return None

    def taker(self, shown: Shown) -> int | None:
        """The position of the route that decided."""
        return self._positions.get((shown.ran.decision.route, shown.ran.decision.row))

    @cached_property
    def _positions(self) -> Mapping[tuple[str, int | None], int]:
        return {(route.name, route.row): route.position for route in self.routing.routes}

    def _filled(self, values: Values) -> Sequence[Values]:
        """The values with what gives points, in many ways."""
        return fillers(self.scoring, self.folder.compiled, self.symbols, values)

    def _took(self, shown: Shown, before: int, kept: Sequence[Route]) -> Sequence[Necessary]:
        """What is asked by the route that took the lead, if none of those kept did."""
        taker = self.taker(shown)
        if taker is None or taker >= before or any(route.position == taker for route in kept):
            return ()
        return self.routing.necessary[taker]

    def _avoiding(
        self, tests: Sequence[Necessary], values: Values, asked: Asked
    ) -> Iterator[Values]:
        """The values with one changed, so that one of the tests is no longer met."""
        for test in tests:
            symbol = test.symbol
            if not _is_of_score(symbol):
                for value in values_beside(asked.get(symbol, ()), test, self.symbols[symbol]):
                    yield {**values, symbol: value}

    def _decided(self, values: Values, kept: Sequence[Route]) -> Shown | None:
        hours = next((route.during for route in reversed(kept) if route.during), None)
        calendars = self.folder.calendars
        try:
            now = next_open(calendars[hours], NOW) if hours else NOW
        except NeverOpen:
            return None
        test = lead_of(values, self.folder.schema, now)
        return None if test is None else self._of(test)

    def _of(self, test: RuleTest) -> Shown | None:
        """What becomes of a lead; None for one that intake would refuse."""
        wrong = violations(self.folder.schema, self.scoring, test.lead, test.activities, test.now)
        if wrong:
            return None
        ran = run_test(self.policy, test)
        case = Case(self.policy, ran.facts, _no_pools.__getitem__)
        return Shown(ran, case.symbols, case.fit_symbols)


def _is_of_score(symbol: str) -> bool:
    return symbol.startswith("score.")
