"""The demo's way: a server on a temporary store, real data through its client, a summary."""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from leadscoring.v1 import routing_pb2, routing_pb2_grpc, scoring_pb2_grpc
from rich.console import Console

from scoring_service.cli.demo import report, worth
from scoring_service.cli.demo.calls import (
    BANK_LEADS,
    Answers,
    arrivals,
    ask,
    store_companies,
    sure,
)
from scoring_service.cli.demo.data import bank_outcomes
from scoring_service.cli.serving.connection import channel_to
from scoring_service.server.folders import shipped
from scoring_service.server.options import Options
from scoring_service.server.serve import SWITCH_SECONDS, Server, serving

if TYPE_CHECKING:
    from leadscoring.v1.routing_pb2_grpc import RoutingServiceAsyncStub

ANY_PORT = "127.0.0.1:0"
MODELS = Path("demo") / "models"
WIDTH_MIN = 100


async def run(*, once: bool) -> None:
    """All of it; unless `once`, serves on until cancelled."""
    sys.setswitchinterval(SWITCH_SECONDS)
    console = Console()
    console.width = max(console.width, WIDTH_MIN)
    with tempfile.TemporaryDirectory(prefix="leadscoring-demo-") as folder:
        async with serving(_options(Path(folder))) as server:
            await _show(console, server)
            if not once:
                _say_where(console, server)
                await asyncio.Event().wait()


def _options(folder: Path) -> Options:
    return Options(
        rules=shipped("examples") / "demo" / "rules",
        models=shipped("examples") / MODELS,
        store=f"sqlite:///{folder / 'demo.db'}",
        listen=ANY_PORT,
        http=ANY_PORT,
        reflection=True,
        watch=False,
        log_level="error",
    )


async def _show(console: Console, server: Server) -> None:
    async with channel_to(str(server.address)) as channel:
        routing = routing_pb2_grpc.RoutingServiceStub(channel)
        scoring = scoring_pb2_grpc.ScoringServiceStub(channel)
        examples = shipped("examples")
        companies = await store_companies(routing, examples / "crm")
        answers = Answers(arrivals(examples, datetime.now(UTC)))
        await ask(scoring, routing, answers)
        report.introduction(console, str(server.address), companies, answers.arrivals)
        await _report(console, routing, answers)


async def _report(console: Console, routing: "RoutingServiceAsyncStub", answers: Answers) -> None:
    report.quadrants(console, answers.scores)
    report.load(console, answers.assignments)
    number = report.most_telling(answers.scores)
    lead_id = answers.arrivals[number].lead.lead_id
    report.explained(console, lead_id, answers.scores[number])
    worth.estimated(console, answers.scores[number])
    _worth(console, answers)
    chosen = report.most_contested(answers.assignments)
    request = routing_pb2.GetDecisionRequest(decision_id=chosen.decision_id)
    record = await sure(lambda: routing.GetDecision(request))
    report.decision(console, record.decision)
    report.throughput(
        console, len(answers.arrivals), answers.scoring_seconds, answers.routing_seconds
    )


def _worth(console: Console, answers: Answers) -> None:
    examples = shipped("examples")
    ids = (arrival.lead.lead_id for arrival in answers.arrivals)
    scores = dict(zip(ids, answers.scores, strict=True))
    outcomes = bank_outcomes(examples / "bank", BANK_LEADS)
    told = worth.predicted_and_true(scores, outcomes)
    worth.worth(console, told, worth.base_rate_in(examples / MODELS))


def _say_where(console: Console, server: Server) -> None:
    console.print(
        f"\nServing on {server.address} (gRPC, with reflection); metrics and health on "
        f"http://{server.http}/metrics. Ctrl-C ends it.",
        highlight=False,
    )
