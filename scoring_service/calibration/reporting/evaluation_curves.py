"""Curves of predictions against outcomes: reliability, score distribution, gain.

Rows count by their weight, which sums to one a lead, so that intervals are those of leads.
"""

import math

import numpy as np

from scoring_service.calibration.reporting.evaluation import Distribution, Gain, ReliabilityBin
from scoring_service.calibration.results import Interval, Predictions
from scoring_service.calibration.table import Floats
from scoring_service.calibration.thresholds.wilson import wilson

BINS = 15
DISTRIBUTION_BINS = 40
TOPS = 20
"""A distribution ends at a twentieth."""

GAIN_POINTS = 101


def share_won(won: float, leads: float) -> Interval:
    """The share won with its 90 % interval (Wilson 1927); nothing is known without leads.

    >>> [round(figure, 3) for figure in share_won(5, 10)]
    [0.5, 0.269, 0.731]
    """
    low, high = wilson(won, leads)
    if leads <= 0:
        return Interval(math.nan, low, high)
    share = won / leads
    return Interval(share, min(share, low), max(share, high))


def reliability(predictions: Predictions, bins: int = BINS) -> tuple[ReliabilityBin, ...]:
    """Equal bins of P that hold rows, lowest first."""
    weights, won = predictions.table.weights, predictions.table.won
    where = np.minimum((predictions.p * bins).astype(np.int64), bins - 1)
    rows = np.bincount(where, minlength=bins)
    leads = np.bincount(where, weights, minlength=bins)
    wins = np.bincount(where, weights * won, minlength=bins)
    summed = np.bincount(where, weights * predictions.p, minlength=bins)
    return tuple(
        ReliabilityBin(
            low=place / bins,
            high=(place + 1) / bins,
            rows=int(rows[place]),
            predicted=float(summed[place] / leads[place]),
            won=share_won(float(wins[place]), float(leads[place])),
        )
        for place in range(bins)
        if leads[place] > 0
    )


def distribution(predictions: Predictions, bins: int = DISTRIBUTION_BINS) -> Distribution:
    """How many leads have which P, the won and the lost apart, in bins up to the largest P."""
    top = math.ceil(max(float(predictions.p.max()), 0.01) * TOPS) / TOPS
    edges = np.linspace(0.0, min(top, 1.0), bins + 1)
    table = predictions.table
    won, _ = np.histogram(predictions.p, edges, weights=table.weights * table.won)
    lost, _ = np.histogram(predictions.p, edges, weights=table.weights * ~table.won)
    return Distribution(edges, won, lost)


def gain(predictions: Predictions, points: int = GAIN_POINTS) -> Gain:
    """Which share of the wins the best x % of the leads hold, x from 0 to 100.

    Rows of equal P share their wins, so that their order plays no part.
    """
    best = np.argsort(-predictions.p, kind="stable")
    weights = predictions.table.weights[best]
    wins = weights * predictions.table.won[best]
    ends = np.append(np.flatnonzero(np.diff(predictions.p[best])), len(best) - 1)
    rows = _shares(weights, ends)
    at = np.linspace(0.0, 1.0, points)
    return Gain(at, np.interp(at, rows, _shares(wins, ends)))


def _shares(values: Floats, ends: np.ndarray) -> Floats:
    """Cumulated shares at the ends of ties, from 0 on; all 0 where there is nothing."""
    summed = np.cumsum(values)[ends]
    whole: Floats = np.concatenate([[0.0], summed / max(summed[-1], 1e-300)])
    return whole
