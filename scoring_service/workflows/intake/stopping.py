"""do_not_contact belongs to the person: it is sticky, and true of every lead of his."""

from dataclasses import replace
from datetime import datetime

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.stored import FieldChange, StoredLead
from scoring_service.workflows.arrival import Arrival
from scoring_service.workflows.intake.incoming import Incoming
from scoring_service.workflows.permission import require_may_move

_FIELD = "do_not_contact"


def released(policy: Policy, incoming: Incoming, arrival: Arrival) -> Arrival:
    """The arrival with the person's do_not_contact cleared, where that is asked for.

    It brings no lead back that ended by it. Raises PermissionDenied (MAY_NOT_MOVE), and
    InvalidArgument where the same request sets it.
    """
    if not incoming.releases:
        return arrival
    require_may_move(policy, incoming.actor_id, arrival.lead.owner, "release do_not_contact")
    if incoming.lead is not None and incoming.lead.do_not_contact:
        remedy = "clears what lead.do_not_contact sets; send one of the two"
        raise InvalidArgument((("release_do_not_contact", remedy),))
    if not arrival.lead.do_not_contact:
        return arrival
    lead = msgspec.structs.replace(arrival.lead.lead, do_not_contact=False)
    stored = msgspec.structs.replace(arrival.lead, lead=lead, do_not_contact=False)
    change = FieldChange(_FIELD, "true", "false")
    return replace(arrival, lead=stored, changes=(*arrival.changes, change))


def changed_flag(arrival: Arrival) -> bool:
    """Whether the request sets or clears the flag of somebody who is known."""
    before = arrival.before
    return before is not None and before.do_not_contact != arrival.lead.do_not_contact


def spread(tx: Transaction, lead: StoredLead, actor_id: str, now: datetime) -> None:
    """Have every other lead of the person say what this one says."""
    flag, lead_id = lead.do_not_contact, lead.lead.lead_id
    for other in tx.leads_of_person(lead.person_id):
        if other.lead.lead_id != lead_id and other.do_not_contact != flag:
            tx.save_lead(flagged(other, flag, now))
            change = FieldChange(_FIELD, _text(other.do_not_contact), _text(flag))
            tx.record_changes("lead", other.lead.lead_id, (change,), actor_id)


def flagged(lead: StoredLead, flag: bool, now: datetime) -> StoredLead:
    """The lead with the flag set or cleared."""
    fields = msgspec.structs.replace(lead.lead, do_not_contact=flag)
    return msgspec.structs.replace(lead, lead=fields, do_not_contact=flag, updated_at=now)


def _text(flag: bool) -> str:
    return "true" if flag else "false"
