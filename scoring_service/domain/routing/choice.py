"""Who gets a lead, before it is written out as a decision."""

from dataclasses import dataclass
from datetime import datetime

from scoring_service.domain.routing.case import RESPONDED, Case
from scoring_service.values.decision import Cause, Draw
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.stage import Stage


@dataclass(frozen=True, slots=True)
class Choice:
    """The owner and the stage a lead gets, and how that came about.

    `cause` None is qualified where every bar is met, else routed. `clock` is whether the owner has
    to respond by a time.
    """

    owner: Owner
    stage: Stage
    cause: Cause | None = None
    pool: str = ""
    draw: Draw | None = None
    stood_in_for: str = ""
    enqueued_at: datetime | None = None
    clock: bool = False
    note: str = ""
    reason: str = ""


def keeps(case: Case, owner: Owner, note: str) -> Choice:
    """The lead stays where it is: no turn, no new clock; one that waits keeps its place."""
    facts = case.facts
    pool, since = facts.waiting_in or "", facts.enqueued_at
    return Choice(owner, facts.stage, Cause.KEPT, pool, enqueued_at=since, note=note)


def to_rep(
    case: Case,
    rep_id: str,
    *,
    draw: Draw | None = None,
    stood_in_for: str = "",
    note: str = "",
) -> Choice:
    """The lead goes to a rep, whose clock starts; since when it waited is told. `draw` is the turn
    it costs, of the pool that is then the lead's.
    """
    return Choice(
        RepOwner(rep_id),
        case.sales_stage,
        Cause.REASSIGNED if case.reassigned else None,
        draw.pool if draw else "",
        draw,
        stood_in_for,
        enqueued_at=case.facts.enqueued_at,
        clock=case.sales_stage in RESPONDED,
        note=note,
    )


def to_queue(case: Case, name: str, *, pool: str = "", stood_in_for: str = "") -> Choice:
    """The lead goes to a queue of sales; one that is in it keeps its place."""
    owner, stage, facts = QueueOwner(name), case.sales_stage, case.facts
    if (owner, stage, pool) == (facts.owner, facts.stage, facts.waiting_in or ""):
        note = "nobody can take it yet; it keeps its place" if pool else "routed to where it is"
        return keeps(case, owner, note)
    cause = Cause.REASSIGNED if case.reassigned else None
    since = case.now if pool else None
    clock = stage in RESPONDED
    return Choice(owner, stage, cause, pool, None, stood_in_for, enqueued_at=since, clock=clock)
