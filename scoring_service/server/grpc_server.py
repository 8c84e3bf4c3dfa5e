"""The gRPC server: its options, its services."""

from collections.abc import Sequence
from typing import Any

import grpc

from scoring_service.api import limits
from scoring_service.api.services import LIFECYCLE, ROUTING, SCORING, add_handlers
from scoring_service.api.surround import STREAMS_MAX
from scoring_service.server.health import HEALTH, HealthServicer, methods
from scoring_service.server.listening import require_free
from scoring_service.server.options import Address
from scoring_service.server.start_problem import StartProblem

HARD_LIMIT = 2
"""Times `calls_max` at which calls are refused before they are looked at; streams come beside."""

CHANNEL_OPTIONS: Sequence[tuple[str, Any]] = (
    ("grpc.max_receive_message_length", limits.BATCH_MESSAGE_MAX),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    ("grpc.max_connection_idle_ms", 3_600_000),
    ("grpc.max_connection_age_ms", 1_800_000),
    ("grpc.max_connection_age_grace_ms", 120_000),
)


def grpc_server(calls_max: int, health: HealthServicer, *, shared: bool = False) -> grpc.aio.Server:
    """A server that is not started, with the health service.

    Unless its port is `shared` among workers nobody else can listen there: a second server would
    take half the calls of a first one.
    """
    at_once = calls_max * HARD_LIMIT + STREAMS_MAX
    options = (("grpc.so_reuseport", int(shared)), *CHANNEL_OPTIONS)
    server = grpc.aio.server(options=options, maximum_concurrent_rpcs=at_once)
    add_handlers(server, HEALTH, methods(health))
    return server


def add_reflection(server: grpc.aio.Server) -> None:
    """Have the server tell which services it has."""
    from grpc_reflection.v1alpha import reflection  # behind a flag, and so is its cost

    ours = (SCORING, ROUTING, LIFECYCLE)
    reflection.enable_server_reflection((*ours, HEALTH, reflection.SERVICE_NAME), server)


def bind(server: grpc.aio.Server, wanted: Address, *, shared: bool = False) -> Address:
    """Have the server listen there; StartProblem where it cannot."""
    if not shared:
        require_free(wanted, "--listen")
    try:
        return Address(wanted.host, server.add_insecure_port(str(wanted)))
    except RuntimeError as error:
        raise StartProblem(f"cannot listen on {wanted}; give another --listen") from error
