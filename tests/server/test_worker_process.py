"""A worker's process: it serves, answers its parent, and does not outlive it."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scoring_service.server.folders import shipped
from scoring_service.server.listening import claimed
from scoring_service.server.options import Address, Options
from scoring_service.server.pages import ALIVE, METRICS, READY
from scoring_service.server.start_problem import StartProblem
from scoring_service.server.worker_process import WorkerProcess

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
