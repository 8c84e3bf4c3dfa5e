"""What commands about reps, leads, receivers and forced rules ask a server that listens."""

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from leadscoring.v1 import lifecycle_pb2, lifecycle_pb2_grpc, routing_pb2_grpc
from leadscoring.v1 import routing_pb2 as pb

REPS = 5


@dataclass
class Listening:
    """What was asked, in order, and how far a hand-over is at each look."""

    asked: list[Any] = field(default_factory=list)
    looks: list[int] = field(default_factory=lambda: [0, 2, 2, 3])
    refuses: str = ""

    def heard(self, request: Message, context: grpc.ServicerContext) -> None:
        """Keep it; refuse it where everything is refused."""
        self.asked.append(request)
        if self.refuses:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, self.refuses)


class Routing(routing_pb2_grpc.RoutingServiceServicer):
    """Answers that say which question was heard."""

    def __init__(self, listening: Listening) -> None:
        self._listening = listening

    def ListAvailability(self, request: Any, context: Any) -> Any:
        self._listening.heard(request, context)
        first = int(request.page_token or 0)
        names = [f"rep-{n}" for n in range(first, min(first + 2, REPS))]
        reps = [pb.RepState(availability=pb.Availability(rep_id=n), active=True) for n in names]
        more = str(first + 2) if first + 2 < REPS else ""
        return pb.ListAvailabilityResponse(reps=reps, next_page_token=more)

    def SetAvailability(self, request: Any, context: Any) -> Any:
        self._listening.heard(request, context)
        made = pb.Availability(rep_id=request.rep_id)
        if not request.withdraw:
            made.away_until = request.away_to
            made.away.add(first_day=request.away_from, last_day=request.away_to)
        return pb.SetAvailabilityResponse(availability=made)

    def HandOver(self, request: Any, context: Any) -> Any:
        self._listening.heard(request, context)
        return pb.HandOverResponse(handover=pb.Handover(operation_id="op-7", leads=3))

    def GetHandOver(self, request: Any, context: Any) -> Any:
        self._listening.heard(request, context)
        moved = self._listening.looks.pop(0)
        book = pb.Handover(operation_id="op-7", rep_id="ann", to="ben", leads=3, moved=moved)
        if not self._listening.looks:
            book.ended_at.FromDatetime(datetime(2026, 3, 2, tzinfo=UTC))
        return pb.GetHandOverResponse(handover=book)

    def PinLead(self, request: Any, context: Any) -> Any:
        self._listening.heard(request, context)
        return pb.PinLeadResponse(state=_lead(request.lead_id, rep_id="ben", pin=request.rep_id))

    def UnpinLead(self, request: Any, context: Any) -> Any:
        self._listening.heard(request, context)
        return pb.UnpinLeadResponse(state=_lead(request.lead_id, queue="west"))


class Lifecycle(lifecycle_pb2_grpc.LifecycleServiceServicer):
    """The same of the other service."""

    def __init__(self, listening: Listening) -> None:
        self._listening = listening

    def ReplayDeadEvents(self, request: Any, context: Any) -> Any:
        self._listening.heard(request, context)
        return lifecycle_pb2.ReplayDeadEventsResponse(events=len(request.endpoint))

    def ForcePolicy(self, request: Any, context: Any) -> Any:
        self._listening.heard(request, context)
        return lifecycle_pb2.ForcePolicyResponse(active=request.revision == "now")


def _lead(lead_id: str, pin: str = "", **owner: str) -> lifecycle_pb2.LeadState:
    state = lifecycle_pb2.LeadState(pinned_rep_id=pin, **owner)  # type: ignore[arg-type]
    state.lead.lead_id = lead_id
    return state


