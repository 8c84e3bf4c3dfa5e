"""Who is away and whose book is handed over, as those who do not write see it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from scoring_service.domain.routing.absences import earliest_day, not_over
from scoring_service.store import rows, rows_reps
from scoring_service.store.connection import Connection
from scoring_service.values.absence import EnteredAbsence
from scoring_service.values.handover import Handover
from scoring_service.values.instant import instant, micros


class RepsReader:
    """What is stored of reps."""

    _connection: Connection

    def absences(self, now: datetime) -> Sequence[EnteredAbsence]:
        """Those that people entered and that are not over, by rep and day."""
        found = self._connection.rows("absences", earliest_day(now).isoformat())
        return not_over(map(rows_reps.entered_of, found), now)

    def absences_changed(self, since: datetime) -> Sequence[tuple[datetime, str, str, str]]:
        """What people entered since an instant, in its order: when, of whom, and the JSON of what
        had been entered of him and was not over, and of what then was ("[]" for none).
        """
        found = self._connection.rows("changes_of_reps", "away", micros(since))
        return tuple((instant(at), rep, old or "[]", new or "[]") for rep, old, new, at in found)

    def open_leads(self, rep_ids: Iterable[str]) -> Mapping[str, int]:
        """Leads in mql, sal and sql, by rep."""
        return dict(self._connection.rows("open_leads", rows.strings([*rep_ids])))

    def taken_since(self, rep_ids: Iterable[str], since: datetime) -> Mapping[str, int]:
        """Leads given since an instant and not given back, by rep."""
        asked = rows.strings([*rep_ids]), micros(since)
        return dict(self._connection.rows("taken_since", *asked))

    def handovers_under_way(self) -> Sequence[Handover]:
        """Hand-overs that have not ended, by their ids."""
        return tuple(map(rows_reps.handover_of, self._connection.rows("handovers_under_way")))

    def handovers_that_stand_still(self) -> Sequence[Handover]:
        """Those that have not ended, and that no timer goes on with."""
        found = self._connection.rows("handovers_without_timer")
        return tuple(map(rows_reps.handover_of, found))

    def handover(self, operation_id: str) -> Handover | None:
        """A hand-over by its id."""
        found = self._connection.rows("handover", operation_id)
        return rows_reps.handover_of(found[0]) if found else None
