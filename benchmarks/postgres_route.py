"""What group commit brings on PostgreSQL beside a transaction a Route: 64 in flight, one hot pool.

    python benchmarks/postgres_route.py [SECONDS [FLUSH_MS]]

The other form is the one that everybody writes first: on one of 8 connections, each Route begins,
locks the pool's rotation (select ... for update), takes the turn, saves the rotation, the
assignment and the answer in four statements, and commits. It scores nothing, matches nothing and
keeps no reasons. Ours is the whole workflow, from a converted request: scored, decided, and its
lead, activities, draw, credits, assignment, stage, clock, decision record, event and answer stored;
once as units of work of the store's writer, once by a server over gRPC.

One PostgreSQL has them all, its fsync and synchronous_commit on. Each figure is the median of RUNS
runs taken in turns (A B C A B C ...), the ratios are medians of those within a turn. FLUSH_MS has
each commit of all of them wait so much longer (commit_delay), as on a disk that is further away:
the plain form holds its row meanwhile, a batch waits once. Beside each rate stand the Routes a
second of CPU, PostgreSQL's included, the load generator's not: they depend less on who else uses
the machine.
The exit code is 1 where the writer does not reach RATIO_MIN times the plain form.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, perf_counter
from urllib.parse import quote

import psycopg
from leadscoring.v1 import routing_pb2
from psutil import NoSuchProcess, Process

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from server import ROUTE, machine, started
from server_messages import framed

from benchmarks.load.leads import of_pool
from benchmarks.load.postgres import Postgres, postgres
from benchmarks.load.rules import EVEN, rule_files, write
from scoring_service.api.convert_request import route_lead
from scoring_service.server.clock import new_id, now
from scoring_service.server.first_policy import activate
from scoring_service.server.loading import compile_stored, load_folder
from scoring_service.server.process import SWITCH_SECONDS
from scoring_service.store.store import Store, open_store
from scoring_service.workflows.assignment import route
from scoring_service.workflows.due import run_due
from scoring_service.workflows.keys import of_route
from scoring_service.workflows.requests import RouteLead

HERE = Path(__file__).resolve().parent
RUNS = 5
IN_FLIGHT = 64
CONNECTIONS = 8
CALLS_A_SECOND_MAX = 6_000
RATIO_MIN = 5.0
PLAIN, WRITER, SERVED = "plain, 8 connections", "writer, whole records", "server, over gRPC"

TABLES = """
create table rotations (pool text primary key, draws bigint not null, credits text not null);
create table assignments (
    assignment_id text primary key, lead_id text not null, pool text not null, rep_id text not null,
    assigned_at timestamptz not null default now()
);
create table requests (request_id text primary key, lead_id text not null, answer text not null);
"""
READ = "select draws, credits from rotations where pool = 'even' for update"
TAKE = "update rotations set draws = %s, credits = %s where pool = 'even'"
ASSIGN = "insert into assignments (assignment_id, lead_id, pool, rep_id) values (%s, %s, %s, %s)"
ANSWER = "insert into requests (request_id, lead_id, answer) values (%s, %s, %s)"


class Plain:
    """A transaction a Route, on so many connections at once."""

    def __init__(self, url: str) -> None:
        self.url, self.numbers = url, count()
        with psycopg.connect(url) as made:
            made.execute(TABLES)
            credits = json.dumps(dict.fromkeys(EVEN, 0))
            made.execute("insert into rotations values ('even', 0, %s)", (credits,))

    def prepare(self, seconds: float) -> None:
        """Nothing."""

    def rate(self, seconds: float) -> float:
        """Routes a second."""
        done = [0] * CONNECTIONS
        threads = [
            Thread(target=self._work, args=(done, number, monotonic() + seconds))
            for number in range(CONNECTIONS)
        ]
        began = perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(done) / (perf_counter() - began)

    def _work(self, done: list[int], mine: int, until: float) -> None:
        with closing(psycopg.connect(self.url)) as connection, connection.cursor() as cursor:
            while monotonic() < until:
                self._route(connection, cursor, next(self.numbers))
                done[mine] += 1

    @staticmethod
    def _route(
        connection: "psycopg.Connection[tuple[object, ...]]",
        cursor: "psycopg.Cursor[tuple[object, ...]]",
        number: int,
    ) -> None:
        lead_id = f"lead-{number}"
        draws, credits = cursor.execute(READ).fetchone() or (0, "")
        rep_id, after = taken(json.loads(str(credits)))
        cursor.execute(TAKE, (int(str(draws)) + 1, json.dumps(after)))
        cursor.execute(ASSIGN, (new_id(), lead_id, "even", rep_id))
        cursor.execute(ANSWER, (new_id(), lead_id, json.dumps({"rep": rep_id})))
        connection.commit()


def taken(credits: dict[str, int]) -> tuple[str, dict[str, int]]:
    """Whose turn it is by smooth round robin, and the credits afterwards."""
    gained = {rep_id: credit + 1 for rep_id, credit in credits.items()}
    winner = max(gained, key=gained.__getitem__)
    return winner, gained | {winner: gained[winner] - len(gained)}


class Ours:
    """The store's writer, asked by so many callers at once."""

    def __init__(self, store: Store, runner: asyncio.Runner) -> None:
        self.store, self.runner, self.numbers = store, runner, count()

    def prepare(self, seconds: float) -> None:
        """Requests, converted."""
        messages = of_set(f"ours{next(self.numbers)}-", seconds)
        self.requests = iter([route_lead(message) for message in messages])

    def rate(self, seconds: float) -> float:
        """Routes a second."""
        return self.runner.run(self._rate(seconds))

    async def _rate(self, seconds: float) -> float:
        began, until = perf_counter(), monotonic() + seconds
        done = await asyncio.gather(*(self._client(until) for _ in range(IN_FLIGHT)))
        return sum(done) / (perf_counter() - began)

    async def _client(self, until: float) -> int:
        done = 0
        while monotonic() < until:
            await self._route(next(self.requests))
            done += 1
        return done

    async def _route(self, request: RouteLead) -> None:
        await self.store.writer.write(
            lambda tx, policy, at: route(tx, policy, request, at), of_route(request)
        )


