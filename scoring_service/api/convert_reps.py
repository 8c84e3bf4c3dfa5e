"""What is asked and answered about reps, as values and as messages."""

from leadscoring.v1 import routing_pb2

from scoring_service.api.convert_lead import check_id
from scoring_service.api.convert_lifecycle import (
    act_of,
    date_of,
    lead_act_of,
    lead_id_of,
    required_id,
)
from scoring_service.api.convert_score import instant_into
from scoring_service.domain.intake import Violation
from scoring_service.values.handover import Handover
from scoring_service.workflows.rep_requests import (
    Availability,
    HandOver,
    PinLead,
    RepStanding,
    SetAvailability,
    UnpinLead,
)

_LIMITS = ("open_leads_max", "per_day_max", "per_week_max")
_COUNTS = ("open_leads", "taken_today", "taken_this_week")
_HANDED = ("operation_id", "rep_id", "to", "reason", "leads", "moved", "left", "accounts")


def set_availability(message: routing_pb2.SetAvailabilityRequest) -> SetAvailability:
    """When a rep is away, or there after all."""
    found: list[Violation] = []
    check_id("backup", message.backup, found)
    return act_of(
        SetAvailability,
        message,
        found,
        rep_id=required_id("rep_id", message.rep_id, "is required: the rep who is away", found),
        first=date_of(message.away_from, "away_from", found),
        last=date_of(message.away_to, "away_to", found),
        backup=message.backup,
        withdraw=message.withdraw,
    )


def hand_over(message: routing_pb2.HandOverRequest) -> HandOver:
    """Whose leads go to others."""
    found: list[Violation] = []
    check_id("to", message.to, found)
    return act_of(
        HandOver,
        message,
        found,
        rep_id=required_id("rep_id", message.rep_id, "is required: whose leads they are", found),
        to=message.to,
        reason=message.reason,
    )


def pin_lead(message: routing_pb2.PinLeadRequest) -> PinLead:
    """The rep to whom a lead is pinned."""
    found: list[Violation] = []
    return act_of(
        PinLead,
        message,
        found,
        lead_id=lead_id_of(message.lead_id, found),
        rep_id=required_id("rep_id", message.rep_id, "is required: who keeps the lead", found),
        reason=message.reason,
    )


def unpin_lead(message: routing_pb2.UnpinLeadRequest) -> UnpinLead:
    """A lead whose pin is taken out."""
    return lead_act_of(UnpinLead, message, [], "reason")


def availability_into(message: routing_pb2.Availability, made: Availability) -> None:
    """Fill an empty message with when a rep is away."""
    message.rep_id = made.rep_id
    if made.away_until is not None:
        message.away_until = made.away_until.isoformat()
    for one in made.away:
        absence = one.absence
        added = message.away.add(
            first_day=absence.first.isoformat(),
            last_day=absence.last.isoformat(),
            backup=absence.backup or "",
            entered_by=one.entered_by,
        )
        if one.entered_at is not None:
            instant_into(added.entered_at, one.entered_at)


def rep_into(message: routing_pb2.RepState, rep: RepStanding) -> None:
    """Fill an empty message with how a rep stands."""
    availability_into(message.availability, rep.availability)
    message.name, message.active = rep.name, rep.active
    message.pools.extend(rep.pools)
    for name in _COUNTS:
        setattr(message, name, getattr(rep, name))
    for name in _LIMITS:
        limit = getattr(rep, name)
        if limit is not None:
            setattr(message, name, limit)
    if rep.handover is not None:
        handover_into(message.handover, rep.handover)


def handover_into(message: routing_pb2.Handover, made: Handover) -> None:
    """Fill an empty message with how far a hand-over has come."""
    for name in (*_HANDED, "accounts_moved"):
        setattr(message, name, getattr(made, name))
    message.actor_id = made.actor
    instant_into(message.started_at, made.started_at)
    if made.ended_at is not None:
        instant_into(message.ended_at, made.ended_at)
