"""Workers on PostgreSQL: one port, each a whole server, kept by their parent."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import urlopen

import grpc
import psycopg
import pytest
from leadscoring.v1 import scoring_pb2, scoring_pb2_grpc, types_pb2
from prometheus_client.parser import text_string_to_metric_families

from scoring_service.server.folders import shipped
from scoring_service.server.options import Options
from scoring_service.server.start_problem import StartProblem
from scoring_service.server.workers import AGAIN_MAX, again_in, run_workers

pytestmark = pytest.mark.postgres

T = TypeVar("T")

SECONDS_MAX = 30.0
SERVE = (sys.executable, "-m", "scoring_service", "serve")
PORTS = ("--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--log-level", "info")


@pytest.mark.parametrize(
    ("store", "said"),
    [
        pytest.param("sqlite:///leads.db", "--workers needs a PostgreSQL store", id="sqlite"),
        pytest.param("leads.db", "sqlite:///path", id="no-url"),
    ],
)
def test_a_store_that_one_process_writes_has_no_workers(store: str, said: str) -> None:
    with pytest.raises(StartProblem, match=said):
        run_workers(Options(rules=Path("rules"), store=store, workers=2))


def test_one_that_never_serves_is_started_again_ever_later_but_for_ever() -> None:
    waits = [0.0]
    for _ in range(10):
        waits.append(again_in(waits[-1], served=0.1))
    assert waits[1:4] == [0.5, 1.0, 2.0]
    assert waits[-1] == again_in(waits[-1], served=1.0) == AGAIN_MAX
    assert again_in(AGAIN_MAX, served=3_600.0) == 0.5


@pytest.fixture(scope="module")
def store(new_postgres_url: Callable[[], str]) -> str:
    """An empty database."""
    return new_postgres_url()


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter rules, to be edited."""
    folder = tmp_path_factory.mktemp("workers") / "rules"
    return Path(copytree(shipped("rules"), folder, ignore=ignore_patterns("*_test.yaml")))


@dataclass(frozen=True)
class Served:
    """`serve --workers 2`, as an ops person sees it."""

    process: subprocess.Popen[str]
    address: str
    http: str
    store: str
    rules: Path
    log: Path

    def page(self, path: str) -> str:
        try:
            with urlopen(f"{self.http}{path}", timeout=10) as page:
                return str(page.read().decode())
        except HTTPError as error:
            with error:
                return error.read().decode()

    def ready(self) -> dict[str, Any]:
        """What /readyz says."""
        return dict(json.loads(self.page("/readyz")))

    def metric(self, name: str, *labels: str) -> dict[tuple[str, ...], float]:
        """The samples of a name by the worker and other labels."""
        families = text_string_to_metric_families(self.page("/metrics"))
        samples = [sample for family in families for sample in family.samples]
        return {
            tuple(sample.labels[label] for label in ("worker", *labels)): sample.value
            for sample in samples
            if sample.name == name
        }

    def workers(self) -> list[int]:
        """Process ids."""
        parent = self.process.pid
        return [int(one) for one in _text(f"/proc/{parent}/task/{parent}/children").split()]

    def activations(self) -> int:
        with psycopg.connect(self.store) as reading:
            found = reading.execute("select count(*) from policy_activations").fetchone()
        assert found is not None
        return int(found[0])

    def score(self) -> float:
        """The fit of a lead, asked over a connection of its own."""
        options = (("grpc.use_local_subchannel_pool", 1),)
        request = scoring_pb2.ScoreRequest(lead=types_pb2.Lead(employees=500))
        with grpc.insecure_channel(self.address, options=options) as channel:
            scoring = scoring_pb2_grpc.ScoringServiceStub(channel)
            return scoring.Score(request, timeout=10, wait_for_ready=True).score.fit


def _text(path: str) -> str:
    return Path(path).read_text()


def until(ask: Callable[[], T], is_so: Callable[[T], bool]) -> T:
    """What is answered, once it is so."""
    over = time.monotonic() + SECONDS_MAX
    while not is_so(found := ask()):
        assert time.monotonic() < over, found
        time.sleep(0.05)
    return found


