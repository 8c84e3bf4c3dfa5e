"""What a decision changes: lead, rotation, assignment, queue place, stage, decision record."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from scoring_service.domain.experiments.arms import with_arms
from scoring_service.domain.lifecycle.laying import laid, with_lapse
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.rotation import apply
from scoring_service.store.transaction import Transaction
from scoring_service.values.account import AccountMatch
from scoring_service.values.decision import Cause, Decision
from scoring_service.values.facts import Facts
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.stage import PATH, Stage
from scoring_service.values.stored import (
    StageEntry,
    StoredAssignment,
    StoredDecision,
    StoredLead,
)
from scoring_service.workflows.clock_records import record_clocks
from scoring_service.workflows.enrolling import record_enrolment, tracks_with
from scoring_service.workflows.events import owner_changed, stage_changed
from scoring_service.workflows.requests import AssignmentView
from scoring_service.workflows.waiting import change_place, judge_anew, rep_freed, waits_in

_WORKED = frozenset(PATH[PATH.index(Stage.MQL) :])
HELD = frozenset({Stage.MQL, Stage.SAL, Stage.SQL})
"""Stages in which a lead counts among its rep's open ones."""

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision on a lead, ready to be written: `lead` is as it was when the facts were read.

    `changed` is whether anything of it is new. `note` is somebody's, for the stage entry.
    """

    lead: StoredLead
    facts: Facts
    decision: Decision
    actor_id: str = ""
    reason: str = ""
    changed: bool = False
    note: str = ""


def view_of(outcome: Outcome) -> AssignmentView:
    """The outcome as an answer, before it has any ids: what a dry run is told."""
    facts = outcome.facts
    lead_id, revision = facts.lead.lead_id, facts.policy_revision
    return answer_of(outcome.decision, lead_id, facts.now, revision, facts.account, facts.arms)


def answer_of(
    decision: Decision,
    lead_id: str,
    at: datetime,
    revision: str,
    account: AccountMatch,
    arms: dict[str, str],
) -> AssignmentView:
    """A decision on a lead as an answer, without ids."""
    return AssignmentView(
        lead_id=lead_id,
        owner=decision.owner,
        cause=decision.cause,
        score=decision.score,
        assigned_at=at,
        policy_revision=revision,
        stage=decision.stage,
        pool=decision.pool,
        route=decision.route,
        row=decision.row,
        considered=decision.considered,
        account=account,
        bars_missed=decision.bars_missed,
        stood_in_for=decision.stood_in_for,
        sla=decision.sla,
        enqueued_at=decision.enqueued_at,
        respond_by=decision.respond_by,
        note=decision.note,
        arms=arms,
    )


def standing(tx: Transaction, outcome: Outcome) -> AssignmentView:
    """The answer where the lead stays with its owner: the assignment that stood before."""
    return standing_by(view_of(outcome), tx.assignment(outcome.lead.assignment_id))


def standing_by(view: AssignmentView, assignment: StoredAssignment | None) -> AssignmentView:
    """An answer with the assignment that stands; as it is where there is none."""
    if assignment is None:
        return view
    return msgspec.structs.replace(
        view,
        assignment_id=assignment.assignment_id,
        assigned_at=assignment.assigned_at,
        respond_by=assignment.respond_by,
        enqueued_at=assignment.enqueued_at,
        pool=assignment.pool,
        route=assignment.route,
        sla=assignment.sla,
    )


def record(tx: Transaction, policy: Policy, outcome: Outcome) -> AssignmentView:
    """Write everything a decision changes, and answer it.

    A lead that is kept gets no new assignment and no new clock, but a decision record.
    """
    decision_id = tx.new_id()
    if outcome.decision.cause is Cause.KEPT:
        view = msgspec.structs.replace(standing(tx, outcome), decision_id=decision_id)
        keep(tx, policy, outcome)
    else:
        view = msgspec.structs.replace(
            view_of(outcome), decision_id=decision_id, assignment_id=tx.new_id()
        )
        _change_owner(tx, policy, outcome, view)
    _record_decision(tx, outcome, view)
    return view


def keep(tx: Transaction, policy: Policy, outcome: Outcome) -> None:
    """Save a lead that stays where it is; of one that waits it is judged anew who may take it."""
    tx.save_lead(_kept(policy, outcome))
    if outcome.changed:
        judge_anew(tx, policy, outcome.lead, outcome.decision, outcome.facts.now)


def _kept(policy: Policy, outcome: Outcome) -> StoredLead:
    """The lead as it stays; one of an older schema gets the clocks it should have had."""
    lead, score = outcome.lead, outcome.decision.score
    now, held = outcome.facts.now, outcome.decision.held_bars
    clocks = lead.clocks or laid(policy, None, lead, now)
    if outcome.changed:
        clocks = with_lapse(policy, lead, clocks, score.qualified_until, now)
    points = score.fit + score.behaviour
    return msgspec.structs.replace(lead, held_bars=held, score=points, clocks=clocks)


def _change_owner(tx: Transaction, policy: Policy, outcome: Outcome, view: AssignmentView) -> None:
    lead, decision = outcome.lead, outcome.decision
    if lead.assignment_id:
        tx.end_assignment(lead.assignment_id, _ended_how(outcome), False)
    moved = _moved(policy, outcome, view)
    tx.save_lead(moved)
    record_clocks(tx, None if outcome.facts.is_new else lead, moved, outcome.actor_id)
    record_enrolment(tx, lead.owner, moved, outcome.actor_id)
    _take_turn(tx, outcome, view.decision_id)
    tx.record_assignment(_assignment(policy, outcome, view))
    if decision.stage is not lead.stage or outcome.facts.is_new:
        tx.record_stage(_stage_entry(outcome, view.decision_id))
    change_place(tx, policy, lead, outcome.facts, decision)
    if isinstance(lead.owner, RepOwner) and _frees(lead, decision):
        rep_freed(tx, policy, lead.owner.id, outcome.facts.now)
    owner_changed(tx, view, lead.owner)
    if decision.stage is not lead.stage and not outcome.facts.is_new:
        cause, now = decision.cause.value, outcome.facts.now
        stage_changed(tx, lead, moved, cause, outcome.actor_id, now)


def _frees(lead: StoredLead, decision: Decision) -> bool:
    """Whether a lead that counted among its owner's open leads no longer does."""
    stays = decision.owner == lead.owner and decision.stage in HELD
    return lead.stage in HELD and not stays


