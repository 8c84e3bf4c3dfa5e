"""What follows from a reason: back to marketing, disqualified, or to somebody else."""

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from scoring_service.domain.experiments.arms import with_arms
from scoring_service.domain.lifecycle.lifecycle import Reason, Then
from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.lifecycle.reasons import RECYCLES_EXHAUSTED
from scoring_service.domain.lifecycle.recycling import counts, recycled_to, reevaluated_at
from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.owner import SUPPRESSED, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.entering import Entry, enter
from scoring_service.workflows.events import enrolled
from scoring_service.workflows.lead_view import score_of
from scoring_service.workflows.reassigning import reassign

DO_NOT_CONTACT = "do_not_contact"


@dataclass(frozen=True, slots=True)
class Disposal:
    """By whom a lead is disposed of and how it is recorded; `gives_back` is whether the turn that
    it cost is given back.
    """

    mover: Mover
    cause: str
    actor_id: str = ""
    note: str = ""
    gives_back: bool = False


def dispose(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    reason: Reason,
    disposal: Disposal,
    now: datetime,
) -> StoredLead:
    """Do what the reason says follows, and save the lead.

    A reroute may leave it with its owner, where nobody else may take it. Raises FailedPrecondition
    (MOVE_NOT_ALLOWED).
    """
    match reason.then:
        case Then.RECYCLE:
            return recycle(tx, policy, lead, reason, disposal, now)
        case Then.DISQUALIFY:
            return disqualify(tx, policy, lead, reason.name, disposal, now)
        case Then.REROUTE:
            return reassign(
                tx,
                policy,
                lead,
                now,
                actor=disposal.actor_id,
                reason=reason.name,
                gives_back=disposal.gives_back,
            )


def recycle(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    reason: Reason,
    disposal: Disposal,
    now: datetime,
    *,
    whatever: bool = False,
) -> StoredLead:
    """Give the lead back to marketing: into the reason's next track, until its date.

    Whom recycling is exhausted for, or who must not be contacted, is disqualified instead.
    `whatever` its tracks and count, one that only passes through is recycled.
    """
    if lead.do_not_contact:
        note = replace(disposal, note=disposal.note or f"recycled for {reason.name}")
        return disqualify(tx, policy, lead, DO_NOT_CONTACT, note, now)
    judged_by = with_arms(policy, lead.arms, now)
    track = recycled_to(judged_by, lead, reason)
    if track is None and whatever:
        track = judged_by.lifecycle.default_track
    if track is None:
        note = replace(disposal, note=disposal.note or f"recycled for {reason.name}")
        return disqualify(tx, policy, lead, RECYCLES_EXHAUSTED, note, now)
    again = msgspec.structs.replace(
        lead,
        recycles=lead.recycles + counts(reason),
        recycled_at=now,
        reevaluate_at=reevaluated_at(policy, reason, now),
        behaviour_since_recycling=(),
        opportunity=None,
    )
    entry = _entry(Stage.RECYCLED, reason.name, disposal)
    entry = replace(entry, owner=TrackOwner(track))
    after = enter(tx, policy, again, entry, score_of(tx, policy, lead, now), now)
    enrolled(tx, lead, after, disposal.cause, policy.revision, now)
    return after


def disqualify(
    tx: Transaction,
    policy: Policy,
    lead: StoredLead,
    reason: str,
    disposal: Disposal,
    now: datetime,
) -> StoredLead:
    """End the lead: nobody is to work on it. Only a move by somebody authorised brings it back."""
    entry = replace(_entry(Stage.DISQUALIFIED, reason, disposal), owner=SUPPRESSED)
    return enter(tx, policy, lead, entry, score_of(tx, policy, lead, now), now)


def _entry(to: Stage, reason: str, disposal: Disposal) -> Entry:
    return Entry(
        to,
        disposal.mover,
        disposal.cause,
        disposal.actor_id,
        reason=reason,
        note=disposal.note,
        gives_back=disposal.gives_back,
    )
