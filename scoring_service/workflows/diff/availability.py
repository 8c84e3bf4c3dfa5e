"""Who was away in a window as people had entered it, from what is stored of it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from scoring_service.domain.routing.absences import earliest_day
from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.workflows.diff.past import Went

Changed = tuple[datetime, str, str, str]
"""When something was entered, of whom, and the JSON of his absences before and after."""

_absences = msgspec.json.Decoder(tuple[Absence, ...]).decode


def went_in(
    entered: Sequence[EnteredAbsence], changes: Sequence[Changed], since: datetime
) -> tuple[Went, ...]:
    """Who was away when the window began, then each change. `entered` are those stored now that
    were not over then; of a rep of whom something changed since, only what had been entered before.
    """
    away = {one.absence.rep_id: _before(entered, one.absence.rep_id, since) for one in entered}
    for _, rep_id, old, _ in reversed(changes):
        past = {*_before(entered, rep_id, since), *_absences(old)}
        day = earliest_day(since)
        away[rep_id] = tuple(sorted((one for one in past if one.last >= day), key=_days))
    found = [Went(since, _all(away))]
    for at, rep_id, _, new in changes:
        away[rep_id] = _absences(new)
        found.append(Went(at, _all(away)))
    return tuple(found) if len(found) > 1 or found[0].away else ()


def _before(entered: Iterable[EnteredAbsence], rep_id: str, since: datetime) -> tuple[Absence, ...]:
    mine = (one for one in entered if one.absence.rep_id == rep_id and one.at < since)
    return tuple(one.absence for one in mine)


def _days(absence: Absence) -> tuple[date, date, str]:
    return absence.first, absence.last, absence.backup or ""


def _all(away: dict[str, tuple[Absence, ...]]) -> tuple[Absence, ...]:
    return tuple(one for rep_id in sorted(away) for one in away[rep_id])
