"""What every call needs, composed once when its method is registered."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, Protocol, TypeVar

import grpc
from google.protobuf.message import DecodeError, Message

from scoring_service.api.limits import CALLS_MAX, MESSAGE_MAX, SECONDS_MAX
from scoring_service.api.status import Overloaded, malformed, status_of
from scoring_service.values.errors import DeadlineExceeded, ResourceExhausted

REQUEST_ID = "x-request-id"
STREAMS_MAX = 32
STREAM_SECONDS_MAX = 1500.0
"""Shorter than a connection's age, so that a stream ends well before it is cut."""

REQUEST_ID_MAX = 128
RETRY_AFTER = 0.5

Takes = TypeVar("Takes", bound=Message)
Result = TypeVar("Result")
Context = grpc.aio.ServicerContext[bytes, bytes]

_OK = grpc.StatusCode.OK.name
_CANCELLED = grpc.StatusCode.CANCELLED.name
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class Ended(Protocol):
    """Told of every call when it has ended."""

    def __call__(
        self, method: str, code: str, seconds: float, request_id: str, error: Exception | None
    ) -> None:
        """`code` is the name of the status; `error` what was raised, if anything was."""


class Call:
    """One call, as a method sees it: how long it may take. `deadline` is on monotonic's scale.

    `error` is for the log: something unexpected that did not fail the whole call.
    """

    __slots__ = ("deadline", "error", "seconds")

    def __init__(self, deadline: float, seconds: float) -> None:
        self.deadline, self.seconds = deadline, seconds
        self.error: Exception | None = None

    async def wait(self, result: Awaitable[Result]) -> Result:
        """The result, or TimeoutError when the call's time is up."""
        async with asyncio.timeout(self.seconds):
            return await result

    async def answered(self, answer: asyncio.Future[Result]) -> Result:
        """As `wait`, for a future of this call alone: costs a third."""
        timer = answer.get_loop().call_later(self.seconds, _too_late, answer)
        try:
            return await answer
        finally:
            timer.cancel()


@dataclass(frozen=True, slots=True)
class Method(Generic[Takes]):
    """A method of a service: the message it takes, its answer as bytes, its limit in bytes."""

    name: str
    takes: type[Takes]
    answer: Callable[[Takes, Call], Awaitable[bytes]]
    bytes_max: int = MESSAGE_MAX


Send = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class StreamMethod(Generic[Takes]):
    """A method that answers with a stream: `answer` sends each message as bytes, and returns when
    the stream ends.
    """

    name: str
    takes: type[Takes]
    answer: Callable[[Takes, Call, Send], Awaitable[None]]
    bytes_max: int = MESSAGE_MAX


Handler = Callable[[bytes, Context], Awaitable[bytes]]
StreamHandler = Callable[[bytes, Context], Awaitable[None]]


