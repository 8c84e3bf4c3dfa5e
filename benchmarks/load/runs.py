"""The load runs: each loads a server, does something to it, and says which promises broke."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from itertools import cycle, islice
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

from leadscoring.v1 import routing_pb2

from benchmarks.load.answers import Answers
from benchmarks.load.clients import CLIENTS, IN_FLIGHT, send
from benchmarks.load.cutting import Wire
from benchmarks.load.disturbing import Editor, Terminator, freeze, kill, restart
from benchmarks.load.leads import calls, three_times
from benchmarks.load.outcome import Outcome, outcome
from benchmarks.load.postgres import socket_of, through
from benchmarks.load.running import Running
from benchmarks.load.site import Site, with_accounts
from benchmarks.load.stored import stored

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds for which a client asks a server again that is away."""

AGAIN_MAX = 30_000
"""Calls at most that a load goes on with until what disturbs it is done."""


async def load(site: Site, count: int, seed: int, replicas: int = 1) -> Outcome:
    """Every call three times, by eight clients, to one server or to replicas of it."""
    sent, answers = calls(count, seed), Answers()
    async with site.servers(replicas) as servers:
        await with_accounts(servers[0], seed)
        began = perf_counter()
        await send(_addresses(servers), three_times(sent.requests, seed), answers)
        seconds = perf_counter() - began
    made = outcome(site, sent, answers, seconds)
    made.broken += _never_refused(servers)
    once = set(answers.fresh.values()) == {1}
    made.expect(once, "of the three answers to a request not exactly one was the first")
    return made


async def killed(site: Site, count: int, kills: int, seed: int, replicas: int = 1) -> Outcome:
    """The load, while servers are killed and started again; then every call once more."""
    sent, answers = calls(count, seed), Answers()
    async with site.servers(replicas) as servers:
        await with_accounts(servers[0], seed)
        began = perf_counter()
        disturbed = kill(servers, answers, 3 * count, kills, Random(seed))
        sends = three_times(sent.requests, seed)
        starts = await _while_sent(disturbed, servers, sends, answers)
        seconds = perf_counter() - began
        servers[0].kill()
        await servers[0].start()
        await send(_addresses(servers), sent.requests, answers)
    made = outcome(site, sent, answers, seconds)
    made.figures |= {"kills": len(starts), "restart seconds": round(median(starts), 2)}
    return made


async def hasty(site: Site, count: int, seed: int) -> Outcome:
    """The load, by callers of whom many give up before they are answered, and ask again."""
    sent, answers = calls(count, seed), Answers()
    async with site.servers() as servers:
        await with_accounts(servers[0], seed)
        began, sends = perf_counter(), three_times(sent.requests, seed)
        await send(_addresses(servers), sends, answers, haste=Random(seed))
        seconds = perf_counter() - began
    made = outcome(site, sent, answers, seconds)
    made.broken += _never_refused(servers)
    return made


async def restarted(site: Site, count: int, times: int, seed: int) -> Outcome:
    """The load, while the server is ended by SIGTERM and started again."""
    sent, answers = calls(count, seed), Answers()
    async with site.servers() as servers:
        await with_accounts(servers[0], seed)
        began, sends = perf_counter(), three_times(sent.requests, seed)
        disturbed = restart(servers[0], answers, 3 * count, times)
        codes = await _while_sent(disturbed, servers, sends, answers)
        seconds = perf_counter() - began
    made = outcome(site, sent, answers, seconds)
    made.broken += _never_refused(servers)
    made.expect(not any(codes), f"the exit codes were {codes}")
    made.expect(not answers.lost, f"{answers.lost} calls were carried out and not acknowledged")
    made.figures["restarts"] = len(codes)
    return made


async def frozen(site: Site, count: int, times: int, seed: int) -> Outcome:
    """The load on two replicas, while one of them stands still for seconds."""
    sent, answers = calls(count, seed), Answers()
    async with site.servers(2) as servers:
        await with_accounts(servers[0], seed)
        began, sends = perf_counter(), three_times(sent.requests, seed)
        disturbed = freeze(servers, answers, 3 * count, times, Random(seed))
        received = await _while_sent(disturbed, servers, sends, answers)
        seconds = perf_counter() - began
    made = outcome(site, sent, answers, seconds)
    made.figures["replies while one stood still"] = received
    went_on = all(replies > IN_FLIGHT * CLIENTS for replies in received)
    made.expect(went_on, f"the other replica stood still too: {received} replies")
    return made


