"""Loading a folder anew: what decides afterwards, what is said, and what is counted."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest_asyncio

from scoring_service.server import logs
from scoring_service.server.clock import new_id
from scoring_service.server.first_policy import first_policy
from scoring_service.server.folders import shipped
from scoring_service.server.loading import compile_stored
from scoring_service.server.metrics import Metrics
from scoring_service.server.readiness import Readiness
from scoring_service.server.reload import MISTAKES_LOGGED_MAX, Reloader
from scoring_service.store.store import Store, open_store
from scoring_service.values.stored import Timer
from scoring_service.workflows.due import run_due


def now() -> datetime:
    return datetime.now(UTC)


class Bench:
    """A store whose policy is that of a folder, and what reloads it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.stream = store, folder, io.BytesIO()
        self.log = logs.open_log(now, "info", self.stream).logger
        self.metrics = Metrics()
        self.reloader = Reloader(folder, store, self.metrics, self.log)
        self.readiness = Readiness(store, self.reloader, self.metrics, self.log)

    def write(self, text: str, name: str = "attributes.yaml") -> None:
        (self.folder / name).write_text(text)

    def said(self, event: str) -> list[dict[str, Any]]:
        """The lines of the log about an event."""
        lines = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [line for line in lines if line["event"] == event]

    def metric(self, name: str) -> float:
        """A metric without labels, by its name behind the common beginning."""
        lines = self.metrics.exposition().decode().splitlines()
        [found] = [line.split()[1] for line in lines if line.startswith(f"leadscoring_{name} ")]
        return float(found)

    def counts(self) -> tuple[float, float, float]:
        """Loaded, refused, and whether the folder is refused now."""
        names = ("policy_reload_total", "policy_reload_failures_total", "policy_reload_failed")
        loaded, refused, failed = map(self.metric, names)
        return loaded, refused, failed


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
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
    made = Bench(store, folder)
    made.reloader.accept(store.policies.revision)
    yield made
    await store.close()


def attributes(bench: Bench, name: str) -> str:
    """The folder's attributes and one more."""
    return (bench.folder / "attributes.yaml").read_text() + f"\n{name}: {{type: text}}\n"


async def test_an_edited_folder_decides_is_told_and_counted(bench: Bench) -> None:
    before = bench.store.policies.revision
    bench.write(attributes(bench, "colour"))
    await bench.reloader.reload()
    after = bench.store.policies.revision
    assert after != before
    assert (bench.reloader.detail, bench.reloader.own) == ("", after)
    [line] = bench.said("policy_activated")
    assert (line["revision"], line["by"]) == (after, "reload")
    assert bench.counts() == (1, 0, 0)
    active = f'leadscoring_policy_active{{revision="{after}"}} 1.0'
    assert active in bench.metrics.exposition().decode()


async def test_the_same_folder_again_is_no_change(bench: Bench) -> None:
    await bench.reloader.reload()
    assert bench.counts() == (0, 0, 0)
    assert bench.said("policy_activated") == []
    assert bench.reloader.own == bench.store.policies.revision


async def test_a_broken_folder_changes_nothing_and_is_named(bench: Bench) -> None:
    before = bench.store.policies.revision
    bench.write("- 3\n")
    await bench.reloader.reload()
    assert bench.store.policies.revision == before
    assert bench.reloader.detail.startswith("the rules folder is refused: attributes.yaml:1")
    [line] = bench.said("policy_refused")
    assert line["level"] == "error"
    assert line["found"] == len(line["mistakes"]) == 1
    assert bench.counts() == (0, 1, 1)


async def test_many_mistakes_are_counted_and_the_first_of_them_shown(bench: Bench) -> None:
    bench.write("".join(f"a{i}: {{type: colour}}\n" for i in range(MISTAKES_LOGGED_MAX + 5)))
    await bench.reloader.reload()
    [line] = bench.said("policy_refused")
    assert len(line["mistakes"]) == MISTAKES_LOGGED_MAX
    assert line["found"] >= MISTAKES_LOGGED_MAX + 5
    more = line["found"] - 1
    assert bench.reloader.detail.endswith(f"(and {more} more mistakes)")


async def test_mended_it_decides_and_the_complaint_is_gone(bench: Bench) -> None:
    good = (bench.folder / "attributes.yaml").read_text()
    bench.write("- 3\n")
    await bench.reloader.reload()
    bench.write(good)
    await bench.reloader.reload()
    assert bench.reloader.detail == ""
    assert bench.counts() == (0, 1, 0), "what decides is what decided before: no other policy"


