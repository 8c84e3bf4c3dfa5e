"""Receivers get every event at least once, in order per lead, however long they were away."""

import asyncio
import threading
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import new as hmac
from io import BytesIO
from itertools import count
from typing import Any

import msgspec
import pytest
from structlog import get_logger

from scoring_service.domain.webhooks import PAUSE_AFTER, RETRIES, signature
from scoring_service.server.logs import open_log
from scoring_service.server.posting import body_of
from scoring_service.server.webhooks import PAUSE_SECONDS, Webhooks
from scoring_service.values.stored import Event
from scoring_service.values.webhook import Endpoint
from scoring_service.workflows.webhooks import (
    LEASE,
    Delivery,
    Parcel,
    given,
    replay_dead,
    take,
    waits,
)

CRM = Endpoint("crm", "https://crm.example/hooks", b"k" * 24)
HOUR = timedelta(hours=1)


class Post:
    """Takes parcels to a receiver that the test opens and closes, and remembers what it took."""

    def __init__(self, desk: Any, endpoint: Endpoint = CRM, holder: str = "one") -> None:
        self.desk, self.endpoint, self.holder = desk, endpoint, holder
        self.is_open: Callable[[Event], bool] = lambda event: True
        self.taken: list[str] = []
        self.asked = 0

    async def waits(self) -> bool:
        """Whether reading alone says that there may be something."""
        now = self.desk.clock.now
        found: bool = await self.desk.store.read(
            lambda reader: waits(reader, self.endpoint, self.holder, now)
        )
        return found

    async def take(self) -> tuple[Parcel, ...]:
        """What there is; whoever asked by reading alone would not have missed it."""
        may = await self.waits()
        found: tuple[Parcel, ...] = await self.desk.run(
            lambda tx, policy, now: take(tx, self.endpoint, self.holder, now)
        )
        assert may or not found, "reading alone said that there was nothing"
        return found

    async def give(self) -> int:
        """One round; how many events were tried."""
        parcels = await self.take()
        made: list[Delivery] = []
        for parcel in parcels:
            taken = self.is_open(parcel.event) and self.is_signed(parcel.event)
            self.asked += 1
            made.append(Delivery(parcel, "" if taken else "answered 503"))
            self.taken += [parcel.event.event_id] if taken else []
            if len(made) >= PAUSE_AFTER and all(one.failure for one in made[-PAUSE_AFTER:]):
                break
        if made:
            await self.desk.run(lambda tx, policy, now: given(tx, self.endpoint, made, now))
        return len(parcels)

    def is_signed(self, event: Event) -> bool:
        """Whether a receiver that checks would believe it: worked out as receivers do."""
        at = self.desk.clock.now
        body = body_of(event)
        version, _, sent = signature(self.endpoint.secret, event.event_id, at, body).partition(",")
        signed = f"{event.event_id}.{int(at.timestamp())}.".encode() + body
        made = hmac(self.endpoint.secret, signed, sha256).digest()
        return version == "v1" and b64decode(sent) == made

    async def rounds(self, span: timedelta, step: timedelta = timedelta(minutes=1)) -> None:
        """Rounds for some time."""
        ends = self.desk.clock.now + span
        while self.desk.clock.now < ends:
            while await self.give():
                pass
            self.desk.clock.now += step


def emitting(*names: str, type_: str = "lead.assigned") -> Any:
    """A unit that emits events named `lead-number`."""

    def work(tx: Any, policy: Any, now: datetime) -> None:
        for name in names:
            tx.emit(Event(name, name.partition("-")[0], type_, now, msgspec.json.encode(name)))

    return work


@pytest.fixture
async def crm(desk: Any) -> Post:
    """A receiver that is known, so that it gets whatever happens from now on."""
    post = Post(desk)
    await post.give()
    return post


async def test_a_new_receiver_begins_with_what_happens_from_now_on(desk: Any) -> None:
    await desk.run(emitting("a-1", "b-1"))
    post = Post(desk)
    assert await post.give() == 0
    await desk.run(emitting("a-2"))
    await post.give()
    assert post.taken == ["a-2"]


async def test_events_come_once_and_in_order(desk: Any, crm: Post) -> None:
    names = [f"{lead}-{number}" for number in range(40) for lead in "abc"]
    await desk.run(emitting(*names))
    while await crm.give():
        pass
    assert sorted(crm.taken) == sorted(names)
    for lead in "abc":
        mine = [name for name in crm.taken if name.startswith(lead)]
        assert mine == [f"{lead}-{number}" for number in range(40)]
    assert await crm.give() == 0


