"""P(won) of one lead with its interval, and what each of its traits adds to the log-odds.

The interval is sigma(eta -+ 1.645 x deviation): with L L' the covariance of the weights and x the
lead's features, the variance of eta = x'w is ||L'x||^2, the squared length of the sum of its cells'
rows of L; a level that was never seen adds variance of its own.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import exp, sqrt
from typing import Any, NamedTuple

from scoring_service.domain.calibration.model import Model, Part
from scoring_service.domain.calibration.packed import times
from scoring_service.domain.scoring.behaviour import Behaviour, of_events, of_states
from scoring_service.values.activity import Activity, BehaviourState
from scoring_service.values.condition import ConditionError, Symbols
from scoring_service.values.score import ModelContribution, WinProbability

P_LEAST, P_MOST = 0.0001, 0.9999
Z = 1.645
"""Half the width of a 90 % interval of a normal, in standard deviations."""

ETA_MAX = 40.0
"""Beyond this the sigmoid is 0 or 1 to every digit."""

NUMBERS = (int, float)
"""What a number may be; a value of another type is missing, as in a condition."""


class Estimate(NamedTuple):
    """P(won), and the contributions whose sum is its log-odds, the base first."""

    win: WinProbability
    contributions: tuple[ModelContribution, ...]


def estimate(model: Model, symbols: Symbols, sums: Mapping[str, float]) -> Estimate:
    """What a model says of a lead. `sums` are the decayed points by activity type before any cap,
    by the scoring that the model was trained with.
    """
    said, rows, odds, beyond = zip(*_parts(model, symbols), strict=False)
    eta, row = sum(odds), sum(rows)
    for points in model.activities:
        total = sums.get(points.type)
        if total:
            capped = points.capped(total)
            row += points.row * times(capped)
            added = points.per_point * capped
            eta += added
            said += (ModelContribution(points.type, added),)
    deviation, variance = model.lengths.of(row), sum(beyond)
    if variance:
        deviation = sqrt(deviation * deviation + variance)
    half = Z * deviation
    return Estimate(WinProbability(_p(eta), _p(eta - half), _p(eta + half)), said)


def _parts(model: Model, symbols: Symbols) -> list[Part]:
    """The lead's cell of every term but the activities', the base first."""
    parts, get = [model.intercept], symbols.get
    value: Any
    for criterion in model.criteria:
        try:
            if criterion.holds(symbols):
                parts.append(criterion.part)
        except ConditionError:
            continue
    parts += [
        bins[bisect_right(edges, value)]
        if type(value := get(name)) in NUMBERS and value == value  # noqa: PLR0124 - not a NaN
        else missing
        for name, edges, bins, missing in model.numbers
    ]
    parts += [
        (levels.get(value) or unseen) if type(value := get(name)) is kind else missing
        for name, levels, missing, unseen, kind in model.texts
    ]
    return parts


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
    if eta > ETA_MAX:
        return P_MOST
    if eta < -ETA_MAX:
        return P_LEAST
    p = 1 / (1 + exp(-eta))
    return P_LEAST if p < P_LEAST else P_MOST if p > P_MOST else p
