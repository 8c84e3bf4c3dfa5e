"""Somebody authorised moves a lead backward or past stages, for a reason."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

import msgspec

from scoring_service.domain.experiments.arms import with_arms
from scoring_service.domain.lifecycle.lifecycle import Reason, Then
from scoring_service.domain.lifecycle.moves import Mover, allowed
from scoring_service.domain.lifecycle.path import BEFORE_MQL, BEFORE_OPPORTUNITY, UP_TO_MQL
from scoring_service.domain.lifecycle.reasons import LOST, reason_given
from scoring_service.domain.lifecycle.recipients import answers_for
from scoring_service.domain.lifecycle.recycling import recycled_to
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.disqualify import disqualified_by
from scoring_service.domain.symbols import lead_symbols
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition, PermissionDenied
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.account_lookup import account_of
from scoring_service.workflows.entering import Entry
from scoring_service.workflows.events import enrolled
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.lifecycle_requests import LeadView, MoveLead
from scoring_service.workflows.permission import may_move, named
from scoring_service.workflows.recycling import Disposal, dispose
from scoring_service.workflows.sales.acting import answered, lead_of
from scoring_service.workflows.sales.heeding import heeded
from scoring_service.workflows.sales.moving import move_on
from scoring_service.workflows.sales.placing import place
from scoring_service.workflows.sales.required import require_fields

CAUSE = "manual"

_THENS: Mapping[Stage, frozenset[Then]] = {
    Stage.RECYCLED: frozenset({Then.RECYCLE}),
    Stage.DISQUALIFIED: frozenset({Then.DISQUALIFY}),
    Stage.CLOSED_LOST: LOST,
}
"""The stages that need a reason of lifecycle.yaml's list, and what may follow from it."""

_Move = Callable[[Transaction, Policy, StoredLead, MoveLead, datetime], StoredLead]


@once("MoveLead", LeadView)
def move_lead(tx: Transaction, policy: Policy, request: MoveLead, now: datetime) -> LeadView:
    """Move a lead to any other stage: the only way back from disqualified. In mql and beyond it
    needs an owner: the active rep it has, else it is routed.

    Raises InvalidArgument, NotFound, PermissionDenied (MAY_NOT_MOVE, naming the moves there are),
    and FailedPrecondition (ALREADY_THERE, DO_NOT_CONTACT, DISQUALIFIED_BY_RULE, FIELDS_MISSING,
    RECYCLES_EXHAUSTED, NO_OWNER).
    """
    lead = lead_of(tx, request, *_wrong(request))
    assert request.stage is not None, "a move without a stage is refused"
    _require_may_move(policy, lead, request, request.stage)
    _require_possible(tx, policy, lead, request.stage)
    after = _move_of(request.stage)(tx, policy, lead, request, now)
    decided = after.assignment_id and after.assignment_id != lead.assignment_id
    stands = tx.assignment(after.assignment_id) if decided else None
    decision_id = stands.decision_id if stands else ""
    return answered(tx, policy, request, after, now, decision_id=decision_id)


def _wrong(request: MoveLead) -> Iterator[tuple[str, str]]:
    if request.stage is None and not any(field == "stage" for field, _ in request.violations):
        yield "stage", f"is required: one of {', '.join(Stage)}"
    if request.stage not in _THENS and not request.reason.strip():
        yield "reason", "is missing: why the lead is moved"


def _require_may_move(policy: Policy, lead: StoredLead, request: MoveLead, to: Stage) -> None:
    lead_id, stage = lead.lead.lead_id, lead.stage
    if stage is to:
        raise FailedPrecondition(f"lead {lead_id!r} is {stage} already", "ALREADY_THERE")
    if may_move(policy, request.actor_id, RepOwner(answers_for(policy, lead))):
        return
    can = ", ".join(sorted(allowed(stage, Mover.SALES))) or "none"
    raise PermissionDenied(
        f"{named(request.actor_id)} may not move lead {lead_id!r} from {stage} to {to}; an"
        " operator, a rep with role ops or a manager above its owner may. Its owner's acts may lead"
        f" to: {can}",
        "MAY_NOT_MOVE",
    )