async def test_a_receiver_is_told_only_what_it_asked_for(desk: Any) -> None:
    post = Post(desk, msgspec.structs.replace(CRM, types=frozenset({"notice"})))
    await post.give()
    await desk.run(emitting("a-1"))
    await desk.run(emitting("a-2", type_="notice"))
    await post.give()
    assert post.taken == ["a-2"]


async def test_nothing_is_lost_while_a_receiver_is_down_for_an_hour(desk: Any, crm: Post) -> None:
    crm.is_open = lambda event: False
    names = []
    for minute in range(60):
        mine = [f"{lead}-{minute}" for lead in "abcd"]
        names += mine
        await desk.run(emitting(*mine))
        await crm.rounds(timedelta(minutes=1))
    assert crm.taken == []
    assert crm.asked < len(names), "a receiver that is away is not asked for each event"
    crm.is_open = lambda event: True
    await crm.rounds(3 * HOUR)
    assert sorted(crm.taken) == sorted(names)
    for lead in "abcd":
        mine = [name for name in crm.taken if name.startswith(lead)]
        assert mine == [f"{lead}-{minute}" for minute in range(60)]


async def test_one_bad_event_holds_up_its_own_lead_only(desk: Any, crm: Post) -> None:
    crm.is_open = lambda event: event.event_id != "a-1"
    await desk.run(emitting("a-1", "b-1", "a-2", "b-2"))
    await crm.rounds(timedelta(minutes=20))
    assert crm.taken == ["b-1", "b-2"]


async def test_an_event_that_is_never_taken_is_dead_and_those_behind_it_go_on(
    desk: Any, crm: Post
) -> None:
    crm.is_open = lambda event: event.event_id != "a-1"
    await desk.run(emitting("a-1", "a-2"))
    await crm.rounds(sum(RETRIES, timedelta()) + 2 * HOUR, step=timedelta(minutes=30))
    assert crm.taken == ["a-2"]
    dead = await desk.run(lambda tx, policy, now: tx.webhook_letters("crm", 10, dead=True))
    assert [(letter.attempts, letter.failure) for letter in dead] == [
        (len(RETRIES) + 1, "answered 503")
    ]


async def test_the_dead_are_sent_again_when_asked_for(desk: Any, crm: Post) -> None:
    crm.is_open = lambda event: False
    await desk.run(emitting("a-1", "b-1"))
    await crm.rounds(sum(RETRIES, timedelta()) + 6 * HOUR, step=timedelta(minutes=30))
    crm.is_open = lambda event: True
    assert await crm.give() == 0
    assert await desk.run(lambda tx, policy, now: replay_dead(tx, "crm", now)) == 2
    await crm.rounds(timedelta(minutes=10))
    assert sorted(crm.taken) == ["a-1", "b-1"]


async def test_what_somebody_took_and_never_gave_is_given_by_another(desk: Any, crm: Post) -> None:
    await desk.run(emitting("a-1", "a-2", "b-1"))
    assert len(await crm.take()) == 2
    other = Post(desk, holder="two")
    assert await other.give() == 0, "the first still has them"
    desk.clock.now += LEASE
    while await other.give():
        pass
    assert other.taken == ["a-1", "b-1", "a-2"]


async def test_what_a_receiver_did_not_take_is_told_and_sent_again(desk: Any, crm: Post) -> None:
    lines = BytesIO()
    sent: list[str] = []

    def send(endpoint: Endpoint, event: Event, now: datetime) -> str:
        sent.append(event.event_id)
        return "answered 500" if len(sent) == 1 else ""

    log = open_log(desk.clock, stream=lines).logger
    giving = Webhooks(CRM, desk.store, log, desk.clock, "one", send)
    await desk.run(emitting("a-1", "b-1"))
    assert await giving.give() == 2
    assert b'"why":"answered 500"' in lines.getvalue()
    assert not await giving.give(), "both were given, and one is to be sent again"
    desk.clock.now += RETRIES[0]
    assert await giving.give() == 1
    assert sent == ["a-1", "b-1", "a-1"]


