"""lifecycle.yaml as values: tracks, reasons, SLAs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from scoring_service.domain.business_time.duration import BusinessHours, Duration, Elapsed
from scoring_service.values.clock import ClockName
from scoring_service.values.stage import Stage

_TOP_AGAIN = BusinessHours(timedelta(hours=8))
REEVALUATE_OTHER = Elapsed(timedelta(days=90))
"""When a recycled lead is looked at again where its reason does not say."""


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


class Holder(StrEnum):
    """Who holds the leads of a stage."""

    TRACK = "track"
    QUEUE = "queue"
    REP = "rep"


@dataclass(frozen=True, slots=True)
class StageRule:
    """A stage: who holds its leads, which clocks they have, by what a lead comes in and goes out
    (sentences for people), and where to. What `required` says is asked at its entry beside.
    """

    owner: tuple[Holder, ...]
    clocks: tuple[ClockName, ...]
    entry: str
    exit: str
    exits: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All of lifecycle.yaml, with the defaults where it is silent.

    `questions` are what sales must have answered of an sql. A stage that is not in `stages` has
    every clock of the stage table. `top_again` is how long the top is left in peace after it was
    told that nobody takes a lead.
    """

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
    questions: tuple[str, ...] = ("budget", "authority", "need", "timeline")
    stages: Mapping[Stage, StageRule] = field(default_factory=dict)
    top_again: Duration = _TOP_AGAIN
