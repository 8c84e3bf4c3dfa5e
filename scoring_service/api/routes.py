"""Route calls on their way to the writer and back.

Those that come at about the same time are converted in a row and reach the same batch; the answers
of a batch are encoded in a row.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from leadscoring.v1 import routing_pb2

from scoring_service.api import convert_request
from scoring_service.api.encode_assignment import assignment_encoded
from scoring_service.api.encoding import LENGTH, delimited, tag_of
from scoring_service.api.surround import Call
from scoring_service.api.together import Gathered, Waiting, each_answered
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.store.unit import Unit
from scoring_service.store.writer import Writer
from scoring_service.values.stored import Keys
from scoring_service.workflows import assignment, keys
from scoring_service.workflows.requests import AssignmentView, RouteLead

AT_ONCE = 32
"""Calls that are converted in a row, at most."""

WEIGHT_MAX = 800
"""Activities that are converted in a row, at most: other calls wait for them some milliseconds."""

Asked = tuple[routing_pb2.RouteRequest, Call]

_REPLY = tag_of(routing_pb2.RouteResponse.DESCRIPTOR, "assignment", LENGTH)


class Routes:
    """Answers Route calls by the writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._gathered = Gathered[Asked, bytes](self._hand_over, _weight, AT_ONCE, WEIGHT_MAX)

    async def answer(self, message: routing_pb2.RouteRequest, call: Call) -> bytes:
        """The encoded reply, durable when it returns."""
        return await call.answered(self._gathered.put((message, call)))

    def _hand_over(self, few: Sequence[Waiting[Asked, bytes]]) -> None:
        messages = [message for (message, _), _ in few]
        for ((_, call), answer), read in zip(few, each_answered(_read, messages), strict=True):
            try:
                self._writer.put(_unit(read, call, answer))
            except Exception as error:  # the neighbours are handed over all the same
                answer.set_exception(error)


def _read(messages: Sequence[routing_pb2.RouteRequest]) -> list[tuple[RouteLead, Keys]]:
    requests = convert_request.route_leads(messages)
    return [(request, keys.of_route(request)) for request in requests]


def _unit(
    read: tuple[RouteLead, Keys] | Exception, call: Call, answer: asyncio.Future[bytes]
) -> Unit:
    if isinstance(read, Exception):
        raise read
    request, reads = read
    work = partial(_routed, request)
    return Unit(work, reads, call.deadline, future=answer, told=_encoded)


def _routed(request: RouteLead, tx: Transaction, policy: Policy, now: datetime) -> AssignmentView:
    return assignment.route(tx, policy, request, now)


def _encoded(view: AssignmentView) -> bytes:
    return delimited(_REPLY, assignment_encoded(view))


def _weight(asked: Asked) -> int:
    message, _ = asked
    return len(message.activities)
