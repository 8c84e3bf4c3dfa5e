"""What is recorded of a lead at the moment it happens, because it cannot be rebuilt."""

from datetime import date, datetime

import msgspec

from scoring_service.values.clock import Clock
from scoring_service.values.owner import Owner


class _Happening(msgspec.Struct, frozen=True, tag_field="kind", omit_defaults=True):
    """Its `kind` names it in the store."""


class Contact(_Happening, frozen=True, tag="contact"):
    """Somebody of sales got in touch, or tried to."""

    channel: str
    direction: str
    occurred_at: datetime
    automatic: bool = False
    outcome: str = ""
    next_contact_at: datetime | None = None


class Touch(_Happening, frozen=True, tag="touch"):
    """By what the lead came: the first never changes, the last is by time of happening."""

    source: str
    occurred_at: datetime
    medium: str = ""
    campaign: str = ""


class Touches(_Happening, frozen=True, tag="touches"):
    """Several touches that came at once, by time: kept as one, and read as a happening each."""

    touches: tuple[Touch, ...]


class ClockChanged(_Happening, frozen=True, tag="clock"):
    """A clock was started, paused, laid anew, met, breached or ended (`how`)."""

    how: str
    clock: Clock


class Escalation(_Happening, frozen=True, tag="escalation"):
    """Somebody was told, or the lead reassigned, because a clock ran out."""

    clock: str
    step: int
    told: tuple[str, ...] = ()
    what: str = ""


class Enrolment(_Happening, frozen=True, tag="enrolment"):
    """The lead entered a track, or left it."""

    track: str
    entered: bool


class Opportunity(_Happening, frozen=True, tag="opportunity"):
    """What may be sold. `value` is in `currency`."""

    opened_at: datetime
    product: str = ""
    value: float | None = None
    currency: str = ""
    expected_close: date | None = None


class Win(_Happening, frozen=True, tag="win"):
    """What was sold."""

    closed_at: datetime
    product: str = ""
    value: float | None = None
    currency: str = ""


class Qualified(_Happening, frozen=True, tag="qualified"):
    """Answers that sales got, by the name of the question."""

    answers: dict[str, str]


class Lost(_Happening, frozen=True, tag="lost"):
    """Why a lead was rejected or lost; `criterion` was wrong about it."""

    reason: str
    note: str = ""
    criterion: str = ""


class Merged(_Happening, frozen=True, tag="merged"):
    """Another lead's person became this one's; `lead_ended` where two open leads became one."""

    lead_id: str
    person_id: str
    lead_ended: bool
    reason: str = ""


class Enriched(_Happening, frozen=True, tag="enriched"):
    """Fields that somebody else filled in, or why nobody did (`failure`)."""

    enricher: str
    fields: tuple[str, ...] = ()
    failure: str = ""


class Imported(_Happening, frozen=True, tag="imported"):
    """The lead, or activities of it, came with a batch."""

    batch_id: str


class Told(_Happening, frozen=True, tag="told"):
    """A notice that was written for somebody; it goes out in his working hours."""

    recipient: str
    notice: str


class Moved(_Happening, frozen=True, tag="moved"):
    """A book handed over, a pin set or taken: what an operator did beside the stages."""

    what: str
    owner: Owner | None = None
    reason: str = ""


Happening = (
    Contact
    | Touch
    | ClockChanged
    | Escalation
    | Enrolment
    | Opportunity
    | Win
    | Qualified
    | Lost
    | Merged
    | Enriched
    | Imported
    | Told
    | Moved
)

Recorded = Happening | Touches
"""What is kept: of several touches one."""


class Happened(msgspec.Struct, frozen=True):
    """A happening as it is recorded, append-only, in the order of `number`."""

    lead_id: str
    at: datetime
    actor: str
    happening: Recorded
    number: int = 0

    @property
    def size(self) -> int:
        """How many happenings it is read as."""
        return len(self.happening.touches) if isinstance(self.happening, Touches) else 1

    @property
    def each(self) -> "tuple[Happened, ...]":
        """As it is read: of what came at once each by itself, the first under its own number."""
        if not isinstance(self.happening, Touches):
            return (self,)
        return tuple(
            Happened(self.lead_id, self.at, self.actor, touch, self.number and self.number + i)
            for i, touch in enumerate(self.happening.touches)
        )


class Notice(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something a person is to be told of a lead, held until his working hours. `notice` is its
    kind: several of a kind within 15 minutes go out as one.
    """

    recipient: str
    notice: str
    lead_id: str
    at: datetime
    text: str
    number: int = 0
