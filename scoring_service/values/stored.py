"""What the store keeps, as values. Rows become these in one place, and these become rows there."""

from datetime import datetime

import msgspec

from scoring_service.values.activity import Activity, BehaviourState, activity_digest
from scoring_service.values.clock import Clock
from scoring_service.values.happening import Opportunity, Touch, Win
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner
from scoring_service.values.score import HeldBar
from scoring_service.values.stage import FINISHED, Stage


class StoredLead(msgspec.Struct, frozen=True, omit_defaults=True):
    """A lead with its state. `excluded` are reps its queue place or visit must not go to.

    `clocks` are those of its visit; an unfinished lead has one that runs. `reason` is that of the
    stage it is in (lost, recycled, disqualified). One merged into another (`merged_into`) is
    answered for by that one, which lists it in `merged_from`: what it did is the survivor's too.
    `recycles` counts those that `recycles_max` limits. `arms` are by experiment. `last_activity_at`
    and `last_contact_at` are by when they happened; contacts are those of the visit.
    """

    lead: Lead
    person_id: str
    stage: Stage
    created_at: datetime
    updated_at: datetime
    entered_at: datetime
    visit: int = 0
    cycle: int = 1
    owner: Owner | None = None
    assignment_id: str = ""
    last_pool: str | None = None
    previous_owner: str | None = None
    pinned_rep: str | None = None
    do_not_contact: bool = False
    waiting_in: str | None = None
    enqueued_at: datetime | None = None
    excluded: tuple[str, ...] = ()
    behaviour: tuple[BehaviourState, ...] = ()
    behaviour_since_recycling: tuple[BehaviourState, ...] = ()
    model_behaviour: tuple[BehaviourState, ...] = ()
    model_scoring: str = ""
    held_bars: tuple[HeldBar, ...] = ()
    visit_bars: tuple[float, float] | None = None
    tracks: tuple[str, ...] = ()
    recycled_at: datetime | None = None
    reevaluate_at: datetime | None = None
    arms: dict[str, str] = {}
    clocks: tuple[Clock, ...] = ()
    reason: str = ""
    merged_into: str = ""
    merged_from: tuple[str, ...] = ()
    recycles: int = 0
    last_activity_at: datetime | None = None
    first_contact_at: datetime | None = None
    last_contact_at: datetime | None = None
    opportunity: Opportunity | None = None
    win: Win | None = None
    qualification: dict[str, str] = {}
    first_touch: Touch | None = None
    last_touch: Touch | None = None
    batch_id: str = ""
    score: float = 0.0

    @property
    def unfinished(self) -> bool:
        """Whether somebody still has to do something about it."""
        return not self.merged_into and self.stage not in FINISHED


class StoredActivity(msgspec.Struct, frozen=True):
    """An activity as stored. `digest` is of what was sent, before clamping; "" where that was just
    this.
    """

    lead_id: str
    activity: Activity
    digest: str
    recorded_at: datetime

    @property
    def sent(self) -> tuple[str, str]:
        """Whose it is, and the digest of what was sent."""
        return self.lead_id, self.digest or activity_digest(self.activity)


class FieldChange(msgspec.Struct, frozen=True):
    """One field of a lead, account or rep that changed. Values are JSON texts; None is absent."""

    field: str
    old: str | None
    new: str | None


class StoredAssignment(msgspec.Struct, frozen=True):
    """Who got a lead, when and how it ended. `team` and `manager` are the rep's at that moment,
    `arms` the lead's.
    """

    assignment_id: str
    lead_id: str
    decision_id: str
    owner: Owner
    cause: str
    assigned_at: datetime
    pool: str = ""
    route: str = ""
    sla: str = ""
    team: str = ""
    manager: str = ""
    draw_number: int | None = None
    enqueued_at: datetime | None = None
    respond_by: datetime | None = None
    ended_at: datetime | None = None
    ended_how: str = ""
    given_back: bool = False
    arms: dict[str, str] = {}


class StageEntry(msgspec.Struct, frozen=True):
    """A move of a lead, append-only. `score` is the whole score's JSON; one that a decision brought
    is stored without it, for `decision_id` names what says it. `arms` are the lead's then, by
    experiment.
    """

    lead_id: str
    visit: int
    cycle: int
    stage_from: str
    stage_to: str
    at: datetime
    actor: str
    cause: str
    owner: str
    score: str
    revision: str
    reason: str = ""
    note: str = ""
    model: str = ""
    bars_missed: tuple[str, ...] = ()
    arms: dict[str, str] = {}
    decision_id: str = ""


class StoredDecision(msgspec.Struct, frozen=True):
    """A decision record. `facts` and `decision` are JSON of values.facts.Facts and
    values.decision.Decision. From `trimmed_at` on the facts are no longer kept: they are empty.
    """

    decision_id: str
    lead_id: str
    at: datetime
    actor: str
    revision: str
    model: str
    semantics: int
    facts: bytes
    decision: bytes
    assignment_id: str = ""
    trimmed_at: datetime | None = None


class QueuePlace(msgspec.Struct, frozen=True):
    """A lead's place in a pool's queue. `not_for` may not take it (condition not met, or excluded).

    `revision` is the policy by which `not_for` was judged; under another one it is judged anew.
    """

    pool: str
    lead_id: str
    enqueued_at: datetime
    number: int
    win_probability: float | None = None
    not_for: tuple[str, ...] = ()
    revision: str = ""


class Timer(msgspec.Struct, frozen=True):
    """Something to do at an instant. At most one a (kind, subject); `revision` is the policy it was
    laid under.
    """

    kind: str
    subject: str
    due_at: datetime
    revision: str
    attempts: int = 0


class Event(msgspec.Struct, frozen=True):
    """A message for the outside world, in order per lead."""

    event_id: str
    lead_id: str
    type: str
    at: datetime
    payload: bytes


class Answer(msgspec.Struct, frozen=True):
    """The first answer to a request, kept for ever. `digest` is of the request without its
    request_id.
    """

    request_id: str
    method: str
    digest: str
    body: bytes
    at: datetime


class Credit(msgspec.Struct, frozen=True):
    """A rep's place in a pool's rotation."""

    rep_id: str
    credit: int = 0
    last_draw: int = 0


class Rotation(msgspec.Struct, frozen=True):
    """A pool's rotation: every rep it ever had, and the number of the latest draw."""

    pool: str
    credits: tuple[Credit, ...] = ()
    draws: int = 0


class Keys(msgspec.Struct, frozen=True):
    """What a unit of work will read, known from its request: fetched for a whole batch at once.

    `company` is the name of the lead's company, as it was sent.
    """

    request_id: str = ""
    lead_id: str = ""
    email: str = ""
    account_id: str = ""
    domains: tuple[str, ...] = ()
    activity_ids: tuple[str, ...] = ()
    company: str = ""
