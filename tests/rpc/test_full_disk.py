"""A disk that is full: what stores is refused with when to come again, all else goes on."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import grpc
import pytest
from leadscoring.v1 import lifecycle_pb2, routing_pb2

from scoring_service.values.stored import Keys


class Disk:
    """The database as its writer opens it, on a disk that has no page more, or as many as asked."""

    def __init__(self, store: Any) -> None:
        self.store, self.full = store, False
        self.opening = store.writer._session
        self.database, self.opening._database = self.opening._database, self

    def writing(self) -> Any:
        """A connection to write by."""
        session: Any = self.database.writing()
        driver = session._connection._driver
        used = driver.execute("pragma page_count").fetchone()[0]
        driver.execute(f"pragma max_page_count = {used if self.full else 1 << 30}")
        return session

    async def fill(self, *, full: bool) -> None:
        """Full from now on, or not any more: the writer opens the store anew."""
        self.full = full
        with suppress(Exception):  # a unit whose connection goes does not stand
            await self.store.writer.write(lambda *_: self.opening.lose(), Keys())


@pytest.fixture
async def rpc(serve: Any, wire: Any) -> AsyncIterator[Any]:
    """A server with a lead, whose disk is full from then on."""
    rpc: Any
    async with serve() as rpc:
        await rpc.routing.Route(wire.route_request(lead=wire.lead(lead_id="l-1")))
        rpc.disk = Disk(rpc.server.store)
        await rpc.disk.fill(full=True)
        yield rpc


async def refused(rpc: Any, wire: Any) -> tuple[Any, Any]:
    """The first Route that finds no room, and why: pages that are not quite full take a few."""
    for number in range(200):
        request = wire.route_request(lead=wire.lead(lead_id=f"m-{number}", industry="x" * 4000))
        try:
            await rpc.routing.Route(request)
        except grpc.aio.AioRpcError:
            return request, await wire.refused(rpc.routing.Route(request))
    raise AssertionError("the disk has room")


async def test_a_full_disk_is_told_to_who_stores_and_keeps_nobody_else(rpc: Any, wire: Any) -> None:
    request, refusal = await refused(rpc, wire)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")
    assert refusal.retry_seconds > 0
    await rpc.alive()
    read = await rpc.lifecycle.GetLead(lifecycle_pb2.GetLeadRequest(lead_id="l-1"))
    assert read.state.lead.lead_id == "l-1"
    lost = lifecycle_pb2.GetLeadRequest(lead_id=request.lead.lead_id)
    assert (await wire.refused(rpc.lifecycle.GetLead(lost))).code == grpc.StatusCode.NOT_FOUND
    await rpc.server.readiness.probe()
    assert rpc.server.readiness.is_ready, "Score and every read are answered"
    line = [one for one in rpc.logged("call") if one["code"] == "UNAVAILABLE"][-1]
    assert line["level"] == "warning"
    assert "full" in line["error"]
    exposed = rpc.server.metrics.exposition()
    assert b'leadscoring_calls_total{code="UNAVAILABLE",method="Route"} 2.0' in exposed
    assert b"leadscoring_log_lines_lost 0.0" in exposed


async def test_with_room_again_the_same_request_is_carried_out(rpc: Any, wire: Any) -> None:
    request, _ = await refused(rpc, wire)
    await rpc.disk.fill(full=False)
    made = (await rpc.routing.Route(request)).assignment
    assert not made.replayed, "nothing of it was kept before"
    listed = routing_pb2.ListAssignmentsRequest(lead_id=request.lead.lead_id)
    assert len((await rpc.routing.ListAssignments(listed)).assignments) == 1
