"""Points fade: by half in every half-life."""

from datetime import timedelta


def decayed(points: float, age: timedelta, half_life: timedelta) -> float:
    """Points left after `age`.

    >>> decayed(40, timedelta(days=14), half_life=timedelta(days=7))
    10.0
    """
    assert half_life > timedelta(0), half_life
    assert age >= timedelta(0), "an activity cannot come from the future"
    left: float = 0.5 ** (age / half_life)
    return points * left