def _require_possible(tx: Transaction, policy: Policy, lead: StoredLead, to: Stage) -> None:
    lead_id = lead.lead.lead_id
    if lead.do_not_contact and to in BEFORE_OPPORTUNITY:
        raise FailedPrecondition(
            f"lead {lead_id!r} must not be contacted, which ends it in {to}; release that first"
            " (UpsertLead with release_do_not_contact)",
            "DO_NOT_CONTACT",
        )
    if to in UP_TO_MQL:
        symbols = lead_symbols(lead.lead, policy.schema, account_of(tx, lead.lead))
        rule = disqualified_by(policy.scoring, symbols)
        if rule is not None:
            raise FailedPrecondition(
                f"the rule {rule.name!r} disqualifies lead {lead_id!r}; correct its data or the"
                " rule first",
                "DISQUALIFIED_BY_RULE",
            )
    require_fields(policy, lead, to)


def _move_of(to: Stage) -> _Move:
    if to in (Stage.RECYCLED, Stage.DISQUALIFIED):
        return _disposed
    if to is Stage.CLOSED_LOST:
        return _lost
    if to in BEFORE_MQL:
        return partial(_back_to_marketing, to=to)
    return partial(_to_sales, to=to)


def _to_sales(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    request: MoveLead,
    now: datetime,
    *,
    to: Stage,
) -> StoredLead:
    return place(tx, policy, lead, _entry(request, to), now)


def _back_to_marketing(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    request: MoveLead,
    now: datetime,
    *,
    to: Stage,
) -> StoredLead:
    lifecycle = with_arms(policy, lead.arms, now).lifecycle
    owner: Owner = TrackOwner(lifecycle.default_track)
    if to is Stage.KNOWN:
        owner = QueueOwner(lifecycle.intake_queue)
    without = msgspec.structs.replace(lead, win=None, opportunity=None)
    after = move_on(tx, policy, without, _entry(request, to, owner), now)
    enrolled(tx, lead, after, CAUSE, policy.revision, now)
    return after


def _disposed(
    tx: Transaction, policy: Policy, lead: StoredLead, request: MoveLead, now: datetime
) -> StoredLead:
    assert request.stage is not None
    reason = _reason(policy, request, request.stage)
    lead = heeded(tx, lead, reason.name, request.actor_id, now)
    judged_by = with_arms(policy, lead.arms, now)
    if reason.then is Then.RECYCLE and recycled_to(judged_by, lead, reason) is None:
        raise FailedPrecondition(
            f"lead {lead.lead.lead_id!r} was recycled as often as it may be; move it to nurture"
            " or mql",
            "RECYCLES_EXHAUSTED",
        )
    disposal = Disposal(Mover.AUTHORISED, CAUSE, request.actor_id, request.note)
    without = msgspec.structs.replace(lead, win=None)
    return dispose(tx, policy, without, reason, disposal, now)


def _lost(
    tx: Transaction, policy: Policy, lead: StoredLead, request: MoveLead, now: datetime
) -> StoredLead:
    """Lost by the rep who has it: nobody else is asked to."""
    reason = _reason(policy, request, Stage.CLOSED_LOST)
    lead = heeded(tx, lead, reason.name, request.actor_id, now)
    if not isinstance(lead.owner, RepOwner):
        raise FailedPrecondition(
            f"no rep has lead {lead.lead.lead_id!r} who could have lost it; give it to one first"
            " (AssignLead), or disqualify it",
            "NO_OWNER",
        )
    without = msgspec.structs.replace(lead, win=None)
    entry = replace(_entry(request, Stage.CLOSED_LOST), reason=reason.name)
    return move_on(tx, policy, without, entry, now)


def _reason(policy: Policy, request: MoveLead, to: Stage) -> Reason:
    return reason_given(policy, request.reason, request.note, thens=_THENS[to])


def _entry(request: MoveLead, to: Stage, owner: Owner | None = None) -> Entry:
    return Entry(
        to,
        Mover.AUTHORISED,
        CAUSE,
        request.actor_id,
        owner,
        reason=request.reason,
        note=request.note,
    )