async def edited(site: Site, count: int, edits: int, seed: int, replicas: int = 1) -> Outcome:
    """The load, while the rules are edited, now and then carelessly."""
    sent, answers = calls(count, seed), Answers()
    async with site.servers(replicas) as servers:
        await with_accounts(servers[0], seed)
        editor, began = Editor(servers), perf_counter()
        await _while_sent(
            editor.edit(edits), servers, three_times(sent.requests, seed), answers, patience=0
        )
        seconds = perf_counter() - began
    made = outcome(site, sent, answers, seconds)
    made.broken += [*editor.wrong, *_revisions(site, editor)]
    made.figures |= {"revisions": len(editor.revisions), "broken edits": len(editor.mistakes)}
    return made


async def cut(site: Site, count: int, cuts: int, seed: int) -> Outcome:
    """The load, while connections to PostgreSQL break around COMMIT."""
    sent, answers = calls(count, seed), Answers()
    wire = Wire(socket_of(site.store), every=8, random=Random(seed), at_most=cuts)
    async with wire.listening() as port, site.servers(1, through(site.store, port)) as servers:
        await with_accounts(servers[0], seed)
        wire.armed, began = True, perf_counter()
        sends = three_times(sent.requests, seed)
        await _while_sent(_cuts(wire, cuts), servers, sends, answers)
        seconds = perf_counter() - began
    made = outcome(site, sent, answers, seconds)
    kinds = {str(kind): number for kind, number in sorted(wire.cuts.items())}
    made.figures |= {"commits": wire.commits, "cut": wire.cuts.total(), **kinds}
    return made


async def terminated(site: Site, count: int, times: int, crashes: int, seed: int) -> Outcome:
    """The load, while PostgreSQL's backends are ended; then while PostgreSQL itself crashes."""
    sent, answers = calls(count, seed), Answers()
    ending = Terminator(site.store, Random(seed))

    async def disturb() -> None:
        await ending.terminate(times)
        await ending.crash(crashes)

    async with site.servers(1) as servers:
        await with_accounts(servers[0], seed)
        began = perf_counter()
        sends = three_times(sent.requests, seed)
        await _while_sent(disturb(), servers, sends, answers)
        seconds = perf_counter() - began
    made = outcome(site, sent, answers, seconds)
    made.figures |= {f"ended {when}": number for when, number in sorted(ending.ended.items())}
    return made


async def _while_sent(
    disturbance: Coroutine[Any, Any, T],
    servers: Sequence[Running],
    sends: Sequence[routing_pb2.RouteRequest],
    answers: Answers,
    patience: float = PATIENCE,
) -> T:
    """Send, and go on with calls sent before until the disturbance is over; what it returned."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(disturbance)
        await send(_addresses(servers), _until(task, sends), answers, patience=patience)
        if not task.done():
            raise RuntimeError(f"the load ended first; refused: {answers.refused[:3]}")
    return task.result()


def _until(
    task: asyncio.Task[T], sends: Sequence[routing_pb2.RouteRequest]
) -> Iterator[routing_pb2.RouteRequest]:
    yield from sends
    for request in islice(cycle(sends), AGAIN_MAX):
        if task.done():
            return
        yield request


async def _cuts(wire: Wire, wanted: int) -> None:
    while wire.cuts.total() < wanted:
        await asyncio.sleep(0.01)


def _addresses(servers: Sequence[Running]) -> list[str]:
    return [server.address for server in servers]


def _never_refused(servers: Sequence[Running]) -> list[str]:
    return [f"the log has an error: {line}" for server in servers for line in server.errors()[:3]]


def _revisions(site: Site, editor: Editor) -> Iterator[str]:
    """Each edit was activated once, and each decision made by the policy active at its instant."""
    with stored(site.store) as found:
        active = found.rows("select at, revision from policy_activations order by number")
        decided = found.rows("select at, revision, decision_id from decisions order by at")
    if [revision for _, revision in active] != editor.revisions:
        yield f"the store has activations {active}, the edits were {editor.revisions}"
    for at, revision, decision_id in decided:
        since = [(began, name) for began, name in active if began <= at]
        allowed = {name for began, name in since if began in (since[-1][0], at)}
        if revision not in allowed:
            yield f"decision {decision_id} is by {revision}; active was {since[-1][1]}"