async def test_an_event_that_cannot_be_sent_holds_up_no_other(desk: Any, crm: Post) -> None:
    taken: list[str] = []

    def send(endpoint: Endpoint, event: Event, now: datetime) -> str:
        if event.lead_id == "a":
            raise RuntimeError
        taken.append(event.event_id)
        return ""

    log = open_log(desk.clock, stream=BytesIO()).logger
    giving = Webhooks(CRM, desk.store, log, desk.clock, "one", send)
    await desk.run(emitting("a-1", "b-1"))
    assert await giving.give() == 2
    assert not await giving.give()
    assert taken == ["b-1"]
    (letter,) = await desk.run(lambda tx, policy, now: tx.webhook_letters("crm", 9, dead=False))
    assert (letter.attempts, letter.failure) == (1, "cannot be sent: RuntimeError")


async def test_a_receiver_that_never_answers_is_waited_for_no_longer_than_told(
    desk: Any, crm: Post
) -> None:
    answers = threading.Event()

    def send(endpoint: Endpoint, event: Event, now: datetime) -> str:
        answers.wait()
        return ""

    log = open_log(desk.clock, stream=BytesIO()).logger
    giving = Webhooks(CRM, desk.store, log, desk.clock, "one", send, seconds=0.01)
    await desk.run(emitting("a-1"))
    assert await giving.give() == 1
    answers.set()
    (letter,) = await desk.run(lambda tx, policy, now: tx.webhook_letters("crm", 9, dead=False))
    assert letter.failure == "did not answer within 0.01 s"


async def test_a_slow_receiver_keeps_no_event_beyond_the_lease(desk: Any, crm: Post) -> None:
    ticks = count(0, LEASE.total_seconds() / 4)
    taken: list[str] = []

    def send(endpoint: Endpoint, event: Event, now: datetime) -> str:
        taken.append(event.event_id)
        return ""

    giving = Webhooks(CRM, desk.store, get_logger(), desk.clock, "one", send, lambda: next(ticks))
    await desk.run(emitting(*[f"{lead}-1" for lead in "abcdefgh"]))
    assert await giving.give() == 8
    assert taken == ["a-1", "b-1"]
    desk.clock.now += LEASE
    while await giving.give():
        desk.clock.now += LEASE
    assert sorted(taken) == [f"{lead}-1" for lead in "abcdefgh"]


async def test_an_idle_or_paused_receiver_costs_no_transaction(desk: Any) -> None:
    post = Post(desk)
    await desk.run(emitting("before-1"))
    assert await post.waits(), "a new receiver has to be written down"
    await post.give()
    assert not await post.waits()
    await desk.run(emitting("a-1", "b-1", "c-1", "d-1", "e-1", "f-1"))
    assert await post.waits()
    post.is_open = lambda event: False
    while await post.give():
        pass
    assert not await post.waits(), "it is left alone for a while"
    await post.rounds(HOUR)
    post.is_open = lambda event: True
    await post.rounds(3 * HOUR)
    assert len(post.taken) == 6
    assert not await post.waits()


async def test_what_is_committed_here_is_given_at_once(desk: Any, crm: Post) -> None:
    taken = asyncio.Queue[str]()
    loop = asyncio.get_running_loop()

    def send(endpoint: Endpoint, event: Event, now: datetime) -> str:
        loop.call_soon_threadsafe(taken.put_nowait, event.event_id)
        return ""

    giving = Webhooks(CRM, desk.store, get_logger(), desk.clock, "one", send)
    task = asyncio.create_task(giving.keep_giving(every=3600))
    for name in ("a-1", "b-1", "a-2"):
        await desk.run(emitting(name))
        assert await asyncio.wait_for(taken.get(), 30) == name
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_it_ends_though_something_is_committed_in_that_very_moment(desk: Any) -> None:
    giving = Webhooks(CRM, desk.store, get_logger(), desk.clock, "one", lambda *sent: "")
    task = asyncio.create_task(giving.keep_giving(every=3600))
    await asyncio.sleep(3 * PAUSE_SECONDS)
    desk.store.news.tell()
    asyncio.get_running_loop().call_soon(task.cancel)
    ended, _ = await asyncio.wait({task}, timeout=10)
    assert ended == {task}
    assert task.cancelled()


def test_signing_needs_no_clock_of_its_own() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert signature(b"k" * 24, "e1", at, b"{}") == signature(b"k" * 24, "e1", at, b"{}")
    assert signature(b"k" * 24, "e1", at, b"{}") != signature(b"j" * 24, "e1", at, b"{}")
