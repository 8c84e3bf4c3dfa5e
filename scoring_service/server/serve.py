"""The server, assembled by hand: store, policy, services, health, reload, HTTP, drain."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import grpc
from structlog.typing import FilteringBoundLogger

from scoring_service.api.enriching import Enricher
from scoring_service.api.lifecycle_servicer import LifecycleServicer
from scoring_service.api.routing_servicer import RoutingServicer
from scoring_service.api.scoring_servicer import ScoringServicer
from scoring_service.api.services import LIFECYCLE, ROUTING, SCORING, register
from scoring_service.api.surround import Surroundings
from scoring_service.api.watch_events import EventStreams
from scoring_service.server import logs
from scoring_service.server.calls import CallLog
from scoring_service.server.clock import call_ids, measure_lag, monotonic, new_id, now
from scoring_service.server.collector import spare_what_started
from scoring_service.server.enrichers.reading import enrichers_in
from scoring_service.server.first_policy import first_policy
from scoring_service.server.grpc_server import add_reflection, bind, grpc_server
from scoring_service.server.http import Pages
from scoring_service.server.metrics import Metrics
from scoring_service.server.model_health import ModelHealth
from scoring_service.server.options import Address, Options, address
from scoring_service.server.pages import pages_at, pages_of
from scoring_service.server.process import SWITCH_SECONDS, Told, loop_factory
from scoring_service.server.readiness import Readiness
from scoring_service.server.reload import Reloader
from scoring_service.server.stored import opened, tell_address
from scoring_service.server.webhooks import Webhooks, endpoints_in
from scoring_service.store.store import Store

__all__ = ["SWITCH_SECONDS", "Server", "run", "serving"]

SERVICES = (SCORING, ROUTING, LIFECYCLE)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers calls. `http` has metrics and health, of a worker's all workers'."""

    address: Address
    http: Address
    store: Store
    reloader: Reloader
    readiness: Readiness
    metrics: Metrics
    events: EventStreams
    pages: Pages


@asynccontextmanager
async def serving(options: Options, lines: logs.Log | None = None) -> AsyncIterator[Server]:
    """A server while the context lasts; then it drains and closes its store.

    Raises StartProblem, after which nothing is left open.
    """
    lines = lines or logs.open_log(now, options.log_level)
    log = lines.logger
    listen = address(options.listen, "--listen", anywhere=options.allow_unauthenticated)
    pages_on = address(options.http, "--http", anywhere=options.allow_unauthenticated)
    receivers = endpoints_in(options.webhooks, os.environ) if options.webhooks else ()
    asked = enrichers_in(options.enrichers, os.environ, monotonic) if options.enrichers else ()
    async with AsyncExitStack() as ending:
        metrics = Metrics()
        store = await opened(options, metrics, log)
        ending.push_async_callback(store.close)
        reloader = Reloader(options.rules, store, metrics, log, options.models)
        readiness = Readiness(store, reloader, metrics, log)
        http_at, pages = pages_on, pages_of(metrics, readiness)
        shared = options.worker > 0
        if not shared:
            http_at = await pages_at(pages_on, pages, ending)
        server = grpc_server(options.calls_max, readiness.servicer, shared=shared)
        calls = CallLog(metrics, lines)
        lost = "Lines of the log for which there was no place"
        metrics.watch("leadscoring_log_lines_lost", lost, lambda: lines.stream.lost)
        events = EventStreams(store, monotonic)
        _register(server, options, store, calls, metrics, events, asked)
        at = listen if shared else bind(server, listen)
        await _decide(options, reloader, metrics, log)
        _in_background(ending, calls.keep_flushing())
        _in_background(ending, measure_lag(metrics.loop_lag.observe))
        _in_background(ending, readiness.keep_probing(*SERVICES))
        _in_background(ending, reloader.keep_looking())
        health = ModelHealth(options.models, store, metrics, log, now)
        _in_background(ending, health.keep_looking())
        for endpoint in receivers:
            giving = Webhooks(endpoint, store, log, now, new_id())
            _in_background(ending, giving.keep_giving())
        if shared:  # only now: calls come to a bound port, and would wait for the rules
            at = bind(server, listen, shared=True)
        await server.start()
        ending.push_async_callback(server.stop, options.drain_seconds)
        ending.callback(events.end)
        ending.push_async_callback(readiness.end, *SERVICES)
        await readiness.probe(*SERVICES)
        tell_address(options.store, at)
        if options.watch:  # only now: it notices what changed since the rules were read
            _in_background(ending, reloader.watch())
        log.info("serving", grpc=str(at), http=str(http_at), revision=store.policies.revision)
        yield Server(at, http_at, store, reloader, readiness, metrics, events, pages)


async def _decide(
    options: Options, reloader: Reloader, metrics: Metrics, log: FilteringBoundLogger
) -> None:
    """Have a policy decide, and say so where it is not the folder's."""
    store = reloader.store
    await reloader.note()
    detail = await first_policy(
        store,
        options.rules,
        options.models,
        anyway=options.activate,
        guarding=reloader.guarding,
    )
    model = store.policies.active.model
    metrics.policy_is(store.policies.revision, "" if model is None else model.version)
    if not detail:
        reloader.accept(store.policies.revision)
    else:
        reloader.refuse(detail)
        log.error("policy_not_of_the_folder", why=detail)


def run(options: Options, started: Callable[[Address, Address], None] = lambda *_: None) -> None:
    """Serve until SIGTERM or SIGINT; SIGHUP loads the rules anew. `started` is told where gRPC and
    HTTP are. Raises StartProblem.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_until_told(options, started))


async def _until_told(options: Options, started: Callable[[Address, Address], None]) -> None:
    async with serving(options) as server:
        told = Told(server.reloader)
        told.listen()
        spare_what_started()
        started(server.address, server.http)
        await told.end.wait()


def _register(
    server: grpc.aio.Server,
    options: Options,
    store: Store,
    ended: CallLog,
    metrics: Metrics,
    events: EventStreams,
    enrichers: Sequence[Enricher] = (),
) -> None:
    around = Surroundings(ended, call_ids(), monotonic, options.calls_max, options.seconds_max)
    register(server, SCORING, ScoringServicer(store, now, monotonic).methods(), around)
    register(server, ROUTING, RoutingServicer(store, now).methods(), around)
    register(server, LIFECYCLE, LifecycleServicer(store, now, events, enrichers).methods(), around)
    metrics.watch("leadscoring_calls_in_flight", "Calls being answered", lambda: around.calls)
    metrics.watch("leadscoring_streams_open", "Watchers of events", lambda: around.streams)
    waiting = "Units of work that wait for the writer"
    metrics.watch("leadscoring_writer_waiting", waiting, lambda: store.writer.waiting)
    if options.reflection:
        add_reflection(server)


def _in_background(ending: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    ending.push_async_callback(end)
