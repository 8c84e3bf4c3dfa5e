"""The services of the wire, registered without serialisers: their methods take and give bytes."""

from collections.abc import Iterable
from typing import Any

import grpc
from leadscoring.v1 import lifecycle_pb2, routing_pb2, scoring_pb2

from scoring_service.api.surround import Method, StreamMethod, Surroundings

SCORING = scoring_pb2.DESCRIPTOR.services_by_name["ScoringService"].full_name
ROUTING = routing_pb2.DESCRIPTOR.services_by_name["RoutingService"].full_name
LIFECYCLE = lifecycle_pb2.DESCRIPTOR.services_by_name["LifecycleService"].full_name


def register(
    server: grpc.aio.Server,
    service: str,
    methods: Iterable[Method[Any] | StreamMethod[Any]],
    around: Surroundings,
) -> None:
    """Have `server` answer the methods of a service, each with what surrounds a call."""
    handlers = {method.name: _handler(method, around) for method in methods}
    server.add_registered_method_handlers(service, handlers)  # type: ignore[attr-defined]


def _handler(method: Method[Any] | StreamMethod[Any], around: Surroundings) -> Any:
    if isinstance(method, StreamMethod):
        return grpc.unary_stream_rpc_method_handler(around.surround_stream(method))
    return grpc.unary_unary_rpc_method_handler(around.surround(method))
