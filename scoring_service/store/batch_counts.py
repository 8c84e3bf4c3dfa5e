"""How much each rep holds and has taken, exact at any moment of a batch."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from scoring_service.store import rows
from scoring_service.store.batch_writes import Writes
from scoring_service.store.connection import Connection
from scoring_service.values.instant import micros


class Sending(Protocol):
    """A batch as its counts and lines see it."""

    connection: Connection
    unsent: Writes

    def flush(self) -> None:
        """Send what is recorded and not sent yet."""

    def reps_at_hand(self) -> Iterable[str]:
        """Reps who are likely to be asked about."""


class Counts:
    """Counted in the database once a batch, then carried along with what the units record.

    Where one rep is asked about, all at hand are counted: one query instead of many.
    """

    def __init__(self, batch: Sending) -> None:
        self._batch = batch
        self._open: dict[str, int] = {}
        self._taken: dict[datetime, dict[str, int]] = {}

    def learn(self, own: Writes) -> None:
        """A unit's writes stand."""
        for rep_id, change in own.open_leads.items():
            if rep_id in self._open:
                self._open[rep_id] += change
        for since, counts in self._taken.items() if own.taken or own.given_back else ():
            for rep_id in own.taken.keys() | own.given_back.keys():
                if rep_id in counts:
                    counts[rep_id] += _change(own, rep_id, since)

    def open_leads(self, rep_id: str, own: Writes) -> int:
        """Leads in mql, sal and sql that the rep owns."""
        if rep_id not in self._open:
            asked = self._asked(rep_id, self._open)
            unsent = self._batch.unsent.open_leads
            stored: dict[str, int] = dict(
                self._batch.connection.rows("open_leads", rows.strings(asked))
            )
            self._open.update({rep: stored.get(rep, 0) + unsent.get(rep, 0) for rep in asked})
        return self._open[rep_id] + own.open_leads.get(rep_id, 0)

    def taken_since(self, rep_id: str, since: datetime, own: Writes) -> int:
        """Assignments since an instant that were not given back."""
        counts = self._taken.setdefault(since, {})
        if rep_id not in counts:
            asked, unsent = self._asked(rep_id, counts), self._batch.unsent
            found = self._batch.connection.rows("taken_since", rows.strings(asked), micros(since))
            stored: dict[str, int] = dict(found)
            counts.update({rep: stored.get(rep, 0) + _change(unsent, rep, since) for rep in asked})
        return counts[rep_id] + _change(own, rep_id, since)

    def _asked(self, rep_id: str, known: dict[str, int]) -> list[str]:
        return [rep_id, *({*self._batch.reps_at_hand()} - known.keys() - {rep_id})]


def _change(writes: Writes, rep_id: str, since: datetime) -> int:
    """By how much these writes change what the rep has taken since an instant."""
    new, back = writes.taken.get(rep_id), writes.given_back.get(rep_id)
    if not new and not back:
        return 0
    return sum(at >= since for at in new or ()) - sum(at >= since for at in back or ())
