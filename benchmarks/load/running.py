"""A server in a process of its own: started, killed, started again, ended."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from benchmarks.load.clients import channel

START_SECONDS = 90.0
STOP_SECONDS = 20.0
WAIT_SECONDS = 20.0
POLL_SECONDS = 0.05
TAIL_CHARS = 1_500
_SERVING = health_pb2.HealthCheckResponse.SERVING


class Running:
    """`python -m scoring_service serve`, its output in a file. At most one process at a time."""

    def __init__(self, rules: Path, store: str, log: Path, *options: str) -> None:
        self.rules, self.log = rules, log
        self.address, self.http = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        self.command = (
            *(sys.executable, "-m", "scoring_service", "serve"),
            *("--rules", str(rules), "--store", store),
            *("--listen", self.address, "--http", self.http, *options),
        )
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> float:
        """Start it and wait until it answers; the seconds that took."""
        began = monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self.command, stdout=log, stderr=log)
        async with channel(self.address) as connection:
            health = health_pb2_grpc.HealthStub(connection)
            while not await self._serving(health):
                if monotonic() > began + START_SECONDS or self._process.poll() is not None:
                    raise RuntimeError(f"the server did not start: {self.tail()}")
                await asyncio.sleep(0.02)
        return monotonic() - began

    async def _serving(self, health: Any) -> bool:
        with suppress(grpc.aio.AioRpcError):
            reply = await health.Check(health_pb2.HealthCheckRequest(), timeout=2)
            return bool(reply.status == _SERVING)
        return False

    def kill(self) -> None:
        """SIGKILL it: it has no chance to finish anything."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def kill_worker(self, random: Random) -> int:
        """SIGKILL one of its workers; its process id."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        worker = int(random.choice(children.read_text().split()))
        os.kill(worker, signal.SIGKILL)
        return worker

    def freeze(self) -> None:
        """SIGSTOP it: it stands still, whatever it holds."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT it."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    async def stop(self) -> int:
        """Have it end by itself; its exit code. One that does not is killed."""
        assert self._process is not None
        self._process.terminate()
        try:
            return await asyncio.to_thread(self._process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    async def ready(self) -> dict[str, Any]:
        """What it says of itself over HTTP."""
        return await asyncio.to_thread(self._ready)

    def _ready(self) -> dict[str, Any]:
        try:
            with urlopen(f"http://{self.http}/readyz", timeout=5) as reply:
                body = reply.read()
        except HTTPError as error:
            body = error.read()
            error.close()
        found: dict[str, Any] = json.loads(body)
        return found

    def errors(self) -> list[str]:
        """The lines of its log that are errors."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [line for line in lines if '"error"' in line or "Traceback" in line]

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-TAIL_CHARS:]


@asynccontextmanager
async def running(rules: Path, store: str, log: Path, *options: str) -> AsyncIterator[Running]:
    """A server that answers, and that is gone afterwards whatever happens."""
    server = Running(rules, store, log, *options)
    try:
        await server.start()
        yield server
        code = await server.stop()
        if code != 0:
            raise RuntimeError(f"the server ended with exit code {code}: {server.tail()}")
    finally:
        server.kill()


async def told(server: Running, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What the server says of itself, once `is_so`; or at the end of the time, whatever it is."""
    found = await server.ready()
    over = monotonic() + WAIT_SECONDS
    while not is_so(found) and monotonic() < over:
        await asyncio.sleep(POLL_SECONDS)
        found = await server.ready()
    return found


async def until(is_so: Callable[[], bool], *, every: float = POLL_SECONDS) -> None:
    """Return once it `is_so`, or at the end of the time."""
    over = monotonic() + WAIT_SECONDS
    while not is_so() and monotonic() < over:
        await asyncio.sleep(every)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    return port
