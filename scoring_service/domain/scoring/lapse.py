"""When time alone takes behaviour below a threshold."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import ceil, log, log2

from scoring_service.domain.scoring.behaviour import Behaviour
from scoring_service.domain.scoring.fading import Group, course, groups_of, value_and_slope
from scoring_service.domain.scoring.scoring import Scoring

_SECOND = timedelta(seconds=1)
_MICROS = 1_000_000
_LAST = datetime(9999, 12, 31, tzinfo=UTC)


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
    groups = groups_of(scoring, behaviour, now)
    grid = now.replace(microsecond=0)
    only_falls, end = _outlook(groups, threshold)
    end = min(end, (_LAST - grid) // _SECOND)
    seconds = _Seconds(groups, threshold, now.microsecond)
    found = seconds.only_root(0, end) if only_falls else seconds.first_below(0, end)
    return None if found is None else grid + timedelta(seconds=found)


def _outlook(groups: Sequence[Group], threshold: float) -> tuple[bool, int]:
    """Whether all parts are positive, and a second from which those that are, without the others,
    are below the threshold.
    """
    only_falls, total, slowest = True, 0.0, 1.0
    for _, fades in groups:
        for left, rate, _, _ in fades:
            if left[0] > 0:
                total += left[0]
                slowest = min(slowest, rate)
            else:
                only_falls = False
    halvings = log2(max(total / threshold, 1.0)) + 0.01
    return only_falls, int(halvings * log(2) / slowest / _MICROS) + 3


class _Seconds:
    """Behaviour at whole seconds, counted from the one that `now`, a fraction later, is in."""

    __slots__ = ("fraction", "groups", "threshold")

    def __init__(self, groups: Sequence[Group], threshold: float, fraction: int) -> None:
        self.groups, self.threshold, self.fraction = groups, threshold, fraction

    def only_root(self, above: int, end: int) -> int | None:
        """The first second below, in (above, end], of a curve that only falls there.

        The logarithm of the points is nearly straight but where caps bend it: Newton's steps from
        the latest second looked at, the end first as nothing is above its cap there, from either
        side; every eighth step halves the bracket.
        """
        groups, threshold, fraction = self.groups, self.threshold, self.fraction
        second, below, step = end, end, 0
        points, falls = value_and_slope(groups, max(end * _MICROS - fraction, 0))
        if points >= threshold:
            return None
        while below - above > 1:
            step += 1
            if step % 8 and falls > 0 and points > 0:
                second += ceil(log(points / threshold) * points / falls / _MICROS)
                second = min(max(second, above + 1), below - 1)
            else:
                second = (above + below) // 2
            points, falls = value_and_slope(groups, second * _MICROS - fraction)
            if points >= threshold:
                above = second
            else:
                below = second
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
            elif (found := self.only_root(start, stop)) is not None:
                return found
        return None
