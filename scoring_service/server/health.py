"""The standard health service: the library's, and its List, which the library leaves out."""

from typing import Any

import grpc
from grpc_health.v1 import health_pb2
from grpc_health.v1.health import aio  # type: ignore[attr-defined]

HEALTH = health_pb2.DESCRIPTOR.services_by_name["Health"].full_name

Status = int
"""SERVING, NOT_SERVING: a number of the protocol."""


class HealthServicer(aio.HealthServicer):  # type: ignore[misc]
    """Answers of each service whether it serves, and of all of them at once."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, Status] = {}

    async def set(self, service: str, status: Status) -> None:
        """Whether a service serves, "" being all of them, for whoever asks or watches."""
        await super().set(service, status)
        self._told[service] = status

    async def every(
        self, request: health_pb2.HealthListRequest, context: object
    ) -> health_pb2.HealthListResponse:
        """What was told of each service."""
        each = {
            service: health_pb2.HealthCheckResponse(status=status)
            for service, status in self._told.items()
        }
        return health_pb2.HealthListResponse(statuses=each)


def methods(health: HealthServicer) -> dict[str, Any]:
    """The methods of the health service by their names."""
    reads = health_pb2.HealthCheckRequest.FromString
    writes = health_pb2.HealthCheckResponse.SerializeToString
    return {
        "Check": grpc.unary_unary_rpc_method_handler(health.Check, reads, writes),
        "Watch": grpc.unary_stream_rpc_method_handler(health.Watch, reads, writes),
        "List": grpc.unary_unary_rpc_method_handler(
            health.every,
            health_pb2.HealthListRequest.FromString,
            health_pb2.HealthListResponse.SerializeToString,
        ),
    }
