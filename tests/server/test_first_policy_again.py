"""A server that starts again beside what decided before: it compiles that from the store."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.policy.mistake import Mistake, Mistakes
from scoring_service.server.clock import new_id
from scoring_service.server.first_policy import SHARED, first_policy
from scoring_service.server.folders import shipped
from scoring_service.server.loading import compile_stored
from scoring_service.server.start_problem import StartProblem
from scoring_service.store.store import Store, open_store
from scoring_service.workflows.due import run_due

Start = Callable[..., Any]


def rules(folder: Path, attribute: str = "") -> Path:
    """The starter rules, less their tests, with one attribute more."""
    folder.mkdir()
    for file in shipped("rules").iterdir():
        if not file.name.endswith("_test.yaml"):
            (folder / file.name).write_bytes(file.read_bytes())
    if attribute:
        with (folder / "attributes.yaml").open("a") as attributes:
            attributes.write(f"\n{attribute}: {{type: text}}\n")
    return folder


def refused(content: bytes) -> Policy:
    """As of a version that has other rules of what may stand in a file."""
    raise Mistakes([Mistake("routing.yaml", 7, "routes", "is no longer understood", "mend it")])


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Ends the server that ran and starts another one at the same store."""
    running: list[Store] = []

    async def start(folder: Path, **how: Any) -> tuple[Store, str]:
        while running:
            await running.pop().close()
        store = open_store(
            f"sqlite:///{tmp_path / 'leads.db'}",
            clock=lambda: datetime.now(UTC),
            new_id=new_id,
            compile=how.get("compile", compile_stored),
            due=run_due,
        )
        running.append(store)
        store.engine = how.get("engine", store.engine)
        return store, await first_policy(store, folder, anyway=how.get("anyway", False))

    yield start
    for store in running:
        await store.close()


async def activations(store: Store) -> list[str]:
    return [revision for _, revision, *_ in await store.read(lambda reader: reader.activations())]


async def test_the_same_folder_decides_again_and_is_activated_once(
    start: Start, tmp_path: Path
) -> None:
    folder = rules(tmp_path / "a")
    first, _ = await start(folder)
    revision = first.policies.revision
    again, said = await start(folder)
    assert (again.policies.revision, said) == (revision, "")
    assert await activations(again) == [revision]


async def test_beside_a_broken_folder_what_decided_before_decides_on(
    start: Start, tmp_path: Path
) -> None:
    folder = rules(tmp_path / "a")
    first, _ = await start(folder)
    revision = first.policies.revision
    (folder / "attributes.yaml").write_text("- 3\n")
    again, said = await start(folder)
    assert again.policies.active.revision == again.policies.revision == revision
    assert f"the rules folder is refused, revision {revision} goes on deciding: " in said
    assert "attributes.yaml:1" in said
    assert await activations(again) == [revision]


async def test_a_superseded_folder_gives_way_to_rules_that_are_here_in_the_store_alone(
    start: Start, tmp_path: Path
) -> None:
    older, newer = rules(tmp_path / "a"), rules(tmp_path / "b", "colour")
    await start(older, engine=SHARED)
    second, _ = await start(newer, engine=SHARED)
    revision = second.policies.revision
    third, said = await start(older, engine=SHARED)
    assert third.policies.active.revision == revision
    assert "colour" in third.policies.active.schema
    assert f"which {revision} has superseded" in said
    meant, said = await start(older, engine=SHARED, anyway=True)
    assert (meant.policies.revision != revision, said) == (True, "")


async def test_a_folder_that_is_gone_ends_the_start_whatever_decided_before(
    start: Start, tmp_path: Path
) -> None:
    folder = rules(tmp_path / "a")
    await start(folder)
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(StartProblem, match=f"there is no rules folder at {folder}"):
        await start(folder)


async def test_rules_of_the_store_that_this_version_refuses_end_the_start_and_are_named(
    start: Start, tmp_path: Path
) -> None:
    folder = rules(tmp_path / "a")
    first, _ = await start(folder)
    revision = first.policies.revision
    (folder / "attributes.yaml").write_text("- 3\n")
    with pytest.raises(StartProblem) as problem:
        await start(folder, compile=refused)
    said = str(problem.value)
    assert f"this version cannot read the store's active revision {revision}: " in said
    assert "routing.yaml:7" in said


async def test_a_broken_folder_of_an_empty_store_ends_the_start(
    start: Start, tmp_path: Path
) -> None:
    folder = rules(tmp_path / "a")
    (folder / "attributes.yaml").write_text("- 3\n")
    with pytest.raises(
        StartProblem, match=rf"the rules in {folder} make no policy: .*attributes\.yaml:1"
    ):
        await start(folder)
