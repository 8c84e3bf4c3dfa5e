"""A batch is scored in slices: others are answered between them, and each item by itself."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

import pytest
from google.rpc.code_pb2 import Code
from leadscoring.v1 import scoring_pb2

from scoring_service.api.batch_score import (
    HANDFUL,
    PAUSE_SECONDS,
    SLICE_SECONDS,
    WEIGHT_MAX,
    scored_in_slices,
)
from scoring_service.api.convert_score import score_encoded
from scoring_service.api.surround import Call
from scoring_service.values.errors import DeadlineExceeded, NotFound
from scoring_service.values.score import Quadrant, Score

ITEMS = [scoring_pb2.ScoreRequest(lead_id=f"l-{i}") for i in range(4 * HANDFUL + 2)]


def score_of(number: float) -> Score:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Score(number, 0.0, "D", 4, Quadrant.NURTURE, False, (), (), at, "r1")


def number(item: scoring_pb2.ScoreRequest) -> bytes:
    return score_encoded(score_of(float(item.lead_id.removeprefix("l-"))))


async def numbered(few: Sequence[scoring_pb2.ScoreRequest]) -> list[bytes | Exception]:
    return [number(item) for item in few]


def ticking(seconds: float):  # type: ignore[no-untyped-def]
    """A clock that is so much later whenever somebody looks."""
    ticks = count()
    return lambda: next(ticks) * seconds


@pytest.mark.parametrize("seconds", [0.0, SLICE_SECONDS / 3, SLICE_SECONDS])
async def test_however_it_is_sliced_the_reply_is_the_same(seconds: float) -> None:
    encoded = await scored_in_slices(ITEMS, numbered, Call(1e9, 1), ticking(seconds))
    reply = scoring_pb2.BatchScoreResponse.FromString(encoded)
    assert [result.score.fit for result in reply.results] == [float(i) for i in range(len(ITEMS))]


async def test_others_have_their_turn_between_slices() -> None:
    others: list[int] = []

    async def somebody_else() -> None:
        for i in range(100):
            others.append(i)
            await asyncio.sleep(0)

    task = asyncio.create_task(somebody_else())
    await scored_in_slices(ITEMS, numbered, Call(1e9, 1), ticking(2 * SLICE_SECONDS))
    turns = len(others)
    task.cancel()
    assert turns >= len(ITEMS) // HANDFUL


async def test_leads_that_did_much_are_fewer_at_once() -> None:
    """So that nobody waits for the longer work."""
    looked = count()

    def clock() -> float:
        return next(looked) * 0.0

    many = WEIGHT_MAX // 2
    items = [scoring_pb2.ScoreRequest(lead_id=f"l-{i}") for i in range(6)]
    for item in items:
        item.activities.add().occurred_at.seconds = 1
        item.activities.extend([item.activities[0]] * (many - 1))
    await scored_in_slices(items, numbered, Call(1e9, 1), clock)
    assert next(looked) == 1 + len(items) / 2


@pytest.mark.parametrize(
    ("waiting", "stood_back"),
    [
        pytest.param(True, True, id="while-calls-wait-to-be-stored-it-stands-back"),
        pytest.param(False, False, id="while-nobody-waits-it-goes-on-at-once"),
    ],
)
async def test_the_writers_thread_gets_its_time(waiting: bool, stood_back: bool) -> None:
    passed: list[float] = []
    asyncio.get_running_loop().call_later(PAUSE_SECONDS / 2, passed.append, 1.0)
    two_slices = ITEMS[: 2 * HANDFUL]
    clock = ticking(2 * SLICE_SECONDS)
    await scored_in_slices(two_slices, numbered, Call(1e9, 1), clock, lambda: waiting)
    assert bool(passed) is stood_back


async def test_a_short_batch_is_one_slice() -> None:
    others: list[int] = []

    async def somebody_else() -> None:
        others.append(1)

    task = asyncio.create_task(somebody_else())
    await scored_in_slices(ITEMS, numbered, Call(1e9, 1), ticking(0))
    assert others == []
    await task


async def test_a_batch_whose_time_is_up_ends() -> None:
    with pytest.raises(DeadlineExceeded, match="send fewer leads at once"):
        await scored_in_slices(ITEMS, numbered, Call(0.01, 1), ticking(SLICE_SECONDS))


async def test_what_goes_wrong_with_an_item_stays_with_it() -> None:
    wrong = {"l-3": NotFound("no lead", "LEAD_NOT_FOUND"), "l-5": ValueError("Xanthippe")}

    async def sometimes(few: Sequence[scoring_pb2.ScoreRequest]) -> list[bytes | Exception]:
        return [wrong.get(item.lead_id) or number(item) for item in few]

    call = Call(1e9, 1)
    encoded = await scored_in_slices(ITEMS, sometimes, call, ticking(0))
    results = scoring_pb2.BatchScoreResponse.FromString(encoded).results
    assert len(results) == len(ITEMS)
    assert results[3].error.code == Code.NOT_FOUND
    assert results[5].error.code == Code.INTERNAL
    assert "Xanthippe" not in results[5].error.message
    assert isinstance(call.error, ValueError)
    assert [r.WhichOneof("result") for r in results].count("score") == len(ITEMS) - 2
