"""Writers on a real database, with units that record little, and a gate that fills batches."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event
from typing import Any, TypeAlias, cast

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.store.database import Database, Session
from scoring_service.store.policies import Policies
from scoring_service.store.reader import Reader
from scoring_service.store.transaction import Transaction
from scoring_service.store.writer import Writer
from scoring_service.values.stored import Answer, Keys, Rotation

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
POOL = "west"

Unit: TypeAlias = Callable[[Transaction, Policy, datetime], Any]


def bare_policy(revision: str) -> Policy:
    """A policy that decides nothing; units here look at its revision only."""
    nothing = cast(Any, None)
    return Policy(
        revision=revision,
        schema=nothing,
        scoring=nothing,
        routes=nothing,
        routes_unindexed=nothing,
        reps={},
        pools={},
        operators=frozenset(),
        calendars={},
        lifecycle=nothing,
    )


def compiled(content: bytes) -> Policy:
    """The content of a stored revision here is its name; one that begins with ! is broken."""
    if content.startswith(b"!"):
        raise ValueError("this content cannot be compiled")
    return bare_policy(content.decode())


def activation(policy: Policy) -> Unit:
    """The unit that makes a policy active."""
    return lambda tx, _, now: tx.activate(policy.revision, policy.revision.encode(), "test")


def taking_turn(request_id: str) -> Unit:
    """A unit like a Route: its first answer, or a turn of the pool, which is its answer."""

    def work(tx: Transaction, policy: Policy, now: datetime) -> int:
        answer = tx.answer(request_id)
        if answer is not None:
            return int(answer.body)
        before = tx.rotation(POOL)
        tx.save_rotation(before, Rotation(POOL, (), before.draws + 1))
        tx.keep_answer(Answer(request_id, "Test", "", b"%d" % (before.draws + 1), now))
        return before.draws + 1

    return work


class Clock:
    """Each look is a microsecond later than the one before, unless the test sets it."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now


class Tampered:
    """A database whose writing connections the test sees first, and can keep from being opened."""

    def __init__(self, database: Database) -> None:
        self._database, self.engine = database, database.engine
        self.prepare: Callable[[Session], object] = lambda session: None
        self.away = False
        self.sessions: list[Session] = []

    def writing(self) -> Session:
        if self.away:
            raise ConnectionError("nobody listens there")
        session = self._database.writing()
        self.prepare(session)
        self.sessions.append(session)
        return session

    def reading(self) -> Reader:
        return self._database.reading()

    def driver(self) -> Any:
        """The driver's own connection, the latest."""
        return driver_of(self.sessions[-1])


def driver_of(session: Session) -> Any:
    """The driver's own connection of a session."""
    return session._connection._driver  # type: ignore[attr-defined]


class Desk:
    """A writer with what it stands on, asked as the rim would ask it."""

    def __init__(
        self, database: Tampered, writer: Writer, policies: Policies, clock: Clock
    ) -> None:
        self.database, self.writer, self.policies = database, writer, policies
        self.taking_turn = taking_turn
        self.clock = clock
        self.troubles: list[tuple[str, BaseException]] = []

    async def turn(self, request_id: str, unit: Unit | None = None, **options: Any) -> int:
        """Take a turn under a request_id."""
        work = unit or taking_turn(request_id)
        return int(await self.writer.write(work, Keys(request_id=request_id), **options))

    async def run(self, unit: Unit) -> Any:
        """Run a unit in whatever batch is next."""
        return await self.writer.write(unit)

    async def activate(self, revision: str, unit: Unit | None = None) -> Any:
        """Make a policy active."""
        policy = bare_policy(revision)
        return await self.writer.activate(unit or activation(policy), policy)

    async def draws(self) -> int:
        """Turns that were taken."""
        return int(await self.run(lambda tx, policy, now: tx.rotation(POOL).draws))

    async def stored(self, *request_ids: str) -> list[int | None]:
        """The stored answers of requests."""
        found = await self.run(lambda tx, policy, now: [tx.answer(one) for one in request_ids])
        return [None if answer is None else int(answer.body) for answer in found]

    async def together(self, *calls: Awaitable[Any]) -> list[Any]:
        """Results or errors of calls that wait for the writer at the same time: one batch."""
        async with self.held():
            asked = [asyncio.ensure_future(call) for call in calls]
            await asyncio.sleep(0.01)
        return await asyncio.gather(*asked, return_exceptions=True)

    def held(self) -> "Held":
        """Keeps the writer busy while calls gather."""
        return Held(self.writer)


class Held:
    """The writer is in the middle of a unit until this ends."""

    def __init__(self, writer: Writer) -> None:
        self._writer, self._busy, self._gate = writer, Event(), Event()

    def _unit(self, tx: Transaction, policy: Policy, now: datetime) -> None:
        self._busy.set()
        self._gate.wait(30)

    async def __aenter__(self) -> None:
        self._call = asyncio.ensure_future(self._writer.write(self._unit))
        while not self._busy.is_set():
            await asyncio.sleep(0.001)

    async def __aexit__(self, *raised: object) -> None:
        self._gate.set()
        await self._call


class Slices:
    """The due hook: does what the test lays out, a slice a call."""

    def __init__(self) -> None:
        self.laid: list[Callable[[Transaction, Policy, datetime], int]] = []
        self.calls = 0

    def __call__(self, tx: Transaction, policy: Policy, now: datetime) -> int:
        self.calls += 1
        return self.laid.pop(0)(tx, policy, now) if self.laid else 0


@pytest.fixture
def slices() -> Slices:
    """What is due; nothing unless the test lays it out."""
    return Slices()


StartDesk: TypeAlias = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def desk_on(slices: Slices) -> AsyncIterator[StartDesk]:
    """Starts writers on a database, and stops them."""
    started: list[Desk] = []

    async def start(database: Any, *, active: str | None = "r1", **options: Any) -> Desk:
        tampered = database if isinstance(database, Tampered) else Tampered(database)
        clock, policies = options.pop("clock", Clock()), Policies(options.pop("compile", compiled))
        ids = count(1)
        desk: Desk
        options = {
            "due": slices,
            "next_due": lambda: None,
            "work_max": 30.0,
            "durable": False,
            "trouble": lambda what, error: desk.troubles.append((what, error)),
            **options,
        }
        writer = Writer(cast(Any, tampered), policies, clock, lambda: f"id{next(ids)}", **options)
        desk = Desk(tampered, writer, policies, clock)
        writer.start()
        started.append(desk)
        if active:
            await desk.activate(active)
        return desk

    yield start
    for desk in started:
        await desk.writer.close()


@pytest.fixture
async def desk(desk_on: StartDesk, database: Database) -> Desk:
    """A writer on the engine at hand, with an active policy."""
    return await desk_on(database)
