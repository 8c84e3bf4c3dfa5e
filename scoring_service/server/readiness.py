"""Whether calls can be answered: told to health checks of gRPC and of HTTP."""

import asyncio
from http import HTTPStatus

import msgspec
from grpc_health.v1 import health_pb2
from structlog.typing import FilteringBoundLogger

from scoring_service.server.health import HealthServicer
from scoring_service.server.http import JSON, Page
from scoring_service.server.metrics import Metrics
from scoring_service.server.reload import Reloader
from scoring_service.store.store import Store

PROBE_SECONDS = 2.0

_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Readiness:
    """Ready while there is a policy, the store answers, and the server is not ending."""

    def __init__(
        self, store: Store, reloader: Reloader, metrics: Metrics, log: FilteringBoundLogger
    ) -> None:
        self.store, self.reloader, self.metrics, self.log = store, reloader, metrics, log
        self.servicer = HealthServicer()
        self.missing = "starting"
        self.ended = False

    @property
    def is_ready(self) -> bool:
        """Whether calls are answered."""
        return not self.missing

    async def say(self, missing: str, *services: str) -> None:
        """What is missing, "" for nothing, to whoever watches the health of these services."""
        if missing != self.missing:
            self.log.info("readiness", ready=not missing, missing=missing)
        self.missing = missing
        self.metrics.ready.set(0 if missing else 1)
        for service in ("", *services):
            await self.servicer.set(service, _NOT_SERVING if self.missing else _SERVING)

    async def probe(self, *services: str) -> None:
        """Look now: one question to the store, which counts the timers that fail."""
        missing = await self._missing()
        if not self.ended:
            await self.say(missing, *services)

    async def end(self, *services: str) -> None:
        """The server ends: not ready from now on, whatever a look finds that was under way."""
        self.ended = True
        await self.say("ending", *services)

    async def keep_probing(self, *services: str) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(PROBE_SECONDS)
            await self.probe(*services)

    async def _missing(self) -> str:
        if not self.store.policies.revision:
            return "no policy"
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                failed = await self.store.read(lambda reader: len(reader.failed_timers()))
        except Exception:  # whatever keeps the store from answering
            return "no store"
        self.metrics.timers_failed.set(failed)
        return ""

    def readyz(self) -> Page:
        """200 while ready, else 503; the detail says what is wrong with the rules folder."""
        body = {
            "ready": self.is_ready,
            "missing": self.missing,
            "revision": self.store.policies.revision,
            "detail": self.reloader.detail,
        }
        status = HTTPStatus.OK if self.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        return Page(status, msgspec.json.encode(body) + b"\n", JSON)
