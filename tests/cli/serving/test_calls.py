"""Calls for many rows: in order, several at once, again while the server is away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

from scoring_service.cli.files.rows import BadRow
from scoring_service.cli.problem import Problem
from scoring_service.cli.serving.calls import DETAILS, Refused, answered, in_order, violations

Say = Callable[[], Awaitable[bytes]]
Handler = Callable[[bytes, grpc.aio.ServicerContext[bytes, bytes]], Awaitable[bytes]]


async def _slow_first(item: int) -> int:
    await asyncio.sleep(0.02 if item == 0 else 0)
    return item * 10


async def test_answers_come_in_the_order_of_their_rows() -> None:
    assert [answer async for answer in in_order(range(5), _slow_first, 3)] == [0, 10, 20, 30, 40]


async def test_no_more_than_asked_for_are_under_way() -> None:
    under_way: set[int] = set()
    most = 0

    async def send(item: int) -> None:
        nonlocal most
        under_way.add(item)
        most = max(most, len(under_way))
        await asyncio.sleep(0.001)
        under_way.discard(item)

    async for _ in in_order(range(20), send, 4):
        pass
    assert most == 4


async def test_what_is_under_way_ends_with_whoever_listens() -> None:
    cancelled = []

    async def send(item: int) -> int:
        try:
            await asyncio.sleep(0 if item == 0 else 60)
        except asyncio.CancelledError:
            cancelled.append(item)
            raise
        return item

    answers = in_order(range(3), send, 3)
    assert await anext(answers) == 0
    await answers.aclose()
    await asyncio.sleep(0)
    assert cancelled == [1, 2]


@asynccontextmanager
async def _server(handler: Handler) -> AsyncIterator[Say]:
    """A server with one method that `handler` answers, and a call of it."""
    server = grpc.aio.server()
    method = grpc.unary_unary_rpc_method_handler(handler)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("t.T", {"Say": method}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            say = channel.unary_unary("/t.T/Say", bytes, bytes)
            yield lambda: say(b"")
    finally:
        await server.stop(None)


def _refusing(times: int, code: grpc.StatusCode, *details: Message) -> Handler:
    """Refuses so many times, then answers."""
    left = times

    async def handle(_: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        nonlocal left
        if left == 0:
            return b"done"
        left -= 1
        status = status_pb2.Status(code=code_pb2.ABORTED, message="because")
        for detail in details:
            status.details.add().Pack(detail)
        await context.abort(code, "because", ((DETAILS, status.SerializeToString()),))
        raise AssertionError

    return handle


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(grpc.StatusCode.UNAVAILABLE, id="it is away"),
        pytest.param(grpc.StatusCode.DEADLINE_EXCEEDED, id="it is slow"),
        pytest.param(grpc.StatusCode.CANCELLED, id="it ended as the call came"),
    ],
)
async def test_a_call_is_sent_again_while_the_server_is_away(code: grpc.StatusCode) -> None:
    async with _server(_refusing(2, code)) as say:
        assert await answered(say, first_pause=0.01) == b"done"


async def test_a_server_that_is_overloaded_is_asked_again_when_it_says() -> None:
    retry = error_details_pb2.RetryInfo(retry_delay=Duration(nanos=1_000_000))
    async with _server(_refusing(1, grpc.StatusCode.RESOURCE_EXHAUSTED, retry)) as say:
        assert await answered(say) == b"done"


@pytest.mark.parametrize(
    ("code", "details", "said"),
    [
        pytest.param(
            grpc.StatusCode.INVALID_ARGUMENT,
            [
                error_details_pb2.BadRequest(
                    field_violations=[
                        {"field": "lead.email", "description": "no @"},
                        {"field": "lead.country", "description": "unknown"},
                    ]
                )
            ],
            "lead.email: no @; lead.country: unknown",
            id="every violation, with its field",
        ),
        pytest.param(grpc.StatusCode.RESOURCE_EXHAUSTED, [], "because", id="a limit"),
        pytest.param(grpc.StatusCode.INTERNAL, [], "because", id="the server's own fault"),
    ],
)
async def test_a_refused_row_says_why_and_is_not_sent_again(
    code: grpc.StatusCode, details: list[Message], said: str
) -> None:
    async with _server(_refusing(1, code, *details)) as say:
        refused = await answered(say)
    assert isinstance(refused, BadRow)
    assert str(refused) == said


async def test_a_refusal_has_its_violations_by_field() -> None:
    bad = error_details_pb2.BadRequest()
    bad.field_violations.add(field="activities[3].type", description="is unknown")
    async with _server(_refusing(1, grpc.StatusCode.INVALID_ARGUMENT, bad)) as say:
        refused = await answered(say)
    assert isinstance(refused, Refused)
    assert refused.violations == [("activities[3].type", "is unknown")]


async def test_a_server_that_stays_away_is_a_problem() -> None:
    async with _server(_refusing(1000, grpc.StatusCode.UNAVAILABLE)) as say:
        with pytest.raises(Problem, match="does not answer"):
            await answered(say, first_pause=0.001)


def test_a_status_without_violations_says_its_message() -> None:
    assert violations(status_pb2.Status(message="no lead 'x' is stored")) == "no lead 'x' is stored"
