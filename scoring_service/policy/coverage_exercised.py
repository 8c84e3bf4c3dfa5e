"""Which parts of a policy one test exercised: they took part, and the test would have noticed.

A part takes part where the test's lead came to it; the test notices where its `expect` names
something that hangs on that part. Without the second a test would count that cannot fail.
"""

from collections.abc import Iterator, Mapping

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.routes import Route, ToAccountOwner, ToPool
from scoring_service.domain.scoring.disqualify import disqualified_by
from scoring_service.domain.scoring.fit import holds
from scoring_service.domain.symbols import lead_symbols
from scoring_service.policy.coverage_parts import Kind, fallback_name, member_name, row_name
from scoring_service.policy.rule_tests import Ran
from scoring_service.values.decision import Passed
from scoring_service.values.stage import Stage

Key = tuple[Kind, str]
Routes = Mapping[tuple[str, int | None], Route]
"""Routes and rows by what a decision says of the one it came by: its name and its row."""

ROUTING = frozenset({"route", "row", "pool", "owner", "track", "queue", "stage", "sla"})
"""Expectations that hang on the route and on the draw."""

FIT = frozenset({"fit", "fit_grade", "quadrant", "mql_ready"})
"""Expectations that hang on fit points."""

ENDED = ROUTING | {"disqualified"}
"""Expectations that hang on a lead's being ended."""

_UNMET = frozenset({Passed.INACTIVE, Passed.EXCLUDED, Passed.CONDITION})


def exercised(policy: Policy, routes: Routes, ran: Ran) -> Iterator[Key]:
    """The parts that a test exercised; one may come twice."""
    named = {
        name
        for name in ran.test.expect.__struct_fields__
        if getattr(ran.test.expect, name) is not None
    }
    if named & ROUTING:
        yield from _routing(routes, ran)
    if named & FIT:
        yield from _fit(policy, ran)
    if named & ENDED:
        yield from _ended(policy, ran)


def _routing(routes: Routes, ran: Ran) -> Iterator[Key]:
    decision = ran.decision
    route = routes.get((decision.route, decision.row))
    if route is not None:
        yield Kind.ROUTES, route.name
        if route.row is not None:
            yield Kind.ROWS, row_name(route.name, route.row)
        yield from _fallback(route, ran)
    for looked_at in decision.considered:
        if looked_at.pool and looked_at.outcome not in _UNMET:
            yield Kind.MEMBERS, member_name(looked_at.pool, looked_at.rep_id)


def _fallback(route: Route, ran: Ran) -> Iterator[Key]:
    match route.assign:
        case ToPool(pool) | ToAccountOwner(pool):
            drawn = ran.decision.draw
            if pool is not None and drawn is not None and drawn.pool != pool:
                yield Kind.FALLBACKS, fallback_name(pool, drawn.pool)


def _fit(policy: Policy, ran: Ran) -> Iterator[Key]:
    symbols = lead_symbols(ran.facts.lead, policy.schema, ran.facts.account)
    for criterion in policy.scoring.fit:
        if holds(criterion, symbols):
            yield Kind.FIT, criterion.name


def _ended(policy: Policy, ran: Ran) -> Iterator[Key]:
    facts, ends = ran.facts, ran.decision.stage is Stage.DISQUALIFIED
    if not ends or facts.stage is Stage.DISQUALIFIED or facts.do_not_contact:
        return
    symbols = lead_symbols(facts.lead, policy.schema, facts.account)
    found = disqualified_by(policy.scoring, symbols)
    if found is not None:
        yield Kind.DISQUALIFY, found.name
