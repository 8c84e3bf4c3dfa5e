"""Behaviour: what a lead did, decayed, from its events or from the state that is kept of them."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp2
from operator import attrgetter
from typing import TypeVar

from scoring_service.domain.scoring.caps import capped
from scoring_service.domain.scoring.decay import decayed
from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring
from scoring_service.values.activity import Activity, BehaviourState, Dated, dated
from scoring_service.values.instant import MICROSECOND, micros
from scoring_service.values.score import Contribution, Dimension

COUNTED_MAX = 500
"""Events that count of a type with `expires_after`: the newest."""

_Instant = TypeVar("_Instant", datetime, int)
_BEHAVIOUR = Dimension.BEHAVIOUR
_BY_POINTS = attrgetter("points")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Behaviour at an instant: points in [0, 100] and the contributions that sum to them.

    `sums` are the decayed sums by type before any cap; `expiring` the instants counted in them,
    oldest first, in microseconds since 1970, for types that expire: what is needed to know the
    points at a later instant.
    """

    points: float
    contributions: list[Contribution]
    sums: Mapping[str, float]
    expiring: Mapping[str, Sequence[int]]


def of_events(scoring: Scoring, activities: Sequence[Activity], now: datetime) -> Behaviour:
    """Behaviour from the events, as `of_dated` has it."""
    return of_dated(scoring, dated(activities), now)


def of_dated(scoring: Scoring, did: Dated, now: datetime) -> Behaviour:
    """Behaviour from the events; types that are not scored and what is dated after `now` do not
    count.
    """
    until = micros(now)
    sums: dict[str, float] = {}
    expiring: dict[str, Sequence[int]] = {}
    contributions: list[Contribution] = []
    known = did if did.latest <= until else did.by(until)
    for sent, arrived in known.by_type.items():
        scored = scoring.activities.get(sent)
        if scored is None:
            continue
        name, events = scored.type, arrived
        if scored.once or scored.expires_after is not None:
            events = valued(scored, _counted_of(scored, sorted(arrived), until))
            if not events:
                continue
            if scored.expires_after is not None:
                expiring[name] = events
        sums[name] = _decayed_into(contributions, scored, events, until)
    contributions.sort(key=_BY_POINTS, reverse=True)
    return Behaviour(*capped(scoring, sums, contributions), sums, expiring)


def of_states(scoring: Scoring, states: Sequence[BehaviourState], now: datetime) -> Behaviour:
    """Behaviour from the state that is kept of each type; `now` is not before any of its events."""
    sums: dict[str, float] = {}
    expiring: dict[str, Sequence[int]] = {}
    contributions: list[Contribution] = []
    for state in states:
        scored = scoring.activities.get(state.type)
        if scored is None:
            continue
        points, count = left_of(scored, state, now), state.count
        if scored.expires_after is not None:
            events = counted(scored, state.unexpired, now)
            count = len(events)
            expiring[state.type] = [micros(at) for at in valued(scored, events)]
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
    return _newest(instants, now - scored.expires_after)


def valued(scored: ActivityScoring, instants: Sequence[_Instant]) -> Sequence[_Instant]:
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


def _decayed_into(
    contributions: list[Contribution], scored: ActivityScoring, events: Sequence[int], until: int
) -> float:
    """The sum of what is left of each event by `until`, each a contribution: `decayed`, from one
    microsecond to another.
    """
    name, points, fades = scored.type, scored.points, scored.fades
    total: float = 0
    for at in events:
        left = points * exp2((until - at) / 1e6 / fades)
        total += left
        contributions.append(Contribution(_BEHAVIOUR, name, left, at, points))
    return total


def _counted_of(scored: ActivityScoring, instants: list[int], until: int) -> Sequence[int]:
    """`counted`, in microseconds."""
    if scored.expires_after is None:
        return instants
    return _newest(instants, until - scored.expires_after // MICROSECOND)


def _newest(instants: Sequence[_Instant], expired: _Instant) -> Sequence[_Instant]:
    """Those after `expired`, at most the newest 500; `instants` are the oldest first."""
    first = bisect_right(instants, expired)
    return instants[max(first, len(instants) - COUNTED_MAX) :]
