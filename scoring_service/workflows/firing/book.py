"""A slice of a book that is handed over; what is done is stored with how far it has come."""

from datetime import datetime

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.handover import Handover
from scoring_service.values.happening import Moved
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import FieldChange, StoredLead, Timer
from scoring_service.workflows.events import emit
from scoring_service.workflows.firing.handover import (
    GIVEN,
    REROUTED,
    heir,
    is_active,
    passed_on,
)
from scoring_service.workflows.firing.slices import (
    SLICE_MAX,
    go_on_behind,
    next_slice,
    of_subject,
)
from scoring_service.workflows.pins import unpinned
from scoring_service.workflows.sales.giving import give, is_free_to_take

BOOK = "book"
"""The kind of the timer of a hand-over that somebody asked for; its subject is the operation."""

WHAT = "handover"
"""What a lead's history calls it."""


class HandedOver(msgspec.Struct, frozen=True, omit_defaults=True):
    """The payload of `rep.handed_over`: a rep's book went to others, but for `left` leads."""

    operation_id: str
    rep_id: str
    at: datetime
    actor: str
    reason: str
    moved: int
    to: str = ""
    left: int = 0
    accounts_moved: int = 0


def book_due(tx: Transaction, policy: Policy, timer: Timer, now: datetime) -> None:
    """Hand over a slice of the leads that a rep had when it began, then of his accounts."""
    operation_id, after = of_subject(timer)
    book = tx.handover(operation_id)
    if book is None or book.ended_at is not None:
        tx.clear_timer(timer.kind, timer.subject)
        return
    leads, last = next_slice(tx, timer, REROUTED | GIVEN, now, book.rep_id)
    for lead in leads:
        if _is_of(tx, book, lead):
            book = _handed_over(tx, policy, book, lead, now)
    if last:
        accounts = _accounts(tx, policy, book)
        book = msgspec.structs.replace(book, accounts_moved=book.accounts_moved + accounts)
        if accounts == SLICE_MAX:
            reached = leads[-1].lead.lead_id if leads else after
            go_on_behind(tx, timer, operation_id, reached, now)
        else:
            book = _ended(tx, book, now)
    tx.save_handover(book)


def _is_of(tx: Transaction, book: Handover, lead: StoredLead) -> bool:
    """Whether he had it when the hand-over began: what he is given meanwhile he keeps."""
    stands = tx.assignment(lead.assignment_id) if lead.assignment_id else None
    return stands is None or stands.assigned_at <= book.started_at


def _handed_over(
    tx: Transaction, policy: Policy, book: Handover, lead: StoredLead, now: datetime
) -> Handover:
    """Given to whom the book goes; where that is nobody, or he had the lead in this visit, it is
    passed on as a leaver's.
    """
    to, actor, reason = book.to, book.actor, book.reason
    if lead.pinned_rep == book.rep_id:
        lead = unpinned(tx, lead, actor, reason, now)
    if to and is_active(policy, to) and is_free_to_take(tx, lead, to):
        after, _ = give(tx, policy, lead, to, actor, reason, now)
    else:
        above = heir(tx, policy, book.rep_id)
        after = passed_on(tx, policy, lead, above, now, actor=actor, reason=reason)
    if after.owner == RepOwner(book.rep_id):
        return msgspec.structs.replace(book, left=book.left + 1)
    tx.record(lead.lead.lead_id, Moved(WHAT, after.owner, reason), actor)
    return msgspec.structs.replace(book, moved=book.moved + 1)


def _accounts(tx: Transaction, policy: Policy, book: Handover) -> int:
    """How many accounts have another owner from now on, at most a slice."""
    if not (book.to and is_active(policy, book.to)):
        return 0
    accounts = tx.accounts_of_owner(book.rep_id, SLICE_MAX)
    change = FieldChange("owner_rep_id", _json(book.rep_id), _json(book.to))
    for account in accounts:
        tx.save_account(msgspec.structs.replace(account, owner_rep_id=book.to))
        tx.record_changes("account", account.account_id, (change,), book.actor)
    return len(accounts)


def _json(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _ended(tx: Transaction, book: Handover, now: datetime) -> Handover:
    told = HandedOver(
        book.operation_id,
        book.rep_id,
        now,
        book.actor,
        book.reason,
        book.moved,
        book.to,
        book.left,
        book.accounts_moved,
    )
    emit(tx, "", "rep.handed_over", told, now)
    return msgspec.structs.replace(book, ended_at=now)