async def test_a_folder_that_is_gone_is_told_in_a_sentence(bench: Bench) -> None:
    bench.folder.rename(bench.folder.with_name("elsewhere"))
    await bench.reloader.reload()
    assert "the rules folder is refused: there is no rules folder at" in bench.reloader.detail
    [line] = bench.said("policy_refused")
    assert str(bench.folder) in line["why"]
    assert bench.counts() == (0, 1, 1)


@asynccontextmanager
async def watching(bench: Bench) -> AsyncIterator[None]:
    task = asyncio.create_task(bench.reloader.watch())
    yield
    assert task.cancel(), "it goes on watching"
    with suppress(asyncio.CancelledError):
        await task


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.02)


async def test_a_folder_that_was_away_for_long_is_loaded_when_another_one_comes(
    bench: Bench,
) -> None:
    """As a deployment does that moves the old one away, and takes its time."""
    before, elsewhere = bench.store.policies.revision, bench.folder.with_name("elsewhere")
    bench.folder.rename(elsewhere)
    async with watching(bench):
        await until(lambda: bench.reloader.detail.endswith(f"{bench.folder} is gone"))
        with (elsewhere / "attributes.yaml").open("a") as attributes:
            attributes.write("\ncolour: {type: text}\n")
        elsewhere.rename(bench.folder)
        await until(lambda: bench.store.policies.revision != before)
        await until(lambda: bench.reloader.detail == "")
    assert len(bench.said("rules_not_watched")) == 1


async def test_edits_that_cannot_be_noticed_are_told_and_the_looking_goes_on(bench: Bench) -> None:
    bench.reloader.folder = bench.folder / "team.yaml" / "rules"
    async with watching(bench):
        await until(lambda: "are not noticed: [Errno" in bench.reloader.detail)
        bench.reloader.folder = bench.folder
        await until(lambda: bench.reloader.detail == "")


async def test_what_nobody_expected_is_logged_and_calls_go_on(bench: Bench) -> None:
    nothing: Any = None  # no folder at all: a mistake of ours
    bench.reloader.folder = nothing
    before = bench.store.policies.revision
    await bench.reloader.reload()
    assert bench.reloader.detail == "the rules folder could not be loaded; the log says where"
    assert len(bench.said("reload_failed")) == 1
    assert bench.metric("policy_reload_failed") == 1
    assert bench.store.policies.revision == before


async def test_ready_while_there_is_a_policy_and_the_store_answers(bench: Bench) -> None:
    assert json.loads(bench.readiness.readyz().body)["missing"] == "starting"
    assert bench.readiness.readyz().status == HTTPStatus.SERVICE_UNAVAILABLE
    await bench.readiness.probe()
    assert bench.readiness.is_ready
    page = bench.readiness.readyz()
    assert page.status == HTTPStatus.OK
    assert json.loads(page.body) == {
        "ready": True,
        "missing": "",
        "revision": bench.store.policies.revision,
        "detail": "",
    }
    assert (bench.metric("ready"), bench.metric("timers_failed")) == (1, 0)


async def test_rules_that_are_refused_are_told_and_calls_go_on(bench: Bench) -> None:
    bench.write("- 3\n")
    await bench.reloader.reload()
    await bench.readiness.probe()
    page = bench.readiness.readyz()
    assert page.status == HTTPStatus.OK
    assert "attributes.yaml:1" in json.loads(page.body)["detail"]


async def test_a_change_of_readiness_is_logged_once(bench: Bench) -> None:
    for missing in ("", "", "no store", "no store", ""):
        await bench.readiness.say(missing)
    told = [(line["ready"], line["missing"]) for line in bench.said("readiness")]
    assert told == [(True, ""), (False, "no store"), (True, "")]


async def test_an_ending_server_is_not_ready(bench: Bench) -> None:
    await bench.readiness.probe()
    looking = asyncio.create_task(bench.readiness.probe())
    await asyncio.sleep(0)
    await bench.readiness.end()
    await looking
    assert json.loads(bench.readiness.readyz().body)["missing"] == "ending"
    assert bench.metric("ready") == 0


async def test_timers_that_failed_are_counted(bench: Bench) -> None:
    def arm(tx: Any, policy: Any, at: Any) -> None:
        later = at.replace(year=at.year + 1)
        for subject, attempts in (("west", 3), ("east", 1), ("north", 0)):
            tx.set_timer(Timer("drain", subject, later, policy.revision, attempts))

    await bench.store.writer.write(arm)
    await bench.readiness.probe()
    assert bench.metric("timers_failed") == 2
