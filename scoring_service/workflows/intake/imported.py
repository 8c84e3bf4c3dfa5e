"""A new lead of an import that begins in the middle of its way, by an actor who may say so."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.laying import laid
from scoring_service.domain.lifecycle.path import BEFORE_OPPORTUNITY
from scoring_service.domain.lifecycle.reasons import listed
from scoring_service.domain.lifecycle.recycling import reevaluated_at
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.owners import queues_and_tracks
from scoring_service.store.transaction import Transaction
from scoring_service.values.decision import Cause
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.happening import Win
from scoring_service.values.owner import SUPPRESSED, Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import PATH, Stage
from scoring_service.values.stored import StageEntry, StoredAssignment, StoredLead
from scoring_service.workflows.enrolling import record_enrolment, tracks_with
from scoring_service.workflows.intake.incoming import Incoming
from scoring_service.workflows.lead_view import score_of
from scoring_service.workflows.lifecycle_requests import InitialState
from scoring_service.workflows.permission import require_may_move
from scoring_service.workflows.recording import owner_text

CAUSE = "import"
_WON, _LOST = "won", "lost"
_WORKED = frozenset(PATH[PATH.index(Stage.MQL) :])
_REASONED = frozenset({Stage.CLOSED_LOST, Stage.RECYCLED, Stage.DISQUALIFIED})
_REPS = frozenset({Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER, Stage.CLOSED_LOST})
_QUEUES = frozenset({Stage.KNOWN, Stage.MQL})
_TRACKS = frozenset({Stage.ANONYMOUS, Stage.NURTURE, Stage.RECYCLED})


def begin(
    tx: Transaction, policy: Policy, lead: StoredLead, incoming: Incoming, now: datetime
) -> StoredLead:
    """Store the new lead in its stage with its owner; its clocks begin now.

    Raises PermissionDenied (MAY_NOT_MOVE) and InvalidArgument with every violation.
    """
    initial = incoming.initial
    assert initial is not None, "without a state it is evaluated"
    require_may_move(policy, incoming.actor_id, initial.owner, "say where a new lead begins")
    stage = _stage(initial)
    owner = initial.owner or _owner(policy, stage)
    wrong = (*_violations(policy, incoming, initial, stage, owner, now), *_of_stopped(lead, stage))
    if wrong:
        raise InvalidArgument(wrong)
    assert stage is not None, initial
    assert owner is not None, initial
    started = _started(tx, policy, lead, initial, stage, owner, now)
    tx.save_lead(started)
    _record(tx, policy, started, incoming, initial, now)
    return started


def _stage(initial: InitialState) -> Stage | None:
    if initial.stage is None and initial.outcome:
        return Stage.CUSTOMER if initial.outcome == _WON else Stage.CLOSED_LOST
    return initial.stage


def _owner(policy: Policy, stage: Stage | None) -> Owner | None:
    """Who has a lead of that stage where the import does not say; None where it must."""
    if stage is Stage.DISQUALIFIED:
        return SUPPRESSED
    if stage in _QUEUES:
        return QueueOwner(policy.lifecycle.intake_queue)
    return TrackOwner(policy.lifecycle.default_track) if stage in _TRACKS else None


def _violations(
    policy: Policy,
    incoming: Incoming,
    initial: InitialState,
    stage: Stage | None,
    owner: Owner | None,
    now: datetime,
) -> Iterator[tuple[str, str]]:
    if not incoming.batch_id:
        yield "batch_id", "is required with initial: name the import"
    if stage is None:
        yield "initial.stage", "is required: or leave initial out, and the lead is evaluated"
        return
    if initial.entered_at is not None and initial.entered_at > now:
        yield "initial.entered_at", "is to come; send when it entered its stage"
    if initial.outcome == _WON and stage is not Stage.CUSTOMER:
        yield "initial.outcome", f"won, but {stage}; send one of the two"
    if initial.outcome == _LOST and stage not in _REASONED:
        yield "initial.outcome", f"lost, but {stage}; send one of the two"
    reasons = listed(policy)
    if stage in _REASONED and initial.reason not in reasons:
        yield "initial.reason", f"{initial.reason!r}: give one of {', '.join(reasons)}"
    yield from _of_owner(policy, stage, owner)


def _of_stopped(lead: StoredLead, stage: Stage | None) -> Iterator[tuple[str, str]]:
    if lead.do_not_contact and stage in BEFORE_OPPORTUNITY:
        remedy = "it must not be contacted; say disqualified, or leave initial out"
        yield "initial.stage", f"{stage}, but {remedy}"


def _of_owner(policy: Policy, stage: Stage, owner: Owner | None) -> Iterator[tuple[str, str]]:
    if owner is None or (stage in _REPS and not isinstance(owner, RepOwner)):
        yield "initial.rep_id", f"is required: a lead in {stage} is a rep's"
    elif isinstance(owner, RepOwner):
        yield from _of_rep(policy, stage, owner)
    elif owner not in queues_and_tracks(policy):
        yield "initial.queue", f"{owner.id!r} is no queue and no track of the rules"
    elif isinstance(owner, QueueOwner) != (stage in _QUEUES):
        yield "initial.queue", f"{owner.id!r} has no leads in {stage}; leave it out"
    elif any(pool.queue.name == owner.id for pool in policy.pools.values()):
        yield "initial.queue", f"{owner.id!r} is a pool's; leave initial out, and it is routed"


def _of_rep(policy: Policy, stage: Stage, owner: RepOwner) -> Iterator[tuple[str, str]]:
    rep = policy.reps.get(owner.id)
    if rep is None or not rep.active:
        yield "initial.rep_id", f"{owner.id!r} is no active rep of team.yaml"
    if stage not in _REPS and stage is not Stage.MQL:
        yield "initial.rep_id", f"no rep has leads in {stage}; leave it out"


def _started(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    initial: InitialState,
    stage: Stage,
    owner: Owner,
    now: datetime,
) -> StoredLead:
    bars, at = policy.scoring.mql, initial.entered_at or now
    reason = policy.lifecycle.reasons.get(initial.reason) if stage is Stage.RECYCLED else None
    started = msgspec.structs.replace(
        lead,
        stage=stage,
        visit=1,
        entered_at=at,
        visit_bars=(bars.fit_min, bars.behaviour_min) if stage in _WORKED else None,
        owner=owner,
        assignment_id=tx.new_id() if isinstance(owner, RepOwner) else "",
        reason=initial.reason if stage in _REASONED else "",
        recycled_at=at if reason else None,
        reevaluate_at=reevaluated_at(policy, reason, at) if reason else None,
        win=Win(at) if stage is Stage.CUSTOMER else None,
        tracks=tracks_with((), owner),
    )
    score = score_of(tx, policy, started, now)
    scored = msgspec.structs.replace(started, score=score.fit + score.behaviour)
    return msgspec.structs.replace(scored, clocks=laid(policy, None, scored, now))


def _record(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    incoming: Incoming,
    initial: InitialState,
    now: datetime,
) -> None:
    assert lead.owner is not None, "every lead has an owner"
    lead_id, score = lead.lead.lead_id, score_of(tx, policy, lead, now)
    if lead.assignment_id:
        tx.record_assignment(_assignment(policy, lead, lead.owner, now))
    tx.record_stage(
        StageEntry(
            lead_id=lead_id,
            visit=lead.visit,
            cycle=lead.cycle,
            stage_from="",
            stage_to=lead.stage.value,
            at=now,
            actor=incoming.actor_id,
            cause=CAUSE,
            owner=owner_text(lead.owner),
            score=msgspec.json.encode(score).decode(),
            revision=policy.revision,
            reason=lead.reason,
            note=f"entered {lead.entered_at.isoformat()}" if initial.entered_at else "",
            model="" if policy.model is None else policy.model.version,
            bars_missed=tuple(bar.name for bar in score.bars if not bar.met),
        )
    )
    record_enrolment(tx, None, lead, incoming.actor_id)
    if lead.win is not None:
        tx.record(lead_id, lead.win, incoming.actor_id)


def _assignment(policy: Policy, lead: StoredLead, owner: Owner, now: datetime) -> StoredAssignment:
    rep = policy.reps.get(owner.id)
    return StoredAssignment(
        lead.assignment_id,
        lead.lead.lead_id,
        "",
        owner,
        Cause.IMPORTED.value,
        now,
        team=rep.team if rep else "",
        manager=(rep.manager or "") if rep else "",
    )