@asynccontextmanager
async def opened(url: str, rules: Path) -> AsyncIterator[Store]:
    store = open_store(url, clock=now, new_id=new_id, compile=compile_stored, due=run_due)
    try:
        await activate(store, load_folder(rules), "benchmark")
        yield store
    finally:
        await store.close()


def of_set(name: str, seconds: float) -> tuple[routing_pb2.RouteRequest, ...]:
    """Routes of new leads to the pool `even`, as many as that time may need."""
    return of_pool("even", int(seconds * CALLS_A_SECOND_MAX), 1, name)


class Served:
    """A server of a process of its own."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.bodies, self.numbers = address, folder / "bodies", count()

    def prepare(self, seconds: float) -> None:
        """Calls, encoded."""
        calls = of_set(f"served{next(self.numbers)}-", seconds)
        self.bodies.write_bytes(b"".join(framed(call.SerializeToString()) for call in calls))

    def rate(self, seconds: float) -> float:
        """Routes a second."""
        load = str(HERE / "server_load.py")
        command = (sys.executable, load, self.address, ROUTE, str(self.bodies))
        done = subprocess.run(
            (*command, str(IN_FLIGHT), str(seconds)), capture_output=True, text=True, check=True
        )
        found = json.loads(done.stdout)
        assert found["failed"] == 0, found
        assert found["bodies_left"] > 0, "the calls gave out before the time"
        return float(found["rate"])


@contextmanager
def served(url: str, rules: Path, folder: Path) -> Iterator[Served]:
    ports = ("--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--log-level", "error")
    serve = (sys.executable, "-m", "scoring_service", "serve", "--rules", str(rules))
    with started(*serve, "--store", url, *ports) as address:
        yield Served(address, folder)


def cpu_of(process: Process) -> float:
    """CPU seconds of a process and its children, those that have ended included."""
    times = [process.cpu_times()]
    own = times[0].user + times[0].system + times[0].children_user + times[0].children_system
    below = 0.0
    for child in process.children():
        with suppress(NoSuchProcess):
            found = child.cpu_times()
            below += found.user + found.system
    return float(own + below)


class Cpu:
    """CPU of PostgreSQL and of whoever asks it: this process, or the server."""

    def __init__(self, postmaster: Process, server: Process) -> None:
        self.postmaster, self.server = postmaster, server

    def seconds(self, *, served: bool) -> float:
        """CPU seconds until now; of this process those of the load generator are left out."""
        usage = getrusage(RUSAGE_SELF)
        asking = cpu_of(self.server) if served else usage.ru_utime + usage.ru_stime
        return asking + cpu_of(self.postmaster)


def durable(url: str) -> str:
    with psycopg.connect(url) as server:
        names = ("server_version", "fsync", "synchronous_commit", "wal_sync_method")
        found = [(name, (server.execute(f"show {name}").fetchone() or ("",))[0]) for name in names]
    return ", ".join(f"{name} {value}" for name, value in found)


def measured(
    forms: Mapping[str, Plain | Ours | Served], seconds: float, cpu: Cpu
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Each RUNS times, in turns, after one run that does not count: Routes a second, and a second
    of CPU.
    """
    rates: dict[str, list[float]] = {name: [] for name in forms}
    costs: dict[str, list[float]] = {name: [] for name in forms}
    for run in range(RUNS + 1):
        for name, form in forms.items():
            form.prepare(seconds)
            before, began = cpu.seconds(served=name == SERVED), perf_counter()
            rate = form.rate(seconds)
            took, used = perf_counter() - began, cpu.seconds(served=name == SERVED) - before
            if run:
                rates[name].append(rate)
                costs[name].append(rate * took / used)
                shown = f"{rate:8.0f}/s {costs[name][-1]:8.0f}/CPU s  load {os.getloadavg()[0]:.1f}"
                print(f"  {name:24} {shown}", flush=True)
    return rates, costs


