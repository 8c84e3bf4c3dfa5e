"""Calls about reps, and about leads that somebody holds on to: a part of RoutingService."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from leadscoring.v1 import routing_pb2 as pb

from scoring_service.api import convert_reps, pages
from scoring_service.api.convert_lead_view import state_into
from scoring_service.api.ids import required
from scoring_service.api.surround import Call, Method
from scoring_service.domain.policy import Policy
from scoring_service.store.reader import Reader
from scoring_service.store.store import Store
from scoring_service.store.transaction import Transaction
from scoring_service.values.stored import Keys
from scoring_service.workflows import keys
from scoring_service.workflows.lifecycle_requests import Act, LeadAct, LeadView
from scoring_service.workflows.rep_requests import RepStanding
from scoring_service.workflows.sales.pinning import pin_lead, unpin_lead
from scoring_service.workflows.team import standing
from scoring_service.workflows.team.availability import set_availability
from scoring_service.workflows.team.handing_over import hand_over

Found = TypeVar("Found")
Workflow = Callable[[Transaction, Policy, Any, datetime], Found]


class RepMethods:
    """Converts, calls the workflow, converts."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store, self.clock = store, clock

    def methods(self) -> Iterator[Method[Any]]:
        """Every method of this part."""
        yield Method("SetAvailability", pb.SetAvailabilityRequest, self.set_availability)
        yield Method("ListAvailability", pb.ListAvailabilityRequest, self.list_availability)
        yield Method("HandOver", pb.HandOverRequest, self.hand_over)
        yield Method("GetHandOver", pb.GetHandOverRequest, self.get_hand_over)
        yield Method("PinLead", pb.PinLeadRequest, self.pin_lead)
        yield Method("UnpinLead", pb.UnpinLeadRequest, self.unpin_lead)

    async def set_availability(self, message: pb.SetAvailabilityRequest, call: Call) -> bytes:
        """When a rep is away."""
        request = convert_reps.set_availability(message)
        made = await self._write(call, set_availability, request)
        reply = pb.SetAvailabilityResponse(replayed=made.replayed)
        convert_reps.availability_into(reply.availability, made)
        return reply.SerializeToString()

    async def list_availability(self, message: pb.ListAvailabilityRequest, call: Call) -> bytes:
        """A page of reps by id."""
        rows, after = pages.rows_of(message.page_size), pages.reps_place(message.page_token)
        policy = self.store.policies.active

        def find(reader: Reader) -> tuple[RepStanding, ...]:
            return standing.standings(reader, policy, after, rows + 1, self.clock())

        page, last = pages.page_of(await call.wait(self.store.read(find)), rows)
        reply = pb.ListAvailabilityResponse()
        for rep in page:
            convert_reps.rep_into(reply.reps.add(), rep)
        if last is not None:
            reply.next_page_token = pages.reps_token(last.availability.rep_id)
        return reply.SerializeToString()

    async def hand_over(self, message: pb.HandOverRequest, call: Call) -> bytes:
        """Begin to hand a book over; durable when it returns."""
        made = await self._write(call, hand_over, convert_reps.hand_over(message))
        reply = pb.HandOverResponse(replayed=made.replayed)
        convert_reps.handover_into(reply.handover, made.handover)
        return reply.SerializeToString()

    async def get_hand_over(self, message: pb.GetHandOverRequest, call: Call) -> bytes:
        """How far a hand-over has come."""
        wanted = required("operation_id", message.operation_id)
        asked = self.store.read(lambda reader: standing.handover_view(reader, wanted))
        found = await call.wait(asked)
        reply = pb.GetHandOverResponse()
        convert_reps.handover_into(reply.handover, found.handover)
        return reply.SerializeToString()

    async def pin_lead(self, message: pb.PinLeadRequest, call: Call) -> bytes:
        """A rep keeps a lead."""
        view = await self._write(call, pin_lead, convert_reps.pin_lead(message))
        return _state(pb.PinLeadResponse(), view)

    async def unpin_lead(self, message: pb.UnpinLeadRequest, call: Call) -> bytes:
        """The routes decide about a lead again."""
        view = await self._write(call, unpin_lead, convert_reps.unpin_lead(message))
        return _state(pb.UnpinLeadResponse(), view)

    async def _write(self, call: Call, work: Workflow[Found], request: Act) -> Found:
        written = self.store.writer.write(
            lambda tx, policy, now: work(tx, policy, request, now),
            keys.of_act(request) if isinstance(request, LeadAct) else Keys(request.request_id),
            call.deadline,
        )
        return await call.wait(written)


def _state(reply: pb.PinLeadResponse | pb.UnpinLeadResponse, view: LeadView) -> bytes:
    state_into(reply.state, view)
    return reply.SerializeToString()
