"""Routing one lead: who it is, what it did, what it is worth, who answers for it from now on."""

from datetime import datetime

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.facts import Asked
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.arrival import Arrival, arrive, record_arrival
from scoring_service.workflows.experiments.joining import as_if_joined, with_joined
from scoring_service.workflows.facts import facts_of
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.permission import require_may_move
from scoring_service.workflows.pools import decided
from scoring_service.workflows.recording import Outcome, record, standing
from scoring_service.workflows.requests import AssignmentView, RouteLead
from scoring_service.workflows.route_answer import BY_ITS_RECORDS


def route(tx: Transaction, policy: Policy, request: RouteLead, now: datetime) -> AssignmentView:
    """Give a lead its owner, durably and once a request_id; a dry run only says what would be.

    Raises AlreadyExists (IDEMPOTENCY_KEY_REUSED), InvalidArgument with every violation, NotFound
    (LEAD_NOT_FOUND), FailedPrecondition (LEAD_CONFLICT), PermissionDenied (MAY_NOT_MOVE).
    """
    if request.dry_run:
        return standing(tx, _decided(tx, policy, request, arrive(tx, policy, request, now), now))
    return _routed(tx, policy, request, now)


@once("Route", AssignmentView, BY_ITS_RECORDS)
def _routed(tx: Transaction, policy: Policy, request: RouteLead, now: datetime) -> AssignmentView:
    arrival = arrive(tx, policy, request, now)
    outcome = _decided(tx, policy, request, arrival, now)
    record_arrival(tx, arrival, request.actor_id)
    return record(tx, policy, outcome)


def _decided(
    tx: Transaction, policy: Policy, request: RouteLead, arrival: Arrival, now: datetime
) -> Outcome:
    join = as_if_joined if request.dry_run else with_joined
    lead, asked = join(tx, policy, arrival.lead, now), Asked.ROUTE
    if request.reassign_reason:
        require_may_move(policy, request.actor_id, lead.owner)
        asked = Asked.REASSIGN
    account = account_of(tx, lead.lead)
    stands = tx.assignment(lead.assignment_id) if lead.assignment_id else None
    facts = facts_of(policy, lead, account, now, asked=asked, is_new=arrival.is_new, stands=stands)
    return Outcome(
        lead,
        *decided(tx, policy, facts),
        request.actor_id,
        request.reassign_reason,
        changed=arrival.brings_news,
    )
