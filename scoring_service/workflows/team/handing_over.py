"""A book of leads is handed over: begun by a request, done by a timer, a slice a unit of work."""

from collections.abc import Mapping
from datetime import datetime

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from scoring_service.values.handover import Handover
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import Timer
from scoring_service.workflows.firing.book import BOOK
from scoring_service.workflows.firing.handover import GIVEN, NAMED_MAX, REROUTED, heir
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.permission import may_move, named
from scoring_service.workflows.rep_requests import HandOver, HandoverView
from scoring_service.workflows.requests import Violations
from scoring_service.workflows.team.naming import wrong_reps


@once("HandOver", HandoverView)
def hand_over(tx: Transaction, policy: Policy, request: HandOver, now: datetime) -> HandoverView:
    """Begin to hand over all leads of a rep, of this policy or one of before, and his accounts
    where they go `to` somebody; the slices follow.

    By a manager above him, a rep with role ops or an operator. Raises InvalidArgument,
    PermissionDenied (MAY_NOT_HAND_OVER) and FailedPrecondition (HANDOVER_UNDER_WAY,
    NOBODY_TO_HAND_OVER_TO).
    """
    _refuse_violations(tx, policy, request)
    _require_may_hand_over(policy, request)
    _refuse_second(tx, request.rep_id)
    leads = tx.leads_of_rep(request.rep_id)
    _refuse_without_heir(tx, policy, request, leads)
    begun = Handover(
        tx.new_id(),
        request.rep_id,
        request.to,
        request.reason.strip(),
        request.actor_id,
        now,
        leads=sum(count for stage, count in leads.items() if stage in REROUTED | GIVEN),
        accounts=tx.count_accounts_of(request.rep_id) if request.to else 0,
    )
    tx.save_handover(begun)
    tx.set_timer(Timer(BOOK, begun.operation_id, now, policy.revision))
    return HandoverView(begun)


def _refuse_violations(tx: Transaction, policy: Policy, request: HandOver) -> None:
    found: Violations = request.violations
    rep_id, to = request.rep_id, request.to
    if rep_id not in policy.reps and (not rep_id or tx.rep_as_known(rep_id) is None):
        found = (*found, *wrong_reps(policy, "rep_id", rep_id, found))
    if to and to == rep_id:
        found = (*found, ("to", "is the rep himself; name another, or leave it out"))
    elif to:
        found = (*found, *wrong_reps(policy, "to", to, found))
    if not request.reason.strip():
        found = (*found, ("reason", f"is missing: why the leads of {rep_id!r} are handed over"))
    if found:
        raise InvalidArgument(tuple(dict.fromkeys(found)))


def _require_may_hand_over(policy: Policy, request: HandOver) -> None:
    actor, rep_id = request.actor_id, request.rep_id
    if not may_move(policy, actor, RepOwner(rep_id)):
        raise PermissionDenied(
            f"{named(actor)} may not hand over the leads of {rep_id!r}; a manager above"
            " him, a rep with role ops or an operator may",
            "MAY_NOT_HAND_OVER",
        )


def _refuse_second(tx: Transaction, rep_id: str) -> None:
    running = tx.handover_of(rep_id)
    if running is not None:
        raise FailedPrecondition(
            f"the leads of {rep_id!r} are being handed over by {running.operation_id}, begun by"
            f" {running.actor!r}; ask again when it has ended",
            "HANDOVER_UNDER_WAY",
        )


def _refuse_without_heir(
    tx: Transaction, policy: Policy, request: HandOver, leads: Mapping[Stage, int]
) -> None:
    rep_id = request.rep_id
    if request.to or not leads.keys() & GIVEN or heir(tx, policy, rep_id) is not None:
        return
    named = ", ".join(tx.leads_of_rep_in(rep_id, GIVEN, "", NAMED_MAX))
    raise FailedPrecondition(
        f"{rep_id!r} has opportunities, lost ones or customers ({named}) and no active manager"
        " above; name the rep who gets them",
        "NOBODY_TO_HAND_OVER_TO",
    )
