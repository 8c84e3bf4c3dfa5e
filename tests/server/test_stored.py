"""The store of a server: opened, told to end meanwhile, and where it is found."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import CapturingLogger

from scoring_service.server.metrics import Metrics
from scoring_service.server.options import Address, Options
from scoring_service.server.start_problem import StartProblem
from scoring_service.server.stored import opened, tell_address
from scoring_service.store.store import Store


@pytest.mark.parametrize("seconds", [0.0, 0.002, 0.01, 0.03])
async def test_told_to_end_while_it_opens_the_store_is_closed_again(
    tmp_path: Path, seconds: float
) -> None:
    options = Options(rules=tmp_path, store=f"sqlite:///{tmp_path / 'leads.db'}")
    opening = asyncio.create_task(opened(options, Metrics(), CapturingLogger()))
    await asyncio.sleep(seconds)
    opening.cancel()
    [found] = await asyncio.gather(opening, return_exceptions=True)
    if isinstance(found, Store):  # it was faster
        await found.close()
    left = sorted(file.name for file in tmp_path.iterdir())
    again = await opened(options, Metrics(), CapturingLogger())
    await again.close()
    assert [name for name in left if name.endswith(("-wal", "-shm"))] == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("sqlite:////proc/nowhere/leads.db", "/proc/nowhere", id="no-such-folder"),
        pytest.param("leads.db", "sqlite:///path", id="no-url"),
    ],
)
async def test_a_store_that_cannot_be_opened_ends_the_start(
    tmp_path: Path, url: str, said: str
) -> None:
    with pytest.raises(StartProblem, match=said):
        await opened(Options(rules=tmp_path, store=url), Metrics(), CapturingLogger())


@pytest.mark.parametrize(
    ("asked", "synchronous"),
    [
        pytest.param({}, 2, id="commits-wait-for-the-disk"),
        pytest.param({"durable": False}, 0, id="not-those-of-a-store-that-nobody-keeps"),
    ],
)
async def test_what_a_commit_waits_for(
    tmp_path: Path, asked: dict[str, Any], synchronous: int
) -> None:
    options = Options(rules=tmp_path, store=f"sqlite:///{tmp_path / 'leads.db'}", **asked)
    store = await opened(options, Metrics(), CapturingLogger())
    driver: Any = store.writer._session.open()._connection
    assert driver._driver.execute("pragma synchronous").fetchone() == (synchronous,)
    await store.close()


@pytest.mark.parametrize(
    ("url", "lock"),
    [
        pytest.param("sqlite:///{folder}/leads.db", "leads.db.lock", id="beside-a-file"),
        pytest.param("sqlite:///{folder}/my leads", "my leads.lock", id="whatever-its-name"),
        pytest.param("postgresql://db/leads", None, id="nowhere-for-a-database-that-many-share"),
    ],
)
def test_where_a_server_is_stands_beside_its_store(
    tmp_path: Path, url: str, lock: str | None
) -> None:
    tell_address(url.format(folder=tmp_path), Address("::1", 50051))
    told = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert told == ({} if lock is None else {lock: "[::1]:50051\n"})


def test_a_server_that_cannot_say_where_it_is_serves_all_the_same(tmp_path: Path) -> None:
    tell_address(f"sqlite:///{tmp_path}/gone/leads.db", Address("127.0.0.1", 1))
    assert list(tmp_path.iterdir()) == []
