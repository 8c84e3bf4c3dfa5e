"""Calling the server for many rows: several at once, answers in order, a retry where one helps."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

from scoring_service.cli.files.rows import BadRow, Numbered, Row
from scoring_service.cli.problem import Problem

T = TypeVar("T")
R = TypeVar("R")

ROWS_AT_ONCE = 64
ATTEMPTS_MAX = 8
"""With their pauses 25 s: a server is away for some seconds while it is started anew."""

FIRST_PAUSE_SECONDS = 0.2
DEADLINE_SECONDS = 30.0
DETAILS = "grpc-status-details-bin"
AWAY = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
)
"""The last is what a call gets that comes as the server ends; nobody cancels one here."""


class Refused(BadRow):
    """A call that the server refuses; `violations` are fields and remedies, where it names any."""

    def __init__(self, message: str, violations: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.violations = violations


async def in_order(
    items: Iterable[T], send: Callable[[T], Awaitable[R]], at_once: int
) -> AsyncGenerator[R, None]:
    """The answer to each item, in their order, with at most `at_once` of them under way."""
    flying: deque[asyncio.Task[R]] = deque()
    try:
        for item in items:
            flying.append(asyncio.ensure_future(_awaited(send(item))))
            if len(flying) >= at_once:
                yield await flying.popleft()
        while flying:
            yield await flying.popleft()
    finally:
        for task in flying:
            task.cancel()


async def each_row(
    rows: Iterable[Numbered],
    request_of: Callable[[Row], T],
    call: Callable[..., Awaitable[R]],
    row_of: Callable[[int, R], Row],
) -> AsyncIterator[Numbered]:
    """What comes of one call a row, in their order; `request_of` may raise BadRow. A row that is
    bad or refused is the BadRow that says why.
    """

    async def send(numbered: Numbered) -> Numbered:
        line, row = numbered
        if isinstance(row, BadRow):
            return numbered
        try:
            request = request_of(row)
        except BadRow as bad:
            return line, bad
        reply = await answered(lambda: call(request, timeout=DEADLINE_SECONDS))
        return line, reply if isinstance(reply, BadRow) else row_of(line, reply)

    async for result in in_order(rows, send, ROWS_AT_ONCE):
        yield result


async def _awaited(what: Awaitable[R]) -> R:
    return await what


async def answered(
    call: Callable[[], Awaitable[R]], first_pause: float = FIRST_PAUSE_SECONDS
) -> R | BadRow:
    """The answer to a call, or why the server refuses it; the same call again while it is away.

    The pause between attempts doubles from `first_pause` seconds. A call that stores must carry its
    own request_id, so that a retry has the first answer. Raises Problem where no server answers.
    """
    for attempt in range(ATTEMPTS_MAX):
        try:
            return await call()
        except grpc.aio.AioRpcError as error:
            pause = retry_after(error)
            if pause is None:
                return Refused(refusal(error), violations_in(status_of(error)))
            if attempt == ATTEMPTS_MAX - 1:
                raise Problem(f"the server does not answer: {error.details()}") from error
        await asyncio.sleep(max(pause, first_pause * 2**attempt))
    raise AssertionError("unreachable")


def retry_after(error: grpc.aio.AioRpcError) -> float | None:
    """Seconds after which the same call may succeed; None where it will not."""
    for detail in status_of(error).details:
        info = error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            return float(info.retry_delay.ToTimedelta().total_seconds())
    return 0.0 if error.code() in AWAY else None


def status_of(error: grpc.aio.AioRpcError) -> status_pb2.Status:
    """The rich status of an error; an empty one where it carries none."""
    metadata: dict[str, str | bytes] = dict(error.trailing_metadata() or ())  # type: ignore[arg-type]
    try:
        return status_pb2.Status.FromString(metadata.get(DETAILS, b""))
    except DecodeError:
        return status_pb2.Status()


def refusal(error: grpc.aio.AioRpcError) -> str:
    """Why a call was refused, in the server's words: every violation with its field."""
    return violations(status_of(error)) or f"{error.code().name}: {error.details()}"


def violations(status: status_pb2.Status) -> str:
    """The fields that are wrong, or the status's own message.

    >>> violations(status_pb2.Status(message="no lead 'x' is stored"))
    "no lead 'x' is stored"
    """
    found = violations_in(status)
    return "; ".join(f"{field}: {what}" for field, what in found) or str(status.message)


def violations_in(status: status_pb2.Status) -> Sequence[tuple[str, str]]:
    """The fields that are wrong with their remedies; none where it is something else."""
    bad = error_details_pb2.BadRequest()
    for detail in status.details:
        if detail.Unpack(bad):
            return [(v.field, v.description) for v in bad.field_violations]
    return ()
