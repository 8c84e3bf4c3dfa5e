"""What brings leads in, as values: upserts, activities, merges."""

from leadscoring.v1 import lifecycle_pb2

from scoring_service.api.convert_activity import activities_of
from scoring_service.api.convert_lead import Found, Texts, check_id, lead_of
from scoring_service.api.convert_lifecycle import act_of, lead_id_of, owner_of, stage_of, when
from scoring_service.api.convert_request import check_stored
from scoring_service.domain.intake import Violation
from scoring_service.values.lead import Lead
from scoring_service.workflows.lifecycle_requests import (
    InitialState,
    MergeLeads,
    RecordActivities,
    UpsertLead,
)

OUTCOMES = ("", "won", "lost")


def upsert_lead(message: lifecycle_pb2.UpsertLeadRequest) -> UpsertLead:
    """A lead to take in."""
    found: list[Violation] = []
    seen: Texts = [message.batch_id, *_texts_of(message.initial)]
    if not message.HasField("lead"):
        found.append(("lead", "is required: what is known of the lead"))
    check_id("batch_id", message.batch_id, found)
    initial = _initial_of(message.initial, found) if message.HasField("initial") else None
    return act_of(
        UpsertLead,
        message,
        found,
        seen,
        lead=lead_of(message.lead, found, seen),
        activities=activities_of(message.activities, found, seen),
        batch_id=message.batch_id,
        initial=initial,
        release_do_not_contact=message.release_do_not_contact,
    )


def _texts_of(message: lifecycle_pb2.InitialState) -> Texts:
    return [message.rep_id, message.queue, message.track, message.outcome, message.reason]


def _initial_of(message: lifecycle_pb2.InitialState, found: Found) -> InitialState:
    if message.outcome not in OUTCOMES:
        remedy = f"{message.outcome[:60]!r} is no outcome; send won or lost, or leave it out"
        found.append(("initial.outcome", remedy))
    return InitialState(
        stage_of(message.stage, "initial.stage", found),
        owner_of(message, "initial", found),
        when(message, "entered_at", found, "initial"),
        message.outcome,
        message.reason,
    )


def record_activities(message: lifecycle_pb2.RecordActivitiesRequest) -> RecordActivities:
    """What a lead did."""
    found: list[Violation] = []
    seen: Texts = [message.batch_id]
    lead: Lead | None = None
    subject = message.WhichOneof("subject")
    if subject == "lead":
        lead = lead_of(message.lead, found, seen)
    else:
        check_stored(subject, message.lead_id, found, seen)
    if not message.activities:
        found.append(("activities", "is required: at least one; else call UpsertLead"))
    check_id("batch_id", message.batch_id, found)
    return act_of(
        RecordActivities,
        message,
        found,
        seen,
        lead=lead,
        lead_id=message.lead_id,
        activities=activities_of(message.activities, found, seen),
        batch_id=message.batch_id,
    )


def merge_leads(message: lifecycle_pb2.MergeLeadsRequest) -> MergeLeads:
    """Two leads of one person."""
    found: list[Violation] = []
    if message.lead_id and message.lead_id == message.other_lead_id:
        found.append(("other_lead_id", "is the same lead; send another one"))
    return act_of(
        MergeLeads,
        message,
        found,
        lead_id=lead_id_of(message.lead_id, found),
        other_lead_id=lead_id_of(message.other_lead_id, found, "other_lead_id"),
        reason=message.reason,
    )
