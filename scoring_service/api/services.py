"""The services of the wire, registered without serialisers: their methods take and give bytes."""

from collections.abc import Iterable
from typing import Any

import grpc
from leadscoring.v1 import routing_pb2, scoring_pb2

from scoring_service.api.surround import Method, Surroundings

SCORING = scoring_pb2.DESCRIPTOR.services_by_name["ScoringService"].full_name
ROUTING = routing_pb2.DESCRIPTOR.services_by_name["RoutingService"].full_name


def register(
    server: grpc.aio.Server, service: str, methods: Iterable[Method[Any]], around: Surroundings
) -> None:
    """Have `server` answer the methods of a service, each with what surrounds a call."""
    handlers = {
        method.name: grpc.unary_unary_rpc_method_handler(around.surround(method))
        for method in methods
    }
    server.add_registered_method_handlers(service, handlers)  # type: ignore[attr-defined]
