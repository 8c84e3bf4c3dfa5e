"""A store whose time is told to it: units of work of one instant, in one transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.absences import with_absences
from scoring_service.store.batch import Batch
from scoring_service.store.database import Database
from scoring_service.store.unit import Work
from scoring_service.store.writer_due import DueWork, armed_again
from scoring_service.values.errors import Refusal
from scoring_service.values.stored import Event, Keys
from scoring_service.workflows.activation import activate
from scoring_service.workflows.requests import ActivatePolicy

NEW_IDS = "sim"


class Bench:
    """Runs units as the writer does, at instants that somebody else decides on.

    `policy` decides. A store that nobody keeps need not be `durable`: that is much faster. Not for
    a store that a server holds.
    """

    def __init__(
        self, database: Database, policy: Policy, due: DueWork, *, durable: bool = True
    ) -> None:
        self.policy, self._decides, self._due = policy, policy, due
        self._session, self.reader = database.writing(), database.reading()
        if not durable:
            self._session.not_durable()
        self._ids = _ids()
        self._events_seen = 0
        self.refused: list[Refusal] = []

    def activate(self, content: bytes, now: datetime) -> None:
        """Make the policy the active one."""
        request = ActivatePolicy(content, "simulation")
        self.run(now, [lambda tx, policy, at: activate(tx, policy, request, at)])

    def run(self, now: datetime, works: Iterable[Work], keys: Iterable[Keys] = ()) -> list[Any]:
        """What each unit gives, in one transaction at `now`; None for one that was refused."""
        self._session.begin()
        batch = self._session.batch(now, self._ids.__next__)
        batch.prefetch(list(keys))
        self._run_due(batch, now)
        results = []
        for work in works:
            tx = batch.transaction()
            try:
                results.append(work(tx, self._present(batch), now))
                tx.check()
            except Refusal as refusal:
                self.refused.append(refusal)
                results.append(None)
                batch.drop(tx)
            else:
                freed = tx.armed is not None and tx.armed <= now
                batch.keep(tx)
                if freed:
                    self._run_due(batch, now)
        batch.flush()
        self._session.commit()
        return results

    def next_due(self) -> datetime | None:
        """The instant of the timer that is due first."""
        return self.reader.next_due()

    def told(self) -> tuple[Event, ...]:
        """The events since it was last asked."""
        found = self.reader.events(self._events_seen, 1_000_000)
        if found:
            self._events_seen = found[-1][0]
        return tuple(event for _, event in found)

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()
        self.reader.close()

    def _present(self, batch: Batch) -> Policy:
        """The policy with who is away, as the next unit finds it."""
        self._decides = with_absences(self._decides_by(), batch.away)
        return self._decides

    def _decides_by(self) -> Policy:
        """The policy with those who were away last, where it is the one that decides still."""
        same = (self._decides.by_files or self._decides) is self.policy
        return self._decides if same else self.policy

    def _run_due(self, batch: Batch, now: datetime) -> None:
        """Do what is due, a slice at a time; what fails is put off, as the writer does."""
        while True:
            tx = batch.transaction()
            try:
                done = self._due(tx, self._present(batch), now)
                tx.check()
            except Refusal as refusal:
                self.refused.append(refusal)
                blamed, tx = tx.due, batch.transaction()
                if blamed is None:
                    raise
                tx.set_timer(armed_again(blamed, now))
                done = 1
            if not done:
                return
            batch.keep(tx)


def _ids() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"{NEW_IDS}-{number:09}"
