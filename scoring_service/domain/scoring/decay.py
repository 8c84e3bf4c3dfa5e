"""Points fade: by half in every half-life."""

from collections.abc import Iterable
from datetime import timedelta
from math import exp2

_NONE = timedelta(0)


def decayed(points: float, age: timedelta, half_life: timedelta) -> float:
    """Points left after `age`.

    >>> decayed(40, timedelta(days=14), half_life=timedelta(days=7))
    10.0
    """
    assert half_life > _NONE, half_life
    assert age >= _NONE, "an activity cannot come from the future"
    return points * exp2(age.total_seconds() / -half_life.total_seconds())


def decayed_each(points: float, ages: Iterable[float], half_life: timedelta) -> list[float]:
    """Points left after each age, in seconds; `decayed` for many.

    >>> decayed_each(40, [1_209_600, 604_800], half_life=timedelta(days=7))
    [10.0, 20.0]
    """
    assert half_life > _NONE, half_life
    fades = -half_life.total_seconds()
    return [points * exp2(age / fades) for age in ages]
