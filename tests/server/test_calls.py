"""What the log and the metrics say of each call, by how it ended."""

import asyncio
import io
import json
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.server import logs
from scoring_service.server.calls import FIELDS_LOGGED_MAX, CallLog
from scoring_service.server.metrics import Metrics
from scoring_service.values.errors import (
    AlreadyExists,
    DeadlineExceeded,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    Refusal,
    ResourceExhausted,
    Unavailable,
)

NOW = datetime(2026, 3, 2, 10, 0, 0, 5_999, tzinfo=UTC)


def caused(refusal: Refusal, cause: Exception) -> Refusal:
    refusal.__cause__ = cause
    return refusal


def lines_of(error: Exception | None, level: str = "debug") -> list[dict[str, Any]]:
    """The lines about a call that ended so."""
    stream = io.BytesIO()
    calls = CallLog(Metrics(), logs.open_log(lambda: NOW, level, stream))
    calls("Route", "CODE", 0.0123456, "web-1", error)
    calls.flush()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


OF_ALL = {
    "at": "2026-03-02T10:00:00.005+00:00",
    "method": "Route",
    "code": "CODE",
    "ms": 12.35,
    "request_id": "web-1",
    "event": "call",
}
DISK = sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize(
    ("error", "level", "more"),
    [
        pytest.param(None, "info", {}, id="well"),
        pytest.param(
            NotFound("lead l-1", "LEAD_NOT_FOUND"), "info", {"reason": "LEAD_NOT_FOUND"}, id="none"
        ),
        pytest.param(
            FailedPrecondition("in sal", "STAGE"), "info", {"reason": "STAGE"}, id="not-now"
        ),
        pytest.param(
            PermissionDenied("not his", "MAY_NOT_MOVE"),
            "info",
            {"reason": "MAY_NOT_MOVE"},
            id="not-allowed",
        ),
        pytest.param(
            AlreadyExists("other content", "REUSED"), "info", {"reason": "REUSED"}, id="id"
        ),
        pytest.param(ResourceExhausted("2 MiB", "LARGE"), "info", {"reason": "LARGE"}, id="large"),
        pytest.param(
            DeadlineExceeded("late", "DEADLINE"), "info", {"reason": "DEADLINE"}, id="late"
        ),
        pytest.param(
            Unavailable("no policy yet", "NO_POLICY"), "info", {"reason": "NO_POLICY"}, id="not-yet"
        ),
        pytest.param(TimeoutError(), "warning", {}, id="its-time-was-up"),
        pytest.param(
            InvalidArgument((("lead.email", "'a@b' is none"), ("as_of", "is no instant"))),
            "info",
            {"reason": "INVALID", "fields": ["lead.email", "as_of"]},
            id="wrong-fields-by-their-paths",
        ),
    ],
)
def test_the_line_of_a_call(error: Exception | None, level: str, more: dict[str, Any]) -> None:
    [line] = lines_of(error)
    assert line == {**OF_ALL, "level": level, **more}


@pytest.mark.parametrize(
    ("error", "level"),
    [
        pytest.param(
            caused(Unavailable("try again", "STORE_UNAVAILABLE"), DISK), "warning", id="the-store"
        ),
        pytest.param(caused(NotFound("no such lead", "X"), DISK), "info", id="another-refusal"),
        pytest.param(caused(ValueError("Xanthippe"), DISK), "error", id="a-mistake-of-ours"),  # type: ignore[arg-type]
    ],
)
def test_what_hides_behind_an_error_is_told_as_loud_as_it_is(error: Exception, level: str) -> None:
    [line] = lines_of(error)
    assert line["level"] == level
    assert "sqlite3.OperationalError: database or disk is full" in line["error"]
    assert "Xanthippe" not in str(line)


def test_a_wrong_field_tells_no_cause() -> None:
    wrong = caused(InvalidArgument((("", "the bytes are no message"),)), ValueError("Xanthippe"))
    [line] = lines_of(wrong)
    assert set(line) == {*OF_ALL, "level", "reason", "fields"}


def test_of_many_wrong_fields_the_first_are_told() -> None:
    violations = tuple((f"activities[{i}].type", "wrong") for i in range(FIELDS_LOGGED_MAX + 1))
    [line] = lines_of(InvalidArgument(violations))
    assert line["fields"] == [field for field, _ in violations[:FIELDS_LOGGED_MAX]]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        pytest.param("lead.attributes[Ann's age]", "lead.attributes[...]", id="a-word"),
        pytest.param("lead.attributes[a1]", "lead.attributes[...]", id="a-word-with-a-digit"),
        pytest.param("lead.attributes[1a]", "lead.attributes[...]", id="a-digit-and-a-word"),
        pytest.param("attributes[Ann", "attributes[...]", id="a-word-that-was-cut"),
        pytest.param("requests[12].lead.email", "requests[12].lead.email", id="a-place-in-a-list"),
        pytest.param("a[0].b[Ann].c[3]", "a[0].b[...].c[3]", id="both"),
        pytest.param("attributes[]", "attributes[]", id="nothing"),
        pytest.param("as_of", "as_of", id="a-plain-field"),
    ],
)
def test_words_of_the_caller_in_a_field_path_are_not_told(path: str, told: str) -> None:
    [line] = lines_of(InvalidArgument(((path, "wrong"),)))
    assert line["fields"] == [told]


@given(st.text(st.characters(exclude_characters="[]", codec="utf-8"), min_size=1))
def test_no_name_of_an_attribute_is_ever_told(name: str) -> None:
    [line] = lines_of(InvalidArgument(((f"attributes[{name}]", "wrong"),)))
    assert line["fields"] == ["attributes[...]" if not name.isdecimal() else f"attributes[{name}]"]


@pytest.mark.parametrize(
    ("level", "told"),
    [
        pytest.param("debug", 4, id="debug-tells-all"),
        pytest.param("info", 4, id="info-tells-all"),
        pytest.param("warning", 2, id="warning-tells-of-trouble"),
        pytest.param("error", 1, id="error-tells-of-mistakes"),
    ],
)
def test_calls_are_told_from_their_level_on(level: str, told: int) -> None:
    ends = (None, NotFound("x", "X"), TimeoutError(), ValueError())
    assert sum(len(lines_of(end, level)) for end in ends) == told


@given(st.floats(0, 100))
def test_the_time_of_a_call_is_told_in_hundredths_of_milliseconds(seconds: float) -> None:
    stream = io.BytesIO()
    calls = CallLog(Metrics(), logs.open_log(lambda: NOW, "info", stream))
    for error in (None, TimeoutError()):
        calls("Score", "X", seconds, "a", error)
    calls.flush()
    for line in stream.getvalue().splitlines():
        assert json.loads(line)["ms"] == pytest.approx(seconds * 1000, abs=0.005)


async def test_lines_of_calls_are_seen_within_a_moment() -> None:
    raw = io.BytesIO()
    stream = io.BufferedWriter(raw)
    calls = CallLog(Metrics(), logs.open_log(lambda: NOW, "info", stream))
    flushing = asyncio.create_task(calls.keep_flushing())
    for number in (1, 2):
        calls("Score", "OK", 0.001, str(number), None)
        assert len(raw.getvalue().splitlines()) == number - 1, "they are written together"
        async with asyncio.timeout(10):
            while len(raw.getvalue().splitlines()) < number:
                await asyncio.sleep(0.02)
    flushing.cancel()
    with suppress(asyncio.CancelledError):
        await flushing
