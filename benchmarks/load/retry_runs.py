"""Runs about answers that outlive the rules they were given by."""

import grpc
from leadscoring.v1 import routing_pb2

from benchmarks.load.answers import Answers
from benchmarks.load.clients import client, send
from benchmarks.load.disturbing import decides
from benchmarks.load.leads import of_pool
from benchmarks.load.outcome import Outcome, add_replay
from benchmarks.load.rules import without_plan, write
from benchmarks.load.running import Running, told
from benchmarks.load.site import Site


async def attribute_removed(site: Site, count: int, seed: int) -> Outcome:
    """Calls carry an attribute that a reload removes; sent again they have their first answers."""
    made, answers, requests = Outcome(), Answers(), of_pool("even", count, seed)
    async with site.servers() as (server,):
        await send([server.address], requests, answers)
        before = (await server.ready())["revision"]
        write(site.rules, without_plan())
        found = await told(server, lambda now: decides(now, before))
        made.expect(decides(found, before), f"the removal was not taken: {found}")
        await send([server.address], requests, answers)
        await _expect_refused(made, server, of_pool("even", 1, seed, "new")[0])
    made.broken += [*answers.broken, *answers.refused]
    made.expect(set(answers.fresh.values()) == {1}, "a call was carried out again after the reload")
    made.figures["replies"] = answers.count
    add_replay(made, site)
    return made


async def _expect_refused(
    made: Outcome, server: Running, request: routing_pb2.RouteRequest
) -> None:
    """A new call with the attribute is refused by its name; nothing of it is kept."""
    async with client(server.address) as stub:
        try:
            reply = await stub.Route(request)
        except grpc.aio.AioRpcError as error:
            code, details = error.code(), error.details() or ""
            refused = code is grpc.StatusCode.INVALID_ARGUMENT and "plan" in details
            made.expect(refused, f"a removed attribute was refused with {code}: {details}")
        else:
            made.expect(False, f"a removed attribute was taken: {reply}")
