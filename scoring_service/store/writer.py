"""Group commit: one writing thread a process, asked from event loops."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Thread
from typing import TypeVar

from scoring_service.domain.policy import Policy
from scoring_service.store.database import Database
from scoring_service.store.policies import Policies
from scoring_service.store.poller import LOOK_EVERY, Poller
from scoring_service.store.transaction import Transaction
from scoring_service.store.unit import Unit
from scoring_service.store.writer_batches import Batches
from scoring_service.store.writer_due import Due, DueWork
from scoring_service.store.writer_round import Batched, Committed, Tools, Trouble
from scoring_service.store.writer_session import WritingSession
from scoring_service.store.writer_thread import WriterThread
from scoring_service.values.errors import Unavailable
from scoring_service.values.stored import Keys

T = TypeVar("T")

BATCH_MAX = 64
WORK_MAX = 0.030
"""Seconds of work in a batch, after which it commits. A Route takes one or two milliseconds: in
fewer a batch is too small to share what it costs once.
"""

WAITING_MAX = 4096
"""Units that may wait; more are refused at once."""

_NO_KEYS = Keys()


def _silent(what: str, error: BaseException) -> None:
    """Nobody wants to hear of it."""


def _unheard() -> None:
    """Nobody listens."""


def _uncounted(units: int) -> None:
    """Nobody counts them."""


class Writer:
    """Runs units of work, each durably stored before it is answered, in the order of their coming.

    Ask it from any event loop. `clock` is used where the database has none. `due` is run before
    units and after one that set a timer that is due. `trouble` hears, in the writer's thread, of
    failures that no caller hears of; `batched` of every batch's size, after its answers are sent;
    `committed` after every commit that stored something. A store that nobody keeps need not be
    `durable`: its commits wait for no disk.
    """

    def __init__(
        self,
        database: Database,
        policies: Policies,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        due: DueWork,
        *,
        next_due: Callable[[], datetime | None],
        trouble: Trouble = _silent,
        batched: Batched = _uncounted,
        committed: Committed = _unheard,
        batch_max: int = BATCH_MAX,
        work_max: float = WORK_MAX,
        waiting_max: int = WAITING_MAX,
        look_every: timedelta = LOOK_EVERY,
        durable: bool = True,
    ) -> None:
        tools = Tools(policies, clock, new_id, Due(due), trouble, work_max, batched, committed)
        self.batch_max, self.waiting_max = batch_max, waiting_max
        self._session = WritingSession(database, durable=durable)
        batches = Batches(self._session, tools, Poller(look_every), next_due)
        self._inside = WriterThread(self._session, batches, batch_max, trouble)
        self._opened: Future[None] = Future()
        self._ended = False
        self._thread = Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Open the writing connection; raises what keeps it from being opened."""
        self._thread.start()
        self._opened.result()

    @property
    def waiting(self) -> int:
        """How many units wait for a batch."""
        return self._inside.waiting

    async def write(
        self,
        unit: Callable[[Transaction, Policy, datetime], T],
        keys: Keys = _NO_KEYS,
        deadline: float | None = None,
    ) -> T:
        """The unit's result, once it is stored; or what the unit raised, and nothing of it stored.

        `keys` is what it will read, fetched for the whole batch at once. Raises DeadlineExceeded
        when `deadline` (on the scale of time.monotonic) passes before it starts, and Unavailable
        when it may be sent again.
        """
        return await self._answer(Unit(unit, keys, deadline))

    async def activate(
        self, unit: Callable[[Transaction, Policy, datetime], T], policy: Policy
    ) -> T:
        """Run the unit that activates `policy`, by that policy, in a batch of its own.

        Once it is stored `policy` is the active one.
        """
        return await self._answer(Unit(unit, _NO_KEYS, policy=policy))

    def put(self, unit: Unit) -> None:
        """As `write`, for a unit whose future somebody waits for already."""
        if self._inside.closing:
            raise Unavailable("the server is stopping; send it to another", "STOPPING")
        if self.waiting >= self.waiting_max:
            raise Unavailable(
                f"{self.waiting_max} requests wait to be stored already; try again", "BUSY"
            )
        self._inside.inbox.put(unit)

    async def _answer(self, unit: Unit) -> T:
        self.put(unit)
        result: T = await unit.future
        return result

    async def close(self) -> None:
        """Serve who waits, and end the thread."""
        self._inside.closing = True
        self._inside.inbox.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join)

    def _run(self) -> None:
        try:
            self._session.open()
        except Exception as error:
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        self._inside.run()
