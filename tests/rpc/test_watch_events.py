"""WatchEvents over the wire: every event once, in order, resumed after a cut, ended well."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import grpc
import pytest
from leadscoring.v1 import lifecycle_pb2, lifecycle_pb2_grpc

from scoring_service.values.stored import Event

EOF: Any = grpc.aio.EOF  # type: ignore[attr-defined]


async def _events(stream: Any, count: int) -> list[Any]:
    """The next events of a stream."""
    found: list[Any] = []
    while len(found) < count:
        reply = await asyncio.wait_for(stream.read(), 20)
        assert reply is not EOF, f"ended after {len(found)} events"
        found.append(reply.event)
    return found


def _watch(rpc: Any, after: int = 0, **how: Any) -> Any:
    return rpc.lifecycle.WatchEvents(lifecycle_pb2.WatchEventsRequest(after=after), **how)


async def _routed(rpc: Any, wire: Any, *lead_ids: str) -> None:
    for lead_id in lead_ids:
        await rpc.routing.Route(wire.route_request(lead=wire.lead(lead_id=lead_id)))


async def test_events_that_were_and_that_come_are_told_in_order(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        await _routed(rpc, wire, "a", "b")
        stream = _watch(rpc)
        before = await _events(stream, 2)
        await _routed(rpc, wire, "c")
        (after,) = await _events(stream, 1)
        stream.cancel()
    assert [event.lead_id for event in (*before, after)] == ["a", "b", "c"]
    assert {event.type for event in before} == {"lead.assigned"}
    assert before[0].position < before[1].position < after.position
    told = json.loads(after.payload_json)
    assert told["lead_id"] == "c"
    assert told["owner"]["kind"] == "rep"


async def test_a_stream_that_was_cut_goes_on_behind_its_last_event(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        await _routed(rpc, wire, *"abc")
        first = _watch(rpc)
        [*_, last] = await _events(first, 2)
        first.cancel()
    async with serve() as rpc:
        rest = _watch(rpc, last.position)
        await _routed(rpc, wire, "d")
        told = await _events(rest, 2)
        rest.cancel()
    assert [event.lead_id for event in told] == ["c", "d"]


async def test_every_watcher_hears_everything(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        streams = [_watch(rpc) for _ in range(3)]
        await _routed(rpc, wire, *"abcd")
        heard = [[event.lead_id for event in await _events(stream, 4)] for stream in streams]
        for stream in streams:
            stream.cancel()
    assert heard == [list("abcd")] * 3


async def test_a_server_that_stops_ends_its_streams_well(serve: Any, wire: Any) -> None:
    async with AsyncExitStack() as mine:
        async with serve() as rpc:
            await _routed(rpc, wire, "a")
            address = str(rpc.server.address)
            channel = await mine.enter_async_context(grpc.aio.insecure_channel(address))
            watching = lifecycle_pb2_grpc.LifecycleServiceStub(channel)
            stream: Any = watching.WatchEvents(lifecycle_pb2.WatchEventsRequest())
            await _events(stream, 1)
        assert await asyncio.wait_for(stream.read(), 20) is EOF
        assert await stream.code() is grpc.StatusCode.OK


async def test_who_comes_when_it_stops_is_not_kept(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        rpc.server.events.end()
        stream = _watch(rpc)
        assert await asyncio.wait_for(stream.read(), 20) is EOF
        assert await stream.code() is grpc.StatusCode.OK


@pytest.fixture
async def ended(serve: Any, wire: Any) -> AsyncIterator[Any]:
    """A server, and a stream of it that its client gave up."""
    async with serve() as rpc:
        stream = _watch(rpc)
        await _routed(rpc, wire, "a")
        await _events(stream, 1)
        stream.cancel()
        yield rpc


async def test_a_watcher_who_goes_leaves_nothing_behind(ended: Any) -> None:
    async with asyncio.timeout(20):
        while not any(line["method"] == "WatchEvents" for line in ended.logged("call")):
            await asyncio.sleep(0.05)
    (line,) = [line for line in ended.logged("call") if line["method"] == "WatchEvents"]
    assert line["code"] == "CANCELLED"
    exposed = ended.server.metrics.exposition().decode()
    assert "leadscoring_streams_open 0.0" in exposed
    assert 'leadscoring_calls_total{code="CANCELLED",method="WatchEvents"} 1.0' in exposed


async def _refused(wire: Any, stream: Any) -> Any:
    return await wire.refused(stream.read())


@pytest.mark.parametrize(
    ("after", "code", "reason"),
    [
        pytest.param(-1, "INVALID_ARGUMENT", "INVALID", id="below-0"),
        pytest.param(2**62, "FAILED_PRECONDITION", "POSITION_UNKNOWN", id="never-given"),
    ],
)
async def test_a_position_that_is_none_is_refused(
    serve: Any, wire: Any, after: int, code: str, reason: str
) -> None:
    async with serve() as rpc:
        await _routed(rpc, wire, "a")
        refusal = await _refused(wire, _watch(rpc, after))
    assert (refusal.code.name, refusal.reason) == (code, reason)
    assert "0" in refusal.message


async def test_more_streams_than_there_may_be_are_refused_and_calls_are_not(
    serve: Any, wire: Any
) -> None:
    async with serve() as rpc:
        await _routed(rpc, wire, "a")
        streams = [_watch(rpc) for _ in range(32)]
        for stream in streams:
            await _events(stream, 1)
        refusal = await _refused(wire, _watch(rpc))
        await rpc.alive()
        streams[0].cancel()
        async with asyncio.timeout(20):
            while "leadscoring_streams_open 31.0" not in rpc.server.metrics.exposition().decode():
                await asyncio.sleep(0.05)
        await _events(_watch(rpc), 1)
    assert refusal.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert refusal.reason == "OVERLOADED"
    assert "32 streams" in refusal.message
    assert refusal.retry_seconds > 0


async def test_a_watchers_deadline_is_honoured(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        await _routed(rpc, wire, "a")
        stream = _watch(rpc, timeout=1.0)
        await _events(stream, 1)
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await stream.read()
    assert ended.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_a_stream_carries_the_callers_request_id(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        await _routed(rpc, wire, "a")
        stream = _watch(rpc, -1, metadata=(("x-request-id", "my-own"),))
        refusal = await _refused(wire, stream)
    assert refusal.request_id == "my-own"


def _filling(count: int) -> Any:
    """A unit of work that emits many events at once."""

    def emit(tx: Any, policy: Any, now: Any) -> None:
        for number in range(count):
            tx.emit(Event(tx.new_id(), f"l-{number % 7}", "lead.test", now, b"%d" % number))

    return emit


async def test_a_long_past_is_told_whole_and_in_order(serve: Any) -> None:
    async with serve() as rpc:
        await rpc.server.store.writer.write(_filling(1201))
        stream = _watch(rpc)
        told = await _events(stream, 1201)
        rest = await _events(_watch(rpc, told[999].position), 201)
        stream.cancel()
    assert [int(event.payload_json) for event in told] == list(range(1201))
    assert rest == told[1000:]


async def test_watchers_that_come_and_go_while_events_come_miss_nothing(serve: Any) -> None:
    async with serve() as rpc:

        async def fill() -> None:
            for _ in range(40):
                await rpc.server.store.writer.write(_filling(3))

        filling = asyncio.create_task(fill())
        heard: list[Any] = []
        while len(heard) < 120:
            stream = _watch(rpc, heard[-1].position if heard else 0)
            heard += await _events(stream, 6)
            stream.cancel()
        await filling
    assert [int(event.payload_json) for event in heard] == [0, 1, 2] * 40
    assert len({event.event_id for event in heard}) == 120


async def test_watchers_leave_room_for_calls_however_few_may_be_at_once(
    serve: Any, wire: Any
) -> None:
    async with serve(calls_max=2) as rpc:
        await _routed(rpc, wire, "a")
        streams = [_watch(rpc) for _ in range(32)]
        for stream in streams:
            await _events(stream, 1)
        await rpc.alive()
        await _routed(rpc, wire, "b")
        assert [(await _events(stream, 1))[0].lead_id for stream in streams] == ["b"] * 32