def ratio(found: Mapping[str, list[float]], above: str, below: str) -> float:
    return median(a / b for a, b in zip(found[above], found[below], strict=True))


def slower(url: str, flush_ms: float) -> str:
    """The same database, whose commits take so much longer."""
    waits = f"-c commit_delay={flush_ms * 1000:.0f} -c commit_siblings=0"
    return f"{url}&options={quote(waits)}" if flush_ms else url


def main(seconds: float = 3.0, flush_ms: float = 0.0) -> int:
    sys.setswitchinterval(SWITCH_SECONDS)
    print(machine())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="leadscoring-bench-")))
        write(folder / "rules", rule_files())
        server: Postgres = stack.enter_context(postgres())
        print(durable(server.uri), f"+ {flush_ms:.0f} ms" if flush_ms else "")
        urls = [slower(server.new_database(), flush_ms) for _ in range(3)]
        runner = stack.enter_context(asyncio.Runner())
        context = opened(urls[0], folder / "rules")
        store = runner.run(context.__aenter__())
        stack.callback(lambda: runner.run(context.__aexit__(None, None, None)))
        over_grpc = stack.enter_context(served(urls[2], folder / "rules", folder))
        forms = {PLAIN: Plain(urls[1]), WRITER: Ours(store, runner), SERVED: over_grpc}
        (child,) = [one for one in Process().children() if "serve" in one.cmdline()]
        rates, costs = measured(forms, seconds, Cpu(Process(server.pid), child))
    for name, figures in rates.items():
        print(f"{median(figures):8.0f}/s {median(costs[name]):8.0f}/CPU s {name}")
    for name in (WRITER, SERVED):
        times, by_cpu = ratio(rates, name, PLAIN), ratio(costs, name, PLAIN)
        print(f"{times:.2f} {name} / plain (>= {RATIO_MIN:.0f}), {by_cpu:.2f} by CPU")
    return 0 if ratio(rates, WRITER, PLAIN) >= RATIO_MIN else 1


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
