"""What the outside world is told of the acts of sales: no notes, no answers, nobody's name."""

from datetime import date, datetime

import msgspec

from scoring_service.store.transaction import Transaction
from scoring_service.values.happening import Contact, Opportunity, Win
from scoring_service.values.owner import Owner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.events import emit


class Acted(msgspec.Struct, frozen=True, omit_defaults=True):
    """The payload of `lead.accepted`, `lead.rejected`, `lead.qualified` and `lead.lost`: the lead
    as it is after it. `asked` are the questions that were answered.
    """

    lead_id: str
    stage: Stage
    visit: int
    at: datetime
    actor: str = ""
    owner: Owner | None = None
    reason: str = ""
    criterion: str = ""
    asked: tuple[str, ...] = ()


class Contacted(msgspec.Struct, frozen=True, omit_defaults=True):
    """The payload of `lead.contacted`."""

    lead_id: str
    stage: Stage
    at: datetime
    occurred_at: datetime
    channel: str
    direction: str
    actor: str = ""
    automatic: bool = False
    next_contact_at: datetime | None = None


class Traded(msgspec.Struct, frozen=True, omit_defaults=True):
    """The payload of `lead.opportunity_opened` and `lead.won`."""

    lead_id: str
    at: datetime
    actor: str = ""
    owner: Owner | None = None
    product: str = ""
    value: float | None = None
    currency: str = ""
    expected_close: date | None = None
    closed_at: datetime | None = None


def acted(
    tx: Transaction, type_: str, lead: StoredLead, actor: str, now: datetime, **more: object
) -> None:
    """Emit that sales did something with the lead, which is as it is after it."""
    payload = Acted(lead.lead.lead_id, lead.stage, lead.visit, now, actor, lead.owner)
    emit(tx, lead.lead.lead_id, type_, msgspec.structs.replace(payload, **more), now)


def contacted(
    tx: Transaction, lead: StoredLead, contact: Contact, actor: str, now: datetime
) -> None:
    """Emit that somebody got in touch with the lead."""
    payload = Contacted(
        lead.lead.lead_id,
        lead.stage,
        now,
        contact.occurred_at,
        contact.channel,
        contact.direction,
        actor,
        contact.automatic,
        contact.next_contact_at,
    )
    emit(tx, lead.lead.lead_id, "lead.contacted", payload, now)


def opened(
    tx: Transaction, lead: StoredLead, opportunity: Opportunity, actor: str, now: datetime
) -> None:
    """Emit that an opportunity was opened."""
    payload = Traded(
        lead.lead.lead_id,
        now,
        actor,
        lead.owner,
        opportunity.product,
        opportunity.value,
        opportunity.currency,
        expected_close=opportunity.expected_close,
    )
    emit(tx, lead.lead.lead_id, "lead.opportunity_opened", payload, now)


def won(tx: Transaction, lead: StoredLead, win: Win, actor: str, now: datetime) -> None:
    """Emit that the lead is a customer."""
    payload = Traded(
        lead.lead.lead_id,
        now,
        actor,
        lead.owner,
        win.product,
        win.value,
        win.currency,
        closed_at=win.closed_at,
    )
    emit(tx, lead.lead.lead_id, "lead.won", payload, now)
