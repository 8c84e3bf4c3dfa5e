"""How much each rep holds and has taken, exact at any moment of a batch."""

from datetime import datetime
from typing import Protocol

from scoring_service.store import rows
from scoring_service.store.batch_writes import Writes
from scoring_service.store.connection import Connection
from scoring_service.values.instant import micros


class Sending(Protocol):
    """A batch as its counts see it."""

    connection: Connection
    unsent: Writes

    def flush(self) -> None:
        """Send what is recorded and not sent yet."""


class Counts:
    """Counted in the database once a batch, then carried along with what the units record."""

    def __init__(self, batch: Sending) -> None:
        self._batch = batch
        self._open: dict[str, int] = {}
        self._taken: dict[str, dict[datetime, tuple[int, int]]] = {}

    def learn(self, own: Writes) -> None:
        """A unit's writes stand."""
        for rep_id, change in own.open_leads.items():
            if rep_id in self._open:
                self._open[rep_id] += change
        for rep_id in own.given_back:
            self._taken.pop(rep_id, None)
        for rep_id, instants in own.taken.items():
            counted = self._taken.get(rep_id, {})
            for since, (count, limit) in counted.items():
                counted[since] = count + sum(at >= since for at in instants), limit

    def open_leads(self, rep_id: str, own: Writes) -> int:
        """Leads in mql, sal and sql that the rep owns."""
        if rep_id not in self._open:
            unsent = self._batch.unsent.open_leads.get(rep_id, 0)
            stored: dict[str, int] = dict(
                self._batch.connection.rows("open_leads", rows.strings([rep_id]))
            )
            self._open[rep_id] = stored.get(rep_id, 0) + unsent
        return self._open[rep_id] + own.open_leads.get(rep_id, 0)

    def taken_since(self, rep_id: str, since: datetime, at_most: int, own: Writes) -> int:
        """Assignments since an instant that were not given back, counted up to `at_most`."""
        back = sum(at >= since for at in own.given_back.get(rep_id, ()))
        new = sum(at >= since for at in own.taken.get(rep_id, ()))
        count = self._counted(rep_id, since, at_most + back)
        return min(at_most, count - back + new)

    def _counted(self, rep_id: str, since: datetime, limit: int) -> int:
        """The count of all but the unit's own; beyond `limit` it may be any number above it."""
        counted = self._taken.setdefault(rep_id, {})
        count, reached = counted.get(since, (0, -1))
        if count >= reached and reached < limit:
            self._batch.flush()
            count = self._batch.connection.rows("taken_since", rep_id, micros(since), limit)[0][0]
            counted[since] = count, limit
        return count
