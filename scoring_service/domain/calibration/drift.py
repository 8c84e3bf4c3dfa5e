"""How far shares have moved: the population stability index, and what of it is chance."""

import math
from collections.abc import Mapping
from statistics import NormalDist

SHARE_MIN = 1e-4
"""A share is never taken for less, so that an empty slot has a logarithm."""

CHANCE = 0.01
"""How often what has not changed may look changed, over all checks together."""


def deviations(checks: int) -> float:
    """The standard deviations beyond which a figure is more than chance, where so many are looked
    at (Bonferroni).

    >>> round(deviations(1), 3), round(deviations(30), 3)
    (2.326, 3.403)
    """
    return NormalDist().inv_cdf(1 - CHANCE / checks)


def psi(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """The population stability index of two sets of shares by slot, each summing to one.

    The sum over slots of (after - before) x ln(after / before), as Siddiqi, Credit Risk Scorecards
    (2006), uses it: 0 for equal shares, the same both ways, a sum over slots.

    >>> round(psi({"a": 0.5, "b": 0.5}, {"a": 0.6, "b": 0.4}), 4)
    0.0405
    """
    slots = sorted(before.keys() | after.keys())
    return math.fsum(part(before.get(slot, 0.0), after.get(slot, 0.0)) for slot in slots)


def part(before: float, after: float) -> float:
    """What one slot adds; never below 0."""
    assert min(before, after) >= 0, (before, after)
    low, high = max(before, SHARE_MIN), max(after, SHARE_MIN)
    return (high - low) * math.log(high / low)


def by_chance(slots: int, rows_before: int, rows_after: int, z: float) -> float:
    """The PSI that unchanged shares stay under, up to `z` standard deviations of a normal.

    With B slots and samples of N and M, PSI / (1/N + 1/M) is chi-squared with B - 1 degrees of
    freedom (Yurdakul, Statistical Properties of Population Stability Index, 2018); its quantile by
    Wilson and Hilferty (1931).

    >>> round(by_chance(10, 1_000, 1_000, z=2.326), 3)
    0.043
    """
    degrees = max(slots - 1, 1)
    spread = 2 / (9 * degrees)
    quantile = degrees * (1 - spread + z * math.sqrt(spread)) ** 3
    return quantile * (1 / max(rows_before, 1) + 1 / max(rows_after, 1))


def shares(counts: Mapping[str, float]) -> dict[str, float]:
    """Counts by slot as shares; empty where nothing was counted.

    >>> shares({"a": 3, "b": 1})
    {'a': 0.75, 'b': 0.25}
    """
    whole = math.fsum(counts.values())
    return {slot: counts[slot] / whole for slot in sorted(counts)} if whole > 0 else {}
