"""The writing connection of a process."""

from collections.abc import Callable
from datetime import datetime

from scoring_service.store import rows
from scoring_service.store.absences import COUNTER, Away, StoredAbsences
from scoring_service.store.batch import Batch
from scoring_service.store.connection import Connection
from scoring_service.values.instant import instant
from scoring_service.values.stored import Answer


class Session:
    """One writing connection, used by one thread. After a driver's error (one of `errors`) ask
    `in_transaction`: if it is false nothing of the batch stands.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.errors = connection.errors
        self._read: dict[str, int] | None = None
        self._absences = StoredAbsences()

    def begin(self) -> None:
        """Begin a transaction that alone may write."""
        self._read = None
        self._connection.begin()

    def instant(self) -> datetime | None:
        """The database's clock, read after `begin`; None where the process's own is the clock."""
        return self._connection.instant()

    def last_instant(self) -> datetime | None:
        """The instant of the last batch that wrote; none may be below it."""
        last = self._counters().get("instant")
        return None if last is None else instant(last)

    def batch(self, now: datetime, new_id: Callable[[], str]) -> Batch:
        """The units of the transaction that has begun, all at one instant."""
        counters = self._counters()
        entered = self._absences.as_of(self._connection, counters.get(COUNTER, 0), now)
        return Batch(self._connection, counters, now, new_id, Away(entered, now))

    def not_durable(self) -> None:
        """Have commits not wait for the disk: only for a store that nobody keeps."""
        self._connection.rows("not_durable")

    def commit(self) -> None:
        """What the batch flushed stands, durably."""
        self._connection.commit()

    def rollback(self) -> None:
        """Nothing of the batch stands. Does nothing where no transaction is open."""
        self._connection.rollback()

    def in_transaction(self) -> bool:
        """Whether a transaction is open, as the driver says."""
        return self._connection.in_transaction()

    def answer(self, request_id: str) -> Answer | None:
        """The stored answer of a request, asked outside a batch."""
        found = self._connection.rows("answers", rows.strings([request_id]))
        return rows.answer(found[0]) if found else None

    def close(self) -> None:
        """Give the connection back; an open transaction does not stand."""
        self._connection.close()

    def _counters(self) -> dict[str, int]:
        if self._read is None:
            self._read = dict(self._connection.rows("counters"))
        return self._read
