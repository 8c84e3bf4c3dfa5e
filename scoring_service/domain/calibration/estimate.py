"""P(won) of one lead with its interval, and what each of its traits adds to the log-odds.

The interval is sigma(eta -+ 1.645 x deviation): with L L' the covariance of the weights and x the
lead's features, the variance of eta = x'w is ||L'x||^2, the squared length of the sum of its cells'
rows of L; a level that was never seen adds variance of its own.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import exp, sqrt
from typing import Any

import msgspec

from scoring_service.domain.calibration.model import Model, Part
from scoring_service.domain.calibration.packed import FRACTION, times
from scoring_service.domain.scoring.behaviour import Behaviour, of_dated, of_states
from scoring_service.values.activity import BehaviourState, Dated
from scoring_service.values.condition import Symbols
from scoring_service.values.score import ModelContribution, WinProbability

P_LEAST, P_MOST = 0.0001, 0.9999
Z = 1.645
"""Half the width of a 90 % interval of a normal, in standard deviations."""

ETA_MAX = 40.0
"""Beyond this the sigmoid is 0 or 1 to every digit."""

INNER = 9.2
"""As far from zero P is within its bounds, .0001 and .9999."""

NUMBERS = (int, float)
"""What a number may be; a value of another type is missing, as in a condition."""


class Estimate(msgspec.Struct, frozen=True):
    """P(won), and the contributions whose sum is its log-odds, the base first."""

    win: WinProbability
    contributions: tuple[ModelContribution, ...]


def estimate(model: Model, symbols: Symbols, sums: Mapping[str, float]) -> Estimate:
    """What a model says of a lead. `sums` are the decayed points by activity type before any cap,
    by the scoring that the model was trained with.

    Everything is added up as it is found, the rows by kinds of terms: L is lower triangular, so
    that the first terms of each kind have short rows, and short sums are quick.
    """
    base, row, eta, beyond = model.intercept
    said, get, of_texts = [base], symbols.get, 0
    value: Any
    for added, more, odds, variance in _held(model, symbols) if model.criteria else ():
        said.append(added)
        row += more
        eta += odds
        beyond += variance
    for name, edges, bins, missing in model.numbers:
        value = get(name)
        if type(value) in NUMBERS and value == value:  # noqa: PLR0124 - not a NaN
            added, more, odds, variance = bins[bisect_right(edges, value)]
        else:
            added, more, odds, variance = missing
        said.append(added)
        row += more
        eta += odds
        beyond += variance
    for name, levels, missing, unseen, kind in model.texts:
        value = get(name)
        if type(value) is kind:
            added, more, odds, variance = levels.get(value) or unseen
        else:
            added, more, odds, variance = missing
        said.append(added)
        of_texts += more
        eta += odds
        beyond += variance
    row += of_texts
    if model.activities:
        of_activities, eta = _done(model, sums, said, eta)
        row += of_activities
    deviation = model.lengths.of(row)
    if beyond:
        deviation = sqrt(deviation * deviation + beyond)
    return Estimate(_win(eta, Z * deviation), tuple(said))


def _held(model: Model, symbols: Symbols) -> Iterator[Part]:
    """The part of each criterion that holds; one that cannot be evaluated does not."""
    return (criterion.part for criterion in model.criteria if criterion.holds_for(symbols))


def _done(
    model: Model, sums: Mapping[str, float], said: list[ModelContribution], eta: float
) -> tuple[int, float]:
    """The sum of the rows of the activity types that have points, and the log-odds with theirs
    added; what each contributes is said.
    """
    row, get = 0, sums.get
    for points in model.activities:
        total = get(points.type)
        if total:
            if -points.within <= total <= points.within:
                row += points.row * round(total * FRACTION)
            else:
                total = points.capped(total)
                row += points.row * times(total)
            added = points.per_point * total
            eta += added
            said.append(ModelContribution(points.type, added))
    return row, eta


def sums_of_events(
    model: Model, behaviour: Behaviour, did: Dated, now: datetime
) -> Mapping[str, float]:
    """The decayed sums that `estimate` takes, of events; `behaviour` is the policy's of them."""
    if not model.own.activities:
        return behaviour.sums
    return _united(model, behaviour, of_dated(model.own, did, now))


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


def _win(eta: float, half: float) -> WinProbability:
    """P at the log-odds and at both ends of the interval, of half that width."""
    if eta - half > -INNER and eta + half < INNER:
        odds_against, factor = exp(-eta), exp(half)
        return WinProbability(
            1 / (1 + odds_against),
            1 / (1 + odds_against * factor),
            1 / (1 + odds_against / factor),
        )
    return WinProbability(_p(eta), _p(eta - half), _p(eta + half))


def _p(eta: float) -> float:
    if eta > ETA_MAX:
        return P_MOST
    if eta < -ETA_MAX:
        return P_LEAST
    p = 1 / (1 + exp(-eta))
    return P_LEAST if p < P_LEAST else P_MOST if p > P_MOST else p
