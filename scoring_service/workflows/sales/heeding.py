"""A reason that says more than what follows: that the person must not be contacted."""

from datetime import datetime

from scoring_service.store.transaction import Transaction
from scoring_service.values.stored import FieldChange, StoredLead
from scoring_service.workflows.intake.stopping import flagged, spread
from scoring_service.workflows.recycling import DO_NOT_CONTACT


def heeded(tx: Transaction, lead: StoredLead, reason: str, actor: str, now: datetime) -> StoredLead:
    """The lead, of whose person it is noted for good where the reason says so; not yet saved."""
    if reason != DO_NOT_CONTACT or lead.do_not_contact:
        return lead
    after = flagged(lead, True, now)
    change = FieldChange(DO_NOT_CONTACT, "false", "true")
    tx.record_changes("lead", lead.lead.lead_id, (change,), actor)
    spread(tx, after, actor, now)
    return after
