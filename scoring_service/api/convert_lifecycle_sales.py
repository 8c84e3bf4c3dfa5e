"""What sales and operators do with a stored lead, as values."""

from leadscoring.v1 import lifecycle_pb2

from scoring_service.api.convert_lifecycle import (
    act_of,
    date_of,
    lead_act_of,
    lead_id_of,
    money_of,
    required_id,
    stage_of,
    when,
)
from scoring_service.api.limits import ATTRIBUTES_MAX
from scoring_service.domain.intake import Violation
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import (
    AcceptLead,
    AssignLead,
    CloseLost,
    CloseWon,
    DisqualifyLead,
    LogContact,
    MoveLead,
    OpenOpportunity,
    QualifyLead,
    RecycleLead,
    RejectLead,
)


def accept_lead(message: lifecycle_pb2.AcceptLeadRequest) -> AcceptLead:
    """The owner takes a lead on."""
    return lead_act_of(AcceptLead, message, [])


def reject_lead(message: lifecycle_pb2.RejectLeadRequest) -> RejectLead:
    """The owner does not want a lead."""
    return lead_act_of(RejectLead, message, [], "reason", "note", "criterion")


def log_contact(message: lifecycle_pb2.LogContactRequest) -> LogContact:
    """Somebody got in touch with a lead, or tried to."""
    found: list[Violation] = []
    return act_of(
        LogContact,
        message,
        found,
        lead_id=lead_id_of(message.lead_id, found),
        channel=message.channel,
        direction=message.direction,
        automatic=message.automatic,
        occurred_at=when(message, "occurred_at", found),
        outcome=message.outcome,
        next_contact_at=when(message, "next_contact_at", found),
    )


def qualify_lead(message: lifecycle_pb2.QualifyLeadRequest) -> QualifyLead:
    """What sales found out."""
    found: list[Violation] = []
    if len(message.criteria) > ATTRIBUTES_MAX:
        remedy = f"{len(message.criteria)} answers; send at most {ATTRIBUTES_MAX}"
        found.append(("criteria", remedy))
    return lead_act_of(QualifyLead, message, found, criteria=dict(message.criteria))


def open_opportunity(message: lifecycle_pb2.OpenOpportunityRequest) -> OpenOpportunity:
    """What may be sold."""
    found: list[Violation] = []
    value, currency = money_of(message, found)
    return act_of(
        OpenOpportunity,
        message,
        found,
        lead_id=lead_id_of(message.lead_id, found),
        product=message.product,
        value=value,
        currency=currency,
        expected_close=date_of(message.expected_close, "expected_close", found),
    )


def close_won(message: lifecycle_pb2.CloseWonRequest) -> CloseWon:
    """What was sold."""
    found: list[Violation] = []
    value, currency = money_of(message, found)
    return act_of(
        CloseWon,
        message,
        found,
        lead_id=lead_id_of(message.lead_id, found),
        value=value,
        currency=currency,
        closed_at=when(message, "closed_at", found),
        product=message.product,
    )


def close_lost(message: lifecycle_pb2.CloseLostRequest) -> CloseLost:
    """Why nothing was sold."""
    return lead_act_of(CloseLost, message, [], "reason", "note", "criterion")


def disqualify_lead(message: lifecycle_pb2.DisqualifyLeadRequest) -> DisqualifyLead:
    """Why it is no lead of ours."""
    return lead_act_of(DisqualifyLead, message, [], "reason", "note")


def recycle_lead(message: lifecycle_pb2.RecycleLeadRequest) -> RecycleLead:
    """Why it goes back to marketing."""
    return lead_act_of(RecycleLead, message, [], "reason", "note")


def assign_lead(message: lifecycle_pb2.AssignLeadRequest) -> AssignLead:
    """The rep who gets it."""
    found: list[Violation] = []
    return act_of(
        AssignLead,
        message,
        found,
        lead_id=lead_id_of(message.lead_id, found),
        rep_id=required_id("rep_id", message.rep_id, "is required: who gets the lead", found),
        reason=message.reason,
    )


def move_lead(message: lifecycle_pb2.MoveLeadRequest) -> MoveLead:
    """The stage it goes to."""
    found: list[Violation] = []
    stage = stage_of(message.stage, "stage", found)
    if stage is None and not found:
        found.append(("stage", f"is required: one of {', '.join(Stage)}"))
    return lead_act_of(MoveLead, message, found, "reason", "note", stage=stage)
