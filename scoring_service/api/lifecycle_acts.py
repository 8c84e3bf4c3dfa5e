"""Every call by which a lead is changed: the message, its conversion, the workflow."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.protobuf.message import Message
from leadscoring.v1 import lifecycle_pb2 as pb

from scoring_service.api import convert_lifecycle_intake as intake
from scoring_service.api import convert_lifecycle_sales as sales
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.stored import Keys
from scoring_service.workflows import keys
from scoring_service.workflows.intake.merging import merge
from scoring_service.workflows.intake.record_activities import record_activities
from scoring_service.workflows.intake.upsert import upsert
from scoring_service.workflows.lifecycle_requests import LeadView
from scoring_service.workflows.sales.accept import accept_lead
from scoring_service.workflows.sales.assign import assign_lead
from scoring_service.workflows.sales.close import close_lost, close_won
from scoring_service.workflows.sales.contact import log_contact
from scoring_service.workflows.sales.disqualify import disqualify_lead
from scoring_service.workflows.sales.move import move_lead
from scoring_service.workflows.sales.opportunity import open_opportunity
from scoring_service.workflows.sales.qualify import qualify_lead
from scoring_service.workflows.sales.recycle import recycle_lead
from scoring_service.workflows.sales.reject import reject_lead

Workflow = Callable[[Transaction, Policy, Any, datetime], LeadView]


@dataclass(frozen=True, slots=True)
class Act:
    """What is taken, how it is converted, what is done with it, the reply, and what it reads."""

    takes: type[Message]
    convert: Callable[[Any], Any]
    workflow: Workflow
    replies: type[Message]
    keys: Callable[[Any], Keys] = keys.of_act

    @property
    def name(self) -> str:
        """The method's."""
        return str(self.takes.DESCRIPTOR.name).removesuffix("Request")


ACTS: tuple[Act, ...] = (
    Act(pb.UpsertLeadRequest, intake.upsert_lead, upsert, pb.UpsertLeadResponse, keys.of_upsert),
    Act(
        pb.RecordActivitiesRequest,
        intake.record_activities,
        record_activities,
        pb.RecordActivitiesResponse,
        keys.of_activities,
    ),
    Act(pb.MergeLeadsRequest, intake.merge_leads, merge, pb.MergeLeadsResponse),
    Act(pb.AcceptLeadRequest, sales.accept_lead, accept_lead, pb.AcceptLeadResponse),
    Act(pb.RejectLeadRequest, sales.reject_lead, reject_lead, pb.RejectLeadResponse),
    Act(pb.LogContactRequest, sales.log_contact, log_contact, pb.LogContactResponse),
    Act(pb.QualifyLeadRequest, sales.qualify_lead, qualify_lead, pb.QualifyLeadResponse),
    Act(
        pb.OpenOpportunityRequest,
        sales.open_opportunity,
        open_opportunity,
        pb.OpenOpportunityResponse,
    ),
    Act(pb.CloseWonRequest, sales.close_won, close_won, pb.CloseWonResponse),
    Act(pb.CloseLostRequest, sales.close_lost, close_lost, pb.CloseLostResponse),
    Act(
        pb.DisqualifyLeadRequest, sales.disqualify_lead, disqualify_lead, pb.DisqualifyLeadResponse
    ),
    Act(pb.RecycleLeadRequest, sales.recycle_lead, recycle_lead, pb.RecycleLeadResponse),
    Act(pb.AssignLeadRequest, sales.assign_lead, assign_lead, pb.AssignLeadResponse),
    Act(pb.MoveLeadRequest, sales.move_lead, move_lead, pb.MoveLeadResponse),
)
