"""How many units a batch held is told once a batch, after its answers."""

import asyncio
from typing import Any

import pytest

from scoring_service.values.errors import NotFound


def nothing(tx: Any, policy: Any, now: Any) -> None:
    """A unit that reads nothing and records nothing."""


def refused(tx: Any, policy: Any, now: Any) -> None:
    """A unit that is not carried out."""
    raise NotFound("it is not there")


@pytest.fixture
def sizes() -> list[int]:
    """The sizes told, in order; the first is that of the test's own activation."""
    return []


@pytest.fixture
async def counted(desk_on: Any, database: Any, sizes: list[int]) -> Any:
    """A writer that tells its batches' sizes."""
    return await desk_on(database, batched=sizes.append)


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        pytest.param(1, [1, 1], id="a unit alone is a batch of one"),
        pytest.param(5, [1, 5], id="units that waited together are one batch"),
        pytest.param(64, [1, 64], id="a full batch"),
        pytest.param(65, [1, 64, 1], id="one more is left to the next"),
    ],
)
async def test_a_batch_is_told_once_by_its_units(
    counted: Any, sizes: list[int], waiting: int, expected: list[int]
) -> None:
    await counted.together(*(counted.run(nothing) for _ in range(waiting)))
    await counted.writer.close()
    assert sizes[1:] == expected, "the first is of the unit that held the writer meanwhile"


async def test_a_unit_that_is_refused_counts_in_its_batch(counted: Any, sizes: list[int]) -> None:
    await counted.together(counted.run(nothing), counted.run(refused), counted.run(nothing))
    await counted.writer.close()
    assert sizes[1:] == [1, 3]


async def test_an_activation_is_a_batch_of_its_own(counted: Any, sizes: list[int]) -> None:
    await counted.together(counted.run(nothing), counted.activate("r2"), counted.run(nothing))
    await counted.writer.close()
    assert sizes[1:] == [1, 1, 1, 1]


async def test_looking_for_what_is_due_is_no_batch(
    desk_on: Any, database: Any, sizes: list[int]
) -> None:
    desk = await desk_on(database, batched=sizes.append)
    await asyncio.sleep(0.05)
    await desk.writer.close()
    assert sizes == [1], "the activation alone"


async def test_who_gave_up_meanwhile_is_not_counted(counted: Any, sizes: list[int]) -> None:
    async with counted.held():
        waits = [asyncio.ensure_future(counted.run(nothing)) for _ in range(3)]
        await asyncio.sleep(0.01)
        waits[0].cancel()
        await asyncio.sleep(0.01)
    await asyncio.gather(*waits, return_exceptions=True)
    await counted.writer.close()
    assert sizes[1:] == [1, 2]
