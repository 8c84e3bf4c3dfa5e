"""Which rules decide after a start, alone and where several servers share a store."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scoring_service.server import logs
from scoring_service.server.clock import new_id
from scoring_service.server.first_policy import SHARED, activate, first_policy
from scoring_service.server.folders import shipped
from scoring_service.server.loading import compile_stored, load_folder
from scoring_service.server.metrics import Metrics
from scoring_service.server.reload import Reloader
from scoring_service.server.start_problem import StartProblem
from scoring_service.store.reader import Reader
from scoring_service.store.store import Store, open_store
from scoring_service.workflows.due import run_due


def now() -> datetime:
    return datetime.now(UTC)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = open_store(
        f"sqlite:///{tmp_path / 'leads.db'}",
        clock=now,
        new_id=new_id,
        compile=compile_stored,
        due=run_due,
    )
    yield opened
    await opened.close()


def rules(folder: Path, attribute: str) -> Path:
    """The starter rules with one attribute more, and without their tests."""
    folder.mkdir()
    for file in shipped("rules").iterdir():
        if not file.name.endswith("_test.yaml"):
            (folder / file.name).write_bytes(file.read_bytes())
    with (folder / "attributes.yaml").open("a") as attributes:
        attributes.write(f"\n{attribute}: {{type: text}}\n")
    return folder


async def decided(store: Store, folder: Path, **how: Any) -> tuple[str, str]:
    """The revision that decides after a start, and what was said."""
    said = await first_policy(store, folder, anyway=how.get("anyway", False))
    return store.policies.revision, said


async def test_a_changed_folder_decides_after_a_start(store: Store, tmp_path: Path) -> None:
    first, _ = await decided(store, rules(tmp_path / "a", "colour"))
    second, said = await decided(store, rules(tmp_path / "b", "shape"))
    assert first != second
    assert said == ""
    again, said = await decided(store, tmp_path / "a")
    assert (again, said) == (first, "")


async def test_a_superseded_folder_follows_the_one_that_replaced_it(
    store: Store, tmp_path: Path
) -> None:
    store.engine = SHARED
    first, _ = await decided(store, rules(tmp_path / "a", "colour"))
    second, _ = await decided(store, rules(tmp_path / "b", "shape"))
    followed, said = await decided(store, tmp_path / "a")
    assert followed == second
    assert f"revision {first}, which {second} has superseded" in said
    assert "--activate" in said
    assert await decided(store, tmp_path / "a", anyway=True) == (first, "")


async def test_a_new_folder_decides_where_several_share_a_store(
    store: Store, tmp_path: Path
) -> None:
    store.engine = SHARED
    first, _ = await decided(store, rules(tmp_path / "a", "colour"))
    second, said = await decided(store, rules(tmp_path / "b", "shape"))
    assert (second != first, said) == (True, "")


class Overtaken:
    """A store in which, after the first question, another server has these rules decide."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder, self._asked = store, folder, 0
        self.engine, self.policies, self.writer = SHARED, store.policies, store.writer

    async def read(self, question: Callable[[Reader], Any]) -> Any:
        found = await self._store.read(question)
        self._asked += 1
        if self._asked == 1:
            loaded = await asyncio.to_thread(load_folder, self._folder)
            await activate(self._store, loaded, "another server")
        return found


async def test_servers_that_start_at_once_with_the_same_new_rules_decide_by_them(
    store: Store, tmp_path: Path
) -> None:
    await decided(store, rules(tmp_path / "a", "colour"))
    overtaken: Any = Overtaken(store, rules(tmp_path / "b", "shape"))
    revision, said = await decided(overtaken, tmp_path / "b")
    assert said == ""
    assert revision == (await asyncio.to_thread(load_folder, tmp_path / "b")).policy.revision


async def test_a_broken_folder_of_an_empty_store_cannot_start(store: Store, tmp_path: Path) -> None:
    folder = rules(tmp_path / "a", "colour")
    (folder / "attributes.yaml").write_text("- 3\n")
    with pytest.raises(StartProblem, match=r"make no policy: .*attributes\.yaml:1"):
        await decided(store, folder)


async def test_a_server_says_that_another_one_had_other_rules_decide(
    store: Store, tmp_path: Path
) -> None:
    stream = io.BytesIO()
    log = logs.open_log(now, "info", stream).logger
    await decided(store, rules(tmp_path / "a", "colour"))
    reloader = Reloader(tmp_path / "a", store, Metrics(), log)
    reloader.accept(store.policies.revision)
    reloader.compare()
    assert reloader.detail == ""
    elsewhere = await asyncio.to_thread(load_folder, rules(tmp_path / "b", "shape"))
    await activate(store, elsewhere, "another server")
    reloader.compare()
    reloader.compare()
    assert f"{elsewhere.policy.revision} decides, from elsewhere" in reloader.detail
    assert stream.getvalue().count(b"policy_of_another_server") == 1