class Surroundings:
    """Wraps methods: limits, request id, deadline, shedding, errors as statuses, and `ended`.

    `calls_max` calls are answered at once, more are refused at the door. A caller's deadline is
    honoured up to `seconds_max`, which also holds where there is none. `new_id` names a call that
    came without an x-request-id. Streams are counted by themselves and may last longer.
    """

    def __init__(
        self,
        ended: Ended,
        new_id: Callable[[], str],
        monotonic: Callable[[], float],
        calls_max: int = CALLS_MAX,
        seconds_max: float = SECONDS_MAX,
    ) -> None:
        self.ended, self.new_id, self.monotonic = ended, new_id, monotonic
        self.calls_max, self.seconds_max = calls_max, seconds_max
        self.calls = self.streams = 0

    def surround(self, method: Method[Any]) -> Handler:
        """The method as grpc.aio calls it, from bytes to bytes."""
        name, answer, ended, monotonic = method.name, method.answer, self.ended, self.monotonic

        async def handle(data: bytes, context: Context) -> bytes:
            began = monotonic()
            request_id = self._request_id(context)
            self.calls += 1
            try:
                call = self._admitted(context, began)
                reply = await answer(_parsed(method, data), call)
            except asyncio.CancelledError:
                ended(name, _CANCELLED, monotonic() - began, request_id, None)
                raise
            except Exception as error:
                status = status_of(error)
                code = _CODES[status.code]
                ended(name, code.name, monotonic() - began, request_id, error)
                await _refuse(context, code, status, request_id)
            finally:
                self.calls -= 1
            ended(name, _OK, monotonic() - began, request_id, call.error)
            return reply

        return handle

    def surround_stream(self, method: StreamMethod[Any]) -> StreamHandler:
        """The method as grpc.aio calls it, from bytes to a stream of bytes."""
        name, ended, monotonic = method.name, self.ended, self.monotonic

        async def handle(data: bytes, context: Context) -> None:
            began = monotonic()
            request_id = self._request_id(context)
            self.streams += 1
            try:
                call = self._admitted_stream(context, began)
                await method.answer(_parsed(method, data), call, context.write)
            except asyncio.CancelledError:
                ended(name, _CANCELLED, monotonic() - began, request_id, None)
                raise
            except Exception as error:
                status = status_of(error)
                code = _CODES[status.code]
                ended(name, code.name, monotonic() - began, request_id, error)
                await _refuse(context, code, status, request_id)
            finally:
                self.streams -= 1
            ended(name, _OK, monotonic() - began, request_id, call.error)

        return handle

    def _admitted(self, context: Context, began: float) -> Call:
        if self.calls > self.calls_max:
            message = f"{self.calls_max} calls are being answered; retry a little later"
            raise Overloaded(message, RETRY_AFTER)
        return _call(context, began, self.seconds_max)

    def _admitted_stream(self, context: Context, began: float) -> Call:
        """A caller's deadline is left to gRPC, which cuts the stream there."""
        if self.streams > STREAMS_MAX:
            message = f"{STREAMS_MAX} streams are open; end one, or retry later"
            raise Overloaded(message, RETRY_AFTER)
        _call(context, began, STREAM_SECONDS_MAX)
        return Call(began + STREAM_SECONDS_MAX, STREAM_SECONDS_MAX)

    def _request_id(self, context: Context) -> str:
        """The caller's own id where it is one, else a new one."""
        for key, value in context.invocation_metadata() or ():
            if key == REQUEST_ID and isinstance(value, str) and _is_id(value):
                return value
        return self.new_id()


def _call(context: Context, began: float, seconds_max: float) -> Call:
    left = context.time_remaining()
    if left is None or left > seconds_max:
        left = seconds_max
    elif left <= 0:
        raise DeadlineExceeded("came after its deadline; retry with the same request_id")
    return Call(began + left, left)


def _too_late(answer: asyncio.Future[Any]) -> None:
    if not answer.done():
        answer.set_exception(TimeoutError())


def _is_id(text: str) -> bool:
    plain = text.replace("-", "").replace("_", "")
    return len(text) <= REQUEST_ID_MAX and plain.isascii() and plain.isalnum()


def _parsed(method: Method[Takes] | StreamMethod[Takes], data: bytes) -> Takes:
    if len(data) > method.bytes_max:
        raise ResourceExhausted(
            f"the message has {len(data)} bytes; {method.name} takes at most {method.bytes_max}",
            "MESSAGE_TOO_LARGE",
        )
    try:
        return method.takes.FromString(data)
    except DecodeError as error:
        raise malformed(method.takes, error) from error


async def _refuse(
    context: Context, code: grpc.StatusCode, status: Message, request_id: str
) -> NoReturn:
    metadata = (
        (REQUEST_ID, request_id),
        ("grpc-status-details-bin", status.SerializeToString()),
    )
    message: str = status.message  # type: ignore[attr-defined]
    await context.abort(code, message, metadata)
    raise AssertionError("abort returns by raising")
