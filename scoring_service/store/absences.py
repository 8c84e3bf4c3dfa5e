"""Who is away as people entered it: what the store has, and what a batch makes of it."""

from datetime import datetime

from scoring_service.domain.routing.absences import earliest_day, not_over
from scoring_service.store import rows_reps
from scoring_service.store.connection import Connection
from scoring_service.values.absence import Absence, EnteredAbsence

COUNTER = "absences"
"""The counter that moves on whenever somebody enters or withdraws an absence."""


class StoredAbsences:
    """What is committed, read again only where the counter moved on. Used by one thread, and with a
    counter that was read under the lock: no batch decides by less than the ones before it stored.
    """

    def __init__(self) -> None:
        self._number = 0
        self._found: tuple[EnteredAbsence, ...] = ()

    def as_of(
        self, connection: Connection, number: int, now: datetime
    ) -> tuple[EnteredAbsence, ...]:
        """Those that are not over, by rep and day; asked before the batch writes anything."""
        if number != self._number:
            found = connection.rows("absences", earliest_day(now).isoformat())
            self._found, self._number = tuple(map(rows_reps.entered_of, found)), number
        return not_over(self._found, now) if self._found else ()


class Away:
    """Who is away as a batch knows it, with what its units entered. `all` is of all reps; the same
    value until one of them enters something.
    """

    def __init__(self, entered: tuple[EnteredAbsence, ...], now: datetime) -> None:
        self._entered, self._now = entered, now
        self.all = _absences(entered)

    def of(self, rep_id: str) -> tuple[EnteredAbsence, ...]:
        """A rep's, by day."""
        return tuple(one for one in self._entered if one.absence.rep_id == rep_id)

    def learn(self, own: dict[str, tuple[EnteredAbsence, ...]]) -> None:
        """A unit's absences stand from now on, by rep."""
        others = (one for one in self._entered if one.absence.rep_id not in own)
        entered = (*others, *(one for each in own.values() for one in each))
        self._entered = not_over(entered, self._now)
        self.all = _absences(self._entered)


def _absences(entered: tuple[EnteredAbsence, ...]) -> tuple[Absence, ...]:
    return tuple(one.absence for one in entered)
