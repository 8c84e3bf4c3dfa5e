"""A log for which there is no room: calls are answered all the same, and lost lines are counted."""

import asyncio
import io
import json
from contextlib import suppress
from datetime import UTC, datetime
from errno import ENOSPC, EPIPE
from typing import Any

import pytest

from scoring_service.server import logs
from scoring_service.server.calls import CallLog
from scoring_service.server.metrics import Metrics
from scoring_service.values.errors import NotFound, Unavailable

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
BUFFER = 300
"""Bytes: two lines of a call and half a third."""


class Place(io.RawIOBase):
    """Where a log goes; it takes nothing while there is an `error`."""

    def __init__(self, error: OSError | None = None) -> None:
        self.error, self.taken = error, b""

    def writable(self) -> bool:
        return True

    def write(self, line: Any) -> int:
        if self.error is not None:
            raise self.error
        self.taken += bytes(line)
        return len(line)


def full() -> OSError:
    return OSError(ENOSPC, "No space left on device")


def call_log(stream: Any, level: str = "info") -> CallLog:
    return CallLog(Metrics(), logs.open_log(lambda: NOW, level, stream))


def numbers(place: Place) -> list[int]:
    """The numbers of the calls whose lines have come through, each line whole."""
    return [int(json.loads(line)["request_id"]) for line in place.taken.splitlines()]


def say(calls: CallLog, *numbers: int) -> None:
    for number in numbers:
        calls("Score", "OK", 0.001, str(number), None)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(full(), id="a-full-disk"),
        pytest.param(BrokenPipeError(EPIPE, "Broken pipe"), id="whoever-read-them-has-gone"),
    ],
)
@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(None, id="a-call-that-went-well"),
        pytest.param(NotFound("no such lead", "LEAD_NOT_FOUND"), id="a-refusal"),
        pytest.param(Unavailable("try again", "STORE_UNAVAILABLE"), id="a-store-that-is-full-too"),
        pytest.param(TimeoutError(), id="a-call-that-took-too-long"),
        pytest.param(ValueError("x"), id="a-mistake-of-ours"),
    ],
)
def test_no_call_fails_for_want_of_its_line(error: OSError, outcome: Exception | None) -> None:
    calls = call_log(Place(error))
    calls("Route", "CODE", 0.001, "web-1", outcome)
    calls.flush()
    assert calls.stream.lost == 1
    counted = b'leadscoring_calls_total{code="CODE",method="Route"} 1.0'
    assert counted in calls.metrics.exposition()


def test_lines_that_wait_in_a_buffer_come_when_there_is_room_again_and_are_whole() -> None:
    place = Place(full())
    calls = call_log(io.BufferedWriter(place, BUFFER))
    say(calls, *range(6))
    calls.flush()
    assert place.taken == b""
    place.error = None
    say(calls, 6, 7)
    calls.flush()
    came = numbers(place)
    assert came[-2:] == [6, 7]
    assert came == sorted(came)
    assert len(came) + calls.stream.lost == 8, "what did not come is counted"
    assert 0 < calls.stream.lost < 6


def test_other_lines_are_lost_like_those_of_calls() -> None:
    place = Place(full())
    calls = call_log(place, "error")
    calls.log.error("store_trouble", what="the database is away")
    calls.log.warning("below the level, so not lost either")
    assert calls.stream.lost == 1
    place.error = None
    calls.log.error("store_trouble", what="the database is away")
    assert json.loads(place.taken)["what"] == "the database is away"
    assert calls.stream.lost == 1


async def test_what_flushes_every_moment_goes_on_when_there_is_no_room() -> None:
    place = Place(full())
    calls = call_log(io.BufferedWriter(place, BUFFER))
    say(calls, 1)
    flushing = asyncio.create_task(calls.keep_flushing())
    await asyncio.sleep(0.25)
    assert not flushing.done()
    place.error = None
    async with asyncio.timeout(10):
        while not place.taken:
            await asyncio.sleep(0.02)
    assert numbers(place) == [1]
    flushing.cancel()
    with suppress(asyncio.CancelledError):
        await flushing
