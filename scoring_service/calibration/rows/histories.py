"""What a replay of a file's leads needs."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import numpy as np

from scoring_service.calibration.rows.events import Events
from scoring_service.calibration.rows.instants import NEVER, Instants
from scoring_service.calibration.rows.labels import Candidates
from scoring_service.calibration.rows.outcomes import Outcome
from scoring_service.calibration.table import LeadHistory, Time
from scoring_service.values.condition import Symbols
from scoring_service.values.instant import EPOCH, instant


def histories_of(
    every: Candidates,
    symbols: Sequence[Symbols],
    ids: Sequence[str],
    created: Instants | None,
    events: Events | None,
    horizon: timedelta | None,
) -> tuple[LeadHistory, ...]:
    """A history a lead, by its first instant: of all leads where there are times, else of those
    that are closed.

    `symbols` and `ids` are those of the candidates. A lead that closed at an instant that the file
    does not know counts as closed at the horizon.
    """
    places = np.lexsort((every.at, every.lead)).tolist()
    if every.time is not Time.INSTANTS:
        places = [place for place in places if every.outcome[place] != Outcome.OPEN]
    found = [
        _history(every, list(mine), symbols, ids, created, events, horizon)
        for _, mine in groupby(places, key=every.lead.__getitem__)
    ]
    return tuple(sorted(found, key=lambda history: history.created_at))


def _history(
    every: Candidates,
    mine: list[int],
    symbols: Sequence[Symbols],
    ids: Sequence[str],
    created: Instants | None,
    events: Events | None,
    horizon: timedelta | None,
) -> LeadHistory:
    first, last = mine[0], mine[-1]
    seen = tuple(_changes((_instant(every, place), symbols[place]) for place in mine))
    begun = _created(created, int(every.row[first]), seen[0][0])
    return LeadHistory(
        lead_id=ids[first],
        created_at=begun,
        symbols=((begun, seen[0][1]), *seen[1:]),
        activities=() if events is None else events.of(int(every.lead[first])),
        closed_at=_closed(every, last, horizon),
        won=bool(every.outcome[last] == Outcome.WON),
    )


def _changes(
    seen: Iterator[tuple[datetime, Symbols]],
) -> Iterator[tuple[datetime, Symbols]]:
    before = None
    for at, symbols in seen:
        if symbols is not before:
            yield at, symbols
        before = symbols


def _instant(every: Candidates, place: int) -> datetime:
    return instant(int(every.at[place])) if every.time is Time.INSTANTS else EPOCH


def _created(created: Instants | None, row: int, scored: datetime) -> datetime:
    if created is None or created.at[row] == NEVER:
        return scored
    return min(instant(int(created.at[row])), scored)


def _closed(every: Candidates, place: int, horizon: timedelta | None) -> datetime | None:
    if every.outcome[place] == Outcome.OPEN:
        return None
    if every.closed is not None and every.closed[place] != NEVER:
        return instant(int(every.closed[place]))
    return _instant(every, place) + (horizon or timedelta(0))
