"""Watching events without a wire: what is sent, from where, and when a stream ends."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any

import msgspec
import pytest
from leadscoring.v1 import lifecycle_pb2

from scoring_service.api.surround import Call
from scoring_service.api.watch_events import SLICE, EventStreams, encoded
from scoring_service.values.errors import FailedPrecondition, InvalidArgument
from scoring_service.values.stored import Event

SECONDS_MAX = 20.0


class Watcher:
    """Watches in the background, and keeps what it was sent."""

    def __init__(self, streams: EventStreams, after: int = 0, seconds: float = SECONDS_MAX) -> None:
        self.sent: list[Any] = []
        asked = lifecycle_pb2.WatchEventsRequest(after=after)
        call = Call(monotonic() + seconds, seconds)
        self.task = asyncio.create_task(streams.watch(asked, call, self._send))

    async def _send(self, data: bytes) -> None:
        self.sent.append(lifecycle_pb2.WatchEventsResponse.FromString(data).event)

    async def until(self, count: int) -> list[str]:
        """The ids of the events, once there are so many."""
        async with asyncio.timeout(SECONDS_MAX):
            while len(self.sent) < count:
                await asyncio.sleep(0.005)
        return [event.event_id for event in self.sent]

    async def ended(self) -> list[str]:
        """The ids of all events, once the stream has ended."""
        await asyncio.wait_for(self.task, SECONDS_MAX)
        return [event.event_id for event in self.sent]


def emitting(*names: str) -> Any:
    def work(tx: Any, policy: Any, now: datetime) -> None:
        for name in names:
            tx.emit(Event(name, f"lead-{name}", "notice", now, msgspec.json.encode(name)))

    return work


async def test_what_was_and_what_comes_is_sent_once_in_order(calls: Any) -> None:
    await calls.desk.run(emitting("a", "b"))
    watcher = Watcher(calls.streams)
    assert await watcher.until(2) == ["a", "b"]
    for name in "cd":
        await calls.desk.run(emitting(name))
    assert await watcher.until(4) == ["a", "b", "c", "d"]
    calls.streams.end()
    assert await watcher.ended() == ["a", "b", "c", "d"]


async def test_an_event_is_sent_whole(calls: Any, at: Callable[[Any], datetime]) -> None:
    await calls.desk.run(emitting("a"))
    watcher = Watcher(calls.streams)
    await watcher.until(1)
    calls.streams.end()
    (event,) = watcher.sent
    assert (event.event_id, event.lead_id, event.type) == ("a", "lead-a", "notice")
    assert (event.payload_json, at(event.occurred_at)) == ('"a"', calls.clock.now)
    assert event.position > 0
    await watcher.ended()


async def test_one_goes_on_behind_the_last_event_it_had(calls: Any) -> None:
    await calls.desk.run(emitting("a", "b", "c"))
    first = Watcher(calls.streams)
    await first.until(3)
    behind = {event.event_id: event.position for event in first.sent}
    second = Watcher(calls.streams, behind["b"])
    assert await second.until(1) == ["c"]
    last = Watcher(calls.streams, behind["c"])
    await calls.desk.run(emitting("d"))
    assert await last.until(1) == ["d"]
    calls.streams.end()
    await asyncio.gather(*(one.ended() for one in (first, second, last)))


@pytest.mark.parametrize("count", [SLICE - 1, SLICE, SLICE + 1, 2 * SLICE])
async def test_more_than_is_read_at_once_is_sent_whole(calls: Any, count: int) -> None:
    names = [f"e-{n:04}" for n in range(count)]
    await calls.desk.run(emitting(*names))
    watcher = Watcher(calls.streams)
    assert await watcher.until(count) == names
    calls.streams.end()
    assert await watcher.ended() == names


async def test_its_time_is_up_at_its_deadline_though_nothing_happens(calls: Any) -> None:
    watcher = Watcher(calls.streams, seconds=0.05)
    assert await watcher.ended() == []


async def test_a_server_that_ends_ends_those_who_wait_and_those_who_come(calls: Any) -> None:
    waiting = Watcher(calls.streams)
    await asyncio.sleep(0.01)
    calls.streams.end()
    assert await waiting.ended() == []
    await calls.desk.run(emitting("a"))
    assert await Watcher(calls.streams).ended() == []


@pytest.mark.parametrize("after", [-1, -(1 << 62)])
async def test_a_position_below_the_first_is_named(calls: Any, after: int) -> None:
    with pytest.raises(InvalidArgument) as refused:
        await Watcher(calls.streams, after).task
    remedy = f"{after} is no position; send 0, or the position of an event"
    assert refused.value.violations == (("after", remedy),)


@pytest.mark.parametrize("beyond", [1, 1000])
async def test_a_position_that_was_never_given_is_of_another_store(calls: Any, beyond: int) -> None:
    await calls.desk.run(emitting("a"))
    first = Watcher(calls.streams)
    await first.until(1)
    after = first.sent[0].position + beyond
    with pytest.raises(FailedPrecondition, match=f"position {after} or a later one") as refused:
        await Watcher(calls.streams, after).task
    assert refused.value.reason == "POSITION_UNKNOWN"
    calls.streams.end()
    await first.ended()


async def test_a_watcher_who_goes_is_told_of_nothing_more(calls: Any) -> None:
    watcher = Watcher(calls.streams)
    await asyncio.sleep(0.01)
    watcher.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watcher.task
    await calls.desk.run(emitting("a"))
    assert watcher.sent == []


def test_an_event_of_no_lead_is_one_too() -> None:
    at = datetime.fromisoformat("2026-03-02T10:00:00.000001+00:00")
    event = Event("e-1", "", "policy.activated", at, b"{}")
    sent = lifecycle_pb2.WatchEventsResponse.FromString(encoded(7, event)).event
    assert (sent.position, sent.lead_id, sent.payload_json) == (7, "", "{}")
    assert sent.occurred_at.nanos == 1000
