"""Leads of a file, taken in through the server as one batch."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

from leadscoring.v1 import lifecycle_pb2, lifecycle_pb2_grpc

from scoring_service.cli.files.lifecycle_messages import INITIAL, initial_of
from scoring_service.cli.files.messages import Types, activities_of, lead_of, request_id_of
from scoring_service.cli.files.results import Tally, counted
from scoring_service.cli.files.rows import Numbered, Row, rows
from scoring_service.cli.serving.calls import each_row
from scoring_service.cli.serving.connection import Reached, reached
from scoring_service.cli.serving.where import Where


@dataclass(frozen=True, slots=True)
class Batch:
    """The import's name, who asks, and whether rows say where new leads begin."""

    batch_id: str
    actor: str = ""
    initial: bool = False


def import_leads(file: str, where: Where, batch: Batch) -> Tally:
    """Take them in; how many were, and which were left out."""
    tally = Tally(file, "stored")
    asyncio.run(_import(file, where, batch, tally))
    return tally


async def _import(file: str, where: Where, batch: Batch, tally: Tally) -> None:
    async with reached(where) as server:
        await counted(_stored(server, rows(file), batch), tally)


def _stored(server: Reached, found: Iterable[Numbered], batch: Batch) -> AsyncIterator[Numbered]:
    stub: Any = lifecycle_pb2_grpc.LifecycleServiceStub(server.channel)

    def taken_in(_: int, reply: lifecycle_pb2.UpsertLeadResponse) -> Row:
        return {"lead_id": reply.state.lead.lead_id}

    return each_row(
        found, lambda row: request_of(row, server.types, batch), stub.UpsertLead, taken_in
    )


def request_of(row: Row, types: Types, batch: Batch) -> lifecycle_pb2.UpsertLeadRequest:
    """The call of a row: under its own `request_id` where it has one, else under a new one."""
    beside = INITIAL if batch.initial else ()
    return lifecycle_pb2.UpsertLeadRequest(
        request_id=request_id_of(row) or str(uuid.uuid4()),
        actor_id=batch.actor,
        lead=lead_of({k: v for k, v in row.items() if k not in beside}, types),
        activities=activities_of(row),
        batch_id=batch.batch_id,
        initial=initial_of(row) if batch.initial else None,
    )
