"""MergeLeads: two leads are one person's; where both are open, one of them lives on."""

from datetime import datetime

import msgspec

from scoring_service.domain.experiments.enrolling import united_arms
from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.lifecycle.uniting import cycles, survivor, united, united_fields
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.happening import Merged
from scoring_service.values.owner import SUPPRESSED, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.arrival import merged as with_fields
from scoring_service.workflows.behaviour import rebuilt
from scoring_service.workflows.entering import Entry, enter
from scoring_service.workflows.idempotency import once
from scoring_service.workflows.intake.comings_back import recycled
from scoring_service.workflows.intake.evaluating import (
    Evaluated,
    Evaluation,
    decision_made,
    evaluate,
)
from scoring_service.workflows.intake.stopping import spread
from scoring_service.workflows.lead_view import answering, score_of, view_of_lead
from scoring_service.workflows.lifecycle_requests import LeadView, MergeLeads
from scoring_service.workflows.notices import tell
from scoring_service.workflows.permission import require_may_move
from scoring_service.workflows.sales.acting import lead_of

CAUSE = "merge"
DUPLICATE = "duplicate"


@once("MergeLeads", LeadView)
def merge(tx: Transaction, policy: Policy, request: MergeLeads, now: datetime) -> LeadView:
    """Join two persons and, where both have an open lead, these two; answers the one that is open.

    Finished leads stay as cycles of the joint person. Raises AlreadyExists
    (IDEMPOTENCY_KEY_REUSED), InvalidArgument, NotFound (LEAD_NOT_FOUND), PermissionDenied
    (MAY_NOT_MOVE) and FailedPrecondition (SAME_PERSON).
    """
    one, other = _asked_for(tx, policy, request)
    before = {lead.lead.lead_id: lead for lead in (one, other)}
    lead = _joined(tx, policy, one, other, request, now)
    evaluated = _evaluated(tx, policy, lead, request.actor_id, now)
    after = evaluated.lead
    spread(tx, after, request.actor_id, now)
    decision_id = decision_made(tx, before[after.lead.lead_id], after)
    return view_of_lead(
        tx,
        policy,
        after,
        now,
        asked_for=request.lead_id,
        score=evaluated.score,
        decision_id=decision_id,
    )


def _asked_for(
    tx: Transaction, policy: Policy, request: MergeLeads
) -> tuple[StoredLead, StoredLead]:
    one, other = lead_of(tx, request), answering(tx, request.other_lead_id)
    for lead in (one, other):
        what = f"merge lead {lead.lead.lead_id!r} with another"
        require_may_move(policy, request.actor_id, lead.owner, what)
    if one.person_id == other.person_id:
        raise FailedPrecondition(
            f"{request.lead_id!r} and {request.other_lead_id!r} are one person's already;"
            f" {one.lead.lead_id!r} answers for both",
            "SAME_PERSON",
        )
    return one, other


def _joined(
    tx: Transaction,
    policy: Policy,
    one: StoredLead,
    other: StoredLead,
    request: MergeLeads,
    now: datetime,
) -> StoredLead:
    """The lead that answers for both persons, not evaluated yet; everything else is stored."""
    stays, ends = _in_order(one, other)
    both_open = stays.unfinished and ends.unfinished
    old_person = ends.person_id
    others = (*tx.leads_of_person(stays.person_id), *tx.leads_of_person(old_person))
    tx.join_persons(stays.person_id, old_person)
    if both_open:
        _ended(tx, policy, ends, stays, request, now)
        lead = united(stays, ends)
    else:
        flag = stays.do_not_contact or ends.do_not_contact
        fields = stays.lead
        if stays.unfinished:
            fields = united_fields(fields, ends.lead, do_not_contact=flag)
        arms = united_arms(stays.arms, ends.arms)
        lead = msgspec.structs.replace(stays, lead=fields, do_not_contact=flag, arms=arms)
    _record(tx, stays, lead, ends, both_open, request)
    lead = _numbered(tx, lead, others, ends.lead.lead_id if both_open else "")
    return rebuilt(tx, policy, _saved(tx, lead, now), now) if both_open else lead


def _in_order(one: StoredLead, other: StoredLead) -> tuple[StoredLead, StoredLead]:
    """The lead that answers for both, then the other one: open, else a customer, else the later."""
    if one.unfinished and other.unfinished:
        return survivor(one, other)
    first, second = sorted((one, other), key=_finish)
    return second, first


def _finish(lead: StoredLead) -> tuple[object, ...]:
    customer = lead.stage is Stage.CUSTOMER
    return lead.unfinished, customer, lead.created_at, lead.lead.lead_id


def _ended(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    stays: StoredLead,
    request: MergeLeads,
    now: datetime,
) -> None:
    """The lead ends in the other: its rep is told and has the turn back."""
    gone = msgspec.structs.replace(
        lead, merged_into=stays.lead.lead_id, person_id=stays.person_id, opportunity=None
    )
    entry = Entry(
        Stage.DISQUALIFIED,
        Mover.AUTHORISED,
        CAUSE,
        request.actor_id,
        owner=SUPPRESSED,
        reason=DUPLICATE,
        note=f"merged into {stays.lead.lead_id}",
        gives_back=True,
    )
    enter(tx, policy, gone, entry, score_of(tx, policy, lead, now), now)
    if isinstance(lead.owner, RepOwner):
        text = f"it was merged into {stays.lead.lead_id}"
        tell(tx, policy, lead.owner.id, "merged", lead.lead.lead_id, text, now)


def _record(
    tx: Transaction,
    before: StoredLead,
    after: StoredLead,
    ends: StoredLead,
    both_open: bool,
    request: MergeLeads,
) -> None:
    lead_id, actor_id = after.lead.lead_id, request.actor_id
    changes = with_fields(before.lead, after.lead)[1]
    if changes:
        tx.record_changes("lead", lead_id, changes, actor_id)
    made = Merged(ends.lead.lead_id, ends.person_id, both_open, request.reason)
    tx.record(lead_id, made, actor_id)


def _numbered(
    tx: Transaction, lead: StoredLead, others: tuple[StoredLead, ...], ended: str
) -> StoredLead:
    """The lead with its cycle; every other lead of both persons is saved as the joint one's.

    For what was merged into the one that `ended` the survivor answers now.
    """
    lead_id = lead.lead.lead_id
    apart = [o for o in others if not o.merged_into and o.lead.lead_id not in {lead_id, ended}]
    numbered = {one.lead.lead_id: one for one in cycles([lead, *apart])}
    before = [one for one in others if one.merged_into]
    for one in (*(numbered[one.lead.lead_id] for one in apart), *before):
        into = lead_id if ended and one.merged_into == ended else one.merged_into
        tx.save_lead(msgspec.structs.replace(one, person_id=lead.person_id, merged_into=into))
    return numbered[lead_id]


def _saved(tx: Transaction, lead: StoredLead, now: datetime) -> StoredLead:
    saved = msgspec.structs.replace(lead, updated_at=now)
    tx.save_lead(saved)
    return saved


def _evaluated(
    tx: Transaction, policy: Policy, lead: StoredLead, actor_id: str, now: datetime
) -> Evaluated:
    """A merge is something that happened: the lead may qualify by what both did."""
    lead = msgspec.structs.replace(lead, updated_at=now)
    if lead.stage is Stage.RECYCLED:
        return recycled(tx, policy, lead, (), actor_id, now)
    if lead.stage is Stage.DISQUALIFIED:
        return Evaluated(_saved(tx, lead, now))
    return evaluate(tx, policy, lead, Evaluation(actor_id), now)
