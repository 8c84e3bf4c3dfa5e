"""`serve --workers`: processes that share a port, and the parent that keeps them."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from http import HTTPStatus

from structlog.typing import FilteringBoundLogger

from scoring_service.server import logs
from scoring_service.server.clock import monotonic, now
from scoring_service.server.http import Page, Pages
from scoring_service.server.listening import claimed
from scoring_service.server.metrics import CONTENT_TYPE
from scoring_service.server.options import Address, Options, address
from scoring_service.server.pages import ALIVE, METRICS, READY, alive, pages_at
from scoring_service.server.start_problem import StartProblem
from scoring_service.server.worker_pages import WorkerMetrics, readyz
from scoring_service.server.worker_process import WorkerProcess
from scoring_service.store.problems import StoreProblem
from scoring_service.store.url import SqliteUrl, parse

AGAIN_MIN, AGAIN_MAX = 0.5, 30.0
"""Seconds after which a worker that ended is started again; doubling."""

STEADY_SECONDS = 60.0
"""A worker that has served so long ended for another reason than the time before."""

KILL_SECONDS = 10.0
"""After the time to drain: how much longer a worker may take to end."""

Started = Callable[[Address, Address], None]


def again_in(before: float, served: float) -> float:
    """Seconds until a worker that has served so long is started again; `before` is the last wait.

    >>> [again_in(before, 1.0) for before in (0.0, 0.5, 16.0, 30.0)]
    [0.5, 1.0, 30.0, 30.0]
    >>> again_in(16.0, 60.0)
    0.5
    """
    return AGAIN_MIN if served >= STEADY_SECONDS or not before else min(AGAIN_MAX, before * 2)


class Workers:
    """Keeps `options.workers` processes serving: one that ends is started again."""

    def __init__(self, options: Options, log: FilteringBoundLogger) -> None:
        self.options, self.log = options, log
        self.metrics = WorkerMetrics(options.workers)
        self._processes = {
            number: WorkerProcess(replace(options, worker=number))
            for number in range(1, options.workers + 1)
        }
        self._keeping: list[asyncio.Task[None]] = []
        self.codes: dict[int, int] = {}

    @property
    def pages(self) -> Pages:
        """What the HTTP port answers."""
        return {METRICS: self._metrics, ALIVE: alive, READY: self._ready}

    async def spawn(self) -> None:
        """Start every process. Raises StartProblem where the machine has no room for it."""
        try:
            for process in self._processes.values():
                await process.spawn()
        except OSError as error:
            raise StartProblem(f"cannot start a worker: {error.strerror or error}") from error

    async def started(self) -> None:
        """Return once all serve, and are kept from then on. Raises the StartProblem of the first
        that cannot.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for process in self._processes.values():
                    group.create_task(process.started())
        except ExceptionGroup as problems:
            raise problems.exceptions[0] from None
        self._keeping = [asyncio.create_task(self._keep(number)) for number in self._processes]

    def reload(self) -> None:
        """Have every worker load the rules anew."""
        for process in self._processes.values():
            process.reload()

    async def end(self) -> None:
        """Have all drain and end; one that does not in time is killed."""
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        ends = (self._end(number) for number in self._processes)
        self.codes = dict(zip(self._processes, await asyncio.gather(*ends), strict=True))

    async def _end(self, number: int) -> int:
        """The exit code; 0 of one that did not serve."""
        process = self._processes[number]
        served = process.serves
        process.signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(self.options.drain_seconds + KILL_SECONDS):
                code = await process.ended()
        except TimeoutError:
            self.log.error("worker_killed", worker=number, why="it did not end in time")
            process.signal(signal.SIGKILL)
            code = await process.ended()
        return code if served else 0

    async def _keep(self, number: int) -> None:
        wait, began = 0.0, monotonic()
        while True:
            code = await self._processes[number].ended()
            wait = again_in(wait, monotonic() - began)
            self.metrics.restarts.labels(number).inc()
            self.log.error("worker_ended", worker=number, exit_code=code, again_in=wait)
            await asyncio.sleep(wait)
            began = monotonic()
            again = self._processes[number] = WorkerProcess(replace(self.options, worker=number))
            try:
                await again.spawn()
                await again.started()
            except (StartProblem, OSError) as problem:  # such as a machine that is out of memory
                self.log.error("worker_not_started", worker=number, why=str(problem))
            else:
                self.log.info("worker_started", worker=number)

    async def _asked(self, path: str) -> dict[int, Page | None]:
        asks = (process.ask(path) for process in self._processes.values())
        return dict(zip(self._processes, await asyncio.gather(*asks), strict=True))

    async def _metrics(self) -> Page:
        told = await self._asked(METRICS)
        bodies = {number: page.body for number, page in told.items() if page is not None}
        up = {number: process.serves for number, process in self._processes.items()}
        return Page(HTTPStatus.OK, self.metrics.exposition(bodies, up), CONTENT_TYPE)

    async def _ready(self) -> Page:
        served = {number: each for number, each in self._processes.items() if each.serves}
        told = await self._asked(READY)
        return readyz(told, frozenset(number for number, each in served.items() if each.serves))


def run_workers(options: Options, started: Started = lambda *_: None) -> int:
    """Serve with workers until SIGTERM or SIGINT; SIGHUP has all load the rules anew. Raises
    StartProblem. The exit code: 1 where a worker did not end well.
    """
    _require_shared(options.store)
    return asyncio.run(_until_told(options, started))


async def _until_told(options: Options, started: Started) -> int:
    log = logs.open_log(now, options.log_level).logger
    listen = address(options.listen, "--listen", anywhere=options.allow_unauthenticated)
    pages_on = address(options.http, "--http", anywhere=options.allow_unauthenticated)
    told = asyncio.Event()
    with claimed(listen, "--listen") as at:
        workers = Workers(replace(options, listen=str(at)), log)
        async with AsyncExitStack() as ending:
            http_at = await pages_at(pages_on, workers.pages, ending)
            ending.push_async_callback(workers.end)
            _listen(told, workers)
            if await _started(workers, told):
                log.info("serving", grpc=str(at), http=str(http_at), workers=options.workers)
                started(at, http_at)
                await told.wait()
    return 1 if any(workers.codes.values()) else 0


async def _started(workers: Workers, told: asyncio.Event) -> bool:
    """Whether all have started; not where it was told to end before."""
    await workers.spawn()
    starting, ended = asyncio.create_task(workers.started()), asyncio.create_task(told.wait())
    await asyncio.wait({starting, ended}, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if not starting.done():
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        return False
    await starting
    return True


def _listen(told: asyncio.Event, workers: Workers) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, told.set)
    loop.add_signal_handler(signal.SIGHUP, workers.reload)


def _require_shared(store: str) -> None:
    """StartProblem where a store has one writing process."""
    try:
        alone = isinstance(parse(store), SqliteUrl)
    except StoreProblem as problem:
        raise StartProblem(str(problem)) from problem
    if alone:
        raise StartProblem(
            "--workers needs a PostgreSQL store: a SQLite store has one writing process"
        )
