"""Rows of absences and of books handed over, to values and back."""

from datetime import date

import msgspec

from scoring_service.store.connection import Row
from scoring_service.store.rows import text
from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.values.handover import Handover
from scoring_service.values.instant import instant, micros

_handover = msgspec.json.Decoder(Handover).decode


def entered_of(row: Row) -> EnteredAbsence:
    """A row of `absences`."""
    rep_id, first, last, backup, at, actor = row
    days = date.fromisoformat(first), date.fromisoformat(last)
    return EnteredAbsence(Absence(rep_id, *days, backup), instant(at), actor)


def absence_row(entered: EnteredAbsence) -> Row:
    """An absence for `save_absence`."""
    absence = entered.absence
    days = absence.first.isoformat(), absence.last.isoformat()
    return absence.rep_id, *days, absence.backup, micros(entered.at), entered.actor


def handover_of(row: Row) -> Handover:
    """The body of a hand-over."""
    return _handover(row[0])


def handover_row(handover: Handover) -> Row:
    """A hand-over for `save_handover`."""
    ended = None if handover.ended_at is None else micros(handover.ended_at)
    started = micros(handover.started_at)
    return handover.operation_id, handover.rep_id, started, ended, text(handover)
