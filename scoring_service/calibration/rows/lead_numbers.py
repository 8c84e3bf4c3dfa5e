"""Leads as numbers, and what each of their rows weighs."""

import numpy as np

from scoring_service.calibration.table import Floats, Integers


def numbered(leads: Integers) -> Integers:
    """Leads by the order in which they first come, from 0."""
    _, first, place = np.unique(leads, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[place]


def weights(leads: Integers) -> Floats:
    """A weight a row, those of one lead summing to one.

    >>> weights(np.array([0, 1, 1])).tolist()
    [1.0, 0.5, 0.5]
    """
    shares: Floats = 1.0 / np.bincount(leads)[leads]
    return shares
