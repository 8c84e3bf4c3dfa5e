"""Everything recorded of a lead, as messages."""

from collections.abc import Callable
from typing import Any

import msgspec
from leadscoring.v1 import lifecycle_pb2

from scoring_service.api.convert_assignment import STAGES, owner_into
from scoring_service.api.convert_lead_view import (
    clock_into,
    instants_into,
    opportunity_into,
    state_into,
    touch_into,
    win_into,
)
from scoring_service.api.convert_score import instant_into, score_into
from scoring_service.values import happening
from scoring_service.values.happening import Happened
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.score import Score
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StageEntry
from scoring_service.workflows.lifecycle_requests import HistoryView

_KINDS: dict[str, type[Owner]] = {"rep": RepOwner, "queue": QueueOwner, "track": TrackOwner}
_score = msgspec.json.Decoder(Score)


def history_into(message: lifecycle_pb2.GetHistoryResponse, view: HistoryView) -> None:
    """Fill an empty reply with a history."""
    state_into(message.state, view.lead)
    for entry in view.stages:
        _stage_into(message.stages.add(), entry)
    for happened in view.happenings:
        happening_into(message.happenings.add(), happened)
    for at, actor, change in view.changes:
        added = message.changes.add(actor_id=actor, field=change.field)
        instant_into(added.changed_at, at)
        if change.old is not None:
            added.old_json = change.old
        if change.new is not None:
            added.new_json = change.new
    message.cycles.extend(view.cycles)


def _stage_into(message: lifecycle_pb2.StageEntry, entry: StageEntry) -> None:
    message.visit = entry.visit
    message.cycle = entry.cycle
    if entry.stage_from:
        message.stage_from = STAGES[Stage(entry.stage_from)]
    message.stage_to = STAGES[Stage(entry.stage_to)]
    instant_into(message.entered_at, entry.at)
    message.actor_id = entry.actor
    message.cause = entry.cause
    message.reason = entry.reason
    message.note = entry.note
    kind, _, owner_id = entry.owner.partition(":")
    owner_into(message, _KINDS[kind](owner_id))
    score_into(message.score, _score.decode(entry.score))
    message.bars_missed.extend(entry.bars_missed)
    message.policy_revision = entry.revision
    message.model_version = entry.model
    message.arms.update(entry.arms)


def happening_into(message: lifecycle_pb2.Happening, happened: Happened) -> None:
    """Fill an empty message with something that was recorded."""
    message.number = happened.number
    instant_into(message.recorded_at, happened.at)
    message.actor_id = happened.actor
    name, fill = _FILLED[type(happened.happening)]
    part = getattr(message, name)
    part.SetInParent()
    fill(part, happened.happening)


def _contact(message: lifecycle_pb2.Contact, contact: happening.Contact) -> None:
    message.channel = contact.channel
    message.direction = contact.direction
    message.automatic = contact.automatic
    message.outcome = contact.outcome
    instants_into(message, contact, ("occurred_at", "next_contact_at"))


def _clock(message: lifecycle_pb2.ClockChange, changed: happening.ClockChanged) -> None:
    message.how = changed.how
    clock_into(message.clock, changed.clock)


def _escalation(message: lifecycle_pb2.Escalation, escalation: happening.Escalation) -> None:
    message.clock = escalation.clock
    message.step = escalation.step
    message.told.extend(escalation.told)
    message.what = escalation.what


def _enrolment(message: lifecycle_pb2.Enrolment, enrolment: happening.Enrolment) -> None:
    message.track = enrolment.track
    message.entered = enrolment.entered


def _qualification(message: lifecycle_pb2.Qualification, found: happening.Qualified) -> None:
    message.answers.update(found.answers)


def _loss(message: lifecycle_pb2.Loss, lost: happening.Lost) -> None:
    message.reason = lost.reason
    message.note = lost.note
    message.criterion = lost.criterion


def _merge(message: lifecycle_pb2.Merge, merged: happening.Merged) -> None:
    message.lead_id = merged.lead_id
    message.person_id = merged.person_id
    message.lead_ended = merged.lead_ended
    message.reason = merged.reason


def _enrichment(message: lifecycle_pb2.Enrichment, enriched: happening.Enriched) -> None:
    message.enricher = enriched.enricher
    message.fields.extend(enriched.fields)
    message.failure = enriched.failure


def _import(message: lifecycle_pb2.Import, imported: happening.Imported) -> None:
    message.batch_id = imported.batch_id


def _notice(message: lifecycle_pb2.Notice, told: happening.Told) -> None:
    message.recipient = told.recipient
    message.notice = told.notice


def _act(message: lifecycle_pb2.Act, moved: happening.Moved) -> None:
    message.what = moved.what
    message.reason = moved.reason
    if moved.owner is not None:
        owner_into(message, moved.owner)


_FILLED: dict[type, tuple[str, Callable[[Any, Any], None]]] = {
    happening.Contact: ("contact", _contact),
    happening.Touch: ("touch", touch_into),
    happening.ClockChanged: ("clock", _clock),
    happening.Escalation: ("escalation", _escalation),
    happening.Enrolment: ("enrolment", _enrolment),
    happening.Opportunity: ("opportunity", opportunity_into),
    happening.Win: ("win", win_into),
    happening.Qualified: ("qualification", _qualification),
    happening.Lost: ("loss", _loss),
    happening.Merged: ("merge", _merge),
    happening.Enriched: ("enrichment", _enrichment),
    happening.Imported: ("imported", _import),
    happening.Told: ("notice", _notice),
    happening.Moved: ("act", _act),
}
"""The field of each kind of happening, and what fills it; a test holds it to be whole."""
