"""Somebody of sales got in touch with a lead, or tried to."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from scoring_service.domain.intake import AHEAD_MAX
from scoring_service.domain.lifecycle.running import contacted
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.happening import Contact
from scoring_service.values.stage import FINISHED, PATH, Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.clock_records import record_clocks
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import LeadView, LogContact
from scoring_service.workflows.sales import telling
from scoring_service.workflows.sales.acting import (
    answered,
    lead_of,
    require_owner,
    require_stage,
)

METHOD = "LogContact"

NEXT_MAX = timedelta(days=60)
"""How far ahead the next contact may be agreed on."""

DIRECTIONS = ("outbound", "inbound")

_UNFINISHED = frozenset(Stage) - FINISHED
_WITH_SALES = frozenset(PATH[PATH.index(Stage.MQL) :])


@once(METHOD, LeadView)
def log_contact(tx: Transaction, policy: Policy, request: LogContact, now: datetime) -> LeadView:
    """Record a contact; it moves nothing. One by a person meets the clock of the first contact,
    lets silence count anew, and stops the clocks of sal and sql until `next_contact_at`.

    What a machine sent is recorded and does nothing to the clocks. Raises InvalidArgument, NotFound
    and FailedPrecondition (FINISHED, NOT_OWNER).
    """
    lead, actor = lead_of(tx, request, *_wrong(request, now)), request.actor_id
    require_stage(lead, _UNFINISHED, METHOD)
    require_owner(policy, lead, actor)
    contact = _contact(request, now)
    tx.record(lead.lead.lead_id, contact, actor)
    after = lead if contact.automatic else _in_touch(policy, lead, contact, now)
    record_clocks(tx, lead, after, actor)
    tx.save_lead(after)
    telling.contacted(tx, after, contact, actor, now)
    return answered(tx, policy, request, after, now)


def _wrong(request: LogContact, now: datetime) -> Iterator[tuple[str, str]]:
    if not request.channel.strip():
        yield "channel", "is required: by what, such as phone, email or meeting"
    if request.direction not in DIRECTIONS:
        yield "direction", f"{request.direction[:60]!r} is no direction; send outbound or inbound"
    happened = request.occurred_at or now
    if happened > now + AHEAD_MAX:
        yield "occurred_at", "is more than 5 minutes ahead; log a contact after it happened"
    again = request.next_contact_at
    if again is None:
        return
    if again <= min(happened, now):
        yield "next_contact_at", "is not after the contact; send a later instant, or leave it out"
    elif again > now + NEXT_MAX:
        yield "next_contact_at", f"is more than {NEXT_MAX.days} days ahead; send an earlier one"


def _contact(request: LogContact, now: datetime) -> Contact:
    return Contact(
        request.channel,
        request.direction,
        min(request.occurred_at or now, now),
        request.automatic,
        request.outcome,
        request.next_contact_at,
    )


def _in_touch(policy: Policy, lead: StoredLead, contact: Contact, now: datetime) -> StoredLead:
    """The lead after a person was in touch with it. Contacts count by when they happened: one that
    is logged late neither stops a clock nor lets it go on.
    """
    at, latest = contact.occurred_at, lead.last_contact_at
    newest = latest is None or at >= latest
    until = contact.next_contact_at if newest else None
    first = lead.first_contact_at
    if lead.stage in _WITH_SALES:
        first = at if first is None else min(first, at)
    return msgspec.structs.replace(
        lead,
        clocks=contacted(lead.clocks, policy, lead, at, now, until),
        first_contact_at=first,
        last_contact_at=at if newest else latest,
        updated_at=now,
    )
