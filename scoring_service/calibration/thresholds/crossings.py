"""Replay of leads through the scoring: when each first held a pair of bars, and what became of it.

A lead is looked at whenever something of it became known while it was open: it was created, its
data changed, it did something. The points are those of the service itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from scoring_service.calibration.table import Flags, Floats, Integers, LeadHistory
from scoring_service.calibration.thresholds.threshold_results import Pair
from scoring_service.domain.calibration.estimate import estimate, sums_of_events
from scoring_service.domain.calibration.model import Model
from scoring_service.domain.scoring.behaviour import of_dated
from scoring_service.domain.scoring.fit import fit
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.values.activity import dated
from scoring_service.values.condition import Symbols
from scoring_service.values.instant import micros


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Points of all leads at their instants: m points, by lead, then by time.

    `lead` numbers the lead in the order of the histories; `at` are microseconds UTC; `won` is
    whether it was won within the horizon from then, `known` whether that had been seen by `until`.
    `p` is P(won), NaN without a model. `count` leads were replayed, `ever_won` of them were won.
    """

    lead: Integers
    at: Integers
    fit: Floats
    behaviour: Floats
    p: Floats
    won: Flags
    known: Flags
    count: int
    ever_won: int


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """Of each lead that ever held the bars the first such point: indices into the paths."""

    points: Integers


def paths_of(
    histories: Sequence[LeadHistory],
    scoring: Scoring,
    horizon: timedelta | None,
    until: datetime,
    model: Model | None = None,
) -> Paths:
    """The paths of all leads; without a horizon won means won whenever."""
    points = [
        (number, *point)
        for number, history in enumerate(histories)
        for point in _points(history, scoring, horizon, until, model)
    ]
    columns = list(zip(*points, strict=True)) or [()] * 7
    lead, at, fits, behaviours, ps, won, known = columns
    return Paths(
        lead=np.array(lead, dtype=np.int64),
        at=np.array(at, dtype=np.int64),
        fit=np.array(fits, dtype=np.float64),
        behaviour=np.array(behaviours, dtype=np.float64),
        p=np.array(ps, dtype=np.float64),
        won=np.array(won, dtype=np.bool_),
        known=np.array(known, dtype=np.bool_),
        count=len(histories),
        ever_won=sum(history.won for history in histories),
    )


def crossings(paths: Paths, bars: Pair) -> Crossings:
    """The first point of each lead at which every bar holds."""
    held = (paths.fit >= bars.fit_min) & (paths.behaviour >= bars.behaviour_min)
    if bars.win_probability_min is not None:
        held &= paths.p >= bars.win_probability_min
    places = np.flatnonzero(held)
    _, first = np.unique(paths.lead[places], return_index=True)
    return Crossings(places[first])


Point = tuple[int, float, float, float, bool, bool]


def _points(
    history: LeadHistory,
    scoring: Scoring,
    horizon: timedelta | None,
    until: datetime,
    model: Model | None,
) -> Iterator[Point]:
    """(instant, fit, behaviour, P, won, known) at every instant at which something became known."""
    seen: Symbols | None = None
    points = 0.0
    for at in _instants(history):
        symbols = _symbols(history, at)
        if symbols is not seen:
            points, seen = fit(scoring, symbols)[0], symbols
        done = dated([activity for known, activity in history.activities if known <= at])
        behaviour = of_dated(scoring, done, at)
        p = float("nan")
        if model is not None:
            p = estimate(model, symbols, sums_of_events(model, behaviour, done, at)).win.value
        yield micros(at), points, behaviour.points, p, *_outcome(history, at, horizon, until)


def _instants(history: LeadHistory) -> list[datetime]:
    """When something became known while the lead was open, each instant once."""
    closed = history.closed_at
    found = {history.created_at, *(at for at, _ in history.symbols)}
    found.update(known for known, _ in history.activities)
    return sorted(
        at for at in found if at >= history.created_at and (closed is None or at <= closed)
    )


def _symbols(history: LeadHistory, at: datetime) -> Symbols:
    found = history.symbols[0][1]
    for since, symbols in history.symbols:
        if since > at:
            break
        found = symbols
    return found


def _outcome(
    history: LeadHistory, at: datetime, horizon: timedelta | None, until: datetime
) -> tuple[bool, bool]:
    """(won by the horizon from `at`, whether that is known): a win is, too, only at the horizon,
    else the wins among young leads would count, and not the others.
    """
    closed = history.closed_at
    if horizon is None:
        return history.won, closed is not None
    by = at + horizon
    return history.won and closed is not None and closed <= by, by <= until
