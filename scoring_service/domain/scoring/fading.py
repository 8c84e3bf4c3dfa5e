"""Behaviour as a function of the time to come, when nothing happens but decay and expiry."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import exp, inf
from typing import NamedTuple

from scoring_service.domain.scoring.behaviour import Behaviour
from scoring_service.domain.scoring.decay import decayed_each
from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring
from scoring_service.values.instant import MICROSECOND

Fade = tuple[Sequence[float], float, float, Sequence[int]]
"""A type's points, as (left, rate, limit, expiries): `left[0]` now, `left[i]` of it from
`expiries[i - 1]` on; their magnitude falls by `rate` (a microsecond), and counts up to `limit`.
Times are microseconds from now. No named tuple: six are made for a score, at twice the cost.
"""

Group = tuple[float, Sequence[Fade]]
"""Types under one upper bound, as (cap, fades)."""


class Course(NamedTuple):
    """What is known of the points between two instants: bounds of the value and of its slope, and
    whether an expiry makes it jump down or up.
    """

    low: float
    high: float
    slope_low: float
    slope_high: float
    drops: bool
    jumps: bool


def groups_of(scoring: Scoring, behaviour: Behaviour, now: int) -> list[Group]:
    """The fading of each type that has points, by group; ungrouped types have no bound. `now` is in
    microseconds since 1970.
    """
    fades: dict[str | None, list[Fade]] = {}
    activities, expiring = scoring.activities, behaviour.expiring
    for name, points in behaviour.sums.items():
        if not points:
            continue
        scored = activities[name]
        limit = inf if scored.points_max is None else scored.points_max
        fade: Fade = ((points,), scored.rate, limit, ())
        if name in expiring:
            left, expiries = _expiring(scored, expiring[name], now)
            fade = (left, scored.rate, limit, expiries)
        if scored.group in fades:
            fades[scored.group].append(fade)
        else:
            fades[scored.group] = [fade]
    caps = scoring.groups
    return [(inf if name is None else caps[name], members) for name, members in fades.items()]


def value_and_slope(groups: Sequence[Group], at: int) -> tuple[float, float]:
    """Points before the clip to [0, 100], and how fast they fall, `at` microseconds from now.

    >>> from math import log
    >>> hour = 3_600_000_000
    >>> points, _ = value_and_slope([(inf, [((80.0,), log(2) / hour, inf, ())])], 2 * hour)
    >>> round(points, 9)
    20.0
    """
    total = falls = 0.0
    for cap, fades in groups:
        points = slope = 0.0
        for left, rate, limit, expiries in fades:
            now = left[bisect_right(expiries, at) if expiries else 0] * exp(-rate * at)
            if now > limit:
                points += limit
            elif now < -limit:
                points -= limit
            else:
                points += now
                slope += now * rate
        if points <= cap:
            total += points
            falls += slope
        else:
            total += cap
    return total, falls


def course(groups: Sequence[Group], start: int, end: int) -> Course:
    """Bounds over [start, end]: positive parts only fall and negative ones only rise."""
    low = high = slope_low = slope_high = 0.0
    drops = jumps = False
    for cap, fades in groups:
        parts = [_course(fade, start, end) for fade in fades]
        part_low, part_high = sum([p.low for p in parts]), sum([p.high for p in parts])
        drops = drops or any(p.drops for p in parts)
        jumps = jumps or any(p.jumps for p in parts)
        low += min(part_low, cap)
        high += min(part_high, cap)
        if part_low <= cap:
            falls, rises = sum([p.slope_low for p in parts]), sum([p.slope_high for p in parts])
            may_be_capped = part_high > cap
            slope_low += min(falls, 0.0) if may_be_capped else falls
            slope_high += max(rises, 0.0) if may_be_capped else rises
    return Course(low, high, slope_low, slope_high, drops, jumps)


def _expiring(
    scored: ActivityScoring, instants: Sequence[int], now: int
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """What is left after each expiry, and when these are; `instants` are the oldest first."""
    assert scored.expires_after is not None
    each = decayed_each(scored.points, [(now - at) / 1e6 for at in instants], scored.half_life)
    left = [0.0, *accumulate(reversed(each))]
    lasts = scored.expires_after // MICROSECOND - now
    return tuple(reversed(left)), tuple([at + lasts for at in instants])


def _course(fade: Fade, start: int, end: int) -> Course:
    left, rate, limit, expiries = fade
    first, last = bisect_right(expiries, start), bisect_right(expiries, end)
    most = abs(left[first]) * exp(-rate * start)
    least = abs(left[last]) * exp(-rate * end)
    steepest = rate * min(most, limit) if least <= limit else 0.0
    flattest = rate * least if most <= limit else 0.0
    most, least = min(most, limit), min(least, limit)
    expires = last > first
    if left[0] > 0:
        return Course(least, most, -steepest, -flattest, expires, False)
    return Course(-most, -least, flattest, steepest, False, expires)
