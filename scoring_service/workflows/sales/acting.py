"""What every act of sales asks first: which lead, who may, from which stage, what it must have."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from scoring_service.domain.lifecycle.moves import Mover, allowed
from scoring_service.domain.lifecycle.recipients import answers_for
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.managers import managers_above
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition, InvalidArgument
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import FINISHED, Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.lead_view import answering, view_of_lead
from scoring_service.workflows.lifecycle_requests import LeadAct, LeadView
from scoring_service.workflows.permission import may_move, named
from scoring_service.workflows.requests import Violations

_NAMELESS = ("request_id", "is required: a UUID that names this call, same on a retry")


def lead_of(tx: Transaction, request: LeadAct, *more: tuple[str, str]) -> StoredLead:
    """The lead that answers for the request's id.

    Raises InvalidArgument with every violation, `more` too, and NotFound (LEAD_NOT_FOUND).
    """
    found: Violations = (*request.violations, *more)
    if not request.request_id and not any(field == "request_id" for field, _ in found):
        found = (*found, _NAMELESS)
    if found:
        raise InvalidArgument(tuple(dict.fromkeys(found)))
    return answering(tx, request.lead_id)


def answered(
    tx: Transaction,
    policy: Policy,
    request: LeadAct,
    lead: StoredLead,
    now: datetime,
    **more: Any,
) -> LeadView:
    """The lead as it is now: the answer to the request."""
    return view_of_lead(tx, policy, lead, now, asked_for=request.lead_id, **more)


def may_act(policy: Policy, lead: StoredLead, actor_id: str) -> bool:
    """Whether the actor owns the lead, answers for the queue or track that does, stands above who
    does, or may move any lead.
    """
    person, rep = answers_for(policy, lead), policy.reps.get(actor_id)
    if actor_id and actor_id == person and (rep is None or rep.active):
        return True
    return may_move(policy, actor_id, RepOwner(person))


def require_owner(policy: Policy, lead: StoredLead, actor_id: str) -> None:
    """Raise FailedPrecondition (NOT_OWNER), naming who may, unless the actor may act."""
    if not may_act(policy, lead, actor_id):
        raise not_owner(policy, lead, actor_id)


def not_owner(policy: Policy, lead: StoredLead, actor_id: str) -> FailedPrecondition:
    """The refusal of somebody who may not act on a lead, with who may."""
    person = answers_for(policy, lead)
    above = ", ".join(managers_above(policy, person))
    managers = f"a manager above ({above}), " if above else ""
    return FailedPrecondition(
        f"{named(actor_id)} does not own lead {lead.lead.lead_id!r}; {person!r} does, and"
        f" {managers}a rep with role ops or an operator may act for him",
        "NOT_OWNER",
    )


def no_rep(policy: Policy, lead: StoredLead, actor_id: str) -> FailedPrecondition:
    """The refusal of somebody who would take a lead of a queue and is no active rep."""
    queue = lead.owner.id if lead.owner else ""
    return FailedPrecondition(
        f"lead {lead.lead.lead_id!r} waits in the queue {queue!r}, and {named(actor_id)} is no"
        f" active rep, who alone may take it; {answers_for(policy, lead)!r} or who may move it"
        " gives it to one by AssignLead",
        "NOT_OWNER",
    )


def require_stage(
    lead: StoredLead, stages: AbstractSet[Stage], act: str, to: Stage | None = None
) -> None:
    """Raise FailedPrecondition unless the lead is in one of the stages in which `act` is done.

    ALREADY_THERE where it is in `to`, FINISHED where it is finished, else MOVE_NOT_ALLOWED with the
    moves there are.
    """
    lead_id, stage = lead.lead.lead_id, lead.stage
    if stage in stages:
        return
    if stage is to:
        raise FailedPrecondition(f"lead {lead_id!r} is {stage} already", "ALREADY_THERE")
    if stage in FINISHED:
        what = f"lead {lead_id!r} is {stage} and finished; only MoveLead by who may move it does"
        raise FailedPrecondition(what, "FINISHED")
    can = ", ".join(sorted(allowed(stage, Mover.SALES))) or "none"
    raise FailedPrecondition(
        f"{act} is for a lead in {' or '.join(sorted(stages))}; {lead_id!r} is {stage}, from where"
        f" its owner may move it to: {can}",
        "MOVE_NOT_ALLOWED",
    )
