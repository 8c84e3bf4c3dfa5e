"""What becomes of a lead that something happened to: it may qualify; sales keeps what it has."""

from scoring_service.domain.lifecycle.path import BEFORE_MQL
from scoring_service.domain.routing.assigning import assigned, to_track
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.choice import Choice, keeps
from scoring_service.domain.routing.routes import Route, ToTrack
from scoring_service.domain.routing.standing import pinned
from scoring_service.values.stage import Stage

_MARKETINGS = BEFORE_MQL - {Stage.RECYCLED}


def evaluated(case: Case) -> Choice | None:
    """Where an evaluation leaves the lead; None where it met every bar, and is routed like any.

    Below the bars only routes to a track and those marked `below_bar` are tried, else the default
    track has it. What sales has, a recycled lead and a finished one stay where they are.
    """
    facts = case.facts
    if facts.stage not in _MARKETINGS and facts.owner is not None:
        return keeps(case, facts.owner, "an evaluation moves no lead of this stage")
    return None if case.score.mql_ready else _below_the_bars(case)


def _below_the_bars(case: Case) -> Choice:
    routes, start = case.policy.routes, 0
    while start < len(routes.routes):
        match = routes.first(case.symbols, case.now, start)
        case.route, case.errors = match.route, (*case.errors, *match.errors)
        choice = _by(case, match.route)
        if choice is not None:
            return choice
        start = match.route.position + 1
    case.route = None
    return to_track(case, case.policy.lifecycle.default_track)


def _by(case: Case, route: Route) -> Choice | None:
    if isinstance(route.assign, ToTrack):
        return assigned(case, route.assign)
    return (pinned(case) or assigned(case, route.assign)) if route.below_bar else None
