"""Health, reflection, and that every method of the wire is answered."""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest
from grpc_reflection.v1alpha.reflection_pb2_grpc import ServerReflectionStub
from leadscoring.v1 import routing_pb2, routing_pb2_grpc, scoring_pb2

from scoring_service.api.services import LIFECYCLE, ROUTING, SCORING
from scoring_service.values.errors import Unavailable
from scoring_service.values.stored import Keys

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
SECONDS_MAX = 20.0


async def health(rpc: Any, service: str) -> Any:
    stub: Any = health_pb2_grpc.HealthStub(rpc.channel)
    return (await stub.Check(health_pb2.HealthCheckRequest(service=service))).status


@pytest.mark.parametrize("service", ["", SCORING, ROUTING, LIFECYCLE])
async def test_every_service_says_that_it_serves(serve: Any, service: str) -> None:
    async with serve() as rpc:
        assert await health(rpc, service) == SERVING
        assert rpc.server.readiness.is_ready


async def test_all_services_are_told_at_once(serve: Any) -> None:
    async with serve() as rpc:
        stub: Any = health_pb2_grpc.HealthStub(rpc.channel)
        every = await stub.List(health_pb2.HealthListRequest())
    told = {service: one.status for service, one in every.statuses.items()}
    assert told == dict.fromkeys(("", SCORING, ROUTING, LIFECYCLE), SERVING)


async def test_nothing_serves_while_the_store_is_away(serve: Any) -> None:
    async with serve() as rpc:
        store, readiness = rpc.server.store, rpc.server.readiness
        working = store._readers

        class Away:
            def ask(self, question: object) -> object:
                raise Unavailable("the store is away", "STORE_UNAVAILABLE")

        store._readers = Away()
        await readiness.probe(SCORING, ROUTING)
        assert await health(rpc, ROUTING) == NOT_SERVING
        page = readiness.readyz()
        assert page.status == 503
        assert json.loads(page.body)["missing"] == "no store"
        assert b"leadscoring_ready 0.0" in rpc.server.metrics.exposition()
        store._readers = working
        async with asyncio.timeout(SECONDS_MAX):  # it looks by itself every few seconds
            while await health(rpc, ROUTING) != SERVING:
                await asyncio.sleep(0.1)


async def test_watchers_are_told_when_the_server_ends(serve: Any) -> None:
    async with serve() as rpc:
        stub: Any = health_pb2_grpc.HealthStub(rpc.channel)
        watch = stub.Watch(health_pb2.HealthCheckRequest(service=SCORING))
        assert (await watch.read()).status == SERVING
        await rpc.server.readiness.say("ending", SCORING, ROUTING)
        assert (await watch.read()).status == NOT_SERVING
        watch.cancel()


async def services(rpc: Any) -> set[str]:
    stub: Any = ServerReflectionStub(rpc.channel)
    call = stub.ServerReflectionInfo(iter([ServerReflectionRequest(list_services="")]))
    async for reply in call:
        return {service.name for service in reply.list_services_response.service}
    return set()


async def test_reflection_tells_the_services_when_it_is_asked_for(serve: Any) -> None:
    async with serve(reflection=True) as rpc:
        assert {SCORING, ROUTING, LIFECYCLE, "grpc.health.v1.Health"} <= await services(rpc)


async def test_reflection_is_off_otherwise(serve: Any) -> None:
    async with serve() as rpc:
        with pytest.raises(grpc.aio.AioRpcError) as failed:
            await services(rpc)
    assert failed.value.code() == grpc.StatusCode.UNIMPLEMENTED


async def test_every_method_of_the_wire_is_answered(serve: Any) -> None:
    services_ = (
        scoring_pb2.DESCRIPTOR.services_by_name["ScoringService"],
        routing_pb2.DESCRIPTOR.services_by_name["RoutingService"],
    )
    codes = {}
    async with serve() as rpc:
        for service in services_:
            for method in service.methods:
                call = rpc.channel.unary_unary(f"/{service.full_name}/{method.name}")(b"")
                codes[method.name] = await call.code()
    assert len(codes) == sum(len(service.methods) for service in services_)
    assert set(codes.values()) == {grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT}


async def test_a_call_in_flight_is_answered_while_the_server_drains(serve: Any, wire: Any) -> None:
    async with AsyncExitStack() as outlives:
        async with serve() as rpc:
            channel = grpc.aio.insecure_channel(str(rpc.server.address))
            routing: Any = routing_pb2_grpc.RoutingServiceStub(
                await outlives.enter_async_context(channel)
            )
            await channel.channel_ready()
            held = asyncio.create_task(
                rpc.server.store.writer.write(lambda *_: time.sleep(0.3), Keys(), None)
            )
            waiting = asyncio.ensure_future(routing.Route(wire.route_request()))
            await asyncio.sleep(0.1)
        assert (await waiting).assignment.rep_id
        await held
