"""Making a policy the active one: reps saved, every queue in which somebody waits drained next."""

from collections import Counter
from datetime import datetime

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.owners import queues_and_tracks
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.owner import Owner, TrackOwner
from scoring_service.values.stored import Timer
from scoring_service.workflows.firing.handover import refuse_without_heirs
from scoring_service.workflows.firing.relaying import have_relaid
from scoring_service.workflows.requests import ActivatePolicy, PolicyActivated
from scoring_service.workflows.waiting import DRAIN


class Superseded(Exception):
    """Others had a policy decide since these files were read, which may be old by now."""


def activate(
    tx: Transaction, policy: Policy, request: ActivatePolicy, now: datetime
) -> PolicyActivated:
    """Make `policy` active, unless it is; every queue in which somebody waits is drained next.

    So are the clocks of all leads laid anew, and the leads of reps who left handed over. Raises
    FailedPrecondition, after which the active policy stays: STILL_OWNS_LEADS where a queue or track
    that the policy no longer has owns leads that no drain would take, NOBODY_TO_HAND_OVER_TO where
    a rep left who has customers and nobody above him; and Superseded, see there.
    """
    previous = tx.active_revision()
    if previous == policy.revision:
        return PolicyActivated(policy.revision, previous, changed=False)
    if request.read_after is not None and tx.latest_activation() != request.read_after:
        raise Superseded
    _refuse_owners_gone(tx, policy)
    refuse_without_heirs(tx, policy)
    tx.activate(policy.revision, request.content, request.actor_id)
    tx.save_reps(policy.reps, policy.revision)
    for pool in tx.oldest_waiting_pools():
        tx.set_timer(Timer(DRAIN, pool, now, policy.revision))
    have_relaid(tx, policy, now)
    return PolicyActivated(policy.revision, previous or "", changed=True)


def _refuse_owners_gone(tx: Transaction, policy: Policy) -> None:
    known = frozenset(queues_and_tracks(policy))
    owned = [(owner, leads) for owner, leads in tx.owners_not_reps() if owner not in known]
    drained = _waiting(tx) if owned else {}
    gone = [(owner, leads - drained.get(owner, 0)) for owner, leads in owned]
    gone = [(owner, leads) for owner, leads in gone if leads]
    if gone:
        listed = ", ".join(f"{_kind(owner)} {owner.id} ({leads})" for owner, leads in gone)
        raise FailedPrecondition(
            f"gone from the rules, but still owning leads: {listed}; keep it until they have moved",
            "STILL_OWNS_LEADS",
        )


def _kind(owner: Owner) -> str:
    return "track" if isinstance(owner, TrackOwner) else "queue"


def _waiting(tx: Transaction) -> Counter[Owner | None]:
    """How many of each queue's leads wait for a pool: a drain takes them, whatever it is called."""
    found: Counter[Owner | None] = Counter()
    for pool in tx.oldest_waiting_pools():
        count, _ = tx.waiting((pool,), 1)
        for place in tx.waiting((pool,), count)[1]:
            lead = tx.lead(place.lead_id)
            found[lead.owner if lead else None] += 1
    return found
