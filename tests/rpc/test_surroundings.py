"""What surrounds every call: its id, its time, its place in the crowd, and what is said of it."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import grpc
import pytest
from leadscoring.v1 import scoring_pb2

from scoring_service.values.stored import Keys


async def held(rpc: Any, seconds: float) -> Any:
    """Keep the writer busy for so long."""
    started = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(*_: object) -> None:
        loop.call_soon_threadsafe(started.set)
        time.sleep(seconds)

    task = asyncio.create_task(rpc.server.store.writer.write(work, Keys(), None))
    await started.wait()
    return task


async def test_a_call_keeps_the_id_that_it_came_with(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        await rpc.scoring.Score(wire.score_request(), metadata=(("x-request-id", "web-42"),))
        bad = scoring_pb2.ScoreRequest()
        refusal = await wire.refused(rpc.scoring.Score(bad, metadata=(("x-request-id", "web-43"),)))
        assert refusal.request_id == "web-43"
        assert [line["request_id"] for line in rpc.logged("call")] == ["web-42", "web-43"]


@pytest.mark.parametrize("sent", ["", "ann@acme.de", "x" * 200])
async def test_a_call_without_a_proper_id_is_given_one(serve: Any, wire: Any, sent: str) -> None:
    metadata = (("x-request-id", sent),) if sent else ()
    async with serve() as rpc:
        for _ in range(2):
            await rpc.scoring.Score(wire.score_request(), metadata=metadata)
        refusal = await wire.refused(
            rpc.scoring.Score(scoring_pb2.ScoreRequest(), metadata=metadata)
        )
        ids = [line["request_id"] for line in rpc.logged("call")]
    assert len(set(ids)) == 3
    assert ids[-1] == refusal.request_id
    assert all(0 < len(each) < 64 and "@" not in each for each in ids)


async def test_a_call_whose_time_is_up_does_nothing(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        busy = await held(rpc, 0.4)
        request = wire.route_request()
        with pytest.raises(grpc.aio.AioRpcError) as failed:
            await rpc.routing.Route(request, timeout=0.1)
        assert failed.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
        await busy
        assert await rpc.stored_leads() == 0
        assert not (await rpc.routing.Route(request)).assignment.replayed


async def test_no_call_takes_longer_than_the_server_allows(serve: Any, wire: Any) -> None:
    async with serve(seconds_max=0.1) as rpc:
        busy = await held(rpc, 0.4)
        refusal = await wire.refused(rpc.routing.Route(wire.route_request(), timeout=30))
        assert refusal.code == grpc.StatusCode.DEADLINE_EXCEEDED
        assert "retry with the same request_id" in refusal.message
        await busy
        assert await rpc.stored_leads() == 0


async def test_a_caller_who_goes_away_harms_nobody(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        busy = await held(rpc, 0.2)
        gone = rpc.routing.Route(wire.route_request())
        stays = asyncio.ensure_future(rpc.routing.Route(wire.route_request()))
        await asyncio.sleep(0.05)
        gone.cancel()
        await busy
        assert (await stays).assignment.rep_id
        with pytest.raises(asyncio.CancelledError):
            await gone
        await rpc.alive()


async def test_more_calls_than_allowed_are_told_when_to_come_again(serve: Any, wire: Any) -> None:
    async with serve(calls_max=4) as rpc:
        busy = await held(rpc, 0.3)
        waiting = [asyncio.ensure_future(rpc.routing.Route(wire.route_request())) for _ in range(4)]
        await asyncio.sleep(0.05)
        refusal = await wire.refused(rpc.routing.Route(wire.route_request()))
        assert refusal.code == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert refusal.reason == "OVERLOADED"
        assert 0 < refusal.retry_seconds <= 1
        await busy
        assert len({(await call).assignment.lead_id for call in waiting}) == 4
        await rpc.alive()


async def test_each_call_is_counted_and_logged_without_what_it_held(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        await rpc.scoring.Score(wire.score_request(lead=wire.lead(email="ann@acme.de")))
        await wire.refused(rpc.scoring.Score(scoring_pb2.ScoreRequest()))
        metrics = rpc.server.metrics.exposition().decode()
        good, bad = rpc.logged("call")
    assert 'leadscoring_calls_total{code="OK",method="Score"} 1.0' in metrics
    assert 'leadscoring_calls_total{code="INVALID_ARGUMENT",method="Score"} 1.0' in metrics
    assert 'leadscoring_call_seconds_count{method="Score"} 2.0' in metrics
    assert set(good) == {"at", "level", "event", "method", "code", "ms", "request_id"}
    assert (good["level"], good["method"], good["code"]) == ("info", "Score", "OK")
    assert bad["fields"] == ["lead"]
    assert b"ann@acme.de" not in rpc.log.getvalue()


async def test_what_nobody_expected_is_internal_and_the_log_has_it(serve: Any, wire: Any) -> None:
    async with serve() as rpc:
        policies = rpc.server.store.policies
        policies.follow(replace(policies.active, scoring=None))
        call = rpc.scoring.Score(wire.score_request(lead=wire.lead(full_name="Xanthippe")))
        refusal = await wire.refused(call)
        [line] = [line for line in rpc.logged("call") if line["level"] == "error"]
    assert refusal.code == grpc.StatusCode.INTERNAL
    assert refusal.message == "internal error; the log has it under the x-request-id"
    assert not refusal.status.details
    assert line["request_id"] == refusal.request_id
    assert "AttributeError" in line["error"]
    assert "scoring.py" in line["error"]
    assert b"Xanthippe" not in rpc.log.getvalue()
