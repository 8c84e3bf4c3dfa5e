"""Whether calls can be answered: told to each service's health checks, the page and the metric."""

import asyncio
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from grpc_health.v1 import health_pb2

from scoring_service.server import logs
from scoring_service.server.metrics import Metrics
from scoring_service.server.readiness import Readiness
from scoring_service.server.reload import Reloader
from scoring_service.values.errors import Unavailable

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
SERVICES = ("a.Scoring", "a.Routing")


class Policies:
    """Knows which revision decides."""

    def __init__(self, revision: str = "r1") -> None:
        self.revision = revision


class Store:
    """Answers, is away, or hangs."""

    def __init__(self, revision: str = "r1") -> None:
        self.policies = Policies(revision)
        self.away: Exception | None = None
        self.failed, self.asked = 0, 0
        self.hangs = False

    async def read(self, question: Callable[[Any], Any]) -> Any:
        self.asked += 1
        if self.hangs:
            await asyncio.sleep(3600)
        if self.away is not None:
            raise self.away
        return self.failed


class Bench:
    """Readiness of a store, and what is heard of it."""

    def __init__(self, store: Any) -> None:
        self.store, self.metrics, self.stream = store, Metrics(), io.BytesIO()
        log = logs.open_log(lambda: datetime.now(UTC), "info", self.stream).logger
        self.reloader = Reloader(Path("rules"), store, self.metrics, log)
        self.readiness = Readiness(store, self.reloader, self.metrics, log)

    async def health(self, service: str) -> Any:
        asked = health_pb2.HealthCheckRequest(service=service)
        return (await self.readiness.servicer.Check(asked, None)).status

    async def heard(self) -> set[Any]:
        """What every service, and the server as a whole, says, asked one by one or at once."""
        each = {service: await self.health(service) for service in ("", *SERVICES)}
        every = await self.readiness.servicer.every(health_pb2.HealthListRequest(), None)
        assert {service: one.status for service, one in every.statuses.items()} == each
        return set(each.values())

    def page(self) -> dict[str, Any]:
        page = self.readiness.readyz()
        said = dict(json.loads(page.body))
        assert (page.status == HTTPStatus.OK) == said["ready"] == self.readiness.is_ready
        assert page.content_type == "application/json"
        return said

    def metric(self, name: str) -> float:
        lines = self.metrics.exposition().decode().splitlines()
        [found] = [line.split()[1] for line in lines if line.startswith(f"leadscoring_{name} ")]
        return float(found)


async def test_ready_every_service_serves() -> None:
    bench = Bench(Store())
    await bench.readiness.probe(*SERVICES)
    assert await bench.heard() == {SERVING}
    assert bench.page()["missing"] == ""
    assert bench.metric("ready") == 1


@pytest.mark.parametrize(
    ("revision", "away", "missing"),
    [
        pytest.param("", None, "no policy", id="before-the-first-policy"),
        pytest.param("r1", Unavailable("away", "X"), "no store", id="the-store-is-away"),
        pytest.param("r1", ValueError("?"), "no store", id="the-store-answers-nonsense"),
        pytest.param("", Unavailable("away", "X"), "no policy", id="neither"),
    ],
)
async def test_what_is_missing_is_told_everywhere(
    revision: str, away: Exception | None, missing: str
) -> None:
    store = Store(revision)
    store.away = away
    bench = Bench(store)
    await bench.readiness.probe(*SERVICES)
    assert await bench.heard() == {NOT_SERVING}
    assert (bench.page()["missing"], bench.page()["revision"]) == (missing, revision)
    assert bench.metric("ready") == 0
    assert (store.asked > 0) is (revision != ""), "without a policy the store is not asked"


async def test_before_the_first_look_it_is_starting() -> None:
    bench = Bench(Store())
    assert (bench.page()["missing"], bench.metric("ready")) == ("starting", 0)


async def comes_back() -> float:
    """The timers that are told to have failed once the store was noticed to be there."""
    store = Store()
    store.failed = 3
    bench = Bench(store)
    probing = asyncio.create_task(bench.readiness.keep_probing(*SERVICES))
    while not bench.readiness.is_ready:
        await asyncio.sleep(0.02)
    assert await bench.heard() == {SERVING}
    probing.cancel()
    return bench.metric("timers_failed")


async def hangs() -> str:
    """What is missing where the store never answers."""
    store = Store()
    store.hangs = True
    bench = Bench(store)
    await bench.readiness.probe(*SERVICES)
    return str(bench.page()["missing"])


async def test_a_store_is_looked_for_every_moment_and_waited_for_no_longer() -> None:
    async with asyncio.timeout(20):
        failed, missing = await asyncio.gather(comes_back(), hangs())
    assert (failed, missing) == (3, "no store")


async def test_an_ending_server_stays_so_whatever_is_found() -> None:
    bench = Bench(Store())
    await bench.readiness.probe(*SERVICES)
    await bench.readiness.end(*SERVICES)
    await bench.readiness.probe(*SERVICES)
    assert await bench.heard() == {NOT_SERVING}
    assert (bench.page()["missing"], bench.metric("ready")) == ("ending", 0)


async def test_rules_that_are_refused_are_told_and_keep_nobody_from_serving() -> None:
    bench = Bench(Store())
    bench.reloader.refuse("the rules folder is refused: team.yaml:3")
    await bench.readiness.probe(*SERVICES)
    assert await bench.heard() == {SERVING}
    assert bench.page()["detail"] == "the rules folder is refused: team.yaml:3"
