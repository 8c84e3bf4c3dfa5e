"""What was decided, and what was passed over and why."""

from datetime import datetime
from enum import StrEnum

import msgspec

from scoring_service.values.owner import Owner
from scoring_service.values.score import HeldBar, Score
from scoring_service.values.stage import Stage


class Cause(StrEnum):
    """Why the lead has this owner."""

    QUALIFIED = "qualified"
    ROUTED = "routed"
    KEPT = "kept"
    REASSIGNED = "reassigned"
    MANUAL = "manual"
    IMPORTED = "imported"


class Passed(StrEnum):
    """What became of a candidate. Only `chosen` got the lead."""

    CHOSEN = "chosen"
    OTHER_TURN = "other_turn"
    INACTIVE = "inactive"
    EXCLUDED = "excluded"
    CONDITION = "condition"
    CLOSED = "closed"
    ON_LEAVE = "on_leave"
    OPEN_LEADS_MAX = "open_leads_max"
    PER_DAY_MAX = "per_day_max"
    PER_WEEK_MAX = "per_week_max"
    QUEUE_FIRST = "queue_first"


class Considered(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rep who was looked at, in which pool, and why he did or did not get the lead."""

    rep_id: str
    outcome: Passed
    reason: str = ""
    pool: str = ""


class Draw(msgspec.Struct, frozen=True):
    """One turn of a pool's rotation: what each eligible member gained, and what the winner paid.

    New credit = old credit + gain (for each in `gains`), and for the winner minus `paid`. `number`
    counts the pool's draws from 1. A fixed winner (`counts: all`) need not be among those who
    gained.
    """

    pool: str
    number: int
    winner: str
    gains: tuple[tuple[str, int], ...]
    paid: int


class RouteError(msgspec.Struct, frozen=True):
    """A route that could not be evaluated for this lead and therefore did not match."""

    route: str
    error: str


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """The outcome of routing one lead. The same facts and policy give an equal value, always.

    `route` is the routing rule's name (with `row`, the line of a decision table, 1 for the first
    data row); it is empty for what is decided before the routes. `pool` is the pool the owner was
    drawn from, whose turn it cost, or whose queue it waits in. `reason` is that of lifecycle.yaml's
    list for which the lead was disqualified.
    """

    owner: Owner
    cause: Cause
    score: Score
    stage: Stage
    route: str = ""
    row: int | None = None
    pool: str = ""
    considered: tuple[Considered, ...] = ()
    bars_missed: tuple[str, ...] = ()
    held_bars: tuple[HeldBar, ...] = ()
    stood_in_for: str = ""
    sla: str = ""
    respond_by: datetime | None = None
    enqueued_at: datetime | None = None
    draw: Draw | None = None
    errors: tuple[RouteError, ...] = ()
    note: str = ""
    reason: str = ""
