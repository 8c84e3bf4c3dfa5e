"""Logs: one JSON object a line, levels, and nothing of a person."""

import asyncio
import io
import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.server import logs
from scoring_service.server.calls import LINES_AT_ONCE, CallLog
from scoring_service.server.metrics import Metrics
from scoring_service.values.errors import AlreadyExists, InvalidArgument, NotFound, Unavailable

NOW = datetime(2026, 3, 2, 10, 0, 0, 123_456, tzinfo=UTC)


class Log:
    """A logger, and the lines it wrote."""

    def __init__(self, level: str = "info") -> None:
        self.stream = io.BytesIO()
        self.metrics = Metrics()
        log = logs.open_log(lambda: NOW, level, self.stream)
        self.logger, self.calls = log.logger, CallLog(self.metrics, log)

    @property
    def lines(self) -> list[dict[str, Any]]:
        self.calls.flush()
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    """The error as it is after having been raised."""
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def test_a_line_says_when_how_grave_and_what() -> None:
    log = Log()
    log.logger.warning("reload", files=3, names=["a", "b"])
    assert log.lines == [
        {
            "at": "2026-03-02T10:00:00.123+00:00",
            "level": "warning",
            "files": 3,
            "names": ["a", "b"],
            "event": "reload",
        }
    ]


@pytest.mark.parametrize(
    ("level", "lines"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)]
)
def test_what_is_less_grave_than_the_level_is_not_said(level: str, lines: int) -> None:
    log = Log(level)
    for method in ("debug", "info", "warning", "error"):
        getattr(log.logger, method)("x")
    assert len(log.lines) == lines


@given(
    st.from_regex(r"[a-z0-9._+-]{2,12}@[a-z0-9-]{1,10}\.[a-z]{2,4}", fullmatch=True),
    st.sampled_from(["{}", "<{}>", "to={},", "KeyError: '{}'", "a {} b", '"{}"']),
)
def test_an_address_is_masked_wherever_it_is(address: str, around: str) -> None:
    local, _, domain = address.partition("@")
    masked = logs.masked(around.format(address))
    assert address not in masked
    assert f"{local[0]}***@{domain}" in masked


def test_addresses_are_masked_in_every_value() -> None:
    log = Log()
    log.logger.info("sent to ann@acme.de", to="ann@acme.de", all=["ann@acme.de"])
    assert "ann@" not in log.stream.getvalue().decode()
    assert log.lines[0]["to"] == "a***@acme.de"


def test_a_trace_says_where_and_not_what_a_lead_said() -> None:
    error = raised(ValueError("Xanthippe"), raised(KeyError("0815-4711")))
    trace = logs.trace_of(error)
    assert "builtins.ValueError\n" in trace
    assert "caused by builtins.KeyError\n" in trace
    assert "test_logs.py" in trace
    assert "Xanthippe" not in trace.replace('raised(ValueError("Xanthippe")', "")
    assert not trace.endswith("0815-4711'")


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), sqlite3.OperationalError("disk is full")]
)
def test_what_a_machine_says_is_told(error: Exception) -> None:
    assert str(error) in logs.trace_of(raised(error))


def test_a_trace_of_errors_that_cause_each_other_ends() -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    assert logs.trace_of(first).count("ValueError") == 1


def test_a_call_is_one_line() -> None:
    log = Log()
    log.calls("Route", "OK", 0.0123456, "web-1", None)
    assert log.lines == [
        {
            "at": "2026-03-02T10:00:00.123+00:00",
            "level": "info",
            "method": "Route",
            "code": "OK",
            "ms": 12.35,
            "request_id": "web-1",
            "event": "call",
        }
    ]


@pytest.mark.parametrize("calls", [1, LINES_AT_ONCE - 1, LINES_AT_ONCE, 2 * LINES_AT_ONCE + 1])
def test_every_call_has_its_line_and_is_counted_however_many_are_written_at_once(
    calls: int,
) -> None:
    log = Log()
    for number in range(calls):
        log.calls("Score", "OK", 0.001, f"web-{number}", None)
    counted = f'leadscoring_calls_total{{code="OK",method="Score"}} {calls}.0'
    assert counted.encode() in log.metrics.exposition()
    assert [line["request_id"] for line in log.lines] == [f"web-{i}" for i in range(calls)]
    assert len(log.lines) == calls, "none is written twice"


def test_lines_of_calls_stand_in_the_order_in_which_they_ended() -> None:
    log = Log()
    log.calls("Score", "OK", 0.1, "first", None)
    log.calls("Score", "NOT_FOUND", 0.1, "second", NotFound("no lead", "LEAD_NOT_FOUND"))
    log.calls("Score", "OK", 0.1, "third", None)
    assert [line["request_id"] for line in log.lines] == ["first", "second", "third"]


async def test_what_ended_last_is_written_before_the_log_is_left() -> None:
    log = Log()
    keeping = asyncio.create_task(log.calls.keep_flushing())
    await asyncio.sleep(0)
    log.calls("Score", "OK", 0.1, "last", None)
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    assert b"last" in log.stream.getvalue()


def test_calls_that_went_well_are_not_said_above_info() -> None:
    log = Log("warning")
    log.calls("Route", "OK", 0.1, "web-1", None)
    assert log.lines == []
    assert b'leadscoring_calls_total{code="OK",method="Route"} 1.0' in log.metrics.exposition()


def test_a_refused_call_names_fields_and_no_values() -> None:
    log = Log()
    violations = (
        ("lead.email", "'ann@acme.de' is none"),
        ("lead.attributes[Ann's age]", "no"),
        ("activities[3].type", "no"),
    )
    log.calls("Route", "INVALID_ARGUMENT", 0.1, "web-1", InvalidArgument(violations))
    [line] = log.lines
    assert line["fields"] == ["lead.email", "lead.attributes[...]", "activities[3].type"]
    assert line["reason"] == "INVALID"
    assert "ann@acme.de" not in str(line)


def test_a_refusal_is_logged_by_its_reason_alone() -> None:
    log = Log()
    log.calls("Route", "ALREADY_EXISTS", 0.1, "web-1", AlreadyExists("of Ann", "REUSED"))
    [line] = log.lines
    assert line["reason"] == "REUSED"
    assert "of Ann" not in str(line)


def test_what_hides_behind_a_refusal_is_in_the_log() -> None:
    log = Log()
    refusal = Unavailable("try again", "STORE_UNAVAILABLE")
    refusal.__cause__ = raised(sqlite3.OperationalError("disk is full"))
    log.calls("Route", "UNAVAILABLE", 0.1, "web-1", refusal)
    [line] = log.lines
    assert "disk is full" in line["error"]
    assert line["level"] == "warning", "whoever runs the store has to hear of it"


@pytest.mark.parametrize(
    ("error", "level"), [(ValueError("x"), "error"), (TimeoutError(), "warning")]
)
def test_what_nobody_expected_is_louder(error: Exception, level: str) -> None:
    log = Log()
    log.calls("Score", "INTERNAL", 0.1, "web-1", error)
    [line] = log.lines
    assert (line["level"], line["request_id"]) == (level, "web-1")


def test_a_call_that_went_well_but_for_an_item_is_an_error_in_the_log() -> None:
    log = Log()
    log.calls("BatchScore", "OK", 0.1, "web-1", raised(ValueError("x")))
    assert log.lines[0]["level"] == "error"
    assert "ValueError" in log.lines[0]["error"]