@contextmanager
def _listens(listening: Listening) -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(2))
    routing, lifecycle = Routing(listening), Lifecycle(listening)  # type: ignore[abstract]
    routing_pb2_grpc.add_RoutingServiceServicer_to_server(routing, server)
    lifecycle_pb2_grpc.add_LifecycleServiceServicer_to_server(lifecycle, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.fixture
def listening() -> Listening:
    return Listening()


@pytest.fixture
def ask(run: Any, listening: Listening) -> Iterator[Any]:
    """Runs a command against that server."""
    with _listens(listening) as address:
        yield lambda *words: run(*words, "--server", address)


def test_all_pages_of_reps_are_told_in_order(ask: Any, listening: Listening) -> None:
    lines = ask("reps", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [f"rep-{n}" for n in range(REPS)]
    assert [request.page_token for request in listening.asked] == ["", "2", "4"]
    assert {request.page_size for request in listening.asked} == {1000}


def _local(days: int) -> str:
    return (datetime.now().astimezone().date() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("words", "first", "last", "said"),
    [
        pytest.param(
            ("--from", "2026-08-03", "--to", "2026-08-21"),
            "2026-08-03",
            "2026-08-21",
            "ann is away until 2026-08-21\n  away 2026-08-03 to 2026-08-21 (team.yaml)\n",
            id="days as they are written",
        ),
        pytest.param(
            ("--from", "today", "--to", "tomorrow"),
            _local(0),
            _local(1),
            f"ann is away until {_local(1)}\n  away {_local(0)} to {_local(1)} (team.yaml)\n",
            id="the words mean days of here",
        ),
        pytest.param(
            ("--from", "Today", "--to", "x"),
            "Today",
            "x",
            "ann is away until x\n  away Today to x (team.yaml)\n",
            id="another word is left to the server",
        ),
    ],
)
def test_days_away_are_sent_and_told(
    ask: Any, listening: Listening, words: tuple[str, ...], first: str, last: str, said: str
) -> None:
    done = ask("reps", "away", "ann", *words, "--backup", "ben", "--actor", "carla")
    assert (done.exit_code, done.stdout) == (0, said)
    (request,) = listening.asked
    assert (request.rep_id, request.backup, request.actor_id) == ("ann", "ben", "carla")
    assert (request.away_from, request.away_to, request.withdraw) == (first, last, False)
    assert uuid.UUID(request.request_id)


def test_to_be_back_needs_no_days(ask: Any, listening: Listening) -> None:
    done = ask("reps", "back", "ann")
    assert (done.exit_code, done.stdout) == (0, "ann is there\n")
    (request,) = listening.asked
    assert (request.away_from, request.away_to, request.backup) == ("", "", "")
    assert (request.withdraw, request.actor_id) == (True, "")


def test_a_hand_over_is_followed_until_it_has_ended(ask: Any, listening: Listening) -> None:
    done = ask("reps", "hand-over", "ann", "--to", "ben", "--reason", "leaves", "--actor", "ops")
    assert done.exit_code == 0
    assert done.stdout == "3 leads of ann handed over to ben\n"
    assert done.stderr.splitlines() == ["op-7: 3 leads of ann to hand over", "2 of 3"]
    begun, *looks = listening.asked
    assert (begun.rep_id, begun.to, begun.reason, begun.actor_id) == ("ann", "ben", "leaves", "ops")
    assert [look.operation_id for look in looks] == ["op-7"] * 4


def test_a_hand_over_for_machines_is_the_last_that_was_seen(ask: Any) -> None:
    done = ask("reps", "hand-over", "ann", "--reason", "leaves", "--json")
    said = json.loads(done.stdout)
    assert (said["moved"], said["leads"], said["ended_at"]) == ("3", "3", "2026-03-02T00:00:00Z")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("pin", "l1", "ann"), "lead l1 is pinned to ann; rep ben has it\n", id="pin"),
        pytest.param(("unpin", "l1"), "lead l1 is not pinned; queue west has it\n", id="unpin"),
    ],
)
def test_a_lead_is_told_with_its_owner(ask: Any, words: tuple[str, ...], said: str) -> None:
    assert ask("leads", *words).stdout == said


def test_why_a_lead_is_pinned_is_sent(ask: Any, listening: Listening) -> None:
    ask("leads", "pin", "l1", "ann", "--reason", "she knows them", "--actor", "ops")
    ask("leads", "unpin", "l1", "--reason", "no more")
    pin, unpin = listening.asked
    assert (pin.lead_id, pin.rep_id, pin.reason, pin.actor_id) == (
        "l1", "ann", "she knows them", "ops",
    )  # fmt: skip
    assert (unpin.lead_id, unpin.reason, unpin.actor_id) == ("l1", "no more", "")


@pytest.mark.parametrize(
    ("receiver", "said"),
    [
        pytest.param("x", "1 event will be sent to x again\n", id="one"),
        pytest.param("crm", "3 events will be sent to crm again\n", id="several"),
    ],
)
def test_how_many_events_are_sent_again_is_told(ask: Any, receiver: str, said: str) -> None:
    assert ask("webhooks", "replay", receiver, "--actor", "ops").stdout == said


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        pytest.param("now", "revision now decides already\n", id="it decides already"),
        pytest.param(
            "3f9a",
            "the guard lets revision 3f9a pass: the server whose folder has it activates it within"
            " seconds, or when it starts; /readyz says which revision decides\n",
            id="it will",
        ),
    ],
)
def test_what_comes_of_forcing_rules_is_told(
    ask: Any, listening: Listening, revision: str, said: str
) -> None:
    done = ask("rules", "force", revision, "--actor", "ops", "--reason", "the new territories")
    assert (done.exit_code, done.stdout) == (0, said)
    (request,) = listening.asked
    assert (request.actor_id, request.reason) == ("ops", "the new territories")


ASKING = [
    ("reps", "list"),
    ("reps", "away", "ann", "--from", "today", "--to", "today"),
    ("reps", "back", "ann"),
    ("reps", "hand-over", "ann", "--reason", "x"),
    ("leads", "pin", "l1", "ann"),
    ("leads", "unpin", "l1"),
    ("webhooks", "replay", "crm"),
    ("rules", "force", "3f9a"),
]


@pytest.mark.parametrize("words", ASKING, ids=lambda words: " ".join(words[:2]))
def test_where_there_is_no_store_none_is_made(run: Any, words: tuple[str, ...]) -> None:
    done = run(*words, "--store", "sqlite:///typo.db")
    assert (done.exit_code, done.stderr) == (
        2,
        "leadscoring: there is no store at sqlite:///typo.db; name it with --store, or a server"
        " with --server\n",
    )
    assert not Path("typo.db").exists()


@pytest.mark.parametrize("words", ASKING, ids=lambda words: " ".join(words[:2]))
def test_a_refusal_is_said_in_the_servers_words_and_asked_once(
    ask: Any, listening: Listening, words: tuple[str, ...]
) -> None:
    listening.refuses = "'' may not do it; send an actor_id"
    refused = ask(*words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == (
        "leadscoring: PERMISSION_DENIED: '' may not do it; send an actor_id\n"
    )
    assert len(listening.asked) == 1


def test_a_word_that_is_no_text_is_told(ask: Any, listening: Listening) -> None:
    refused = ask("leads", "pin", "l1", "ann", "--reason", "caf\udce9")
    assert refused.exit_code == 2
    assert refused.stderr == "leadscoring: 'caf\\udce9' is no UTF-8 text\n"
    assert listening.asked == []
