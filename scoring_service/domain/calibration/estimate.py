"""P(won) of one lead with its interval, and what each of its traits adds to the log-odds.

The interval is sigma(eta -+ 1.645 x deviation): with L L' the covariance of the weights and x the
lead's features, the variance of eta = x'w is ||L'x||^2, the squared length of the sum of its cells'
rows of L; a level that was never seen adds variance of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, hypot, sqrt

from scoring_service.domain.calibration.model import Model
from scoring_service.domain.scoring.behaviour import Behaviour, of_events, of_states
from scoring_service.values.activity import Activity, BehaviourState
from scoring_service.values.condition import Symbols
from scoring_service.values.score import ModelContribution, WinProbability

P_LEAST, P_MOST = 0.0001, 0.9999
Z = 1.645
"""Half the width of a 90 % interval of a normal, in standard deviations."""

ETA_MAX = 40.0
"""Beyond this the sigmoid is 0 or 1 to every digit."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """P(won), and the contributions whose sum is its log-odds, the base first."""

    win: WinProbability
    contributions: tuple[ModelContribution, ...]


def estimate(model: Model, symbols: Symbols, sums: Mapping[str, float]) -> Estimate:
    """What a model says of a lead.

    `sums` are the decayed points by activity type before any cap, by the scoring that the model
    was trained with.
    """
    parts = [model.intercept]
    for term in model.terms:
        part = term.part_of(symbols)
        if part is not None:
            parts.append(part)
    found = [part.contribution for part in parts]
    rows = [part.row for part in parts]
    for points in model.activities:
        total = sums.get(points.type)
        if total:
            capped = points.capped(total)
            found.append(ModelContribution(points.type, points.per_point * capped))
            rows.append(tuple([capped * value for value in points.row]))
    eta = sum([contribution.log_odds for contribution in found])
    deviation = hypot(*map(sum, zip(*rows, strict=True)))
    beyond = sum([part.variance for part in parts])
    if beyond:
        deviation = sqrt(deviation * deviation + beyond)
    low, high = eta - Z * deviation, eta + Z * deviation
    return Estimate(WinProbability(_p(eta), _p(low), _p(high)), tuple(found))


def sums_of_events(
    model: Model, behaviour: Behaviour, activities: Sequence[Activity], now: datetime
) -> Mapping[str, float]:
    """The decayed sums that `estimate` takes, of events; `behaviour` is the policy's of them."""
    if not model.own.activities:
        return behaviour.sums
    return _united(model, behaviour, of_events(model.own, activities, now))


def sums_of_states(
    model: Model, behaviour: Behaviour, states: Sequence[BehaviourState], now: datetime
) -> Mapping[str, float]:
    """The decayed sums that `estimate` takes, of a stored lead; `states` are its second ones."""
    if not model.own.activities:
        return behaviour.sums
    return _united(model, behaviour, of_states(model.own, states, now))


def _united(model: Model, behaviour: Behaviour, own: Behaviour) -> Mapping[str, float]:
    shared = {k: v for k, v in behaviour.sums.items() if k not in model.own.activities}
    return {**shared, **own.sums}


def _p(eta: float) -> float:
    if eta >= 0:
        return min(1 / (1 + exp(-min(eta, ETA_MAX))), P_MOST)
    odds = exp(max(eta, -ETA_MAX))
    return max(odds / (1 + odds), P_LEAST)
