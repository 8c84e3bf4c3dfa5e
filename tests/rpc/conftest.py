"""A real server on a free port with a real client, deciding by a small team's rules."""

import io
import json
import re
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, PreconditionFailure, RetryInfo
from google.rpc.status_pb2 import Status
from leadscoring.v1 import (
    lifecycle_pb2_grpc,
    routing_pb2,
    routing_pb2_grpc,
    scoring_pb2,
    scoring_pb2_grpc,
    types_pb2,
)

from scoring_service.server import logs
from scoring_service.server.options import Options
from scoring_service.server.serve import Server, serving

RULES: dict[str, Any] = {
    "attributes": {
        "plan": {"type": "text", "values": ["free", "pro", "enterprise"]},
        "seats": {"type": "integer", "min": 0},
    },
    "scoring": {
        "fit": [
            {"name": "company size", "when": "employees >= 200", "points": 50},
            {"name": "enterprise plan", "when": 'plan == "enterprise"', "points": 10},
        ],
        "behaviour": {
            "activities": {
                "pricing_page_view": {"points": 15, "half_life": "7d", "points_max": 30},
                "demo_request": {
                    "points": 60,
                    "half_life": "21d",
                    "points_max": 60,
                    "high_intent": True,
                },
            },
        },
        "grades": {"fit": {"A": 75, "B": 50, "C": 25}, "behaviour": {1: 60, 2: 35, 3: 15}},
        "mql": {"fit_min": 40, "behaviour_min": 40, "hysteresis": 5},
    },
    "routing": {
        "routes": [
            {
                "name": "known account",
                "when": "account.owner != null",
                "assign": {"account_owner": {"backup_pool": "west"}},
            },
            {"name": "everybody", "when": "employees >= 10", "assign": {"pool": "west"}},
        ],
        "otherwise": {"queue": "triage", "owner": "sales-ops"},
    },
    "team": {
        "reps": {
            "ann": {"name": "Ann", "role": "sdr", "team": "west", "manager": "mia"},
            "bob": {"name": "Bob", "role": "sdr", "team": "west", "manager": "mia"},
            "mia": {"name": "Mia", "role": "manager"},
            "olu": {"name": "Olu", "role": "ops"},
        },
        "pools": {"west": {"members": [{"rep": "ann"}, {"rep": "bob"}]}},
        "operators": ["sales-ops"],
    },
    "lifecycle": {
        "tracks": {"welcome-nurture": {"owner": "marketing"}},
        "default_track": "welcome-nurture",
        "intake": {"queue": "intake", "owner": "sales-ops"},
        "escalation_contact": "sales-ops",
    },
}


def write_rules(folder: Path, **changes: Mapping[str, Any]) -> Path:
    """The small team's rule files, whole ones replaced by their stem."""
    folder.mkdir(exist_ok=True)
    for stem, content in {**RULES, **changes}.items():
        (folder / f"{stem}.yaml").write_text(yaml.safe_dump(content))
    return folder


@dataclass
class Rpc:
    """A running server and a client of it."""

    server: Server
    channel: grpc.aio.Channel
    log: io.BytesIO
    rules: Path

    def __post_init__(self) -> None:
        self.scoring: Any = scoring_pb2_grpc.ScoringServiceStub(self.channel)
        self.routing: Any = routing_pb2_grpc.RoutingServiceStub(self.channel)
        self.lifecycle: Any = lifecycle_pb2_grpc.LifecycleServiceStub(self.channel)

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The lines of the log about an event."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in lines if line["event"] == event]

    async def alive(self) -> None:
        """Raise unless the server answers as it should."""
        reply = await self.scoring.Score(Wire.score_request())
        assert reply.score.fit == 50

    async def stored_leads(self) -> int:
        """How many leads have an assignment."""
        reply = await self.routing.ListAssignments(routing_pb2.ListAssignmentsRequest())
        return len({assignment.lead_id for assignment in reply.assignments})


