"""An opportunity ends: won or lost."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from scoring_service.domain.intake import AHEAD_MAX
from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.lifecycle.reasons import LOST, reason_given
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.happening import Lost, Win
from scoring_service.values.owner import Owner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.entering import Entry
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import CloseLost, CloseWon, LeadView
from scoring_service.workflows.sales.acting import (
    answered,
    lead_of,
    require_owner,
    require_stage,
)
from scoring_service.workflows.sales.heeding import heeded
from scoring_service.workflows.sales.moving import move_on
from scoring_service.workflows.sales.opportunity import currency_of
from scoring_service.workflows.sales.reject import wrong_criterion
from scoring_service.workflows.sales.required import require_fields
from scoring_service.workflows.sales.telling import acted, won

WON, LOST_METHOD = "CloseWon", "CloseLost"


@once(WON, LeadView)
def close_won(tx: Transaction, policy: Policy, request: CloseWon, now: datetime) -> LeadView:
    """An opportunity was won: a customer, owned by the account's owner, else by who won it.

    What is not sent is as the opportunity says. Raises InvalidArgument, NotFound, and
    FailedPrecondition (ALREADY_THERE, MOVE_NOT_ALLOWED, FINISHED, NOT_OWNER, FIELDS_MISSING).
    """
    lead, actor = lead_of(tx, request, *_wrong_date(request, now)), request.actor_id
    require_stage(lead, {Stage.OPPORTUNITY}, WON, Stage.CUSTOMER)
    require_owner(policy, lead, actor)
    require_fields(policy, lead, Stage.CUSTOMER)
    win = _win(policy, lead, request, now)
    lead = msgspec.structs.replace(lead, win=win)
    entry = Entry(Stage.CUSTOMER, Mover.SALES, "won", actor, customer_owner(tx, policy, lead))
    after = move_on(tx, policy, lead, entry, now)
    tx.record(lead.lead.lead_id, win, actor)
    won(tx, after, win, actor, now)
    return answered(tx, policy, request, after, now)


@once(LOST_METHOD, LeadView)
def close_lost(tx: Transaction, policy: Policy, request: CloseLost, now: datetime) -> LeadView:
    """An opportunity was lost, for a reason that recycles or disqualifies it before long.

    Raises InvalidArgument, NotFound, and FailedPrecondition (ALREADY_THERE, MOVE_NOT_ALLOWED,
    FINISHED, NOT_OWNER).
    """
    lead, actor = lead_of(tx, request, *wrong_criterion(policy, request)), request.actor_id
    require_stage(lead, {Stage.OPPORTUNITY}, LOST_METHOD, Stage.CLOSED_LOST)
    require_owner(policy, lead, actor)
    reason = reason_given(policy, request.reason, request.note, thens=LOST)
    entry = Entry(
        Stage.CLOSED_LOST, Mover.SALES, "lost", actor, reason=reason.name, note=request.note
    )
    lead = heeded(tx, lead, reason.name, actor, now)
    after = move_on(tx, policy, lead, entry, now)
    tx.record(lead.lead.lead_id, Lost(reason.name, request.note, request.criterion), actor)
    acted(tx, "lead.lost", after, actor, now, reason=reason.name, criterion=request.criterion)
    return answered(tx, policy, request, after, now)


def customer_owner(tx: Transaction, policy: Policy, lead: StoredLead) -> Owner | None:
    """The active rep who owns the lead's account; None where the lead keeps its own."""
    owner = account_of(tx, lead.lead).owner_rep_id
    rep = policy.reps.get(owner) if owner else None
    return RepOwner(rep.rep_id) if rep is not None and rep.active else None


def _wrong_date(request: CloseWon, now: datetime) -> Iterator[tuple[str, str]]:
    if request.closed_at is not None and request.closed_at > now + AHEAD_MAX:
        yield "closed_at", "is more than 5 minutes ahead; close it when it is won"


def _win(policy: Policy, lead: StoredLead, request: CloseWon, now: datetime) -> Win:
    expected = lead.opportunity
    value, currency, product = request.value, request.currency, request.product
    if expected is not None:
        product = product or expected.product
        currency = currency or expected.currency
        value = expected.value if value is None else value
    closed_at = min(request.closed_at or now, now)
    return Win(closed_at, product, value, currency_of(policy, value, currency))
