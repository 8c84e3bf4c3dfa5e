"""An sql becomes an opportunity."""

from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.happening import Opportunity
from scoring_service.values.stage import Stage
from scoring_service.workflows.entering import Entry
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import LeadView, OpenOpportunity
from scoring_service.workflows.sales.acting import (
    answered,
    lead_of,
    require_owner,
    require_stage,
)
from scoring_service.workflows.sales.moving import move_on
from scoring_service.workflows.sales.required import require_fields
from scoring_service.workflows.sales.telling import opened

METHOD = "OpenOpportunity"


@once(METHOD, LeadView)
def open_opportunity(
    tx: Transaction, policy: Policy, request: OpenOpportunity, now: datetime
) -> LeadView:
    """Open the opportunity of an sql. A value without a currency is in that of lifecycle.yaml.

    Raises InvalidArgument, NotFound, and FailedPrecondition (ALREADY_THERE, MOVE_NOT_ALLOWED,
    FINISHED, NOT_OWNER, FIELDS_MISSING).
    """
    lead, actor = lead_of(tx, request), request.actor_id
    require_stage(lead, {Stage.SQL}, METHOD, Stage.OPPORTUNITY)
    require_owner(policy, lead, actor)
    require_fields(policy, lead, Stage.OPPORTUNITY)
    opportunity = Opportunity(
        now,
        request.product,
        request.value,
        currency_of(policy, request.value, request.currency),
        request.expected_close,
    )
    lead = msgspec.structs.replace(lead, opportunity=opportunity)
    entry = Entry(Stage.OPPORTUNITY, Mover.SALES, "opportunity opened", actor)
    after = move_on(tx, policy, lead, entry, now)
    tx.record(lead.lead.lead_id, opportunity, actor)
    opened(tx, after, opportunity, actor, now)
    return answered(tx, policy, request, after, now)


def currency_of(policy: Policy, value: float | None, currency: str) -> str:
    """The currency of a value: as sent, else that of the rules; "" where there is no value."""
    return currency or ("" if value is None else policy.lifecycle.currency)
