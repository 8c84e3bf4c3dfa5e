"""Writes that are recorded and not yet sent: of one unit, or of the units of a batch."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter

from scoring_service.store.connection import Row
from scoring_service.values.absence import EnteredAbsence
from scoring_service.values.account import Account
from scoring_service.values.experiment import Joined
from scoring_service.values.handover import Handover
from scoring_service.values.happening import Happened, Notice
from scoring_service.values.stored import (
    Answer,
    Event,
    QueuePlace,
    Rotation,
    StageEntry,
    StoredActivity,
    StoredAssignment,
    StoredDecision,
    StoredLead,
    Timer,
)


@dataclass(slots=True)
class Writes:
    """What is to be written. Where a key is written twice the later value stands alone.

    `open_leads` is by how much the leads in each rep's hands change; `taken` and `given_back` are
    the instants at which those assignments were made that are new, or newly given back, by rep.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    leads: dict[str, StoredLead] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    activities: dict[str, StoredActivity] = field(default_factory=dict)
    activity_sets: list[tuple[StoredActivity, ...]] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    changes: list[Row] = field(default_factory=list)
    rotations: dict[str, Rotation] = field(default_factory=dict)
    draws: dict[tuple[str, int], Row] = field(default_factory=dict)
    draws_given_back: list[tuple[str, int]] = field(default_factory=list)
    places: dict[str, QueuePlace | None] = field(default_factory=dict)
    timers: dict[tuple[str, str], Timer | None] = field(default_factory=dict)
    assignments: dict[str, StoredAssignment] = field(default_factory=dict)
    stages: list[StageEntry] = field(default_factory=list)
    decisions: dict[str, StoredDecision] = field(default_factory=dict)
    dropped: list[Row] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    revisions: dict[str, Row] = field(default_factory=dict)
    activations: list[Row] = field(default_factory=list)
    reps: dict[str, Row] = field(default_factory=dict)
    joined: list[Joined] = field(default_factory=list)
    happenings: list[Happened] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    notices_told: list[Row] = field(default_factory=list)
    persons: list[Row] = field(default_factory=list)
    webhooks: list[tuple[str, Row]] = field(default_factory=list)
    absences: dict[str, tuple[EnteredAbsence, ...]] = field(default_factory=dict)
    handovers: dict[str, Handover] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    open_leads: dict[str, int] = field(default_factory=dict)
    taken: dict[str, list[datetime]] = field(default_factory=dict)
    given_back: dict[str, list[datetime]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return any(_parts(self))

    def add(self, later: "Writes") -> None:
        """Take over what was recorded after these."""
        for mine, new in zip(_parts(self), _parts(later), strict=True):
            if new:
                if isinstance(mine, dict):
                    mine.update(new)
                else:
                    mine.extend(new)
        for rep_id, change in later.open_leads.items():
            self.open_leads[rep_id] = self.open_leads.get(rep_id, 0) + change
        for at, new in ((self.taken, later.taken), (self.given_back, later.given_back)):
            for rep_id, instants in new.items():
                at.setdefault(rep_id, []).extend(instants)


_COUNTS = ("open_leads", "taken", "given_back")
_parts = attrgetter(*(part.name for part in fields(Writes) if part.name not in _COUNTS))
