"""What happened in a window of time, the same for every policy that is replayed through it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from scoring_service.values.absence import Absence
from scoring_service.values.account import AccountMatch
from scoring_service.values.activity import Activity
from scoring_service.values.decision import Draw
from scoring_service.values.facts import Asked
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.values.stored import Rotation, StoredAssignment, StoredLead


class Arrived(msgspec.Struct, frozen=True):
    """Something happened to a lead, so that it is decided on.

    `lead` is as it was known then, whole; `activities` are those that came with it, none of them
    after `at`. `changed` is whether anything of it was new. `asked` is what was asked of the
    decision; with `assign` the lead was given to the rep `given_to` by hand. `arms` are those the
    store has it in: each policy makes of them what it knows of their experiments. `first` is the id
    of the person's first lead, "" where it has none: it says in which arm it would be.
    """

    at: datetime
    lead: Lead
    activities: tuple[Activity, ...] = ()
    account: AccountMatch = AccountMatch()
    asked: Asked = Asked.ROUTE
    given_to: str = ""
    pinned_rep: str | None = None
    changed: bool = True
    arms: dict[str, str] = {}
    first: str = ""


class Left(msgspec.Struct, frozen=True):
    """A lead left its owner's hands for a stage in which it counts among nobody's open leads.

    `gives_back` is whether the turn it cost was given back.
    """

    at: datetime
    lead_id: str
    stage: Stage = Stage.CLOSED_LOST
    gives_back: bool = False


class Went(msgspec.Struct, frozen=True):
    """Somebody entered days away, or withdrew some: `away` is all that then was entered, of all
    reps, and was not over.
    """

    at: datetime
    away: tuple[Absence, ...]


Moment = Arrived | Left


class Stood(msgspec.Struct, frozen=True):
    """A lead as it stood when the window began: without what is kept of its behaviour.

    `activities` are those that were known by then, `assignment` is the one that stood, `turn` what
    this cost, where that is known. `mql` is how it had become one: "qualified", "routed", or ""
    where it had not.
    """

    lead: StoredLead
    activities: tuple[Activity, ...] = ()
    account: AccountMatch = AccountMatch()
    assignment: StoredAssignment | None = None
    turn: Draw | None = None
    mql: str = ""


class Past(msgspec.Struct, frozen=True):
    """A window of the past. `moments` are in their order.

    `rotations` are as they were when it began, `taken` what reps were given shortly before it
    (limits a day and a week count that), `responses` the instant of the first response to a lead,
    where it is known. `held` is how many open leads each rep has all the while that are not told,
    `went` who was away as people had entered it, by its instants.
    """

    moments: tuple[Moment, ...]
    stood: tuple[Stood, ...] = ()
    rotations: tuple[Rotation, ...] = ()
    taken: tuple[tuple[str, datetime], ...] = ()
    responses: Mapping[str, datetime] = {}
    held: tuple[tuple[str, int], ...] = ()
    went: tuple[Went, ...] = ()
