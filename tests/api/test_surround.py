"""What every call is wrapped in: its limits, its id, its time, its status, and that it is told."""

import asyncio
from typing import Any, NoReturn

import grpc
import pytest
from google.rpc.status_pb2 import Status
from leadscoring.v1 import scoring_pb2

from scoring_service.api.surround import REQUEST_ID, Call, Method, Surroundings
from scoring_service.values.errors import NotFound

Said = tuple[str, str, float, str, Exception | None]


class Aborted(Exception):
    """As grpc.aio ends a call that is aborted."""


class Context:
    """What grpc.aio tells of a call, and is told by it."""

    def __init__(self, left: float | None = None, **metadata: Any) -> None:
        self._left, self._metadata = left, metadata
        self.code: grpc.StatusCode | None = None
        self.message = ""
        self.trailing: dict[str, Any] = {}

    def time_remaining(self) -> float | None:
        return self._left

    def invocation_metadata(self) -> tuple[tuple[str, Any], ...] | None:
        named = {name.replace("_", "-"): value for name, value in self._metadata.items()}
        return tuple(named.items()) or None

    async def abort(self, code: grpc.StatusCode, message: str, trailing: Any) -> NoReturn:
        self.code, self.message, self.trailing = code, message, dict(trailing)
        raise Aborted


class Desk:
    """Surroundings whose clock moves a second a look, and what they told of ended calls."""

    def __init__(self, **limits: Any) -> None:
        self.ended: list[Said] = []
        self.calls: list[Call] = []
        self._now = 100.0
        self.around = Surroundings(
            lambda *said: self.ended.append(said), lambda: "made-1", self._clock, **limits
        )

    def _clock(self) -> float:
        self._now += 1.0
        return self._now

    async def ask(self, context: Context, error: Any = None, data: bytes = b"", **how: Any) -> Any:
        """Call a method that gives back b"fine", or raises."""

        async def answer(message: scoring_pb2.ScoreRequest, call: Call) -> bytes:
            self.calls.append(call)
            if error is not None:
                raise error
            return b"fine"

        method = Method("Score", scoring_pb2.ScoreRequest, answer, **how)
        return await self.around.surround(method)(data, context)  # type: ignore[arg-type]


async def test_a_call_that_goes_well_is_answered_and_told() -> None:
    desk = Desk()
    assert await desk.ask(Context()) == b"fine"
    assert desk.ended == [("Score", "OK", 1.0, "made-1", None)]
    assert desk.around.calls == 0


@pytest.mark.parametrize(
    ("given", "used"),
    [
        pytest.param("web-1", "web-1", id="the caller's own"),
        pytest.param("A_b-9", "A_b-9", id="letters digits hyphens and underscores"),
        pytest.param("x" * 128, "x" * 128, id="of 128 characters"),
        pytest.param("x" * 129, "made-1", id="one too long is not taken"),
        pytest.param("", "made-1", id="nor an empty one"),
        pytest.param("---", "made-1", id="nor hyphens alone"),
        pytest.param("a b", "made-1", id="nor one with a space"),
        pytest.param("a\nb", "made-1", id="nor with a line's end"),
        pytest.param("é", "made-1", id="nor beyond ASCII"),
        pytest.param(b"web-1", "made-1", id="nor bytes"),
    ],
)
async def test_a_call_is_named_by_its_caller_or_by_us(given: Any, used: str) -> None:
    desk = Desk()
    await desk.ask(Context(x_request_id=given))
    assert [said[3] for said in desk.ended] == [used]


async def test_another_header_is_not_its_name() -> None:
    desk = Desk()
    await desk.ask(Context(x_other="web-1"))
    assert desk.ended[0][3] == "made-1"


@pytest.mark.parametrize(
    ("left", "seconds"),
    [
        pytest.param(None, 60.0, id="without a deadline the longest holds"),
        pytest.param(5.0, 5.0, id="a deadline is honoured"),
        pytest.param(60.0, 60.0, id="up to the longest"),
        pytest.param(3600.0, 60.0, id="and no further"),
    ],
)
async def test_a_call_has_the_time_that_its_caller_gives(
    left: float | None, seconds: float
) -> None:
    desk = Desk()
    await desk.ask(Context(left))
    [call] = desk.calls
    assert (call.seconds, call.deadline) == (seconds, 101.0 + seconds)


