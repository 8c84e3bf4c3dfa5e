"""The demo's calls: the shipped leads and accounts, sent through the gRPC client."""

import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from leadscoring.v1 import routing_pb2, scoring_pb2, types_pb2

from scoring_service.cli.demo import data
from scoring_service.cli.files.messages import account_of, activities_of, lead_of
from scoring_service.cli.files.rows import BadRow
from scoring_service.cli.problem import Problem
from scoring_service.cli.serving.calls import answered, in_order

if TYPE_CHECKING:
    from leadscoring.v1.routing_pb2_grpc import RoutingServiceAsyncStub
    from leadscoring.v1.scoring_pb2_grpc import ScoringServiceAsyncStub

BANK_LEADS, DEAL_LEADS = 400, 300
AT_ONCE = 64
ACTOR = "demo"

T = TypeVar("T")


class Arrival(NamedTuple):
    """A lead and what it did."""

    lead: types_pb2.Lead
    activities: Sequence[types_pb2.Activity]


@dataclass(slots=True)
class Answers:
    """What the server said of every lead, in order, and how long it took in seconds."""

    arrivals: Sequence[Arrival]
    scores: list[types_pb2.Score] = field(default_factory=list)
    scoring_seconds: float = 0.0
    assignments: list[routing_pb2.Assignment] = field(default_factory=list)
    routing_seconds: float = 0.0


def arrivals(examples: Path, now: datetime) -> list[Arrival]:
    """The leads of both files, taking turns as they would on a working day."""
    bank = list(data.bank_leads(examples / "bank", BANK_LEADS, now))
    deals = list(data.deal_leads(examples / "crm", DEAL_LEADS))
    ordered = sorted([*enumerate(bank), *enumerate(deals)], key=lambda pair: pair[0])
    return [Arrival(lead_of(row, {}), activities_of(row)) for _, row in ordered]


async def store_companies(routing: "RoutingServiceAsyncStub", folder: Path) -> int:
    """Send the accounts; how many are stored."""
    accounts = [account_of(row, {}) for row in data.accounts(folder)]
    request = routing_pb2.UpsertAccountsRequest(
        request_id=str(uuid.uuid4()), actor_id=ACTOR, accounts=accounts
    )
    reply = await sure(lambda: routing.UpsertAccounts(request))
    return sum(result.HasField("account") for result in reply.results)


async def ask(
    scoring: "ScoringServiceAsyncStub", routing: "RoutingServiceAsyncStub", answers: Answers
) -> None:
    """Have every lead scored, then routed."""

    async def score(arrival: Arrival) -> scoring_pb2.ScoreResponse:
        request = scoring_pb2.ScoreRequest(lead=arrival.lead, activities=arrival.activities)
        return await sure(lambda: scoring.Score(request))

    async def route(arrival: Arrival) -> routing_pb2.RouteResponse:
        request = _route_request(arrival)
        return await sure(lambda: routing.Route(request))

    began = time.perf_counter()
    answers.scores = [r.score async for r in in_order(answers.arrivals, score, AT_ONCE)]
    scored = time.perf_counter()
    answers.assignments = [r.assignment async for r in in_order(answers.arrivals, route, AT_ONCE)]
    answers.scoring_seconds = scored - began
    answers.routing_seconds = time.perf_counter() - scored


def _route_request(arrival: Arrival) -> routing_pb2.RouteRequest:
    return routing_pb2.RouteRequest(
        request_id=str(uuid.uuid4()),
        actor_id=ACTOR,
        lead=arrival.lead,
        activities=arrival.activities,
    )


async def sure(call: Callable[[], Awaitable[T]]) -> T:
    """The answer; the demo's own data is never refused."""
    answer = await answered(call)
    if isinstance(answer, BadRow):
        raise Problem(f"the demo's own data was refused: {answer}")
    return answer
