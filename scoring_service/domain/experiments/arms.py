"""The policy as it is for a lead in some arms: the bars, tracks and pools that they change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from scoring_service.domain.experiments.experiment import CONTROL, Arm
from scoring_service.domain.lifecycle.lifecycle import Lifecycle
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.routes import (
    Route,
    RouteMatch,
    RouteTable,
    ToPool,
    ToTrack,
)
from scoring_service.domain.scoring.scoring import Bars
from scoring_service.values.condition import Symbols

VARIANTS_MAX = 1_000
"""Policies kept for combinations of arms; a table of their routes makes each of them large. Twenty
experiments at once have a million combinations.
"""


def with_arms(policy: Policy, arms: Mapping[str, str], now: datetime) -> Policy:
    """The policy by which a lead in these arms (by experiment) is judged at an instant.

    It is derived once for each combination of arms and kept with the policy. An experiment that
    does not run then, one that is not in the policy and an arm that is gone change nothing. A
    policy so derived knows no experiments: to ask it again changes nothing.
    """
    if not arms or not policy.experiments:
        return policy
    held = [
        (experiment.name, arm)
        for experiment in policy.experiments
        if experiment.name in arms
        and experiment.runs(now)
        and (arm := experiment.arm(arms[experiment.name])) is not None
        and arm.name != CONTROL
    ]
    if not held:
        return policy
    key = tuple([(experiment, arm.name) for experiment, arm in held])
    found = policy.variants.get(key)
    if found is None:
        if len(policy.variants) >= VARIANTS_MAX:
            policy.variants.clear()
        found = policy.variants[key] = _variant(policy, [arm for _, arm in held])
    return found


def _variant(policy: Policy, arms: Sequence[Arm]) -> Policy:
    """No two arms change the same thing: that is refused when the policy is loaded."""
    tracks = {track: to for arm in arms for track, to in arm.tracks.items()}
    pools = {route: pool for arm in arms for route, pool in arm.pools.items()}
    bars = policy.scoring.mql
    for arm in arms:
        bars = _bars(bars, arm)
    return replace(
        policy,
        scoring=replace(policy.scoring, mql=bars),
        lifecycle=_lifecycle(policy.lifecycle, tracks),
        routes=Rerouted(policy.routes, pools, tracks),
        routes_unindexed=Rerouted(policy.routes_unindexed, pools, tracks),
        experiments=(),
    )


def _bars(bars: Bars, arm: Arm) -> Bars:
    """The bars with those that the arm gives; one on P(won) was chosen for no model in particular.

    >>> _bars(Bars(40, 40), Arm("lower", behaviour_min=30)).behaviour_min
    30
    """
    won = arm.win_probability_min
    return replace(
        bars,
        fit_min=bars.fit_min if arm.fit_min is None else arm.fit_min,
        behaviour_min=bars.behaviour_min if arm.behaviour_min is None else arm.behaviour_min,
        win_probability_min=bars.win_probability_min if won is None else won,
    )


def _lifecycle(lifecycle: Lifecycle, tracks: Mapping[str, str]) -> Lifecycle:
    if not tracks:
        return lifecycle
    reasons = {
        name: replace(reason, tracks=tuple([tracks.get(one, one) for one in reason.tracks]))
        for name, reason in lifecycle.reasons.items()
    }
    default = lifecycle.default_track
    return replace(lifecycle, default_track=tracks.get(default, default), reasons=reasons)


class Rerouted:
    """A route table whose routes draw from other pools, or give leads to other tracks.

    Which route matches is asked of the table itself. `pools` are by route, `tracks` by track.
    """

    def __init__(
        self, table: RouteTable, pools: Mapping[str, str], tracks: Mapping[str, str]
    ) -> None:
        self._table = table
        self.routes: Sequence[Route] = (
            tuple([_rerouted(route, pools, tracks) for route in table.routes])
            if pools or tracks
            else table.routes
        )

    def first(self, symbols: Symbols, now: datetime, start: int = 0) -> RouteMatch:
        """The first match at or after position `start`, with what the arms make of it."""
        match = self._table.first(symbols, now, start)
        route = self.routes[match.route.position]
        return match if route is match.route else RouteMatch(route, match.errors)


def _rerouted(route: Route, pools: Mapping[str, str], tracks: Mapping[str, str]) -> Route:
    if isinstance(route.assign, ToPool) and route.name in pools:
        return replace(route, assign=ToPool(pools[route.name]))
    if isinstance(route.assign, ToTrack) and route.assign.track in tracks:
        return replace(route, assign=ToTrack(tracks[route.assign.track]))
    return route
