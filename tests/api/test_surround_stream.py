"""What every stream is wrapped in: its own limit, its id, its status, and that it is told."""

import asyncio
from contextlib import suppress
from typing import Any, NoReturn

import grpc
import pytest
from leadscoring.v1 import lifecycle_pb2

from scoring_service.api.surround import (
    STREAM_SECONDS_MAX,
    STREAMS_MAX,
    Call,
    Send,
    StreamMethod,
    Surroundings,
)
from scoring_service.values.errors import NotFound

Asked = lifecycle_pb2.WatchEventsRequest


class Aborted(Exception):
    """As grpc.aio ends a stream that is aborted."""


class Context:
    """What grpc.aio tells of a stream, and what it is sent."""

    def __init__(self, left: float | None = None) -> None:
        self._left = left
        self.sent: list[bytes] = []
        self.code: grpc.StatusCode | None = None
        self.message = ""

    def time_remaining(self) -> float | None:
        return self._left

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        return (("x-request-id", "web-1"),)

    async def write(self, message: bytes) -> None:
        self.sent.append(message)

    async def abort(self, code: grpc.StatusCode, message: str, trailing: Any) -> NoReturn:
        self.code, self.message = code, message
        raise Aborted


class Desk:
    """Surroundings whose clock stands still but while a stream is open, and what they told of
    ended streams.
    """

    def __init__(self) -> None:
        self.ended: list[tuple[str, str, str, Exception | None]] = []
        self.lasted: list[float] = []
        self.calls: list[Call] = []
        self.now = 100.0
        self.around = Surroundings(self._tell, lambda: "made-1", lambda: self.now)

    def _tell(
        self, method: str, code: str, seconds: float, request_id: str, error: Exception | None
    ) -> None:
        self.ended.append((method, code, request_id, error))
        self.lasted.append(seconds)

    async def ask(
        self, context: Context, error: BaseException | None = None, data: bytes = b""
    ) -> None:
        """Open a stream that sends two messages and ends, or raises behind the first."""

        async def answer(message: Asked, call: Call, send: Send) -> None:
            self.calls.append(call)
            await send(b"one")
            self.now += 7.5
            if error is not None:
                raise error
            await send(b"two")

        method = StreamMethod("WatchEvents", Asked, answer, bytes_max=10)
        await self.around.surround_stream(method)(data, context)  # type: ignore[arg-type]


async def test_a_stream_sends_what_it_has_ends_well_and_is_told() -> None:
    desk, context = Desk(), Context()
    await desk.ask(context)
    assert context.sent == [b"one", b"two"]
    assert desk.ended == [("WatchEvents", "OK", "web-1", None)]
    assert desk.around.streams == 0


@pytest.mark.parametrize("left", [None, 5.0, 1e6])
async def test_a_stream_ends_by_itself_before_its_connection_is_cut(left: float | None) -> None:
    desk = Desk()
    await desk.ask(Context(left))
    assert desk.calls[0].deadline == 100.0 + STREAM_SECONDS_MAX
    assert STREAM_SECONDS_MAX < 1800, "the age of a connection"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(NotFound("gone", "GONE"), "NOT_FOUND", id="a-refusal"),
        pytest.param(ValueError("ann@acme.de"), "INTERNAL", id="what-nobody-expected"),
    ],
)
async def test_an_error_behind_messages_is_a_status_and_is_told(
    error: Exception, code: str
) -> None:
    desk, context = Desk(), Context()
    with pytest.raises(Aborted):
        await desk.ask(context, error)
    assert context.sent == [b"one"]
    assert context.code is grpc.StatusCode[code]
    assert "ann@acme.de" not in context.message
    assert desk.ended == [("WatchEvents", code, "web-1", error)]
    assert desk.around.streams == 0


async def test_a_stream_that_is_cancelled_is_told_and_stays_cancelled() -> None:
    desk = Desk()
    with pytest.raises(asyncio.CancelledError):
        await desk.ask(Context(), asyncio.CancelledError())
    assert desk.ended == [("WatchEvents", "CANCELLED", "web-1", None)]
    assert desk.around.streams == 0


@pytest.mark.parametrize(("others", "refused"), [(STREAMS_MAX - 1, False), (STREAMS_MAX, True)])
async def test_streams_have_a_limit_of_their_own(others: int, refused: bool) -> None:
    desk, context = Desk(), Context()
    desk.around.streams = others
    desk.around.calls = 10_000
    if refused:
        with pytest.raises(Aborted):
            await desk.ask(context)
        assert context.code is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert context.message == f"{STREAMS_MAX} streams are open; end one, or retry later"
    else:
        await desk.ask(context)
        assert context.sent == [b"one", b"two"]
    assert desk.around.streams == others


@pytest.mark.parametrize(
    ("context", "data", "code"),
    [
        pytest.param(Context(0.0), b"", "DEADLINE_EXCEEDED", id="after-its-deadline"),
        pytest.param(Context(), b"\xff\xff", "INVALID_ARGUMENT", id="no-message"),
        pytest.param(Context(), b"x" * 11, "RESOURCE_EXHAUSTED", id="too-large"),
    ],
)
async def test_what_is_wrong_from_the_start_opens_no_stream(
    context: Context, data: bytes, code: str
) -> None:
    desk = Desk()
    with pytest.raises(Aborted):
        await desk.ask(context, data=data)
    assert context.code is grpc.StatusCode[code]
    assert desk.calls == []


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(None, id="that-ended-well"),
        pytest.param(NotFound("gone", "GONE"), id="that-was-refused"),
        pytest.param(asyncio.CancelledError(), id="that-was-cancelled"),
    ],
)
async def test_how_long_a_stream_lasted_is_told(error: BaseException | None) -> None:
    desk = Desk()
    with suppress(Aborted, asyncio.CancelledError):
        await desk.ask(Context(), error)
    assert desk.lasted == [7.5]
