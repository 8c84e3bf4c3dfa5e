"""What is asked about reps, and what is answered: frozen values, nothing of the wire."""

from datetime import date, datetime

import msgspec

from scoring_service.values.absence import Absence
from scoring_service.values.handover import Handover
from scoring_service.workflows.lifecycle_requests import Act, LeadAct


class SetAvailability(Act, frozen=True, kw_only=True):
    """A rep is away on these days, both included, in his zone; with `withdraw` he is there on them.

    Withdrawn without days is the absence that is under way.
    """

    rep_id: str = ""
    first: date | None = None
    last: date | None = None
    backup: str = ""
    withdraw: bool = False


class HandOver(Act, frozen=True, kw_only=True):
    """All leads of a rep go to another, or with `to` "" to whom the routes say."""

    rep_id: str = ""
    to: str = ""
    reason: str = ""


class PinLead(LeadAct, frozen=True, kw_only=True):
    """A lead belongs to a rep, whatever the routes say."""

    rep_id: str = ""
    reason: str = ""


class UnpinLead(LeadAct, frozen=True, kw_only=True):
    """The routes decide about a lead again."""

    reason: str = ""


class Away(msgspec.Struct, frozen=True, omit_defaults=True):
    """Days on which a rep is away. `entered_at` None is leave of team.yaml."""

    absence: Absence
    entered_at: datetime | None = None
    entered_by: str = ""


class Availability(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a rep is away, that is not over; `away_until` is the last day of what is under way."""

    rep_id: str
    away: tuple[Away, ...] = ()
    away_until: date | None = None
    replayed: bool = False


class HandoverView(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a hand-over has come."""

    handover: Handover
    replayed: bool = False


class RepStanding(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rep as he stands: when he is away, how much he has of what he may have (None: no limit),
    and the hand-over of his leads that is under way.
    """

    availability: Availability
    name: str = ""
    active: bool = True
    pools: tuple[str, ...] = ()
    open_leads: int = 0
    open_leads_max: int | None = None
    taken_today: int = 0
    per_day_max: int | None = None
    taken_this_week: int = 0
    per_week_max: int | None = None
    handover: Handover | None = None
