"""What the server costs beside gRPC itself: ratios to the yardstick, of interleaved runs.

    python benchmarks/server.py [SECONDS]

Each figure is the median of five runs, taken in turns (A B A B ...), every server in a process of
its own. Score is loaded by h2load where it is installed; Route, whose calls must differ, by
server_load.py. Both servers answer with the same reply, the yardstick with a prebuilt one.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from statistics import median

import grpc
from leadscoring.v1 import routing_pb2_grpc, scoring_pb2_grpc

sys.path.insert(0, str(Path(__file__).resolve().parent))

import server_messages as messages

HERE = Path(__file__).resolve().parent
RUNS = 5
IN_FLIGHT = 64
LEADS = 500
CALLS_A_SECOND_MAX = 6_000
SCORE = "/leadscoring.v1.ScoringService/Score"
BATCH = "/leadscoring.v1.ScoringService/BatchScore"
ROUTE = "/leadscoring.v1.RoutingService/Route"

Figures = Mapping[str, float]


@contextmanager
def started(*command: str) -> Iterator[str]:
    """A server's address; it ends with the context."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"127\.0\.0\.1:\d+", line)
            assert found, f"{command} did not start"
            yield found[0]
        finally:
            process.terminate()


def ours(folder: Path, name: str, *arguments: str) -> AbstractContextManager[str]:
    store = f"sqlite:///{folder / name}.db"
    serve = (sys.executable, "-m", "scoring_service", "serve", "--rules", str(rules(folder)))
    ports = ("--listen", "127.0.0.1:0", "--http", "127.0.0.1:0")
    return started(*serve, "--store", store, *ports, *arguments)


def rules(folder: Path) -> Path:
    """The starter rules with reps who take leads at any hour: each Route takes a turn."""
    copy = folder / "rules"
    if not copy.exists():
        shutil.copytree(HERE.parent / "rules", copy, ignore=shutil.ignore_patterns("*_test.yaml"))
        team = copy / "team.yaml"
        always = re.sub(r"hours: working", "hours: any", team.read_text())
        team.write_text(
            re.sub(r"(open_leads|per_day|per_week)_max: \d+", r"\1_max: 1000000", always)
        )
    return copy


def route_bodies(folder: Path, seconds: float) -> Path:
    """A file of Route calls, each of a new lead, as many as could be answered in that time."""
    file = folder / "routes"
    calls = int(seconds * CALLS_A_SECOND_MAX)
    with file.open("wb") as out:
        for _ in range(calls):
            out.write(messages.framed(messages.route_request().SerializeToString()))
    return file


def routed(address: str, folder: Path, seconds: float) -> Figures:
    bodies = route_bodies(folder, seconds)
    command = (sys.executable, str(HERE / "server_load.py"), address, ROUTE, str(bodies))
    done = subprocess.run(
        (*command, str(IN_FLIGHT), str(seconds)), capture_output=True, text=True, check=True
    )
    found: Figures = json.loads(done.stdout)
    assert found["failed"] == 0, found
    return found


