"""Concurrent clients, each with its own connection, that send Route calls and keep the answers."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

import grpc
from google.rpc.error_details_pb2 import ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from leadscoring.v1 import routing_pb2, routing_pb2_grpc

from benchmarks.load.answers import Answers

if TYPE_CHECKING:
    from leadscoring.v1.routing_pb2_grpc import RoutingServiceAsyncStub as Stub

CLIENTS = 8
IN_FLIGHT = 4
"""Calls that one client has in flight."""

SECONDS_MAX = 20.0
RETRY_SECONDS = 0.05
HASTY_SHARE = 0.3
HASTY_SECONDS = (0.001, 0.04)

_OPTIONS = (
    ("grpc.use_local_subchannel_pool", 1),  # else all clients would share one connection
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 5_000),  # how long connecting may take
    ("grpc.max_reconnect_backoff_ms", 200),
)
_DETAILS = "grpc-status-details-bin"
_NO_STORE = "STORE_UNAVAILABLE"
_AWAY = frozenset({
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
})  # fmt: skip


def channel(address: str) -> grpc.aio.Channel:
    """A connection of its own, which looks again soon for a server that was away."""
    return grpc.aio.insecure_channel(address, options=_OPTIONS)


@asynccontextmanager
async def client(address: str) -> "AsyncIterator[Stub]":
    """One client of the routing service."""
    async with channel(address) as connection:
        stub: Stub = routing_pb2_grpc.RoutingServiceStub(connection)
        yield stub


async def send(
    addresses: Sequence[str],
    requests: Iterable[routing_pb2.RouteRequest],
    answers: Answers,
    *,
    clients: int = CLIENTS,
    in_flight: int = IN_FLIGHT,
    patience: float = 0.0,
    haste: Random | None = None,
) -> None:
    """Send the requests in their order, by clients that share the servers at `addresses`.

    For `patience` seconds a call to a server that is away is sent again, with its request_id. Any
    other status is refused to `answers`. With `haste` many a call is given up within milliseconds,
    and then sent again.
    """
    load = _Load(iter(requests), answers, patience, haste)
    async with asyncio.TaskGroup() as group:
        for number in range(clients):
            group.create_task(_client(addresses[number % len(addresses)], load, in_flight))


@dataclass(frozen=True, slots=True)
class _Load:
    waiting: Iterator[routing_pb2.RouteRequest]
    answers: Answers
    patience: float
    haste: Random | None


async def _client(address: str, load: _Load, in_flight: int) -> None:
    async with client(address) as stub, asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(_one_by_one(stub, load))


async def _one_by_one(stub: "Stub", load: _Load) -> None:
    answers = load.answers
    for request in load.waiting:
        if load.haste is not None and load.haste.random() < HASTY_SHARE:
            await _given_up(stub, request, answers, load.haste)
        until = monotonic() + load.patience
        while not await _answered(stub, request, answers, until):
            answers.retries += 1
            await asyncio.sleep(RETRY_SECONDS)


async def _given_up(
    stub: "Stub", request: routing_pb2.RouteRequest, answers: Answers, haste: Random
) -> None:
    """Send a call, and stop waiting for it soon; half of the time by cancelling it."""
    seconds = haste.uniform(*HASTY_SECONDS)
    call = stub.Route(request, timeout=seconds if haste.random() < 0.5 else SECONDS_MAX)
    try:
        async with asyncio.timeout(seconds):
            reply = await call
    except (TimeoutError, grpc.aio.AioRpcError):
        answers.given_up += 1
    else:
        answers.add(request.request_id, reply.assignment)


async def _answered(
    stub: "Stub",
    request: routing_pb2.RouteRequest,
    answers: Answers,
    until: float,
) -> bool:
    """Whether there is nothing more to do about a request."""
    try:
        reply = await stub.Route(request, timeout=SECONDS_MAX)
    except grpc.aio.AioRpcError as error:
        if error.code() in _AWAY and monotonic() < until:
            answers.told_when += _told_when(error)
            return False
        answers.refuse(request.request_id, f"{error.code().name}: {error.details()}")
    else:
        answers.add(request.request_id, reply.assignment)
    return True


def _told_when(error: grpc.aio.AioRpcError) -> Iterator[float]:
    """The seconds of RetryInfo, where a server says that its store is away."""
    found = dict(error.trailing_metadata() or ()).get(_DETAILS, b"")
    details = Status.FromString(found if isinstance(found, bytes) else found.encode()).details
    info, retry = ErrorInfo(), RetryInfo()
    for detail in details:
        detail.Unpack(info)
        detail.Unpack(retry)
    if info.reason == _NO_STORE and retry.HasField("retry_delay"):
        yield retry.retry_delay.ToMilliseconds() / 1000
