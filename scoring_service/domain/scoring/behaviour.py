"""Behaviour: what a lead did, decayed, from its events or from the state that is kept of them."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from operator import attrgetter

from scoring_service.domain.scoring.caps import capped
from scoring_service.domain.scoring.decay import decayed, decayed_each
from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring
from scoring_service.values.activity import Activity, BehaviourState
from scoring_service.values.score import Contribution, Dimension

COUNTED_MAX = 500
"""Events that count of a type with `expires_after`: the newest."""

_BEHAVIOUR = Dimension.BEHAVIOUR
_BY_POINTS = attrgetter("points")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Behaviour at an instant: points in [0, 100] and the contributions that sum to them.

    `sums` are the decayed sums by type before any cap; `expiring` the instants counted in them,
    oldest first, for types that expire: what is needed to know the points at a later instant.
    """

    points: float
    contributions: list[Contribution]
    sums: Mapping[str, float]
    expiring: Mapping[str, Sequence[datetime]]


def of_events(scoring: Scoring, activities: Sequence[Activity], now: datetime) -> Behaviour:
    """Behaviour from the events; types that are not scored and what is dated after `now` do not
    count.
    """
    instants = _by_type(activities, now)
    sums: dict[str, float] = {}
    expiring: dict[str, Sequence[datetime]] = {}
    contributions: list[Contribution] = []
    for name, arrived in instants.items():
        scored = scoring.activities.get(name)
        if scored is None:
            continue
        events: Sequence[datetime] = arrived
        if scored.once or scored.expires_after is not None:
            events = valued(scored, counted(scored, sorted(arrived), now))
            if not events:
                continue
            if scored.expires_after is not None:
                expiring[name] = events
        points = scored.points
        left = decayed_each(points, events, now, scored.half_life)
        sums[name] = sum(left)
        contributions += map(
            Contribution, repeat(_BEHAVIOUR), repeat(name), left, events, repeat(points)
        )
    contributions.sort(key=_BY_POINTS, reverse=True)
    return Behaviour(*capped(scoring, sums, contributions), sums, expiring)


def of_states(scoring: Scoring, states: Sequence[BehaviourState], now: datetime) -> Behaviour:
    """Behaviour from the state that is kept of each type; `now` is not before any of its events."""
    sums: dict[str, float] = {}
    expiring: dict[str, Sequence[datetime]] = {}
    contributions: list[Contribution] = []
    for state in states:
        scored = scoring.activities.get(state.type)
        if scored is None:
            continue
        points, count = left_of(scored, state, now), state.count
        if scored.expires_after is not None:
            events = counted(scored, state.unexpired, now)
            expiring[state.type], count = valued(scored, events), len(events)
        if count:
            sums[state.type] = points
            shown = 1 if scored.once else count
            contributions.append(Contribution(_BEHAVIOUR, state.type, points, count=shown))
    contributions.sort(key=_BY_POINTS, reverse=True)
    return Behaviour(*capped(scoring, sums, contributions), sums, expiring)


def counted(
    scored: ActivityScoring, instants: Sequence[datetime], now: datetime
) -> Sequence[datetime]:
    """Of a type's events, oldest first, those that have not expired; at most the newest 500."""
    if scored.expires_after is None:
        return instants
    expired = bisect_right(instants, now - scored.expires_after)
    return instants[max(expired, len(instants) - COUNTED_MAX) :]


def valued(scored: ActivityScoring, instants: Sequence[datetime]) -> Sequence[datetime]:
    """Of a type's counted events those that have points: of `once` types the latest only."""
    return instants[-1:] if scored.once else instants


def left_of(scored: ActivityScoring, state: BehaviourState, now: datetime) -> float:
    """A state's decayed sum at `now`, what has expired since subtracted."""
    total = decayed(state.total, now - state.as_of, scored.half_life)
    if scored.expires_after is None:
        return total
    expired = bisect_right(state.unexpired, now - scored.expires_after)
    if expired == len(state.unexpired):
        return 0.0
    gone = () if scored.once else state.unexpired[:expired]
    return total - sum(decayed(scored.points, now - at, scored.half_life) for at in gone)


def _by_type(activities: Sequence[Activity], now: datetime) -> dict[str, list[datetime]]:
    instants: dict[str, list[datetime]] = {}
    for activity in activities:
        at = activity.occurred_at
        if at <= now:
            if activity.type in instants:
                instants[activity.type].append(at)
            else:
                instants[activity.type] = [at]
    return instants
