"""A lead is pinned to a rep, or no longer: what is recorded of it."""

from datetime import datetime

import msgspec

from scoring_service.store.transaction import Transaction
from scoring_service.values.happening import Moved
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.events import emit

PINNED, UNPINNED = "pinned", "unpinned"


class PinChanged(msgspec.Struct, frozen=True, omit_defaults=True):
    """The payload of `lead.pinned` and `lead.unpinned`."""

    lead_id: str
    rep_id: str
    at: datetime
    actor: str = ""
    reason: str = ""


def pinned(
    tx: Transaction, lead: StoredLead, rep_id: str, actor: str, reason: str, now: datetime
) -> StoredLead:
    """The lead with a pin, which is recorded; nothing is saved."""
    told = _recorded(tx, lead, PINNED, rep_id, actor, reason, now)
    emit(tx, told.lead_id, "lead.pinned", told, now)
    return msgspec.structs.replace(lead, pinned_rep=rep_id)


def unpinned(
    tx: Transaction, lead: StoredLead, actor: str, reason: str, now: datetime
) -> StoredLead:
    """The lead without its pin, which is recorded; nothing is saved."""
    if lead.pinned_rep is None:
        return lead
    told = _recorded(tx, lead, UNPINNED, lead.pinned_rep, actor, reason, now)
    emit(tx, told.lead_id, "lead.unpinned", told, now)
    return msgspec.structs.replace(lead, pinned_rep=None)


def _recorded(
    tx: Transaction,
    lead: StoredLead,
    what: str,
    rep_id: str,
    actor: str,
    reason: str,
    now: datetime,
) -> PinChanged:
    lead_id = lead.lead.lead_id
    tx.record(lead_id, Moved(what, RepOwner(rep_id), reason), actor)
    return PinChanged(lead_id, rep_id, now, actor, reason)
