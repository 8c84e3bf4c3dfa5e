"""Two replicas on one database: one change is activated once, and an outage costs no answer."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc
import pytest
import pytest_asyncio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from benchmarks.load.postgres import Postgres, postgres
from benchmarks.load.stored import stored
from scoring_service.api.services import LIFECYCLE, ROUTING, SCORING

pytestmark = pytest.mark.postgres

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
SECONDS_MAX = 60.0


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A PostgreSQL server of these tests' own: it is stopped and started again."""
    with postgres() as running:
        yield running


@pytest_asyncio.fixture
async def replicas(server: Postgres, serve: Any) -> AsyncIterator[tuple[Any, Any]]:
    """Two servers of one rules folder on one database, started at once."""
    url = server.new_database()
    async with serve(store=url) as one, serve(store=url) as other:
        yield one, other


async def test_a_folder_that_both_load_at_once_is_activated_once(
    replicas: tuple[Any, Any], wire: Any
) -> None:
    one, other = replicas
    fit = [{"name": "company size", "when": "employees >= 200", "points": 60}]
    wire.write_rules(one.rules, scoring={**wire.RULES["scoring"], "fit": fit})
    await asyncio.gather(one.server.reloader.reload(), other.server.reloader.reload())
    with stored(one.server.store._database._conninfo) as found:
        activated = [row[0] for row in found.rows("select revision from policy_activations")]
    assert len(activated) == len(set(activated)) == 2
    for replica in replicas:
        await replica.server.reloader.look()
        assert replica.server.reloader.detail == ""
        assert (await replica.scoring.Score(wire.score_request())).score.fit == 60


async def test_an_answer_of_the_one_is_the_answer_of_the_other_and_turns_go_on(
    replicas: tuple[Any, Any], wire: Any
) -> None:
    one, other = replicas
    request = wire.route_request()
    first = (await one.routing.Route(request)).assignment
    again = (await other.routing.Route(request)).assignment
    assert again.replayed
    again.replayed = False
    assert again == first
    turns = [first.rep_id]
    for replica in (other, other, one, one, other):
        turns.append((await replica.routing.Route(wire.route_request())).assignment.rep_id)
    assert sorted(turns[:2]) == ["ann", "bob"]
    assert turns == turns[:2] * 3


async def health(rpc: Any) -> Any:
    await rpc.server.readiness.probe(SCORING, ROUTING, LIFECYCLE)
    stub: Any = health_pb2_grpc.HealthStub(rpc.channel)
    return (await stub.Check(health_pb2.HealthCheckRequest(service=ROUTING))).status


async def routed(rpc: Any, request: Any) -> Any:
    """The assignment, asked for again as long as a caller is told to come again."""
    async with asyncio.timeout(SECONDS_MAX):
        while True:
            try:
                return (await rpc.routing.Route(request)).assignment
            except grpc.aio.AioRpcError as error:
                if error.code() is not grpc.StatusCode.UNAVAILABLE:
                    raise
                await asyncio.sleep(0.05)


async def test_without_the_database_callers_are_told_when_to_come_again_and_health_flips(
    server: Postgres, replicas: tuple[Any, Any], wire: Any
) -> None:
    before, during = wire.route_request(), wire.route_request()
    first = await routed(replicas[0], before)
    await asyncio.to_thread(server.stop)
    try:
        for replica in replicas:
            refused = await wire.refused(replica.routing.Route(during))
            assert (refused.code, refused.reason) == (
                grpc.StatusCode.UNAVAILABLE,
                "STORE_UNAVAILABLE",
            )
            assert 0 <= refused.retry_seconds <= 5
            assert await health(replica) == NOT_SERVING
    finally:
        await asyncio.to_thread(server.start)
    made = [await routed(replica, during) for replica in replicas]
    assert [one.replayed for one in made] == [False, True]
    assert {one.rep_id for one in made} | {first.rep_id} == {"ann", "bob"}
    for replica in replicas:
        assert await health(replica) == SERVING
        again = await routed(replica, before)
        assert (again.rep_id, again.replayed) == (first.rep_id, True)