def posted(address: str, path: str, body: Path, in_flight: int, seconds: float) -> float:
    """Calls a second of one body sent again and again, by h2load."""
    command = (
        *("h2load", "-c", "2", "-m", str(in_flight // 2), "-t", "1"),
        *("-D", f"{seconds:.0f}", "--warm-up-time=1", "-d", str(body)),
        *("-H", "content-type: application/grpc", "-H", "te: trailers"),
        f"http://{address}{path}",
    )
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found = re.search(r"([\d.]+) req/s", done.stdout)
    assert found, done.stdout
    assert " 0 failed, 0 errored" in done.stdout, done.stdout
    return float(found[1])


@contextmanager
def batches_beside(address: str) -> Iterator[None]:
    """One client that sends BatchScore(500), one call after the other."""
    stop = threading.Event()
    request = messages.batch_request(LEADS)

    def send() -> None:
        with grpc.insecure_channel(address) as channel:
            scoring = scoring_pb2_grpc.ScoringServiceStub(channel)
            while not stop.is_set():
                scoring.BatchScore(request)

    client = threading.Thread(target=send)
    client.start()
    try:
        yield
    finally:
        stop.set()
        client.join()


def in_turns(measures: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Each measure five times, taken in turns, after one run that does not count."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for run in range(RUNS + 1):
        for name, measure in measures.items():
            figure = measure()
            if run:
                found[name].append(figure)
                print(f"  {name:34} {figure:10.1f}", flush=True)
    return found


def ratio(found: Mapping[str, list[float]], above: str, below: str, factor: float = 1.0) -> float:
    pairs = zip(found[above], found[below], strict=True)
    return median(a * factor / b for a, b in pairs)


def machine() -> str:
    model = Path("/proc/cpuinfo").read_text() if os.path.exists("/proc/cpuinfo") else ""
    found = re.search(r"model name\s*: (.*)", model)
    return f"{found[1] if found else platform.processor()}, {os.cpu_count()} cores, {sys.version}"


def replies(address: str, folder: Path) -> None:
    """What our server answers, for the yardstick to answer with."""
    with grpc.insecure_channel(address) as channel:
        score = scoring_pb2_grpc.ScoringServiceStub(channel).Score(messages.score_request())
        route = routing_pb2_grpc.RoutingServiceStub(channel).Route(messages.route_request())
    (folder / "Score").write_bytes(score.SerializeToString())
    (folder / "Route").write_bytes(route.SerializeToString())
    score_body, batch = messages.score_request(), messages.batch_request(LEADS)
    (folder / "score").write_bytes(messages.framed(score_body.SerializeToString()))
    (folder / "batch").write_bytes(messages.framed(batch.SerializeToString()))


def main(seconds: float) -> None:
    assert shutil.which("h2load"), "h2load is not installed: apt-get install nghttp2-client"
    print(machine())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leadscoring-bench-")))
        began = time.perf_counter()
        server = stack.enter_context(ours(folder, "ours"))
        print(f"ready after {time.perf_counter() - began:.2f} s, a new store included")
        singly = stack.enter_context(ours(folder, "singly", "--batch-max", "1"))
        replies(server, folder)
        yardstick = stack.enter_context(
            started(sys.executable, str(HERE / "yardstick.py"), str(folder))
        )
        score(server, yardstick, folder, seconds)
        route(server, singly, yardstick, folder, seconds)
        beside(server, folder, seconds)


def score(server: str, yardstick: str, folder: Path, seconds: float) -> None:
    found = in_turns(
        {
            "yardstick Score/s": lambda: posted(yardstick, SCORE, folder / "score", 32, seconds),
            "Score/s": lambda: posted(server, SCORE, folder / "score", 32, seconds),
            "BatchScore(500)/s": lambda: posted(server, BATCH, folder / "batch", 2, seconds),
        }
    )
    print(f"{ratio(found, 'Score/s', 'yardstick Score/s'):.2f} Score / yardstick (>= 0.65)")
    leads = ratio(found, "BatchScore(500)/s", "Score/s", LEADS)
    print(f"{leads:.2f} leads/s of BatchScore(500) / Score (>= 3)")


def route(server: str, singly: str, yardstick: str, folder: Path, seconds: float) -> None:
    found = in_turns(
        {
            "yardstick Route/s": lambda: routed(yardstick, folder, seconds)["rate"],
            "Route/s": lambda: routed(server, folder, seconds)["rate"],
            "Route/s, batches of one": lambda: routed(singly, folder, seconds)["rate"],
        }
    )
    print(f"{ratio(found, 'Route/s', 'yardstick Route/s'):.2f} Route / yardstick (>= 0.38)")
    print(f"{ratio(found, 'Route/s', 'Route/s, batches of one'):.2f} Route / batches of one (>= 2)")


def beside(server: str, folder: Path, seconds: float) -> None:
    def disturbed() -> float:
        with batches_beside(server):
            return routed(server, folder, seconds)["p99_ms"]

    found = in_turns(
        {
            "Route p99 ms": lambda: routed(server, folder, seconds)["p99_ms"],
            "Route p99 ms beside BatchScore": disturbed,
        }
    )
    times = ratio(found, "Route p99 ms beside BatchScore", "Route p99 ms")
    print(f"{times:.2f} Route p99 beside one BatchScore(500) client / without (<= 5)")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
