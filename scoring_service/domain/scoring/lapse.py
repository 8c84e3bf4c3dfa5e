"""When time alone takes behaviour below a threshold."""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil, log

from scoring_service.domain.scoring.behaviour import Behaviour
from scoring_service.domain.scoring.fading import Group, course, groups_of, value_and_slope
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.values.instant import instant, micros

_MICROS = 1_000_000
_LAST = micros(datetime(9999, 12, 31, tzinfo=UTC)) // _MICROS


def lapse(
    scoring: Scoring, behaviour: Behaviour, threshold: float, now: datetime
) -> datetime | None:
    """The first whole second after `now` at which decay and expiry alone have taken behaviour
    below `threshold`; None: never. It must not be below now.

    Without negative types behaviour only falls, and one root is bracketed. With them it may rise
    and fall again, so intervals are halved until bounds of value or slope settle each.
    """
    if threshold <= 0:
        return None
    at = micros(now)
    begun, fraction = divmod(at, _MICROS)
    groups = groups_of(scoring, behaviour, at)
    only_falls, end, about = _outlook(groups, threshold)
    seconds = _Seconds(groups, threshold, fraction)
    if only_falls and begun + end <= _LAST:
        found: int | None = seconds.only_root(0, end, about)
    else:
        found = seconds.first_below(0, min(end, _LAST - begun))
    return None if found is None else instant((begun + found) * _MICROS)


def _outlook(groups: Sequence[Group], threshold: float) -> tuple[bool, int, int]:
    """Whether all parts are positive; a second from which those that are, without the others, are
    below the threshold; and one at which they may be, were all to fade by their mean rate.
    """
    only_falls, total, falls, slowest = True, 0.0, 0.0, 1.0
    for _, fades in groups:
        for left, rate, _, _ in fades:
            points = left[0]
            if points > 0:
                total += points
                falls += points * rate
                slowest = min(slowest, rate)
            else:
                only_falls = False
    to_fall = log(max(total / threshold, 1.0))
    about = int(to_fall * total / falls / _MICROS) + 1 if falls else 0
    return only_falls, int((to_fall + 0.01) / slowest / _MICROS) + 3, about


class _Seconds:
    """Behaviour at whole seconds, counted from the one that `now`, a fraction later, is in."""

    __slots__ = ("fraction", "groups", "threshold")

    def __init__(self, groups: Sequence[Group], threshold: float, fraction: int) -> None:
        self.groups, self.threshold, self.fraction = groups, threshold, fraction

    def only_root(self, above: int, below: int, about: int) -> int:
        """The first second below, in (above, below], of a curve that only falls there and is below
        at the end; `about` is where to look first.

        The logarithm of the points is nearly straight but where caps bend it: Newton's steps from
        the latest second looked at, from either side; every eighth step halves the bracket.
        """
        groups, threshold, fraction = self.groups, self.threshold, self.fraction
        second, step = about, 0
        while below - above > 1:
            if second <= above:
                second = above + 1
            elif second >= below:
                second = below - 1
            points, falls = value_and_slope(groups, second * _MICROS - fraction)
            if points >= threshold:
                above = second
            else:
                below = second
            step += 1
            if step % 8 and falls > 0 and points > 0:
                second += ceil(log(points / threshold) * points / falls / _MICROS)
            else:
                second = (above + below) // 2
        return below

    def first_below(self, above: int, end: int) -> int | None:
        """The first second below, in (above, end], whatever rises and falls before it."""
        left_to_right = [(above, end)]
        while left_to_right:
            start, stop = left_to_right.pop()
            begins = max(start * _MICROS - self.fraction, 0)
            known = course(self.groups, begins, stop * _MICROS - self.fraction)
            if known.low >= self.threshold or (known.slope_low >= 0 and not known.drops):
                continue
            only_falls = known.slope_high <= 0 and not known.jumps
            if not only_falls and stop - start > 1:
                middle = (start + stop) // 2
                left_to_right += [(middle, stop), (start, middle)]
            elif self._is_below(stop):
                return self.only_root(start, stop, stop - 1)
        return None

    def _is_below(self, second: int) -> bool:
        at = max(second * _MICROS - self.fraction, 0)
        return value_and_slope(self.groups, at)[0] < self.threshold