@pytest.mark.parametrize("left", [0.0, -1.0])
async def test_a_call_that_came_after_its_deadline_is_not_begun(left: float) -> None:
    desk, context = Desk(), Context(left)
    with pytest.raises(Aborted):
        await desk.ask(context)
    assert context.code is grpc.StatusCode.DEADLINE_EXCEEDED
    assert desk.calls == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(NotFound("no lead", "LEAD_NOT_FOUND"), "NOT_FOUND", id="a refusal"),
        pytest.param(TimeoutError(), "DEADLINE_EXCEEDED", id="no time left"),
        pytest.param(ValueError("ann@acme.de"), "INTERNAL", id="what nobody expected"),
    ],
)
async def test_an_error_is_a_status_with_its_details_and_is_told(
    error: Exception, code: str
) -> None:
    desk, context = Desk(), Context(x_request_id="web-1")
    with pytest.raises(Aborted):
        await desk.ask(context, error)
    assert context.code is grpc.StatusCode[code]
    assert context.trailing[REQUEST_ID] == "web-1"
    status = Status.FromString(context.trailing["grpc-status-details-bin"])
    assert (status.code, status.message) == (grpc.StatusCode[code].value[0], context.message)
    assert "ann@acme.de" not in context.message
    assert desk.ended == [("Score", code, 1.0, "web-1", error)]
    assert desk.around.calls == 0


async def test_a_call_that_is_cancelled_is_told_and_stays_cancelled() -> None:
    desk = Desk()
    with pytest.raises(asyncio.CancelledError):
        await desk.ask(Context(), asyncio.CancelledError())
    assert desk.ended == [("Score", "CANCELLED", 1.0, "made-1", None)]
    assert desk.around.calls == 0


@pytest.mark.parametrize(("others", "refused"), [(1, False), (2, True), (9, True)])
async def test_over_the_limit_a_call_is_refused_with_when_to_come_again(
    others: int, refused: bool
) -> None:
    desk, context = Desk(calls_max=2), Context()
    desk.around.calls = others
    if refused:
        with pytest.raises(Aborted):
            await desk.ask(context)
        assert context.code is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert context.message == "2 calls are being answered; retry a little later"
    else:
        assert await desk.ask(context) == b"fine"
    assert desk.around.calls == others


LEAD = scoring_pb2.ScoreRequest(lead_id="l-1").SerializeToString()


@pytest.mark.parametrize(("bytes_max", "taken"), [(len(LEAD), True), (len(LEAD) - 1, False)])
async def test_a_message_has_at_most_its_bytes(bytes_max: int, taken: bool) -> None:
    desk, context = Desk(), Context()
    if taken:
        assert await desk.ask(context, data=LEAD, bytes_max=bytes_max) == b"fine"
        return
    with pytest.raises(Aborted):
        await desk.ask(context, data=LEAD, bytes_max=bytes_max)
    assert context.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert context.message == (
        f"the message has {len(LEAD)} bytes; Score takes at most {bytes_max}"
    )


async def test_bytes_that_are_no_message_are_told_as_such() -> None:
    desk, context = Desk(), Context()
    with pytest.raises(Aborted):
        await desk.ask(context, data=b"\xff\xff\xff")
    assert context.code is grpc.StatusCode.INVALID_ARGUMENT
    assert "the bytes are no leadscoring.v1.ScoreRequest" in context.message
    assert desk.calls == []


async def test_an_error_of_an_item_is_told_though_the_call_went_well() -> None:
    desk, hidden = Desk(), ValueError("an item")

    async def answer(message: scoring_pb2.ScoreRequest, call: Call) -> bytes:
        call.error = hidden
        return b"fine"

    handler = desk.around.surround(Method("BatchScore", scoring_pb2.ScoreRequest, answer))
    assert await handler(b"", Context()) == b"fine"  # type: ignore[arg-type]
    assert desk.ended == [("BatchScore", "OK", 1.0, "made-1", hidden)]


async def test_what_a_call_waits_for_has_its_time_and_no_more() -> None:
    with pytest.raises(TimeoutError):
        await Call(0.0, 0.01).wait(asyncio.Event().wait())
    assert await Call(0.0, 10.0).wait(asyncio.sleep(0, "done")) == "done"


async def test_a_future_that_a_call_waits_for_has_its_time_and_no_more() -> None:
    loop = asyncio.get_running_loop()
    never: asyncio.Future[str] = loop.create_future()
    with pytest.raises(TimeoutError):
        await Call(0.0, 0.01).answered(never)
    assert never.done(), "whoever would answer sees that nobody waits"
    soon: asyncio.Future[str] = loop.create_future()
    loop.call_soon(soon.set_result, "done")
    assert await Call(0.0, 10.0).answered(soon) == "done"


async def test_a_future_that_fails_or_whose_call_is_cancelled_is_no_answer() -> None:
    loop = asyncio.get_running_loop()
    failed: asyncio.Future[str] = loop.create_future()
    loop.call_soon(failed.set_exception, ValueError("no"))
    with pytest.raises(ValueError, match="no"):
        await Call(0.0, 10.0).answered(failed)
    asked: asyncio.Future[str] = loop.create_future()
    waits = asyncio.create_task(Call(0.0, 10.0).answered(asked))
    await asyncio.sleep(0)
    waits.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waits
    assert asked.cancelled()


async def test_an_answer_and_its_time_s_end_at_once_leave_the_answer() -> None:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()
    waits = asyncio.create_task(Call(0.0, 0.0).answered(answer))
    answer.set_result("done")
    await asyncio.sleep(0.01)
    assert await waits == "done"