@pytest.fixture(scope="module")
def served(store: str, rules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two workers on an empty store; told to end at last, and their exit code looked at."""
    log = tmp_path_factory.mktemp("served") / "log"
    command = (*SERVE, *PORTS, "--rules", str(rules), "--store", store, "--workers", "2")
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        assert process.stdout is not None
        said = process.stdout.readline().split()
        assert said[:2] == ["serving", "on"], _text(str(log))
        yield Served(process, said[2].rstrip(","), said[-1], store, rules, log)
        process.kill()


def ends_at_once(*words: str) -> str:
    """The one sentence with which a start ends."""
    done = subprocess.run((*SERVE, *words), capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, ""), done
    (line,) = done.stderr.splitlines()
    return line


def test_what_keeps_a_worker_from_starting_is_one_sentence_and_ends_all(
    store: str, tmp_path: Path
) -> None:
    here, any_port = tmp_path / "nowhere", "127.0.0.1:0"
    options = Options(rules=here, store=store, listen=any_port, http=any_port, workers=2)
    with pytest.raises(StartProblem, match=f"no rules folder at {here}"):
        run_workers(options)


def test_workers_share_a_port_and_each_answers(served: Served) -> None:
    def by_worker() -> set[str]:
        assert served.score() >= 0
        return {worker for (worker,) in served.metric("leadscoring_call_seconds_count")}

    assert until(by_worker, lambda found: found == {"1", "2"})
    ready = served.ready()
    assert ready["ready"]
    assert [worker["worker"] for worker in ready["workers"]] == [1, 2]
    assert {worker["revision"] for worker in ready["workers"]} == {ready["revision"]}


def test_the_rules_of_a_start_were_activated_once(served: Served) -> None:
    assert served.activations() == 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_another_server_does_not_join_the_port(served: Served, workers: str) -> None:
    words = ("--listen", served.address, "--http", "127.0.0.1:0", "--store", served.store)
    assert "cannot listen" in ends_at_once(*words, "--workers", workers)


def test_edited_rules_are_activated_once_and_decide_on_every_worker(served: Served) -> None:
    before, activations = served.ready()["revision"], served.activations()
    with (served.rules / "attributes.yaml").open("a") as attributes:
        attributes.write("\ncolour: {type: text}\n")
    served.process.send_signal(signal.SIGHUP)  # as well as the change: each looks for itself

    def revisions() -> set[str]:
        return {worker["revision"] for worker in served.ready()["workers"]}

    (revision,) = until(revisions, lambda found: len(found) == 1 and before not in found)
    active = served.metric("leadscoring_policy_active", "revision")
    assert set(active) == {("1", revision), ("2", revision)}
    until(lambda: served.ready()["detail"], lambda detail: detail == "")
    assert served.activations() == activations + 1


def test_a_worker_that_dies_is_started_again_and_the_other_answers_meanwhile(
    served: Served,
) -> None:
    victim = served.workers()[0]
    os.kill(victim, signal.SIGKILL)
    assert served.score() >= 0
    restarts = until(
        lambda: served.metric("leadscoring_worker_restarts_total"),
        lambda found: any(found.values()),
    )
    assert sum(restarts.values()) == 1
    until(served.ready, lambda ready: all(worker["ready"] for worker in ready["workers"]))
    assert set(served.metric("leadscoring_worker_up").values()) == {1.0}
    assert victim not in served.workers()
    (told,) = [
        line
        for line in map(json.loads, _text(str(served.log)).splitlines())
        if line["event"] == "worker_ended"
    ]
    assert (told["exit_code"], told["again_in"]) == (-9, 0.5)


def test_told_to_end_all_end_well(served: Served) -> None:
    workers = served.workers()
    served.process.terminate()
    assert served.process.wait(SECONDS_MAX) == 0
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    lines = [json.loads(line) for line in _text(str(served.log)).splitlines()]
    ending = [line["worker"] for line in lines if line.get("missing") == "ending"]
    assert sorted(ending) == [1, 2]
