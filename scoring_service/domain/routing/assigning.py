"""What a route's `assign` makes of a lead."""

from scoring_service.domain.lifecycle.path import entry_stage, moved
from scoring_service.domain.routing.case import SOLD, Case
from scoring_service.domain.routing.choice import Choice, keeps, to_queue, to_rep
from scoring_service.domain.routing.drawing import drawn, somebody_else
from scoring_service.domain.routing.managers import managers_above
from scoring_service.domain.routing.owners import queues_and_tracks
from scoring_service.domain.routing.routes import Assign, ToAccountOwner, ToPool, ToQueue, ToTrack
from scoring_service.domain.routing.stand_in import claimant
from scoring_service.values.decision import Cause, Passed
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage


def assigned(case: Case, assign: Assign) -> Choice | None:
    """Who gets the lead by this route; None where the next one is to be tried."""
    match assign:
        case ToPool(pool):
            return _from_pool(case, pool)
        case ToAccountOwner(backup_pool):
            return _to_account_owner(case, backup_pool)
        case ToQueue(queue):
            return _to_queue(case, queue)
        case ToTrack(track):
            return to_track(case, track)


def stays(case: Case) -> Choice:
    """Nobody else may have the lead: it stays, but never with somebody gone.

    Then the nearest active manager above gets it, else the intake queue.
    """
    owner = case.facts.owner
    if owner is not None and _is_there(case, owner):
        return keeps(case, owner, "nobody else may take it")
    return _to_manager(case) or to_queue(case, case.policy.lifecycle.intake_queue)


def waiting(case: Case, pool: str) -> Choice:
    """A lead drawn for from the queue it waits in; it is not routed afresh.

    Its place is the same where the queue was given another name.
    """
    made = drawn(case, pool)
    if made is not None:
        return to_rep(case, made.winner, draw=made)
    owner, facts = QueueOwner(case.policy.pools[pool].queue.name), case.facts
    if owner == facts.owner:
        return keeps(case, owner, "nobody can take it yet; it keeps its place")
    return Choice(owner, facts.stage, None, pool, enqueued_at=facts.enqueued_at, clock=True)


def _from_pool(case: Case, pool: str, stood_in_for: str = "") -> Choice:
    """A turn of the pool or its fallbacks, else a place in its queue."""
    looked_at = len(case.considered)
    made = drawn(case, pool)
    if made is not None:
        return to_rep(case, made.winner, draw=made, stood_in_for=stood_in_for)
    if case.facts.stage in SOLD:
        if not somebody_else(case, pool):
            return stays(case)
        if case.facts.stage is not Stage.MQL:
            del case.considered[looked_at:]
            return _at_any_hour(case, pool, stood_in_for)
    return to_queue(case, case.policy.pools[pool].queue.name, pool=pool, stood_in_for=stood_in_for)


def _at_any_hour(case: Case, pool: str, stood_in_for: str) -> Choice:
    """A sal or sql never waits: it is drawn without regard to hours and limits, else it goes to
    the manager above.
    """
    made = drawn(case, pool, whatever_the_hour=True)
    if made is not None:
        return to_rep(case, made.winner, draw=made, stood_in_for=stood_in_for)
    return _to_manager(case) or stays(case)


def _to_account_owner(case: Case, backup_pool: str | None) -> Choice | None:
    owner, owned = case.facts.account.owner_rep_id, case.facts.account.owner_account_id
    if owner is not None:
        choice = claimant(case, owner, f"owns the account {owned}")
        if choice is not None:
            return choice
    return None if backup_pool is None else _from_pool(case, backup_pool, owner or "")


def _to_queue(case: Case, queue: str) -> Choice:
    if case.facts.stage in SOLD and case.facts.stage is not Stage.MQL:
        return _from_last_pool(case)
    return to_queue(case, queue)


def to_track(case: Case, track: str) -> Choice:
    """Nurture goes to the track, anonymous to the default one, known to the intake queue.

    Recycled stays where it is. What sales has is drawn for from its last pool instead.
    """
    facts, lifecycle = case.facts, case.policy.lifecycle
    if facts.stage in SOLD:
        return _from_last_pool(case)
    if facts.stage is Stage.RECYCLED:
        owner: Owner = facts.owner or TrackOwner(track)
        return keeps(case, owner, "recycled; a track leaves it where it is")
    stage = moved(facts.stage, entry_stage(facts.lead))
    if stage is Stage.NURTURE:
        owner = TrackOwner(track)
    elif stage is Stage.KNOWN:
        owner = QueueOwner(lifecycle.intake_queue)
    else:
        owner = TrackOwner(lifecycle.default_track)
    if (owner, stage) == (facts.owner, facts.stage):
        return keeps(case, owner, "routed to where it is")
    return Choice(owner, stage, Cause.ROUTED, note=_why_there(stage))


def _why_there(stage: Stage) -> str:
    if stage is Stage.KNOWN:
        return "its contact or its source is missing"
    return "nobody can be reached yet" if stage is Stage.ANONYMOUS else ""


def _from_last_pool(case: Case) -> Choice:
    """Another owner never changes the stage, so a track or a people's queue is no owner for it."""
    pool = case.facts.last_pool
    return _from_pool(case, pool) if pool and pool in case.policy.pools else stays(case)


def _to_manager(case: Case) -> Choice | None:
    """The nearest active manager above the owner, or above the last one, who is not excluded."""
    owner = case.facts.owner
    below = owner.id if isinstance(owner, RepOwner) else case.facts.previous_owner
    for manager in managers_above(case.policy, below) if below else ():
        if case.rep(manager) is not None and manager not in case.excluded:
            case.consider(manager, Passed.CHOSEN, f"is the nearest active manager above {below}")
            return to_rep(case, manager)
    return None


def _is_there(case: Case, owner: Owner) -> bool:
    """Whether an owner still is one: an active rep, a queue or a track that the policy has."""
    if isinstance(owner, RepOwner):
        return case.rep(owner.id) is not None
    if case.facts.waiting_in is not None and case.facts.waiting_in not in case.policy.pools:
        return False
    return owner in queues_and_tracks(case.policy)
