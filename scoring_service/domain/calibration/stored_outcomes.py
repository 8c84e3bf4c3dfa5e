"""What became of a stored lead, as its stages tell it at an instant."""

from datetime import datetime
from enum import StrEnum

from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import FINISHED, Stage
from scoring_service.values.stored import StageEntry

CLOSED = FINISHED | {Stage.CLOSED_LOST}
"""Stages in which a lead is not open. One that is recycled is: it may come back."""

_IMPORTED = frozenset({"import", "imported"})
_MERGED = frozenset({"merge", "merged"})


class LeftOut(StrEnum):
    """Why a lead teaches nothing."""

    MERGED = "merged into another"
    DUPLICATE = "duplicates"
    SPAM = "spam"
    OUTCOME_ONLY = "imported with their outcome only"


def left_out(record: LeadRecord) -> LeftOut | None:
    """Why a lead does not count; None where it does."""
    if not record.entries:
        return None
    first, last = record.entries[0], record.entries[-1]
    if last.cause in _MERGED or last.reason in _MERGED:
        return LeftOut.MERGED
    if last.stage_to == Stage.DISQUALIFIED and last.reason in ("duplicate", "spam"):
        return LeftOut(LeftOut.DUPLICATE if last.reason == "duplicate" else LeftOut.SPAM)
    if first.cause in _IMPORTED and not first.stage_from and first.stage_to in CLOSED:
        return LeftOut.OUTCOME_ONLY
    return None


def begun(record: LeadRecord) -> datetime:
    """The instant from which on the store knew the lead: of an imported one its import."""
    created = record.lead.created_at
    return max(created, record.entries[0].at) if record.entries else created


def stage_at(record: LeadRecord, at: datetime) -> str:
    """The stage at an instant; "" before the first."""
    return next((entry.stage_to for entry in reversed(record.entries) if entry.at <= at), "")


def is_open(record: LeadRecord, at: datetime) -> bool:
    """Whether the lead was neither won, lost nor disqualified at an instant."""
    return stage_at(record, at) not in CLOSED


def won_at(record: LeadRecord, at: datetime) -> bool:
    """Whether the lead was a customer at an instant: a win undone until then is none."""
    return stage_at(record, at) == Stage.CUSTOMER


def recycled_by(record: LeadRecord, at: datetime) -> bool:
    """Whether the lead had been recycled by an instant."""
    return any(entry.stage_to == Stage.RECYCLED and entry.at <= at for entry in record.entries)


def win_undone_by(record: LeadRecord, at: datetime) -> bool:
    """Whether the lead had been a customer, and was none at an instant."""
    was = any(entry.stage_to == Stage.CUSTOMER and entry.at <= at for entry in record.entries)
    return was and not won_at(record, at)


def closed_at(record: LeadRecord) -> datetime | None:
    """The instant since which the lead is closed; None while it is open."""
    closing: StageEntry | None = None
    for entry in reversed(record.entries):
        if entry.stage_to not in CLOSED:
            break
        closing = entry
    return None if closing is None else closing.at
