"""lifecycle.yaml as values: tracks, reasons, SLAs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from scoring_service.domain.business_time.duration import Duration


class Then(StrEnum):
    """What a reason leads to."""

    RECYCLE = "recycle"
    DISQUALIFY = "disqualify"
    REROUTE = "reroute"


@dataclass(frozen=True, slots=True)
class Reason:
    """A disposition: what follows, into which tracks, until when, and whether the turn is given
    back.
    """

    name: str
    then: Then
    tracks: tuple[str, ...] = ()
    reevaluate: Duration | None = None
    returns_turn: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """A marketing track, whose owner is a rep or a mailbox name."""

    name: str
    owner: str
    calendar: str = "default"


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a ladder: after so much business time, tell somebody or reassign."""

    after: Duration
    tell: str | None = None
    reassign: bool = False


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All of lifecycle.yaml, with the defaults where it is silent."""

    tracks: Mapping[str, Track]
    default_track: str
    intake_queue: str
    intake_owner: str
    reasons: Mapping[str, Reason]
    slas: Mapping[str, Duration]
    ladder: tuple[Rung, ...]
    sla_ladders: Mapping[str, tuple[Rung, ...]]
    stale: Mapping[str, Mapping[str, Duration]]
    recycles_max: int
    required: Mapping[str, tuple[str, ...]]
    escalation_contact: str
    currency: str
    prefer_previous_owner: bool
    decisions_keep: timedelta
