"""Points fade: by half in every half-life."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import exp2


def decayed(points: float, age: timedelta, half_life: timedelta) -> float:
    """Points left after `age`.

    >>> decayed(40, timedelta(days=14), half_life=timedelta(days=7))
    10.0
    """
    assert half_life > timedelta(0), half_life
    assert age >= timedelta(0), "an activity cannot come from the future"
    return points * exp2(age.total_seconds() / -half_life.total_seconds())


def decayed_each(
    points: float, instants: Iterable[datetime], now: datetime, half_life: timedelta
) -> list[float]:
    """Points left at `now` of what happened at each instant; `decayed` for many.

    >>> decayed_each(40, [datetime(2026, 3, 1), datetime(2026, 3, 8)], datetime(2026, 3, 15),
    ...              half_life=timedelta(days=7))
    [10.0, 20.0]
    """
    assert half_life > timedelta(0), half_life
    seconds = -half_life.total_seconds()
    ages = [now - at for at in instants]
    return [
        points * exp2((age.days * 86_400 + age.seconds + age.microseconds / 1e6) / seconds)
        for age in ages
    ]
