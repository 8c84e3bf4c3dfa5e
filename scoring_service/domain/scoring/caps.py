"""What caps and clips take away: never silently, each as a contribution of its own."""

from collections.abc import Mapping
from functools import lru_cache

from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.values.score import Contribution, Dimension

_BEHAVIOUR = Dimension.BEHAVIOUR
POINTS_MIN = 0.0
POINTS_MAX = 100.0


def capped(
    scoring: Scoring, sums: Mapping[str, float], contributions: list[Contribution]
) -> tuple[float, list[Contribution]]:
    """Behaviour points in [0, 100] of the sums by type, caps applied: type, then group, then clip.

    What each took away is appended to `contributions`, which then sum to the points.
    """
    total = 0.0
    groups: dict[str, float] = {}
    activities, caps = scoring.activities, scoring.groups
    for name, points in sums.items():
        scored = activities[name]
        limit, group = scored.points_max, scored.group
        if limit is not None and not -limit <= points <= limit:
            within = limit if points > limit else -limit
            contributions.append(Contribution(_BEHAVIOUR, _cap(name, limit), within - points))
        else:
            within = points
        if group is None:
            total += within
        else:
            groups[group] = groups.get(group, 0.0) + within
    for name, points in groups.items():
        cap = caps[name]
        if points > cap:
            contributions.append(Contribution(_BEHAVIOUR, _cap_of_group(name, cap), cap - points))
            total += cap
        else:
            total += points
    if POINTS_MIN <= total <= POINTS_MAX:
        return total, contributions
    return clipped(total, Dimension.BEHAVIOUR, contributions)


def clipped(
    total: float, dimension: Dimension, contributions: list[Contribution]
) -> tuple[float, list[Contribution]]:
    """A total outside [0, 100] brought to its nearer end, and what that took away appended.

    >>> points, [taken] = clipped(130.0, Dimension.FIT, [])
    >>> points, taken.name, taken.points
    (100.0, 'at most 100', -30.0)
    """
    assert not POINTS_MIN <= total <= POINTS_MAX, total
    end, name = (POINTS_MAX, "at most 100") if total > POINTS_MAX else (POINTS_MIN, "at least 0")
    contributions.append(Contribution(dimension, name, end - total))
    return end, contributions


@lru_cache(maxsize=4_096)
def _cap(name: str, limit: float) -> str:
    return f"{name}: at most {limit:g}"


@lru_cache(maxsize=4_096)
def _cap_of_group(name: str, limit: float) -> str:
    return f"group {name}: at most {limit:g}"
