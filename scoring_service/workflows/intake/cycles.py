"""A customer's next cycle: a lead of its own, linked by the person, his owner's first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.touches import touched, touches
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.activity import Activity
from scoring_service.values.facts import Asked
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StoredActivity, StoredLead
from scoring_service.workflows.arrival import Arrival, behaving, record_arrival
from scoring_service.workflows.intake.comings_back import first_high_intent
from scoring_service.workflows.intake.evaluating import Evaluated, Evaluation, evaluate
from scoring_service.workflows.intake.incoming import Incoming
from scoring_service.workflows.notices import tell


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a cycle, and since when what the customer did belongs to it."""

    what: str
    since: datetime


def opening(
    tx: Transaction, policy: Policy, incoming: Incoming, arrival: Arrival
) -> Opening | None:
    """What of a request opens the next cycle of a customer; None where nothing does.

    It must have happened after he became one. An interest is new where no lead or win of the
    person has it.
    """
    customer = arrival.before
    assert customer is not None, "somebody new is no customer"
    did = [one.activity for one in arrival.activities]
    activity = first_high_intent(policy, did, customer.entered_at)
    if activity is not None:
        return Opening(activity.type, activity.occurred_at)
    wanted = incoming.lead.product_interest if incoming.lead else None
    if wanted and wanted.strip() and wanted.casefold() not in _interests(tx, customer):
        later = [one.occurred_at for one in did if one.occurred_at > customer.entered_at]
        return Opening(f"interest in {wanted}", min(later, default=customer.updated_at))
    return None


def open_cycle(
    tx: Transaction,
    policy: Policy,
    arrival: Arrival,
    opened: Opening,
    actor_id: str,
    now: datetime,
) -> Evaluated:
    """Store the customer with what was before the opening, and a new lead with the rest of it."""
    customer = arrival.before
    assert customer is not None, "somebody new is no customer"
    belongs = tuple(a for a in arrival.activities if a.activity.occurred_at >= opened.since)
    stays = tuple(a for a in arrival.activities if a.activity.occurred_at < opened.since)
    _store(tx, policy, customer, stays, (), actor_id, now)
    lead = _next_lead(tx, arrival, customer, now)
    lead_id = lead.lead.lead_id
    moved = tuple(msgspec.structs.replace(one, lead_id=lead_id) for one in belongs)
    lead = _arrived(tx, policy, lead, moved, arrival.changes, actor_id, now)
    return evaluate(tx, policy, lead, Evaluation(actor_id, Asked.CYCLE, is_new=True), now)


def tell_of_opening(
    tx: Transaction, policy: Policy, customer: StoredLead, opened: Opening, now: datetime
) -> None:
    """A customer who must not be contacted wants something: his owner is told."""
    owner = customer.owner.id if isinstance(customer.owner, RepOwner) else None
    recipient = owner or policy.lifecycle.intake_owner
    text = f"a customer who must not be contacted has done this: {opened.what}"
    tell(tx, policy, recipient, "customer_stopped", customer.lead.lead_id, text, now)


def _interests(tx: Transaction, customer: StoredLead) -> frozenset[str]:
    found: list[str | None] = []
    for lead in tx.leads_of_person(customer.person_id):
        found.append(lead.lead.product_interest)
        found.append(lead.win.product if lead.win else None)
    return frozenset(one.casefold() for one in found if one)


def _next_lead(
    tx: Transaction, arrival: Arrival, customer: StoredLead, now: datetime
) -> StoredLead:
    """A new lead with the person's fields and what was sent, his owner's first."""
    every = tx.leads_of_person(customer.person_id)
    fields = msgspec.structs.replace(arrival.lead.lead, lead_id=tx.new_id())
    return StoredLead(
        fields,
        customer.person_id,
        Stage.ANONYMOUS,
        now,
        now,
        now,
        cycle=max(one.cycle for one in every) + 1,
        previous_owner=customer.owner.id if isinstance(customer.owner, RepOwner) else None,
        arms=customer.arms,
    )


def _store(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    activities: tuple[StoredActivity, ...],
    changes: tuple[FieldChange, ...],
    actor_id: str,
    now: datetime,
) -> None:
    if activities:
        tx.save_lead(_arrived(tx, policy, lead, activities, changes, actor_id, now))


def _arrived(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    activities: tuple[StoredActivity, ...],
    changes: tuple[FieldChange, ...],
    actor_id: str,
    now: datetime,
) -> StoredLead:
    """The lead with these activities, which are recorded."""
    did: Sequence[Activity] = [one.activity for one in activities]
    came = touches(lead.lead, changes, did, now, is_new=False)
    after = behaving(tx, policy, touched(lead, came), did, now)
    after = msgspec.structs.replace(after, updated_at=now)
    record_arrival(tx, Arrival(after, lead, (), activities, came), actor_id)
    return after