Serve = Callable[..., Any]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Starts servers: `async with serve() as rpc`. A store and a rules folder outlive them."""

    @asynccontextmanager
    async def serve(**options: Any) -> AsyncIterator[Rpc]:
        rules = tmp_path / "rules"
        if not rules.exists():
            write_rules(rules)
        options.setdefault("store", f"sqlite:///{tmp_path / 'leads.db'}")
        async with served(rules, **options) as rpc:
            yield rpc

    return serve


@asynccontextmanager
async def served(rules: Path, **options: Any) -> AsyncIterator[Rpc]:
    """A server of a rules folder, and a channel to it."""
    options = {"listen": "127.0.0.1:0", "http": "127.0.0.1:0", "watch": False, **options}
    outlives = options["store"].startswith("postgresql:")  # tests crash a PostgreSQL, no machine
    options.setdefault("durable", outlives)
    log = io.BytesIO()
    written = logs.open_log(lambda: datetime.now(UTC), "debug", log)
    async with (
        serving(Options(rules=rules, **options), written) as server,
        grpc.aio.insecure_channel(str(server.address)) as channel,
    ):
        yield Rpc(server, channel, log, rules)


class Refused:
    """What a failed call said, its details unpacked."""

    def __init__(self, error: grpc.aio.AioRpcError) -> None:
        self.code, self.message = error.code(), error.details()
        metadata: Any = error.trailing_metadata()
        found = dict(metadata)
        self.request_id: str = found["x-request-id"]
        self.status = Status.FromString(found["grpc-status-details-bin"])

    def detail(self, kind: type[Message]) -> Any:
        """The detail of that kind; fails where there is none."""
        message = kind()
        assert any(packed.Unpack(message) for packed in self.status.details), kind
        return message

    @property
    def fields(self) -> dict[str, str]:
        """Violations: remedies by field."""
        violations = self.detail(BadRequest).field_violations
        return {violation.field: violation.description for violation in violations}

    @property
    def reason(self) -> str:
        """The stable reason."""
        info = self.detail(ErrorInfo)
        assert info.domain == "leadscoring"
        return str(info.reason)

    @property
    def retry_seconds(self) -> float:
        """After how long to come again."""
        return float(self.detail(RetryInfo).retry_delay.ToMilliseconds() / 1000)

    @property
    def precondition(self) -> str:
        """What stands in the way."""
        return str(self.detail(PreconditionFailure).violations[0].type)


class Wire:
    """What tests send, and what they make of a refusal."""

    RULES = RULES

    @staticmethod
    def write_rules(folder: Path, **changes: Mapping[str, Any]) -> Path:
        """The small team's rule files, whole ones replaced by their stem."""
        return write_rules(folder, **changes)

    @staticmethod
    def lead(**fields: Any) -> types_pb2.Lead:
        """A lead of 500 employees, with what is asked for."""
        return types_pb2.Lead(**{"employees": 500, **fields})

    @staticmethod
    def activity(number: int = 0, **fields: Any) -> types_pb2.Activity:
        """A demo request of an hour ago."""
        known = {"type": "demo_request", "activity_id": f"a-{number}", **fields}
        message = types_pb2.Activity(**known)
        if not message.HasField("occurred_at"):
            message.occurred_at.FromDatetime(datetime.now(UTC) - timedelta(hours=1))
        return message

    @staticmethod
    def score_request(**fields: Any) -> scoring_pb2.ScoreRequest:
        """A request to score."""
        return scoring_pb2.ScoreRequest(**{"lead": Wire.lead(), **fields})

    @staticmethod
    def route_request(**fields: Any) -> routing_pb2.RouteRequest:
        """A request to route a new lead, under an id of its own unless one is given."""
        known = {"request_id": str(uuid.uuid4()), "lead": Wire.lead(), **fields}
        return routing_pb2.RouteRequest(**known)

    @staticmethod
    async def refused(call: Any) -> "Refused":
        """The refusal of a call, which must fail."""
        with pytest.raises(grpc.aio.AioRpcError) as failed:
            await call
        return Refused(failed.value)

    @staticmethod
    def served(rules: Path, **options: Any) -> Any:
        """A server of a rules folder, and a client of it."""
        return served(rules, **options)


@pytest.fixture(scope="session")
def wire() -> type[Wire]:
    """What tests send, and what they make of a refusal."""
    return Wire


@dataclass
class Process:
    """A server in a process of its own, as people start it."""

    popen: subprocess.Popen[str]
    rules: Path
    log: Path
    address: str = ""
    http: str = ""

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.popen.send_signal(number)

    def wait_for(self, event: str, seconds: float = 20.0) -> None:
        """Wait until the log tells of an event."""
        until = time.monotonic() + seconds
        while f'"event":"{event}"' not in self.log.read_text():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    def score(self, request: scoring_pb2.ScoreRequest) -> Any:
        """Score by a synchronous client."""
        with grpc.insecure_channel(self.address) as channel:
            return scoring_pb2_grpc.ScoringServiceStub(channel).Score(request, timeout=10)

    def route(self, request: routing_pb2.RouteRequest) -> Any:
        """Route by a synchronous client."""
        with grpc.insecure_channel(self.address) as channel:
            return routing_pb2_grpc.RoutingServiceStub(channel).Route(request, timeout=10)


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Any]:
    """Starts servers as the command does: `with process() as running`."""

    @contextmanager
    def process(*arguments: str) -> Iterator[Process]:
        rules, log = tmp_path / "rules", tmp_path / "log"
        if not rules.exists():
            write_rules(rules)
        command = [
            *(sys.executable, "-m", "scoring_service", "serve", "--rules", str(rules)),
            *("--store", f"sqlite:///{tmp_path / 'leads.db'}"),
            *("--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", *arguments),
        ]
        with (
            log.open("a") as errors,
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=tmp_path
            ) as popen,
        ):
            try:
                running = Process(popen, rules, log)
                assert popen.stdout is not None
                said = re.search(r"serving on (\S+), .* http://(\S+)", popen.stdout.readline())
                if said:
                    running.address, running.http = said.groups()
                yield running
            finally:
                popen.kill()

    return process


@pytest.fixture(scope="session", autouse=True)
def _short_switches() -> Iterator[None]:
    """As the program sets it: at the default a busy event loop starves the writer."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    yield
    sys.setswitchinterval(before)
