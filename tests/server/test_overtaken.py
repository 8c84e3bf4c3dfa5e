"""A folder edited twice quickly, read by several servers: no older rules after newer ones."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scoring_service.server import logs
from scoring_service.server.clock import new_id
from scoring_service.server.first_policy import READS_MAX, SHARED, first_policy, until_latest
from scoring_service.server.folders import shipped
from scoring_service.server.loading import compile_stored
from scoring_service.server.metrics import Metrics
from scoring_service.server.reload import Reloader
from scoring_service.store.reader import Reader
from scoring_service.store.store import Store, open_store
from scoring_service.values.errors import FailedPrecondition
from scoring_service.workflows.activation import Superseded
from scoring_service.workflows.due import run_due


def now() -> datetime:
    return datetime.now(UTC)


def reloader(store: Any, folder: Path) -> Reloader:
    """What another server has read the folder anew."""
    return Reloader(folder, store, Metrics(), logs.open_log(now, "info", io.BytesIO()).logger)


class Seen:
    """A store as one server sees it, of whose questions one takes so long that others get on."""

    def __init__(self, store: Store, question: int, meanwhile: Callable[[], Any]) -> None:
        self.engine, self.policies, self.writer = SHARED, store.policies, store.writer
        self._store, self._left, self._meanwhile = store, question, meanwhile

    async def read(self, question: Callable[[Reader], Any]) -> Any:
        found = await self._store.read(question)
        self._left -= 1
        if self._left == 0:
            await self._meanwhile()
        return found


class Bench:
    """A store that decides by a folder, and somebody who saves it quickly."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.first = (folder / "attributes.yaml").read_text()

    def save(self, attribute: str) -> None:
        text = f"{self.first}\n{attribute}: {{type: text}}\n"
        (self.folder / "attributes.yaml").write_text(text)

    async def others(self) -> None:
        """What was saved decides, by another server; then it is saved again, and that decides."""
        other = reloader(self.store, self.folder)
        await other.reload()
        self.save("shape")
        await other.reload()
        assert other.detail == ""

    async def activated(self) -> list[str]:
        """The revisions that were activated, in order, as letters: the first is a."""
        found = [one for _, one, *_ in await self.store.read(lambda r: r.activations())]
        letters = {revision: chr(97 + n) for n, revision in enumerate(dict.fromkeys(found))}
        return [letters[revision] for revision in found]


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """The starter rules decide."""
    folder = tmp_path / "rules"
    folder.mkdir()
    for file in shipped("rules").iterdir():
        if not file.name.endswith("_test.yaml"):
            (folder / file.name).write_bytes(file.read_bytes())
    store = open_store(
        f"sqlite:///{tmp_path / 'leads.db'}",
        clock=now,
        new_id=new_id,
        compile=compile_stored,
        due=run_due,
    )
    await first_policy(store, folder, anyway=False)
    yield Bench(store, folder)
    await store.close()


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(1, id="before it reads the folder"),
        pytest.param(2, id="after it has read the folder"),
    ],
)
async def test_a_late_server_has_no_older_rules_decide_again(bench: Bench, question: int) -> None:
    bench.save("colour")
    late = reloader(Seen(bench.store, question, bench.others), bench.folder)
    await late.reload()
    assert await bench.activated() == ["a", "b", "c"]
    assert (late.detail, late.own) == ("", bench.store.policies.revision)


async def test_a_late_start_has_no_older_rules_decide_again(bench: Bench) -> None:
    bench.save("colour")
    seen: Any = Seen(bench.store, 4, bench.others)
    bench.first += "\n# as somebody else saved it meanwhile\n"
    assert await first_policy(seen, bench.folder, anyway=False) == ""
    assert await bench.activated() == ["a", "b", "c"]


async def test_who_has_other_rules_has_them_decide_after_those_of_others(
    bench: Bench, tmp_path: Path
) -> None:
    """Folders that differ: the edited one decides, as when nobody else had done a thing."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for file in bench.folder.iterdir():
        (elsewhere / file.name).write_bytes(file.read_bytes())
    with (elsewhere / "attributes.yaml").open("a") as attributes:
        attributes.write("\nsize: {type: text}\n")
    bench.save("colour")
    late = reloader(Seen(bench.store, 2, bench.others), elsewhere)
    await late.reload()
    assert await bench.activated() == ["a", "b", "c", "d"]
    assert (late.detail, late.own) == ("", bench.store.policies.revision)


async def test_a_folder_is_not_read_for_ever(bench: Bench) -> None:
    told: list[int] = []

    async def overtaken(after: int) -> None:
        told.append(after)
        raise Superseded

    with pytest.raises(FailedPrecondition, match=f"decide {READS_MAX} times while the folder"):
        await until_latest(bench.store, overtaken)
    assert told == [1] * READS_MAX


async def until(work: Coroutine[Any, Any, None], holds: Callable[[], bool]) -> None:
    """Have work go on that never ends, until something holds."""
    task = asyncio.create_task(work)
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.02)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_an_edit_between_the_start_and_the_watching_is_noticed(bench: Bench) -> None:
    watched = reloader(bench.store, bench.folder)
    await watched.note()
    bench.save("colour")
    before = bench.store.policies.revision
    await until(watched.watch(), lambda: watched.own != "")
    assert watched.own == bench.store.policies.revision != before


async def test_what_others_have_decide_is_noticed_by_itself(bench: Bench) -> None:
    looks = reloader(bench.store, bench.folder)
    looks.accept(bench.store.policies.revision)
    bench.save("colour")
    await bench.others()
    await until(looks.keep_looking(every=0.01), lambda: looks.detail != "")
    assert looks.detail.endswith(f"{bench.store.policies.revision} decides, from elsewhere")
