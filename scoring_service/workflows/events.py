"""What the outside world is told: events for the outbox, without personal data."""

from datetime import datetime

import msgspec

from scoring_service.store.transaction import Transaction
from scoring_service.values.experiment import Joined
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import Event, StoredLead
from scoring_service.workflows.requests import AssignmentView

EVENT_TYPES = frozenset(
    (
        *("lead.assigned", "lead.queued", "lead.enrolled", "lead.stage_changed", "lead.accepted"),
        *("lead.rejected", "lead.qualified", "lead.lost", "lead.contacted", "lead.won"),
        *("lead.opportunity_opened", "lead.joined_experiment", "lead.escalated", "notice"),
        *("account.disowned", "lead.pinned", "lead.unpinned", "rep.availability_changed"),
        "rep.handed_over",
    )
)
"""Every type that is emitted."""


class OwnerChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """The payload of `lead.assigned`, `lead.queued` and `lead.enrolled`."""

    lead_id: str
    owner: Owner
    cause: str
    stage: Stage
    assignment_id: str
    decision_id: str
    policy_revision: str
    assigned_at: datetime
    previous_owner: Owner | None = None
    route: str = ""
    pool: str = ""
    sla: str = ""
    respond_by: datetime | None = None


def owner_changed(tx: Transaction, view: AssignmentView, previous: Owner | None) -> None:
    """Emit that the lead has a new owner: assigned to a rep, queued, or enrolled in a track."""
    payload = OwnerChanged(
        view.lead_id,
        view.owner,
        view.cause.value,
        view.stage,
        view.assignment_id,
        view.decision_id,
        view.policy_revision,
        view.assigned_at,
        previous,
        view.route,
        view.pool,
        view.sla,
        view.respond_by,
    )
    body = msgspec.json.encode(payload)
    tx.emit(Event(tx.new_id(), view.lead_id, _type(view.owner), view.assigned_at, body))


def enrolled(
    tx: Transaction,
    before: StoredLead,
    after: StoredLead,
    cause: str,
    policy_revision: str,
    now: datetime,
) -> None:
    """Emit that a lead was given to a track without being routed."""
    assert after.owner is not None, "every lead has an owner"
    payload = OwnerChanged(
        after.lead.lead_id,
        after.owner,
        cause,
        after.stage,
        "",
        "",
        policy_revision,
        now,
        before.owner,
    )
    emit(tx, after.lead.lead_id, _type(after.owner), payload, now)


class StageChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """The payload of `lead.stage_changed`."""

    lead_id: str
    stage_from: Stage
    stage_to: Stage
    visit: int
    cause: str
    at: datetime
    owner: Owner | None = None
    actor: str = ""
    reason: str = ""


def stage_changed(
    tx: Transaction,
    before: StoredLead,
    after: StoredLead,
    cause: str,
    actor: str,
    now: datetime,
) -> None:
    """Emit that the lead entered another stage."""
    payload = StageChanged(
        after.lead.lead_id,
        before.stage,
        after.stage,
        after.visit,
        cause,
        now,
        after.owner,
        actor,
        after.reason,
    )
    emit(tx, after.lead.lead_id, "lead.stage_changed", payload, now)


class JoinedExperiment(msgspec.Struct, frozen=True):
    """The payload of `lead.joined_experiment`."""

    lead_id: str
    experiment: str
    arm: str
    policy_revision: str
    at: datetime


def joined_experiment(tx: Transaction, joined: Joined) -> None:
    """Emit that a person was enrolled in an experiment."""
    payload = JoinedExperiment(
        joined.lead_id, joined.experiment, joined.arm, joined.revision, joined.at
    )
    emit(tx, joined.lead_id, "lead.joined_experiment", payload, joined.at)


def emit(tx: Transaction, lead_id: str, type_: str, payload: msgspec.Struct, now: datetime) -> None:
    """Emit an event with a payload of its type."""
    tx.emit(Event(tx.new_id(), lead_id, type_, now, msgspec.json.encode(payload)))


def _type(owner: Owner) -> str:
    if isinstance(owner, RepOwner):
        return "lead.assigned"
    return "lead.queued" if isinstance(owner, QueueOwner) else "lead.enrolled"
