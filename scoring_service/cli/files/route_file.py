"""Assignments of the leads of a file, through the server."""

import uuid
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

from leadscoring.v1 import routing_pb2, routing_pb2_grpc

from scoring_service.cli.files.messages import Types, activities_of, lead_of, request_id_of
from scoring_service.cli.files.rows import Numbered, Row
from scoring_service.cli.plain import row_of
from scoring_service.cli.serving.calls import each_row
from scoring_service.cli.serving.connection import Reached

COLUMNS = (
    "line", "lead_id", "rep_id", "queue", "track", "cause", "stage", "route", "row", "pool",
    "bars_missed", "stood_in_for", "sla", "assigned_at", "respond_by", "score.fit",
    "score.behaviour", "score.quadrant", "score.mql_ready", "policy_revision", "assignment_id",
    "decision_id", "replayed", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Manner:
    """How the rows are routed: by whom, and whether only to see what would happen."""

    actor: str = ""
    dry_run: bool = False


def assignments(
    server: Reached, rows: Iterable[Numbered], manner: Manner
) -> AsyncIterator[Numbered]:
    """The assignment of each row in order, or why it has none."""
    stub: Any = routing_pb2_grpc.RoutingServiceStub(server.channel)

    def routed(line: int, reply: routing_pb2.RouteResponse) -> Row:
        return {"line": line, **row_of(reply.assignment)}

    return each_row(rows, lambda row: request_of(row, server.types, manner), stub.Route, routed)


def request_of(row: Row, types: Types, manner: Manner) -> routing_pb2.RouteRequest:
    """The call of a row: under its own `request_id` where it has one, else under a new one."""
    return routing_pb2.RouteRequest(
        request_id="" if manner.dry_run else request_id_of(row) or str(uuid.uuid4()),
        actor_id=manner.actor,
        dry_run=manner.dry_run,
        lead=lead_of(row, types),
        activities=activities_of(row),
    )
