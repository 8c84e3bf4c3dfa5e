"""Slots: where a value falls for counting, by the terms of a scorecard."""

from bisect import bisect_right
from collections.abc import Container
from functools import lru_cache
from itertools import pairwise
from math import isnan

from scoring_service.domain.calibration.baseline import MISSING, OTHER

HOLDS, HOLDS_NOT = "holds", "holds not"
NOTHING_DONE = "nothing"
ACTIVITIES = (0.5, 1.0, 2.0)
"""Cuts of an activity type's decayed points, in fresh activities."""


@lru_cache(maxsize=1_024)
def bin_names(edges: tuple[float, ...]) -> tuple[str, ...]:
    """Names of the bins [-inf, e1), [e1, e2), ... [en, inf).

    >>> bin_names((1.0, 5.0))
    ('< 1', '1 to 5', '>= 5')
    """
    if not edges:
        return ("any",)
    cuts = [f"{edge:g}" for edge in edges]
    if len(set(cuts)) < len(cuts):  # short names that would be those of other bins
        cuts = [f"{edge!r}" for edge in edges]
    between = [f"{low} to {high}" for low, high in pairwise(cuts)]
    return (f"< {cuts[0]}", *between, f">= {cuts[-1]}")


def number_slot(value: float | None, edges: tuple[float, ...]) -> str:
    """The bin of a number; a NaN is missing.

    >>> number_slot(1.0, (1.0, 5.0)), number_slot(None, (1.0,))
    ('1 to 5', 'missing')
    """
    if value is None or isnan(value):
        return MISSING
    return bin_names(edges)[bisect_right(edges, value)]


def text_slot(level: str | None, levels: Container[str]) -> str:
    """A level that the scorecard knows as `=` and itself, so that none can be named like a slot.

    >>> text_slot("web", {"web"}), text_slot("x", {"web"}), text_slot(None, {"web"})
    ('=web', 'other', 'missing')
    """
    if level is None:
        return MISSING
    return f"={level}" if level in levels else OTHER


def criterion_slot(holds: bool) -> str:
    """Whether it holds."""
    return HOLDS if holds else HOLDS_NOT


def activity_slot(decayed: float, points: float) -> str:
    """Decayed points in fresh activities of the type.

    >>> activity_slot(0.0, 8), activity_slot(6.0, 8), activity_slot(-80, -40)
    ('nothing', '0.5 to 1', '>= 2')
    """
    if decayed == 0 or points == 0:
        return NOTHING_DONE
    return bin_names(ACTIVITIES)[bisect_right(ACTIVITIES, decayed / points)]


def score_slot(p: float, edges: tuple[float, ...]) -> str:
    """The slot of P.

    >>> score_slot(0.2, (0.1, 0.3))
    '0.1 to 0.3'
    """
    return bin_names(edges)[bisect_right(edges, p)]
