"""Where a number is cut into bins: at quantiles, written as short as the data allow."""

import math

import numpy as np

from scoring_service.calibration.table import Floats

DIGITS_MAX = 15


def bin_edges(values: Floats, weights: Floats, bins_max: int) -> Floats:
    """The edges e1 < ... < en of bins [-inf, e1), [e1, e2), ... [en, inf), at most `bins_max` bins.

    They are weighted quantiles of the finite values, so that a row of weight 2 counts as two rows;
    a value that many rows have is cut off from those below it where it is the highest. Each is the
    shortest decimal that keeps the same values apart.
    """
    counted = np.isfinite(values) & (weights > 0)
    if not counted.any() or bins_max < 2:
        return np.empty(0)
    known, row = np.unique(values[counted], return_inverse=True)
    reached = np.cumsum(np.bincount(row, weights=weights[counted], minlength=len(known)))
    wanted = np.arange(1, bins_max) / bins_max * reached[-1]
    firsts = np.searchsorted(reached, wanted * (1 - 1e-12), side="left") + 1
    inside = np.unique(np.minimum(firsts, len(known) - 1))
    return np.array([shortest(float(known[k - 1]), float(known[k])) for k in inside if k > 0])


def shortest(low: float, high: float) -> float:
    """The decimal with the fewest digits that is above `low` and not above `high`.

    >>> shortest(4.857, 4.961), shortest(41.0, 43.0), shortest(-3.4, -1.8)
    (4.9, 43.0, -2.0)
    """
    size = max(abs(low), abs(high))
    first = -math.floor(math.log10(size)) if size > 0 else 0
    for digits in range(first, first + DIGITS_MAX):
        step = 10.0**-digits
        if step == 0:
            break
        found = round(math.floor(high / step) * step, max(digits, 0))
        if low < found <= high:
            return found
    return high
