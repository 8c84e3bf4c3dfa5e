"""What the lifecycle is asked and what it answers: frozen values, nothing of the wire."""

from datetime import date, datetime

import msgspec

from scoring_service.values.activity import Activity
from scoring_service.values.clock import Clock
from scoring_service.values.enrichment import Enrichment
from scoring_service.values.happening import Happened, Opportunity, Touch, Win
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner
from scoring_service.values.score import Score
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StageEntry
from scoring_service.workflows.requests import Violations


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What every mutating request has. `digest` is of all but the request_id; `violations` are
    those the rim found, reported with those that depend on the policy.
    """

    request_id: str = ""
    actor_id: str = ""
    digest: str = ""
    violations: Violations = ()


class InitialState(msgspec.Struct, frozen=True):
    """Where an imported lead that is new begins; needs an actor who may move leads."""

    stage: Stage | None = None
    owner: Owner | None = None
    entered_at: datetime | None = None
    outcome: str = ""
    reason: str = ""


class UpsertLead(Act, frozen=True, kw_only=True):
    """Take in a lead: find or make it, merge its fields, enrich, evaluate, perhaps route.

    `enrichments` are what enrichers were asked for before; they are no part of the digest.
    """

    lead: Lead
    activities: tuple[Activity, ...] = ()
    batch_id: str = ""
    initial: InitialState | None = None
    release_do_not_contact: bool = False
    enrichments: tuple[Enrichment, ...] = ()


class RecordActivities(Act, frozen=True, kw_only=True):
    """What a stored lead did. `lead` None means the one called `lead_id`. With a `batch_id` it is
    an import: scored, it moves no stored lead.
    """

    lead: Lead | None = None
    lead_id: str = ""
    activities: tuple[Activity, ...] = ()
    batch_id: str = ""


class LeadAct(Act, frozen=True, kw_only=True):
    """Something done with one stored lead."""

    lead_id: str


class MergeLeads(LeadAct, frozen=True, kw_only=True):
    """Two leads are one person's."""

    other_lead_id: str
    reason: str = ""


class AcceptLead(LeadAct, frozen=True, kw_only=True):
    """The owner takes an mql on: it becomes a sal."""


class RejectLead(LeadAct, frozen=True, kw_only=True):
    """The owner of an mql does not want it; `criterion` names what was wrong about it."""

    reason: str = ""
    note: str = ""
    criterion: str = ""


class LogContact(LeadAct, frozen=True, kw_only=True):
    """The owner got in touch, or tried to. `next_contact_at` pauses the clocks of sal and sql."""

    channel: str = ""
    direction: str = ""
    automatic: bool = False
    occurred_at: datetime | None = None
    outcome: str = ""
    next_contact_at: datetime | None = None


class QualifyLead(LeadAct, frozen=True, kw_only=True):
    """What sales found out: a sal becomes an sql once every question has an answer."""

    criteria: dict[str, str] = {}


class OpenOpportunity(LeadAct, frozen=True, kw_only=True):
    """An sql becomes an opportunity."""

    product: str = ""
    value: float | None = None
    currency: str = ""
    expected_close: date | None = None


class CloseWon(LeadAct, frozen=True, kw_only=True):
    """An opportunity was won: the lead is a customer."""

    value: float | None = None
    currency: str = ""
    closed_at: datetime | None = None
    product: str = ""


class CloseLost(LeadAct, frozen=True, kw_only=True):
    """An opportunity was lost."""

    reason: str = ""
    note: str = ""
    criterion: str = ""


class DisqualifyLead(LeadAct, frozen=True, kw_only=True):
    """No lead of ours."""

    reason: str = ""
    note: str = ""


class RecycleLead(LeadAct, frozen=True, kw_only=True):
    """Not now: back to marketing."""

    reason: str = ""
    note: str = ""


class AssignLead(LeadAct, frozen=True, kw_only=True):
    """Give a lead to a rep by hand."""

    rep_id: str = ""
    reason: str = ""


class MoveLead(LeadAct, frozen=True, kw_only=True):
    """Move a lead backward or past stages; needs an actor who may, and a reason."""

    stage: Stage | None = None
    reason: str = ""
    note: str = ""


class ReplayDeadEvents(Act, frozen=True, kw_only=True):
    """Send a receiver again what it never took."""

    endpoint: str


class DeadEventsReplayed(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many events are sent again."""

    events: int
    replayed: bool = False


class ForcePolicy(Act, frozen=True, kw_only=True):
    """Have a revision of the rules decide that the guard refuses."""

    revision: str
    reason: str


class PolicyForced(msgspec.Struct, frozen=True, omit_defaults=True):
    """A revision that the guard lets pass; `active` is whether it decided already."""

    revision: str
    active: bool = False
    replayed: bool = False


class LeadView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A lead as it is now: the answer to every request about one.

    `asked_for` is the id that was asked for where another lead answers for it. `score` is as of
    the answer. `likely_duplicates` are leads of the same name and company. `still_asked` are the
    questions and fields that keep a sal from being an sql.
    """

    lead: Lead
    stage: Stage
    owner: Owner | None
    score: Score
    visit: int = 0
    cycle: int = 1
    person_id: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    entered_at: datetime | None = None
    assignment_id: str = ""
    decision_id: str = ""
    respond_by: datetime | None = None
    reason: str = ""
    do_not_contact: bool = False
    clocks: tuple[Clock, ...] = ()
    asked_for: str = ""
    pinned_rep: str = ""
    waiting_in: str = ""
    recycles: int = 0
    recycled_at: datetime | None = None
    reevaluate_at: datetime | None = None
    tracks: tuple[str, ...] = ()
    arms: dict[str, str] = {}
    opportunity: Opportunity | None = None
    win: Win | None = None
    qualification: dict[str, str] = {}
    first_touch: Touch | None = None
    last_touch: Touch | None = None
    likely_duplicates: tuple[str, ...] = ()
    still_asked: tuple[str, ...] = ()
    replayed: bool = False


class HistoryView(msgspec.Struct, frozen=True):
    """Everything recorded of a lead, each in its order."""

    lead: LeadView
    stages: tuple[StageEntry, ...]
    happenings: tuple[Happened, ...]
    changes: tuple[tuple[datetime, str, FieldChange], ...]
    cycles: tuple[str, ...] = ()
