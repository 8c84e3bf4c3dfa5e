"""A lead as it stood when a window of the past began, from what is recorded of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from scoring_service.domain.calibration.as_known import account_at, lead_at
from scoring_service.values.decision import Draw
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StageEntry, StoredAssignment, StoredLead
from scoring_service.workflows.diff.past import Stood
from scoring_service.workflows.diff.settling import WORKED

_OWNERS: Mapping[str, Callable[[str], Owner]] = {
    "rep": RepOwner,
    "queue": QueueOwner,
    "track": TrackOwner,
}
_LEAST = timedelta(microseconds=1)


def stood_at(
    record: LeadRecord,
    given: Sequence[StoredAssignment],
    turns: Mapping[tuple[str, int], Draw],
    since: datetime,
) -> Stood:
    """The lead as it was just before `since`. `turns` are draws by their pool and number."""
    entries = [entry for entry in record.entries if entry.at < since]
    stands = _standing(given, since)
    before = since - _LEAST
    return Stood(
        _with_owner(_in_stage(record, entries, since), entries, stands),
        tuple(activity for recorded, activity in record.activities if recorded < since),
        account_at(record, before),
        stands,
        turns.get((stands.pool, stands.draw_number or 0)) if stands else None,
        _became_mql(entries),
    )


def _in_stage(record: LeadRecord, entries: Sequence[StageEntry], since: datetime) -> StoredLead:
    """Without an owner, and without what is kept of its behaviour."""
    lead, then = record.lead, lead_at(record, since - _LEAST)
    stage, entered = _stage(entries), entries[-1].at if entries else lead.created_at
    return msgspec.structs.replace(
        lead,
        lead=then,
        do_not_contact=bool(then.do_not_contact),
        stage=stage,
        entered_at=entered,
        updated_at=since,
        visit=len(entries),
        visit_bars=lead.visit_bars if lead.entered_at < since else None,
        recycled_at=entered if stage is Stage.RECYCLED else None,
        excluded=(),
        behaviour=(),
        behaviour_since_recycling=(),
        model_behaviour=(),
        model_scoring="",
        held_bars=(),
        clocks=(),
    )


def _with_owner(
    lead: StoredLead, entries: Sequence[StageEntry], stands: StoredAssignment | None
) -> StoredLead:
    """With who had it, or the place in which it waited."""
    if stands is None:
        owner = _owner(entries[-1].owner) if entries else None
        pool, since = None, None
    else:
        owner = stands.owner
        pool, since = stands.pool or None, stands.enqueued_at or stands.assigned_at
    waits = isinstance(owner, QueueOwner) and pool is not None
    return msgspec.structs.replace(
        lead,
        owner=owner,
        last_pool=pool,
        waiting_in=pool if waits else None,
        enqueued_at=since if waits else None,
    )


def _standing(given: Sequence[StoredAssignment], since: datetime) -> StoredAssignment | None:
    """The assignment that stood when the window began."""
    stood = [
        one
        for one in given
        if one.assigned_at < since and (one.ended_at is None or one.ended_at >= since)
    ]
    latest = max(stood, key=lambda one: one.assigned_at, default=None)
    if latest is None:
        return None
    return msgspec.structs.replace(latest, ended_at=None, ended_how="", given_back=False)


def _owner(text: str) -> Owner | None:
    """An owner as history writes it: `rep:ann`."""
    kind, _, owner_id = text.partition(":")
    return _OWNERS[kind](owner_id) if kind in _OWNERS else None


def _stage(entries: Sequence[StageEntry]) -> Stage:
    return Stage(entries[-1].stage_to) if entries else Stage.ANONYMOUS


def _became_mql(entries: Sequence[StageEntry]) -> str:
    if _stage(entries) not in WORKED:
        return ""
    causes = [entry.cause for entry in entries if entry.stage_to == Stage.MQL]
    return "qualified" if causes and causes[-1] == "qualified" else "routed"
