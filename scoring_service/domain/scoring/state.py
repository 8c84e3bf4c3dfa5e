"""What is kept of a lead's behaviour: a decayed sum a type, whatever the order of arrival."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from scoring_service.domain.scoring.behaviour import counted, valued
from scoring_service.domain.scoring.decay import decayed, decayed_each
from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring
from scoring_service.values.activity import Activity, BehaviourState


def fold(
    scoring: Scoring,
    states: Sequence[BehaviourState],
    activities: Iterable[Activity],
    now: datetime,
) -> tuple[BehaviourState, ...]:
    """The states with further activities added, by type; none of these may be after `now`.

    States must not be stale. Activities of types that are not scored are not kept.
    """
    arrived: defaultdict[str, list[datetime]] = defaultdict(list)
    for activity in activities:
        arrived[activity.type].append(activity.occurred_at)
    if not arrived:
        return tuple(states)
    kept = {state.type: state for state in states}
    for name, instants in arrived.items():
        scored = scoring.activities.get(name)
        if scored is None:
            continue
        before, latest = kept.get(name), max(instants)
        assert before is None or before.scoring == scored.digest, f"{name} is stale: rebuild it"
        assert latest <= now, "an activity cannot come from the future"
        kept[name] = _added(scored, before or _nothing(scored, latest), instants, latest, now)
    return tuple([kept[name] for name in sorted(kept)])


def rebuild(
    scoring: Scoring, activities: Iterable[Activity], now: datetime
) -> tuple[BehaviourState, ...]:
    """The states made anew from all of a lead's events, knowing nothing dated after `now`.

    A type that is not scored leaves an empty state, stale as soon as it is scored again.
    """
    known = [activity for activity in activities if activity.occurred_at <= now]
    unscored: dict[str, BehaviourState] = {}
    for activity in known:
        if activity.type not in scoring.activities:
            at = activity.occurred_at
            unscored[activity.type] = BehaviourState(activity.type, 0.0, at, 0, at, scoring="")
    return fold(scoring, tuple(unscored.values()), known, now)


def stale(scoring: Scoring, states: Iterable[BehaviourState]) -> bool:
    """Whether a type is scored otherwise than when its state was made: then rebuild."""
    activities = scoring.activities
    return any(
        state.type in activities and activities[state.type].digest != state.scoring
        for state in states
    )


def seen(
    scoring: Scoring, states: Iterable[BehaviourState], now: datetime
) -> Mapping[str, tuple[int, datetime]]:
    """By type the number of events (of an expiring type those not expired, at most 500) and the
    instant of the latest ever.
    """
    found: dict[str, tuple[int, datetime]] = {}
    for state in states:
        scored = scoring.activities.get(state.type)
        if scored is not None:
            expires = scored.expires_after is not None
            count = len(counted(scored, state.unexpired, now)) if expires else state.count
            found[state.type] = (count, state.newest)
    return found


def _nothing(scored: ActivityScoring, at: datetime) -> BehaviourState:
    return BehaviourState(scored.type, 0.0, at, 0, at, scored.digest)


def _added(
    scored: ActivityScoring,
    state: BehaviourState,
    arrived: list[datetime],
    latest: datetime,
    now: datetime,
) -> BehaviourState:
    newest = max(state.newest, latest)
    if scored.expires_after is not None:
        return _added_expiring(scored, state, arrived, newest, now)
    if scored.once:
        total = scored.points
    else:
        total = _worth(scored, arrived, newest)
        if state.count:
            total += decayed(state.total, newest - state.as_of, scored.half_life)
    count = state.count + len(arrived)
    return BehaviourState(state.type, total, newest, count, newest, state.scoring)


def _added_expiring(
    scored: ActivityScoring,
    state: BehaviourState,
    arrived: list[datetime],
    newest: datetime,
    now: datetime,
) -> BehaviourState:
    """Where something falls out, the sum is made anew of the at most 500 that stay: subtracting
    for years would add up rounding errors.
    """
    events = sorted((*state.unexpired, *arrived))
    stay = tuple(counted(scored, events, now))
    if scored.once or len(stay) < len(events):
        total = _worth(scored, valued(scored, stay), newest)
    else:
        total = decayed(state.total, newest - state.as_of, scored.half_life)
        total += _worth(scored, arrived, newest)
    return msgspec.structs.replace(
        state, total=total, as_of=newest, count=len(stay), newest=newest, unexpired=stay
    )


def _worth(scored: ActivityScoring, instants: Sequence[datetime], at: datetime) -> float:
    ages = [(at - instant).total_seconds() for instant in instants]
    return sum(decayed_each(scored.points, ages, scored.half_life))
