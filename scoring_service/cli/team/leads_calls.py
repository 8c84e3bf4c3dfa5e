"""Asking the server to pin a lead, and how the lead then stands."""

import json
import uuid

from leadscoring.v1 import routing_pb2
from leadscoring.v1.lifecycle_pb2 import LeadState
from leadscoring.v1.routing_pb2_grpc import RoutingServiceStub

from scoring_service.cli.plain import row_of
from scoring_service.cli.serving.asking import asked
from scoring_service.cli.serving.where import Where


def pinned(where: Where, lead: str, rep: str, reason: str, actor: str) -> LeadState:
    """The lead once it is pinned. Raises Problem where the server refuses."""
    request = routing_pb2.PinLeadRequest(
        request_id=str(uuid.uuid4()), actor_id=actor, lead_id=lead, rep_id=rep, reason=reason
    )
    state: LeadState = asked(where, RoutingServiceStub, "PinLead", request).state
    return state


def unpinned(where: Where, lead: str, reason: str, actor: str) -> LeadState:
    """The lead without its pin. Raises Problem where the server refuses."""
    request = routing_pb2.UnpinLeadRequest(
        request_id=str(uuid.uuid4()), actor_id=actor, lead_id=lead, reason=reason
    )
    state: LeadState = asked(where, RoutingServiceStub, "UnpinLead", request).state
    return state


def lead_told(state: LeadState, *, as_json: bool) -> str:
    """Who has the lead, and whether it is pinned."""
    if as_json:
        return json.dumps(row_of(state), ensure_ascii=False)
    pin = f"pinned to {state.pinned_rep_id}" if state.pinned_rep_id else "not pinned"
    kind = state.WhichOneof("owner")
    owner = f"{kind.removesuffix('_id')} {getattr(state, kind)}" if kind else "nobody"
    return f"lead {state.lead.lead_id} is {pin}; {owner} has it"
