"""A server that ends while events are given: what was taken is not sent again."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import msgspec
import pytest

from scoring_service.server.logs import open_log
from scoring_service.server.webhooks import Webhooks
from scoring_service.values.errors import Unavailable
from scoring_service.values.stored import Event
from scoring_service.values.webhook import Endpoint
from scoring_service.workflows.webhooks import LEASE, take

CRM = Endpoint("crm", "https://crm.example/hooks", b"k" * 24)


class Receiver:
    """Takes events until it is asked for one that it holds on to."""

    def __init__(self, slow: str = "") -> None:
        self.slow, self.taken = slow, list[str]()
        self.holds, self.lets_go = threading.Event(), threading.Event()

    def send(self, endpoint: Endpoint, event: Event, now: datetime) -> str:
        if event.event_id == self.slow:
            self.holds.set()
            self.lets_go.wait()
        self.taken.append(event.event_id)
        return ""


def emitting(*names: str) -> Any:
    def work(tx: Any, policy: Any, now: datetime) -> None:
        for name in names:
            tx.emit(Event(name, name, "lead.assigned", now, msgspec.json.encode(name)))

    return work


def giving(desk: Any, receiver: Receiver, holder: str, log: BytesIO | None = None) -> Webhooks:
    logger = open_log(desk.clock, stream=log or BytesIO()).logger
    return Webhooks(CRM, desk.store, logger, desk.clock, holder, receiver.send)


async def ended(giving: Any, receiver: Receiver) -> None:
    """Give until the receiver holds on to an event, and be told to end then."""
    task = asyncio.create_task(giving)
    assert await asyncio.to_thread(receiver.holds.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 10)
    receiver.lets_go.set()


@pytest.fixture
async def known(desk: Any) -> None:
    """The receiver is known, and three events wait for it."""
    await desk.run(lambda tx, policy, now: take(tx, CRM, "one", now))
    await desk.run(emitting("a", "b", "c"))


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "begin",
    [
        pytest.param(lambda webhooks: webhooks.give(), id="a-look"),
        pytest.param(lambda webhooks: webhooks.keep_giving(), id="for-as-long-as-it-runs"),
    ],
)
async def test_what_was_taken_before_a_server_ended_is_not_sent_again(
    desk: Any, begin: Callable[[Webhooks], Any]
) -> None:
    receiver = Receiver(slow="b")
    await ended(begin(giving(desk, receiver, "one")), receiver)
    after = Receiver()
    next_server = giving(desk, after, "two")
    for _ in range(3):
        while await next_server.give():
            pass
        desk.clock.now += LEASE
    assert after.taken == ["b", "c"], "a was taken and b, nobody knows"


@pytest.mark.usefixtures("known")
async def test_a_server_ends_though_its_store_is_away(desk: Any) -> None:
    receiver = Receiver(slow="b")
    webhooks = giving(desk, receiver, "one")

    store: Any = desk.store

    class Away:
        """A store that keeps who takes events, and is away when it hears what came of them."""

        news, read = store.news, store.read
        writes = 0

        @property
        def writer(self) -> "Away":
            return self

        async def write(self, work: Any) -> Any:
            self.writes += 1
            if self.writes > 1:
                raise Unavailable("the store is away", "STORE_UNAVAILABLE")
            return await store.writer.write(work)

    away: Any = Away()
    webhooks.store = away
    await ended(webhooks.keep_giving(), receiver)
    assert away.writes == 2


@pytest.mark.usefixtures("known")
async def test_a_store_that_is_away_is_told_and_the_giving_goes_on(desk: Any) -> None:
    receiver, log = Receiver(), BytesIO()
    webhooks = giving(desk, receiver, "one", log)
    store = desk.store

    class Once:
        """Away at the first question."""

        news, writer = store.news, store.writer
        asked = 0

        async def read(self, question: Any) -> Any:
            self.asked += 1
            if self.asked == 1:
                raise Unavailable("the store is away", "STORE_UNAVAILABLE")
            return await store.read(question)

    once: Any = Once()
    webhooks.store = once
    task = asyncio.create_task(webhooks.keep_giving(every=0.01))
    async with asyncio.timeout(10):
        while len(receiver.taken) < 3:
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    line = log.getvalue().splitlines()[0]
    assert b'"event":"webhook_failed"' in line
    assert b'"endpoint":"crm"' in line
    assert receiver.taken == ["a", "b", "c"]
