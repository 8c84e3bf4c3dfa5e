"""Stored leads at their scoring instants, and their histories."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from scoring_service.calibration.rows.candidates import LATER
from scoring_service.calibration.table import LeadHistory
from scoring_service.domain.calibration.as_known import account_at, lead_at, turning_points
from scoring_service.domain.calibration.stored_outcomes import (
    begun,
    closed_at,
    is_open,
    recycled_by,
    win_undone_by,
    won_at,
)
from scoring_service.domain.schema import Schema
from scoring_service.domain.symbols import lead_symbols
from scoring_service.values.activity import Activity
from scoring_service.values.condition import Symbols
from scoring_service.values.lead import Lead
from scoring_service.values.record import LeadRecord


class ScoredLead(NamedTuple):
    """A row: a lead as it was known at an instant, and what had become of it at the horizon.

    `today` is the lead as it is now, `number` the lead's.
    """

    number: int
    lead_id: str
    at: datetime
    then: Lead
    today: Lead
    symbols: Symbols
    won: bool
    recycled: bool
    win_undone: bool


def instants_of(record: LeadRecord) -> Iterator[datetime]:
    """When a lead is scored: as soon as it is known, and 7 and 30 days later while it is open."""
    first = begun(record)
    yield first
    for later in LATER:
        if is_open(record, first + later):
            yield first + later


def scored_leads(
    record: LeadRecord, number: int, schema: Schema, horizon: timedelta
) -> Iterator[ScoredLead]:
    """The rows of one lead."""
    for at in instants_of(record):
        yield ScoredLead(
            number=number,
            lead_id=record.lead.lead.lead_id,
            at=at,
            then=lead_at(record, at),
            today=record.lead.lead,
            symbols=symbols_at(record, at, schema),
            won=won_at(record, at + horizon),
            recycled=recycled_by(record, at + horizon),
            win_undone=win_undone_by(record, at + horizon),
        )


def symbols_at(record: LeadRecord, at: datetime, schema: Schema) -> Symbols:
    """What conditions saw of the lead and its account at an instant."""
    return lead_symbols(lead_at(record, at), schema, account_at(record, at))


def history_of(record: LeadRecord, schema: Schema) -> LeadHistory:
    """The lead's history: symbols anew wherever something of it or of its account changed."""
    first = begun(record)
    closed = closed_at(record)
    return LeadHistory(
        lead_id=record.lead.lead.lead_id,
        created_at=first,
        symbols=tuple(_changes(record, first, schema)),
        activities=_known(record),
        closed_at=closed,
        won=closed is not None and won_at(record, closed),
    )


def _known(record: LeadRecord) -> tuple[tuple[datetime, Activity], ...]:
    """What the lead did, by when it was known; never before it was done."""
    known = ((max(recorded, done.occurred_at), done) for recorded, done in record.activities)
    return tuple(sorted(known, key=itemgetter(0)))


def _changes(
    record: LeadRecord, first: datetime, schema: Schema
) -> Iterator[tuple[datetime, Symbols]]:
    before: Symbols | None = None
    for at in turning_points(record, first):
        symbols = symbols_at(record, at, schema)
        if symbols != before:
            yield at, symbols
        before = symbols
