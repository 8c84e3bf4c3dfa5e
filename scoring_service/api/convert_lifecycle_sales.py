"""What sales and operators do with a stored lead, as values."""

from leadscoring.v1 import lifecycle_pb2

from scoring_service.api.convert_lifecycle import (
    act_of,
    date_of,
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
    found: list[Violation] = []
    return act_of(AcceptLead, message, found, lead_id=lead_id_of(message.lead_id, found))


def reject_lead(message: lifecycle_pb2.RejectLeadRequest) -> RejectLead:
    """The owner does not want a lead."""
    found: list[Violation] = []
    return act_of(
        RejectLead,
        message,
        found,
        lead_id=lead_id_of(message.lead_id, found),
        reason=message.reason,
        note=message.note,
        criterion=message.criterion,
    )


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
    return act_of(
        QualifyLead,
        message,
        found,
        lead_id=lead_id_of(message.lead_id, found),
        criteria=dict(message.criteria),
    )


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
    found: list[Violation] = []
    return act_of(
        CloseLost,
        message,
        found,
        lead_id=lead_id_of(message.lead_id, found),
        reason=message.reason,
        note=message.note,
        criterion=message.criterion,
    )


def disqualify_lead(message: lifecycle_pb2.DisqualifyLeadRequest) -> DisqualifyLead:
    """Why it is no lead of ours."""
    found: list[Violation] = []
    lead_id = lead_id_of(message.lead_id, found)
    return act_of(
        DisqualifyLead, message, found, lead_id=lead_id, reason=message.reason, note=message.note
    )


def recycle_lead(message: lifecycle_pb2.RecycleLeadRequest) -> RecycleLead:
    """Why it goes back to marketing."""
    found: list[Violation] = []
    lead_id = lead_id_of(message.lead_id, found)
    return act_of(
        RecycleLead, message, found, lead_id=lead_id, reason=message.reason, note=message.note
    )


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
    return act_of(
        MoveLead,
        message,
        found,
        lead_id=lead_id_of(message.lead_id, found),
        stage=stage,
        reason=message.reason,
        note=message.note,
    )
