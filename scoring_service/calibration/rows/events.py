"""What many leads did, as columns, and the points that are left of it at given instants."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from scoring_service.calibration.rows.instants import MICROSECOND
from scoring_service.calibration.table import Column, Flags, Floats, Integers, Kind
from scoring_service.domain.scoring.behaviour import COUNTED_MAX
from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring
from scoring_service.values.activity import Activity
from scoring_service.values.instant import instant


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """k activities, by lead and then by instant: `lead`, `at` (microseconds UTC), `known` (the
    instant from which on it was known, never before `at`) and `type` (an index into `types`), each
    of shape (k,).
    """

    lead: Integers
    at: Integers
    known: Integers
    type: Integers
    types: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lead)

    def rows(self, which: Flags) -> "Events":
        """Some of them."""
        return Events(
            self.lead[which], self.at[which], self.known[which], self.type[which], self.types
        )

    def of(self, lead: int) -> tuple[tuple[datetime, Activity], ...]:
        """Everything that one lead did, each with the instant from which on it was known, in that
        order.
        """
        first, last = np.searchsorted(self.lead, [lead, lead + 1])
        places = first + np.argsort(self.known[first:last], kind="stable")
        return tuple(
            (instant(known), Activity(self.types[kind], instant(at)))
            for known, kind, at in zip(
                self.known[places].tolist(),
                self.type[places].tolist(),
                self.at[places].tolist(),
                strict=True,
            )
        )


def events_of(
    lead: Integers,
    at: Integers,
    type_: Integers,
    types: tuple[str, ...],
    recorded: Integers | None = None,
) -> Events:
    """Activities in any order as Events, whose types are in the order of the alphabet. Where it is
    not known when one was `recorded`, it was when it happened.
    """
    known = at if recorded is None else np.maximum(at, recorded)
    names = sorted(types)
    rank = np.array([names.index(name) for name in types], dtype=np.int64)
    type_ = rank[type_]
    order = np.lexsort((type_, at, lead))
    return Events(lead[order], at[order], known[order], type_[order], tuple(names))


def activity_columns(
    scoring: Scoring, events: Events, lead: Integers, at: Integers
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """A feature for each scored type of which some row has points: those left at the row's instant
    `at`, of what its `lead` is known to have done by then; and a note on the other types.

    Of each the points with half and with twice the half-life stand beside.
    """
    found = tuple(_columns(scoring, events, lead, at))
    seen = {column.name for column in found}
    unseen = [name for name in scoring.activities if name not in seen]
    if not unseen:
        return found, ()
    return found, (f"no row has points of the activity types {', '.join(unseen)}",)


def _columns(scoring: Scoring, events: Events, lead: Integers, at: Integers) -> Iterator[Column]:
    for name, scored in scoring.activities.items():
        if name not in events.types:
            continue
        mine = events.rows(events.type == events.types.index(name))
        once = points_left(scored, mine, lead, at)
        if np.any(once != 0.0):
            yield Column(
                name,
                Kind.ACTIVITY,
                once,
                scoring=scored,
                halved=points_left(scored, mine, lead, at, half_lives=0.5),
                doubled=points_left(scored, mine, lead, at, half_lives=2.0),
            )


def points_left(
    scored: ActivityScoring,
    events: Events,
    lead: Integers,
    at: Integers,
    *,
    half_lives: float = 1.0,
) -> Floats:
    """The points of one type left at each row's instant, shape (n,), capped at `points_max`: what
    domain.scoring.behaviour sums for one lead, for many. `half_lives` stretches the half-life.
    """
    row, happened = _pairs(events, lead, at, scored)
    age = (at[row] - happened) / 1e6
    left = scored.points * np.exp2(age / -(scored.half_life.total_seconds() * half_lives))
    total: Floats = np.bincount(row, left, len(lead)).astype(np.float64)
    if scored.points_max is None:
        return total
    return np.clip(total, -scored.points_max, scored.points_max)


def _pairs(
    events: Events, lead: Integers, at: Integers, scored: ActivityScoring
) -> tuple[NDArray[np.int64], Integers]:
    """Each row with each event that counts for it: row numbers, and the events' instants."""
    first = np.searchsorted(events.lead, lead, side="left")
    counts = np.searchsorted(events.lead, lead, side="right") - first
    row = np.repeat(np.arange(len(lead)), counts)
    place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts) + first[row]
    happened = events.at[place]
    counts_for = events.known[place] <= at[row]
    if scored.expires_after is not None:
        counts_for &= happened > at[row] - scored.expires_after // MICROSECOND
    row, happened = row[counts_for], happened[counts_for]
    most = 1 if scored.once else COUNTED_MAX if scored.expires_after is not None else None
    if most is None:
        return row, happened
    newest = _from_the_end(row) < most
    return row[newest], happened[newest]


def _from_the_end(row: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many events of the same row come after each; rows come in order."""
    last = np.searchsorted(row, row, side="right") - 1
    return last - np.arange(len(row))
