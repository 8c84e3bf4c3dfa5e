"""A lead enters another stage: the one way in which a stage changes outside of routing."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from scoring_service.domain.lifecycle.laying import laid
from scoring_service.domain.lifecycle.moves import IllegalMove, Mover, check
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.rotation import give_back
from scoring_service.store.transaction import Transaction
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.owner import Owner, RepOwner
from scoring_service.values.score import Score
from scoring_service.values.stage import PATH, Stage
from scoring_service.values.stored import StageEntry, StoredLead
from scoring_service.workflows.clock_records import record_clocks
from scoring_service.workflows.enrolling import record_enrolment, tracks_with
from scoring_service.workflows.events import stage_changed
from scoring_service.workflows.recording import HELD, owner_text
from scoring_service.workflows.waiting import rep_freed

_WORKED = frozenset(PATH[PATH.index(Stage.MQL) :])


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a lead goes, by whom and why. `owner` None keeps the one it has.

    `gives_back` is whether the turn that its assignment cost is given back.
    """

    to: Stage
    mover: Mover
    cause: str
    actor_id: str = ""
    owner: Owner | None = None
    reason: str = ""
    note: str = ""
    gives_back: bool = False


def enter(
    tx: Transaction, policy: Policy, lead: StoredLead, entry: Entry, score: Score, now: datetime
) -> StoredLead:
    """Move a lead and save it: its clocks end and those of the stage begin.

    `lead` may hold further changes, which are saved with it. Raises FailedPrecondition
    (MOVE_NOT_ALLOWED) that names the moves there are.
    """
    rule = policy.lifecycle.stages.get(lead.stage)
    try:
        check(lead.stage, entry.to, entry.mover, rule.exits if rule else None)
    except IllegalMove as illegal:
        raise FailedPrecondition(str(illegal), "MOVE_NOT_ALLOWED") from illegal
    owner = entry.owner or lead.owner
    leaves = owner != lead.owner
    moved = msgspec.structs.replace(
        lead,
        stage=entry.to,
        visit=lead.visit + 1,
        entered_at=now,
        updated_at=now,
        owner=owner,
        reason=entry.reason,
        excluded=(),
        tracks=tracks_with(lead.tracks, owner),
        assignment_id="" if leaves else lead.assignment_id,
        previous_owner=_left(lead) if leaves else lead.previous_owner,
        waiting_in=None,
        enqueued_at=None,
        first_contact_at=None,
        visit_bars=lead.visit_bars if entry.to in _WORKED else None,
        score=score.fit + score.behaviour,
    )
    moved = msgspec.structs.replace(moved, clocks=laid(policy, lead, moved, now))
    if leaves and lead.assignment_id:
        end_assignment(tx, lead, entry.cause, gives_back=entry.gives_back)
    if lead.waiting_in:
        tx.leave_queue(lead.lead.lead_id)
    tx.save_lead(moved)
    tx.record_stage(_stage_entry(policy, lead, moved, entry, score, now))
    record_clocks(tx, lead, moved, entry.actor_id)
    record_enrolment(tx, lead.owner, moved, entry.actor_id)
    _free(tx, policy, lead, moved, now)
    stage_changed(tx, lead, moved, entry.cause, entry.actor_id, now)
    return moved


def end_assignment(tx: Transaction, lead: StoredLead, how: str, *, gives_back: bool) -> None:
    """The lead leaves its owner's hands; the turn it cost may be given back."""
    stands = tx.assignment(lead.assignment_id)
    assert stands is not None, f"no assignment {lead.assignment_id}"
    draw = None
    if gives_back and stands.draw_number is not None:
        draw = tx.draw(stands.pool, stands.draw_number)
    tx.end_assignment(lead.assignment_id, how, gives_back)
    if draw is not None:
        rotation = tx.rotation(stands.pool)
        tx.save_rotation(rotation, give_back(rotation, draw))


def _left(lead: StoredLead) -> str | None:
    return lead.owner.id if isinstance(lead.owner, RepOwner) else lead.previous_owner


def _free(
    tx: Transaction, policy: Policy, before: StoredLead, after: StoredLead, now: datetime
) -> None:
    """Whoever had the lead among his open ones may take another."""
    stays = after.owner == before.owner and after.stage in HELD
    if isinstance(before.owner, RepOwner) and before.stage in HELD and not stays:
        rep_freed(tx, policy, before.owner.id, now)


def _stage_entry(
    policy: Policy,
    before: StoredLead,
    after: StoredLead,
    entry: Entry,
    score: Score,
    now: datetime,
) -> StageEntry:
    assert after.owner is not None, "every lead has an owner"
    return StageEntry(
        lead_id=after.lead.lead_id,
        visit=after.visit,
        cycle=after.cycle,
        stage_from=before.stage.value,
        stage_to=after.stage.value,
        at=now,
        actor=entry.actor_id,
        cause=entry.cause,
        owner=owner_text(after.owner),
        score=msgspec.json.encode(score).decode(),
        revision=policy.revision,
        reason=entry.reason,
        note=entry.note,
        model="" if policy.model is None else policy.model.version,
        bars_missed=tuple(bar.name for bar in score.bars if not bar.met),
        arms=after.arms,
    )
