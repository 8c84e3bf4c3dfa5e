"""What a second worker brings: Score by servers of two workers and of one, and by the yardstick.

    python benchmarks/workers.py [SECONDS]

h2load keeps 64 Scores in flight over 16 connections, for the kernel shares a port by connection.
Both servers have a store on one PostgreSQL, which Score hardly asks. Each figure is the median of
five runs in turns (A B C A B C ...). The yardstick is one process, as ever. Beside the rate stand
the CPU seconds that the server, h2load and everybody else used for each second of the run: where
these add up to the cores of the machine, the rate cannot rise, and what the second worker may bring
is told by the Scores a second of CPU, which stay as they are if workers do not stand in each
other's way. The exit code is 1 where the ratio of the rates is below 1.6.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from psutil import Process, cpu_count, cpu_times
from server import HERE, SCORE, machine, replies, rules, started

from benchmarks.load.postgres import postgres

RUNS = 5
CONNECTIONS, IN_FLIGHT = 16, 64
RATIO_MIN = 1.6
ONE, TWO, YARDSTICK = "one worker", "two workers", "yardstick"


@dataclass(frozen=True, slots=True)
class Run:
    """A rate, and the CPU seconds a second of the server, of h2load and of everybody."""

    rate: float
    server: float
    load: float
    everybody: float

    @property
    def a_cpu_second(self) -> float:
        """Scores for each second of the server's CPU."""
        return self.rate / self.server


def busy() -> float:
    """CPU seconds that were not idle, of the whole machine, until now."""
    found = cpu_times()
    return float(sum(found) - found.idle - found.iowait - found.guest - found.guest_nice)


def used_by(server: Process) -> float:
    """CPU seconds of a server and of its workers until now."""
    times = [one.cpu_times() for one in (server, *server.children())]
    return float(sum(one.user + one.system for one in times))


def loaded(address: str, server: Process, body: Path, seconds: float) -> Run:
    command = (
        *("h2load", "-c", str(CONNECTIONS), "-m", str(IN_FLIGHT // CONNECTIONS), "-t", "1"),
        *("-D", f"{seconds:.0f}", "--warm-up-time=1", "-d", str(body)),
        *("-H", "content-type: application/grpc", "-H", "te: trailers"),
        f"http://{address}{SCORE}",
    )
    own, all_, children, began = used_by(server), busy(), getrusage(RUSAGE_CHILDREN), perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    took, after = perf_counter() - began, getrusage(RUSAGE_CHILDREN)
    found = re.search(r"([\d.]+) req/s", done.stdout)
    assert found, done.stdout
    assert " 0 failed, 0 errored" in done.stdout, done.stdout
    load = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime
    return Run(float(found[1]), (used_by(server) - own) / took, load / took, (busy() - all_) / took)


def process_of(stack: ExitStack, *command: str) -> tuple[str, Process]:
    """A server's address and its process."""
    before = {child.pid for child in Process().children()}
    address = stack.enter_context(started(*command))
    (process,) = [child for child in Process().children() if child.pid not in before]
    return address, process


def server_of(workers: int, store: str, folder: Path, stack: ExitStack) -> tuple[str, Process]:
    serve = (sys.executable, "-m", "scoring_service", "serve", "--rules", str(rules(folder)))
    ports = ("--listen", "127.0.0.1:0", "--http", "127.0.0.1:0")
    return process_of(stack, *serve, "--store", store, *ports, "--workers", str(workers))


def told(found: Mapping[str, list[Run]]) -> float:
    for name, runs in found.items():
        rate, cost = median(run.rate for run in runs), median(run.a_cpu_second for run in runs)
        print(f"{rate:8.0f}/s {cost:8.0f}/CPU s {name}")
    pairs = list(zip(found[TWO], found[ONE], strict=True))
    times = median(two.rate / one.rate for two, one in pairs)
    cores = median(two.server / one.server for two, one in pairs)
    by_cpu = median(two.a_cpu_second / one.a_cpu_second for two, one in pairs)
    print(
        f"{times:.2f} Score of two workers / of one (>= {RATIO_MIN}), with {cores:.2f} of its CPU"
    )
    print(f"{by_cpu:.2f} Scores a second of the server's CPU, two workers / one")
    for name in (ONE, TWO):
        both = zip(found[name], found[YARDSTICK], strict=True)
        print(f"{median(a.rate / b.rate for a, b in both):.2f} Score of {name} / yardstick")
    return times


def main(seconds: float = 4.0) -> int:
    assert shutil.which("h2load"), "h2load is not installed: apt-get install nghttp2-client"
    print(f"{machine()}; {cpu_count()} cores")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="leadscoring-bench-")))
        database = stack.enter_context(postgres())
        body = folder / "score"
        servers = {
            name: server_of(workers, database.new_database(), folder, stack)
            for name, workers in ((ONE, 1), (TWO, 2))
        }
        replies(servers[ONE][0], folder)
        yardstick = (sys.executable, str(HERE / "yardstick.py"), str(folder))
        servers[YARDSTICK] = process_of(stack, *yardstick)
        found: dict[str, list[Run]] = {name: [] for name in servers}
        for number in range(RUNS + 1):
            for name, (address, process) in servers.items():
                run = loaded(address, process, body, seconds)
                if number:
                    found[name].append(run)
                    print(
                        f"  {name:12} {run.rate:7.0f}/s {run.a_cpu_second:7.0f}/CPU s"
                        f"  CPU: server {run.server:.2f}, h2load {run.load:.2f},"
                        f" everybody {run.everybody:.2f}  load {os.getloadavg()[0]:.1f}",
                        flush=True,
                    )
        return 0 if told(found) >= RATIO_MIN else 1


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
