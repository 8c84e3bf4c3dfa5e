"""`leadscoring rules explain LEAD`: a stored decision, from a running server or from the store."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import click
import grpc
from leadscoring.v1 import lifecycle_pb2, lifecycle_pb2_grpc, routing_pb2, routing_pb2_grpc

from scoring_service.api.convert_decision import decision_into
from scoring_service.cli.harmless import harmless
from scoring_service.cli.problem import Problem
from scoring_service.cli.rules.explain.told import as_json_text, told
from scoring_service.cli.rules.git import found_in_git
from scoring_service.cli.serving.calls import DEADLINE_SECONDS, refusal
from scoring_service.cli.serving.connection import channel_to
from scoring_service.cli.serving.running import running_server
from scoring_service.cli.upkeep.reading import REMEDY, reading
from scoring_service.domain.domains import email_key
from scoring_service.policy.load import load
from scoring_service.policy.source import unpack
from scoring_service.store.policies import Policies
from scoring_service.store.reader import Reader
from scoring_service.values.errors import NotFound
from scoring_service.workflows.explanation import explained_decision
from scoring_service.workflows.lead_view import answering

_NAME_IT = (
    "look at its id, name its store with --store or its server with --server, or a decision with"
    " --decision"
)
_NOBODY = "no decision gave it to anybody yet; route it, or name a decision with --decision"


@dataclass(frozen=True, slots=True)
class Asked:
    """A lead by its id or e-mail address, or a decision by its id; and where to look."""

    lead: str
    decision: str
    store: str
    server: str | None
    rules: Path | None


def run(asked: Asked, as_json: bool) -> int:
    """Say it, and the exit code: 1 where the decision does not come out the same again.

    Raises Problem and StoreProblem where there is nothing to explain.
    """
    decision = _decision(asked)
    files = {file.name: file.sha256 for file in decision.activation.files}
    git = found_in_git(asked.rules, files) if asked.rules and files else None
    lines = map(harmless, told(decision, git))
    click.echo(as_json_text(decision, git) if as_json else "\n".join(lines))
    return int(decision.replay.verdict == routing_pb2.REPLAY_VERDICT_DIFFERENT)


def _decision(asked: Asked) -> routing_pb2.Decision:
    address = asked.server or running_server(asked.store)
    if address is not None:
        return asyncio.run(_from_server(address, asked))
    return _from_store(asked)


async def _from_server(address: str, asked: Asked) -> routing_pb2.Decision:
    async with channel_to(address) as channel:
        routing = routing_pb2_grpc.RoutingServiceStub(channel)
        try:
            decision_id = asked.decision or await _latest(channel, asked)
            request = routing_pb2.GetDecisionRequest(decision_id=decision_id)
            return (await routing.GetDecision(request, timeout=DEADLINE_SECONDS)).decision
        except grpc.aio.AioRpcError as error:
            remedy = f"; {_name_it(asked)}" if error.code() is grpc.StatusCode.NOT_FOUND else ""
            raise Problem(f"{refusal(error)}{remedy}") from error


def _name_it(asked: Asked) -> str:
    """A server is asked by ids; addresses stand in its store."""
    if "@" in asked.lead and asked.server is not None:
        return "an address is looked for in a store: give the id, or --store and no --server"
    return _NAME_IT


async def _latest(channel: grpc.aio.Channel, asked: Asked) -> str:
    """The decision that gave a lead its owner."""
    lead_id = _by_email(asked) if "@" in asked.lead and asked.server is None else asked.lead
    leads = lifecycle_pb2_grpc.LifecycleServiceStub(channel)
    request = lifecycle_pb2.GetLeadRequest(lead_id=lead_id)
    state = (await leads.GetLead(request, timeout=DEADLINE_SECONDS)).state
    if not state.assignment_id:
        raise Problem(f"lead {asked.lead!r}: {_NOBODY}")
    routing = routing_pb2_grpc.RoutingServiceStub(channel)
    given = routing_pb2.GetAssignmentRequest(assignment_id=state.assignment_id)
    reply = await routing.GetAssignment(given, timeout=DEADLINE_SECONDS)
    if not reply.assignment.decision_id:
        raise Problem(f"lead {asked.lead!r}: {_NOBODY}")
    return str(reply.assignment.decision_id)


def _by_email(asked: Asked) -> str:
    """The id of the lead with an address, where the store of a running server can be read."""
    with reading(asked.store) as reader:
        return _lead_id(reader, asked.lead)


def _from_store(asked: Asked) -> routing_pb2.Decision:
    with reading(asked.store, f"{REMEDY}, or --server") as reader:
        try:
            return _read(reader, asked)
        except NotFound as missing:
            raise Problem(f"{missing.message}; {_NAME_IT}") from missing


def _read(reader: Reader, asked: Asked) -> routing_pb2.Decision:
    policies = Policies(lambda content: load(unpack(content)))
    decision_id = asked.decision or _decided(reader, asked.lead)
    record = explained_decision(
        reader,
        decision_id,
        lambda revision: policies.once_active(revision, reader.revision_content),
    )
    message = routing_pb2.Decision()
    decision_into(message, record)
    return message


def _decided(reader: Reader, lead: str) -> str:
    found = answering(reader, _lead_id(reader, lead))
    assignment = reader.assignment(found.assignment_id) if found.assignment_id else None
    if assignment is None or not assignment.decision_id:
        raise Problem(f"lead {lead!r}: {_NOBODY}")
    return assignment.decision_id


def _lead_id(reader: Reader, lead: str) -> str:
    """The id as it is, or that of the lead with this e-mail address."""
    by_email = reader.lead_by_email(email_key(lead)) if "@" in lead else None
    return by_email.lead.lead_id if by_email else lead
