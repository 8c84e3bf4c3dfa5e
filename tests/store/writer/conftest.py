"""Writers on a real database, with units that record little, and a gate that fills batches."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event
from typing import Any, cast

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.store.policies import Policies
from scoring_service.store.transaction import Transaction
from scoring_service.store.writer import Writer
from scoring_service.values.errors import Refusal
from scoring_service.values.stored import Answer, Keys, Rotation

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
POOL = "west"

Unit = Callable[[Transaction, Policy, datetime], Any]


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
    return lambda tx, active, now: tx.activate(policy.revision, policy.revision.encode(), "test")


def taking_turn(request_id: str, size: int = 0) -> Unit:
    """A unit like a Route: its first answer, or a turn of the pool, which is its answer."""

    def work(tx: Transaction, policy: Policy, now: datetime) -> int:
        answer = tx.answer(request_id)
        if answer is not None:
            return int(answer.body.split()[0])
        before = tx.rotation(POOL)
        tx.save_rotation(before, Rotation(POOL, (), before.draws + 1))
        body = b"%d %s" % (before.draws + 1, b"." * size)
        tx.keep_answer(Answer(request_id, "Test", "", body, now))
        return before.draws + 1

    return work


class Clock:
    """Each look is a microsecond later than the one before, unless the test sets it."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now


class Desk:
    """A writer with what it stands on, asked as the rim would ask it."""

    def __init__(self, writer: Writer, policies: Policies, clock: Clock) -> None:
        self.writer, self.policies, self.clock = writer, policies, clock
        self.troubles: list[str] = []

    async def turn(self, request_id: str, **options: Any) -> int:
        """Take a turn under a request_id."""
        unit = taking_turn(request_id, options.pop("size", 0))
        return await self.writer.write(unit, Keys(request_id=request_id), **options)

    async def read(self, question: Callable[[Transaction], Any]) -> Any:
        """What a later unit finds stored."""
        return await self.writer.write(lambda tx, policy, now: question(tx))

    async def draws(self) -> int:
        """Turns that were taken."""
        return int(await self.read(lambda tx: tx.rotation(POOL).draws))

    async def together(self, units: Sequence[Any]) -> list[Any]:
        """Results or errors of calls that wait for the writer at the same time: one batch."""
        gate = Event()
        held = asyncio.ensure_future(self.writer.write(lambda tx, policy, now: gate.wait()))
        while self.writer.waiting:
            await asyncio.sleep(0)
        calls = [asyncio.ensure_future(unit) for unit in units]
        await asyncio.sleep(0.01)
        gate.set()
        await held
        return await asyncio.gather(*calls, return_exceptions=True)


@pytest.fixture
def due_slices() -> list[Callable[[Transaction, Policy, datetime], int]]:
    """What the due hook does, slice by slice; nothing when it is empty."""
    return []


@pytest.fixture
async def desk_on(
    due_slices: list[Callable[[Transaction, Policy, datetime], int]],
) -> AsyncIterator[Callable[..., Any]]:
    """Starts writers on a database, and stops them."""
    started: list[Writer] = []

    def due(tx: Transaction, policy: Policy, now: datetime) -> int:
        return due_slices.pop(0)(tx, policy, now) if due_slices else 0

    async def start(database: Any, *, active: str = "r1", **options: Any) -> Desk:
        clock, policies = options.pop("clock", Clock()), Policies(options.pop("compile", compiled))
        options = {"due": due, "next_due": lambda: None, "work_max": 30.0, **options}
        ids = count(1)
        writer = Writer(database, policies, clock, lambda: f"id{next(ids)}", **options)
        writer.start()
        started.append(writer)
        if active:
            policy = bare_policy(active)
            await writer.activate(activation(policy), policy)
        return Desk(writer, policies, clock)

    yield start
    for writer in started:
        await writer.close()


@pytest.fixture
async def desk(desk_on: Callable[..., Any], database: Any) -> Desk:
    """A writer on the engine at hand, with an active policy."""
    return cast(Desk, await desk_on(database))


class NoTurn(Refusal):
    """A refusal of these tests."""
