"""Why each route did or did not match a lead: the first sub-condition that failed, errors included,
from the unindexed twin.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from scoring_service.domain.business_time.windows import NeverOpen, is_open, next_open
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.decide import case_of, decision_on
from scoring_service.domain.routing.routes import Route, RouteMatch, RouteTable
from scoring_service.policy.explaining.told import passed_over
from scoring_service.policy.explaining.tried import Tried, TriedRoute
from scoring_service.policy.failed.asking import Asking
from scoring_service.values.condition import ConditionError, Symbols
from scoring_service.values.decision import Decision
from scoring_service.values.facts import Asked, Facts

__all__ = ["Tried", "TriedRoute", "passed_over", "routes_tried", "tried"]

TAKEN_APART_MAX = 500
"""Written routes that are taken apart to tell the sub-condition that failed: reading a condition
again takes a millisecond. Of further ones a symbol is told whose value alone keeps them from
matching. Rows of tables are not counted.
"""


def tried(
    policy: Policy,
    symbols: Symbols,
    now: datetime,
    until: int | None = None,
    at_most: int = TAKEN_APART_MAX,
) -> Iterator[TriedRoute]:
    """Every route in order up to the first that matches, or up to position `until` included.

    `until` is for a decision that went on after a match, because an account owner was away. Of
    written routes the first `at_most` are taken apart.
    """
    types = policy.scoring.activities
    asking = Asking(policy.schema, types, symbols, at_most, policy.compiled)
    for route in policy.routes_unindexed.routes:
        found = _tried(policy, asking, route, symbols, now)
        yield found
        if route.position == until or (until is None and found.outcome is Tried.MATCHED):
            return


def routes_tried(policy: Policy, facts: Facts, decision: Decision) -> tuple[TriedRoute, ...]:
    """The routes that a decision went through, to the one it ended at; none where it was made
    before them. Nothing but the facts is read: it is decided again and watched.
    """
    case = case_of(policy, facts)
    watched = _Watched(case.policy.routes_unindexed)
    case.policy = replace(case.policy, routes=watched)
    decision_on(case)
    if not watched.matches:
        return ()
    routes = islice(
        tried(case.policy, case.symbols, facts.now, watched.matches[-1]), watched.matches[-1] + 1
    )
    taken = (decision.route, decision.row)
    return tuple(
        one if (one.name, one.row) == taken or one.outcome is not Tried.MATCHED else _on(case, one)
        for one in routes
    )


class _Watched:
    """The routes, and at which positions they were found to match, in order."""

    def __init__(self, table: RouteTable) -> None:
        self._table, self.routes = table, table.routes
        self.matches: list[int] = []

    def first(self, symbols: Symbols, now: datetime, start: int = 0) -> RouteMatch:
        match = self._table.first(symbols, now, start)
        self.matches.append(match.route.position)
        return match


def _on(case: Case, found: TriedRoute) -> TriedRoute:
    """A route that matched while the decision went on: below the bars few routes are tried, else
    its account's owner could not be had.
    """
    below = case.facts.asked is Asked.EVALUATE and not case.score.mql_ready
    route = next(one for one in _named(case.policy.routes.routes, found))
    why = "its account's owner cannot take it"
    if below and not route.below_bar:
        why = "it is for leads that meet every bar"
    return replace(found, outcome=Tried.WENT_ON, why=why)


def _named(routes: Sequence[Route], found: TriedRoute) -> Iterator[Route]:
    return (one for one in routes if (one.name, one.row) == (found.name, found.row))


def _tried(
    policy: Policy, asking: Asking, route: Route, symbols: Symbols, now: datetime
) -> TriedRoute:
    outcome, error = Tried.MATCHED, ""
    try:
        if not route.condition(symbols):
            outcome = Tried.NOT_MATCHED
    except ConditionError as raised:
        outcome, error = Tried.ERROR, str(raised)
    saw, decided = asking.of_route(route)
    failed = None if outcome is Tried.MATCHED else decided
    about = route.name, route.row, route.place, route.text
    during = route.during if outcome is Tried.MATCHED else None
    if during is not None and not is_open(policy.calendars[during], now):
        opens = _next_open(policy, during, now)
        return TriedRoute(*about, Tried.CLOSED, "", saw, None, during, opens)
    return TriedRoute(*about, outcome, error, saw, failed)


def _next_open(policy: Policy, calendar: str, now: datetime) -> datetime | None:
    try:
        return next_open(policy.calendars[calendar], now)
    except NeverOpen:
        return None