def _ended_how(outcome: Outcome) -> str:
    return outcome.facts.asked.value


def _moved(policy: Policy, outcome: Outcome, view: AssignmentView) -> StoredLead:
    """The lead with its new owner, and with its stage where that changed."""
    lead, decision, now = outcome.lead, outcome.decision, outcome.facts.now
    left = lead.owner.id if isinstance(lead.owner, RepOwner) else lead.previous_owner
    pool = waits_in(decision)
    enters = decision.stage is not lead.stage or outcome.facts.is_new
    moved = msgspec.structs.replace(
        lead,
        stage=decision.stage,
        entered_at=now if enters else lead.entered_at,
        visit=lead.visit + enters,
        visit_bars=_visit_bars(policy, outcome),
        owner=decision.owner,
        assignment_id=view.assignment_id,
        last_pool=decision.pool or lead.last_pool,
        previous_owner=left if decision.owner != lead.owner else lead.previous_owner,
        waiting_in=pool,
        enqueued_at=(decision.enqueued_at or now) if pool else None,
        excluded=() if enters else outcome.facts.excluded,
        tracks=tracks_with(lead.tracks, decision.owner),
        held_bars=decision.held_bars,
        reason=decision.reason if enters else lead.reason,
        score=decision.score.fit + decision.score.behaviour,
    )
    before = None if outcome.facts.is_new else lead
    return msgspec.structs.replace(moved, clocks=laid(policy, before, moved, now, decision.sla))


def _visit_bars(policy: Policy, outcome: Outcome) -> tuple[float, float] | None:
    """A visit keeps the bars it was entered by, through mql and beyond."""
    if outcome.decision.stage not in _WORKED:
        return None
    bars = with_arms(policy, outcome.facts.arms, outcome.facts.now).scoring.mql
    return outcome.lead.visit_bars or (bars.fit_min, bars.behaviour_min)


def _take_turn(tx: Transaction, outcome: Outcome, decision_id: str) -> None:
    draw = outcome.decision.draw
    if draw is None:
        return
    rotation = tx.rotation(draw.pool)
    tx.save_rotation(rotation, apply(rotation, draw))
    tx.record_draw(draw, decision_id, outcome.facts.lead.lead_id)


def _assignment(policy: Policy, outcome: Outcome, view: AssignmentView) -> StoredAssignment:
    decision = outcome.decision
    rep = policy.reps.get(decision.owner.id) if isinstance(decision.owner, RepOwner) else None
    return StoredAssignment(
        assignment_id=view.assignment_id,
        lead_id=view.lead_id,
        decision_id=view.decision_id,
        owner=decision.owner,
        cause=decision.cause.value,
        assigned_at=view.assigned_at,
        pool=decision.pool,
        route=decision.route,
        sla=decision.sla,
        team=rep.team if rep else "",
        manager=(rep.manager or "") if rep else "",
        draw_number=decision.draw.number if decision.draw else None,
        enqueued_at=decision.enqueued_at,
        respond_by=decision.respond_by,
        arms=outcome.facts.arms,
    )


def owner_text(owner: Owner) -> str:
    """An owner as history writes it: `rep:ann`, `queue:west`, `track:newsletter`."""
    kind = "rep" if isinstance(owner, RepOwner) else "track"
    return f"{'queue' if isinstance(owner, QueueOwner) else kind}:{owner.id}"


def _stage_entry(outcome: Outcome, decision_id: str) -> StageEntry:
    lead, decision, facts = outcome.lead, outcome.decision, outcome.facts
    return StageEntry(
        lead_id=facts.lead.lead_id,
        visit=lead.visit + 1,
        cycle=lead.cycle,
        stage_from="" if facts.is_new else lead.stage.value,
        stage_to=decision.stage.value,
        at=facts.now,
        actor=outcome.actor_id,
        cause=decision.cause.value,
        reason=decision.reason or outcome.reason,
        owner=owner_text(decision.owner),
        score="",
        revision=facts.policy_revision,
        note=outcome.note or decision.note,
        model=facts.model_version,
        bars_missed=decision.bars_missed,
        arms=facts.arms,
        decision_id=decision_id,
    )


def _record_decision(tx: Transaction, outcome: Outcome, view: AssignmentView) -> None:
    facts = outcome.facts
    tx.record_decision(
        StoredDecision(
            decision_id=view.decision_id,
            lead_id=view.lead_id,
            at=facts.now,
            actor=outcome.actor_id,
            revision=facts.policy_revision,
            model=facts.model_version,
            semantics=facts.semantics_version,
            facts=_encode(facts),
            decision=_encode(outcome.decision),
            assignment_id=view.assignment_id,
        )
    )
