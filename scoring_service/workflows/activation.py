"""Making a policy the active one: reps saved, queues of pools that are gone emptied, drains armed."""

from collections.abc import Iterator
from datetime import datetime

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.routes import ToQueue
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.owner import SUPPRESSED, Owner, QueueOwner, TrackOwner
from scoring_service.values.stored import Timer
from scoring_service.workflows.requests import ActivatePolicy, PolicyActivated
from scoring_service.workflows.waiting import DRAIN


def activate(
    tx: Transaction, policy: Policy, request: ActivatePolicy, now: datetime
) -> PolicyActivated:
    """Make `policy` active, unless it is; every queue in which somebody waits is drained next.

    Raises FailedPrecondition (STILL_OWNS_LEADS) where a queue or track that the policy no longer
    has owns leads that no drain would take; then the active policy stays.
    """
    previous = tx.active_revision()
    if previous == policy.revision:
        return PolicyActivated(policy.revision, previous, changed=False)
    _refuse_owners_gone(tx, policy)
    tx.activate(policy.revision, request.content, request.actor_id)
    tx.save_reps(policy.reps, policy.revision)
    for pool in tx.oldest_waiting_pools():
        tx.set_timer(Timer(DRAIN, pool, now, policy.revision))
    return PolicyActivated(policy.revision, previous or "", changed=True)


def _refuse_owners_gone(tx: Transaction, policy: Policy) -> None:
    known = frozenset(owners(policy))
    gone = [(owner, leads) for owner, leads in tx.owners_not_reps() if owner not in known]
    if gone:
        listed = ", ".join(f"{_kind(owner)} {owner.id} ({leads})" for owner, leads in gone)
        raise FailedPrecondition(
            f"gone from the rules, but still owning leads: {listed}; keep it until they have moved",
            "STILL_OWNS_LEADS",
        )


def _kind(owner: Owner) -> str:
    return "track" if isinstance(owner, TrackOwner) else "queue"


def owners(policy: Policy) -> Iterator[Owner]:
    """Every queue and track of a policy."""
    yield SUPPRESSED
    yield QueueOwner(policy.lifecycle.intake_queue)
    yield from map(TrackOwner, policy.lifecycle.tracks)
    for pool in policy.pools.values():
        yield QueueOwner(pool.queue.name)
    for route in policy.routes.routes:
        if isinstance(route.assign, ToQueue):
            yield QueueOwner(route.assign.queue)
