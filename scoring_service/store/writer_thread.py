"""The writer's thread: takes what waits, sleeps while nobody does and nothing is due."""

from collections import deque
from collections.abc import Collection
from queue import Empty, SimpleQueue
from time import sleep

from scoring_service.store.unit import Answer, Unit, send
from scoring_service.store.writer_batches import Batches
from scoring_service.store.writer_errors import Lost, NoDatabase, for_caller, unavailable
from scoring_service.store.writer_round import Trouble
from scoring_service.store.writer_session import WritingSession
from scoring_service.values.errors import Refusal

PAUSE = 0.001
"""Seconds in which event loops send answers and bring requests, so that batches fill."""


class WriterThread:
    """Everything here runs in one thread; `inbox` is how others reach it. None only wakes it."""

    def __init__(
        self, session: WritingSession, batches: Batches, batch_max: int, trouble: Trouble
    ) -> None:
        self.inbox: SimpleQueue[Unit | None] = SimpleQueue()
        self.closing = False
        self._session, self._batches, self._trouble = session, batches, trouble
        self._batch_max = batch_max
        self._pending: deque[Unit] = deque()

    @property
    def waiting(self) -> int:
        """How many units wait."""
        return self.inbox.qsize() + len(self._pending)

    def run(self) -> None:
        """Serve until `closing` is set and nobody waits any more."""
        while not self.closing or self.waiting:
            self._fill()
            if self._pending:
                self._serve(self._next_batch())
            elif not self._sleep():
                self._look()
        self._session.lose()

    def _fill(self) -> None:
        """Take what waits, a batch at most; sleep while nobody waits and nothing is due."""
        try:
            if not self._pending:
                self._take(self.inbox.get(timeout=self._sleep()))
            while len(self._pending) < self._batch_max:
                self._take(self.inbox.get_nowait())
        except Empty:
            return

    def _sleep(self) -> float:
        """Seconds until it is time to look at the store, or for it while it is away."""
        away = self._session.is_away
        return self._session.retry_in if away else self._batches.poller.seconds()

    def _take(self, unit: Unit | None) -> None:
        if unit is not None:
            self._pending.append(unit)

    def _next_batch(self) -> deque[Unit]:
        """The longest waiting units; an activation is a batch of its own."""
        pending = self._pending
        units = deque((pending.popleft(),))
        while pending and not units[0].policy and not pending[0].policy:
            units.append(pending.popleft())
        return units

    def _serve(self, units: deque[Unit]) -> None:
        everybody = tuple(units)
        try:
            self._batches.run(units)
        except Exception as error:
            units.clear()
            self._refuse(everybody, error)
        self._pending.extendleft(reversed(units))
        if len(everybody) > 1 and self.waiting < self._batch_max:
            sleep(PAUSE)

    def _look(self) -> None:
        try:
            self._batches.look()
        except Exception as error:
            self._refuse((), error)
            self._batches.poller.not_now()

    def _refuse(self, units: Collection[Unit], error: Exception) -> None:
        """Answer units of which nothing stands. Those answered before keep their answer."""
        if isinstance(error, NoDatabase):
            self._trouble("the database is away", error.__cause__ or error)
            refusal: Exception = unavailable(self._session.retry_in)
            units = (*units, *self._everybody())
        else:
            error = error.cause if isinstance(error, Lost) else error
            refusal = for_caller(error)
            if not isinstance(error, Refusal):
                self._trouble("a batch failed", error)
                self._session.lose()
        send([Answer(unit, None, refusal) for unit in units])

    def _everybody(self) -> Collection[Unit]:
        """Whoever waits: while the database is away nobody is kept waiting."""
        while not self.inbox.empty():
            self._take(self.inbox.get_nowait())
        others = tuple(self._pending)
        self._pending.clear()
        return others
