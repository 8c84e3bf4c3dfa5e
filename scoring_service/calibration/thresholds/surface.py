"""P(won) of a lead with certain points: a logistic surface that increases in fit and behaviour."""

from dataclasses import dataclass

import numpy as np

from scoring_service.calibration.table import Flags, Floats

STEPS = 25
CELL = 2.5
"""Points of one cell of this side count together, as their mean."""

RIDGE = 1e-3
SCALE = 100.0


@dataclass(frozen=True, slots=True)
class Surface:
    """P = sigma(base + fit x points of fit / 100 + behaviour x points of behaviour / 100); neither
    slope is negative.
    """

    base: float
    fit: float
    behaviour: float

    def p(self, fit: Floats, behaviour: Floats) -> Floats:
        """P(won) at these points, shape as given."""
        eta = self.base + self.fit * fit / SCALE + self.behaviour * behaviour / SCALE
        found: Floats = 1 / (1 + np.exp(-np.clip(eta, -30, 30)))
        return found


def surface(fit: Floats, behaviour: Floats, won: Flags | Floats, weights: Floats) -> Surface:
    """The surface of most likelihood among those that increase; a slope that would be negative is
    0.

    At most two refits: with two slopes the best constrained surface lacks one of the negative
    ones.
    """
    kept = [True, True]
    while True:
        found = _fitted(fit, behaviour, won, weights, kept)
        slopes = found[1:]
        wrong = [k for k in (0, 1) if kept[k] and slopes[k] < 0]
        if not wrong:
            return Surface(*(float(value) for value in found))
        kept[min(wrong, key=lambda k: slopes[k])] = False


def aggregated(
    fit: Floats, behaviour: Floats, won: Flags, weights: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """(fit, behaviour, share won, weight) of the cells that hold points: few, whatever their
    number.
    """
    side = int(SCALE / CELL) + 1
    cell = (fit / CELL).astype(np.int64) * side + (behaviour / CELL).astype(np.int64)
    total = np.bincount(cell, weights=weights)
    there = total > 0
    means = [
        np.bincount(cell, weights=weights * values)[there] / total[there]
        for values in (fit, behaviour, won)
    ]
    return means[0], means[1], means[2], total[there].astype(np.float64)


def _fitted(
    fit: Floats, behaviour: Floats, won: Flags | Floats, weights: Floats, kept: list[bool]
) -> Floats:
    """Base and slopes by Newton's steps; a slope that is not kept is 0."""
    x = np.column_stack([np.ones(len(fit)), fit / SCALE * kept[0], behaviour / SCALE * kept[1]])
    ridge = np.array([0.0, RIDGE, RIDGE]) + np.array([0.0, not kept[0], not kept[1]])
    rate = float(np.clip((weights @ won) / weights.sum(), 1e-6, 1 - 1e-6))
    found = np.array([np.log(rate / (1 - rate)), 0.0, 0.0])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ found, -30, 30)))
        gradient = x.T @ (weights * (p - won)) + ridge * found
        hessian = (x.T * (weights * p * (1 - p))) @ x + np.diag(ridge + 1e-9)
        step = np.linalg.solve(hessian, gradient)
        found = found - np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            break
    return found
