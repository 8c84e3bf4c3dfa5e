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
    add_handlers(server, service, {method.name: _handler(method, around) for method in methods})


def add_handlers(server: grpc.aio.Server, service: str, handlers: dict[str, Any]) -> None:
    """Have `server` answer a service, by its methods' names.

    Found by name when a call comes. Of methods that are registered one by one grpc.aio looks at
    each whenever any is called, which took a tenth of a Score's time.
    """
    by_name = grpc.method_handlers_generic_handler(service, handlers)
    server.add_generic_rpc_handlers((by_name,))


def _handler(method: Method[Any] | StreamMethod[Any], around: Surroundings) -> Any:
    if isinstance(method, StreamMethod):
        return grpc.unary_stream_rpc_method_handler(around.surround_stream(method))
    return grpc.unary_unary_rpc_method_handler(around.surround(method))
