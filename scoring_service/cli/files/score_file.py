"""Scores of the leads of a file, through the server."""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from leadscoring.v1 import scoring_pb2, scoring_pb2_grpc

from scoring_service.cli.files.messages import Types, activities_of, lead_of
from scoring_service.cli.files.rows import BadRow, Numbered, Row
from scoring_service.cli.plain import row_of
from scoring_service.cli.serving.calls import DEADLINE_SECONDS, answered, in_order, violations
from scoring_service.cli.serving.connection import Reached

if TYPE_CHECKING:
    from leadscoring.v1.scoring_pb2_grpc import ScoringServiceAsyncStub

BATCH_ROWS = 200
BATCH_BYTES = 4 * 1024 * 1024
AT_ONCE = 4
COLUMNS = (
    "line", "lead_id", "score.fit", "score.fit_grade", "score.behaviour", "score.behaviour_level",
    "score.quadrant", "score.mql_ready", "score.qualified_until", "score.as_of",
    "score.policy_revision",
)  # fmt: skip

Request = tuple[int, scoring_pb2.ScoreRequest | BadRow]


async def scores(
    server: Reached, rows: Iterable[Numbered], as_of: datetime | None
) -> AsyncIterator[Numbered]:
    """The score of each row in order, or why it has none."""
    stub = scoring_pb2_grpc.ScoringServiceStub(server.channel)
    requests = ((line, _request(row, server.types, as_of)) for line, row in rows)
    async for results in in_order(batches(requests), partial(_scored, stub), AT_ONCE):
        for result in results:
            yield result


def _request(
    row: Row | BadRow, types: Types, as_of: datetime | None
) -> scoring_pb2.ScoreRequest | BadRow:
    if isinstance(row, BadRow):
        return row
    try:
        lead, activities = lead_of(row, types), activities_of(row)
    except BadRow as bad:
        return bad
    request = scoring_pb2.ScoreRequest(lead=lead, activities=activities)
    if as_of is not None:
        request.as_of.FromDatetime(as_of)
    return request


def batches(requests: Iterable[Request]) -> Iterator[list[Request]]:
    """The requests in batches within the limits of one message."""
    batch: list[Request] = []
    size = 0
    for line, request in requests:
        bytes_ = 0 if isinstance(request, BadRow) else request.ByteSize()
        if batch and (len(batch) == BATCH_ROWS or size + bytes_ > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((line, request))
        size += bytes_
    if batch:
        yield batch


async def _scored(stub: "ScoringServiceAsyncStub", batch: list[Request]) -> list[Numbered]:
    asked = [request for _, request in batch if not isinstance(request, BadRow)]
    message = scoring_pb2.BatchScoreRequest(requests=asked)
    reply = await answered(lambda: stub.BatchScore(message, timeout=DEADLINE_SECONDS))
    if isinstance(reply, BadRow):
        return [(line, reply) for line, _ in batch]
    results = iter(reply.results)
    return [
        (line, request if isinstance(request, BadRow) else _result(line, request, next(results)))
        for line, request in batch
    ]


def _result(
    line: int, request: scoring_pb2.ScoreRequest, result: scoring_pb2.BatchScoreResult
) -> Row | BadRow:
    if result.HasField("error"):
        return BadRow(violations(result.error))
    return {"line": line, "lead_id": request.lead.lead_id, "score": row_of(result.score)}
