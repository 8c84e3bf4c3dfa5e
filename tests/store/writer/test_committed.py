"""That something was stored is told once a commit, of whoever stored it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from scoring_service.values.errors import NotFound


def stores(tx: Any, policy: Any, now: Any) -> None:
    """A unit that stores a number."""
    tx.keep_mark("seen", 1)


def refused(tx: Any, policy: Any, now: Any) -> None:
    """A unit that is not carried out."""
    raise NotFound("it is not there")


class Commits:
    """Counts what is told."""

    def __init__(self) -> None:
        self.told = 0

    def __call__(self) -> None:
        self.told += 1


@pytest.mark.parametrize(
    ("units", "told"),
    [
        pytest.param([stores], 1, id="a unit alone"),
        pytest.param([stores, stores, stores], 1, id="units of a batch are one commit"),
        pytest.param([refused], 0, id="what is refused stores nothing"),
        pytest.param([refused, stores], 1, id="its neighbour does"),
    ],
)
async def test_a_commit_is_told_once(
    desk_on: Any, database: Any, units: list[Any], told: int
) -> None:
    commits = Commits()
    desk = await desk_on(database, committed=commits)
    await desk.together(*(desk.run(unit) for unit in units))
    await desk.writer.close()
    assert commits.told == 2 + told, "of the activation, and of what held the writer meanwhile"


async def test_what_is_done_because_it_is_due_is_told_too(
    desk_on: Any, database: Any, slices: Any
) -> None:
    def due(tx: Any, policy: Any, now: Any) -> int:
        tx.keep_mark("fired", 1)
        return 1

    commits = Commits()
    slices.laid.append(due)
    desk = await desk_on(database, committed=commits, look_every=timedelta(milliseconds=5))
    while slices.calls < 5:
        await asyncio.sleep(0.005)
    await desk.writer.close()
    assert commits.told == 2, "of the activation, and of what was due: looking alone is none"
