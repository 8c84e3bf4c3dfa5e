"""Leads and rotations as the store has them, with everything that must agree with them."""

import msgspec

from scoring_service.values.decision import Draw
from scoring_service.values.stored import (
    QueuePlace,
    Rotation,
    StageEntry,
    StoredAssignment,
    StoredLead,
    Timer,
)


class LeadCheckup(msgspec.Struct, frozen=True):
    """A lead, its stages in order, its timer, its assignments that have not ended, its place."""

    lead: StoredLead
    entries: tuple[StageEntry, ...] = ()
    timer: Timer | None = None
    assignments: tuple[StoredAssignment, ...] = ()
    place: QueuePlace | None = None


class TakenTurn(msgspec.Struct, frozen=True):
    """A draw, whether it was given back, and the assignment that it made, where there is one."""

    draw: Draw
    given_back: bool
    assignment: StoredAssignment | None = None


class RotationCheckup(msgspec.Struct, frozen=True):
    """A pool's rotation, and every turn it was made of."""

    rotation: Rotation
    turns: tuple[TakenTurn, ...]


class Finding(msgspec.Struct, frozen=True):
    """Something that must never be: of what, which rule it breaks, and what was seen."""

    subject: str
    rule: str
    what: str
