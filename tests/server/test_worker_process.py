"""A worker's process: it serves, answers its parent, and does not outlive it."""

import asyncio
import io
import json
import resource
import signal
import socket
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scoring_service.server import logs
from scoring_service.server.clock import now
from scoring_service.server.folders import shipped
from scoring_service.server.listening import claimed
from scoring_service.server.options import Address, Options
from scoring_service.server.pages import ALIVE, METRICS, READY
from scoring_service.server.serve import serving
from scoring_service.server.start_problem import StartProblem
from scoring_service.server.worker_line import Ask, Reload, line_over
from scoring_service.server.worker_process import WorkerProcess
from scoring_service.server.workers import Workers

SECONDS_MAX = 30.0


@pytest_asyncio.fixture
async def spawn(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Starts a worker of a port that is ours; alone it may have a store on SQLite."""
    made: list[WorkerProcess] = []
    with claimed(Address("127.0.0.1", 0), "--listen") as at:

        async def spawn(rules: Path) -> WorkerProcess:
            store = f"sqlite:///{tmp_path / 'leads.db'}"
            options = Options(rules=rules, store=store, listen=str(at), worker=7, log_level="error")
            made.append(WorkerProcess(options))
            await made[-1].spawn()
            return made[-1]

        yield spawn
        for process in made:
            process.signal(signal.SIGKILL)
            await process.ended()


async def test_a_worker_serves_answers_its_parent_and_ends_with_it(
    spawn: Callable[..., Any],
) -> None:
    worker = await spawn(shipped("rules"))
    assert await worker.ask(ALIVE) is None  # not before it serves
    async with asyncio.timeout(SECONDS_MAX):
        await worker.started()
        pages = [await worker.ask(path) for path in (ALIVE, READY, METRICS, "/else")]
        assert [page.status for page in pages] == [HTTPStatus.OK] * 3 + [HTTPStatus.NOT_FOUND]
        assert json.loads(pages[1].body)["ready"]
        assert b"leadscoring_ready 1.0" in pages[2].body
        await worker._line.close()  # as it closes when the parent dies
        assert await worker.ended() == 0
        assert await worker.ask(ALIVE) is None


async def test_a_worker_that_stands_still_is_not_waited_for(spawn: Callable[..., Any]) -> None:
    worker = await spawn(shipped("rules"))
    await worker.started()
    worker.signal(signal.SIGSTOP)
    assert await worker.ask(READY) is None
    worker.signal(signal.SIGCONT)
    assert await worker.ask(READY) is not None


async def test_why_a_worker_cannot_start_is_told(spawn: Callable[..., Any], tmp_path: Path) -> None:
    worker = await spawn(tmp_path / "nowhere")
    with pytest.raises(StartProblem, match="no rules folder"):
        await worker.started()
    assert await worker.ended() == 2


async def test_one_that_is_killed_before_it_serves_is_told(spawn: Callable[..., Any]) -> None:
    worker = await spawn(shipped("rules"))
    worker.signal(signal.SIGKILL)
    with pytest.raises(StartProblem, match="worker 7 ended with exit code -9 before it served"):
        await worker.started()


@pytest.mark.parametrize(
    ("worker", "said"),
    [
        pytest.param(1, "no rules folder", id="a worker binds once it can answer"),
        pytest.param(0, "cannot listen", id="alone it binds before rules of its own decide"),
    ],
)
async def test_which_is_first_the_port_or_the_rules(worker: int, said: str, tmp_path: Path) -> None:
    """Connections come to a bound port: those of a worker that still loads its rules would wait."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        options = Options(
            rules=tmp_path / "nowhere",
            store=f"sqlite:///{tmp_path / 'leads.db'}",
            listen=str(Address(*taken.getsockname())),
            http="127.0.0.1:0",
            worker=worker,
        )
        with pytest.raises(StartProblem, match=said):
            async with serving(options):
                pass


async def test_a_machine_without_room_for_a_worker_is_told_in_a_sentence(tmp_path: Path) -> None:
    """As when no more files may be open."""
    options = Options(rules=tmp_path, store="postgresql://db", listen="127.0.0.1:0", workers=2)
    workers = Workers(options, logs.open_log(now, "error", io.BytesIO()).logger)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        with pytest.raises(StartProblem, match="cannot start a worker: "):
            await workers.spawn()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    await workers.end()
    assert set(workers.codes.values()) == {0}


async def test_a_reload_that_is_asked_for_while_a_worker_starts_is_not_lost(tmp_path: Path) -> None:
    worker = WorkerProcess(Options(rules=tmp_path, store="postgresql://db", worker=1))
    ours, theirs = socket.socketpair()
    worker._line, other = await line_over(ours), await line_over(theirs)
    assert not worker.serves
    worker.reload()
    assert await other.receive(Ask | Reload) == Reload()
    await worker.ended()
    worker.reload()  # of one that has ended nothing comes
    assert await other.receive(Ask | Reload) is None
    await other.close()
