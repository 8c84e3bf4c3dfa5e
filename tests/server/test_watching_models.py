"""The models folder beside the rules folder: watched, gone, and there again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.server.test_reloader import Bench, bench, until

__all__ = ["bench"]


@pytest.fixture
async def watched(bench: Bench) -> AsyncIterator[Bench]:
    """A folder of rules and one of models, both watched."""
    bench.reloader.models = bench.folder.with_name("models")
    bench.reloader.models.mkdir()
    await bench.reloader.note()
    task = asyncio.create_task(bench.reloader.watch())
    await asyncio.sleep(0.2)  # until the watch has begun
    yield bench
    assert task.cancel(), "it goes on watching"
    with suppress(asyncio.CancelledError):
        await task


def models(bench: Bench) -> Path:
    assert bench.reloader.models is not None
    return bench.reloader.models


def says(bench: Bench, text: str) -> Callable[[], bool]:
    return lambda: text in bench.reloader.detail


async def test_a_current_model_that_is_none_is_noticed_and_named(watched: Bench) -> None:
    before = watched.store.policies.revision
    (models(watched) / "CURRENT").write_text("0123456789abcdef\n")
    await until(says(watched, "the rules folder is refused: CURRENT:1"))
    assert watched.store.policies.revision == before
    (models(watched) / "CURRENT").unlink()
    await until(lambda: watched.reloader.detail == "")
    assert watched.store.policies.revision == before


@pytest.mark.parametrize("gone", ["rules", "models"])
async def test_which_folder_is_gone_is_told_once(bench: Bench, gone: str) -> None:
    bench.reloader.models = bench.folder.with_name("models")
    if gone == "rules":
        bench.reloader.models.mkdir()
        bench.folder.rename(bench.folder.with_name("elsewhere"))
    place = bench.folder if gone == "rules" else bench.reloader.models
    task = asyncio.create_task(bench.reloader.watch())
    await until(lambda: bench.reloader.detail == f"the {gone} folder {place} is gone")
    assert bench.metric("policy_reload_failed") == 1
    if gone == "rules":
        bench.folder.with_name("elsewhere").rename(bench.folder)
    else:
        place.mkdir()
    await until(lambda: bench.reloader.detail == "")
    assert bench.metric("policy_reload_failed") == 0
    assert [line["why"] for line in bench.said("rules_not_watched")] == [
        f"the {gone} folder {place} is gone"
    ]
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
