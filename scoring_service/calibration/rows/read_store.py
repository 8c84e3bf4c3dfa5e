"""Training rows from the store: every lead as it was known at each of its scoring instants."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
import numpy as np

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows import counted
from scoring_service.calibration.rows.criteria import criterion_columns
from scoring_service.calibration.rows.events import Events, activity_columns, events_of
from scoring_service.calibration.rows.instants import MICROSECOND, span
from scoring_service.calibration.rows.lead_numbers import numbered, weights
from scoring_service.calibration.rows.store_features import attribute_columns
from scoring_service.calibration.rows.stored_leads import ScoredLead, history_of, scored_leads
from scoring_service.calibration.table import (
    Column,
    Flags,
    Integers,
    LeadHistory,
    Readings,
    Time,
    TrainingTable,
)
from scoring_service.domain.calibration.stored_outcomes import left_out
from scoring_service.domain.policy import Policy
from scoring_service.store.reader import Reader
from scoring_service.values.instant import micros
from scoring_service.values.record import LeadRecord

HORIZON = timedelta(days=180)
PAGE = 500
SOURCE = "the store"


@dataclass(slots=True)
class _Found:
    """What is gathered while the leads go by, page by page."""

    rows: list[ScoredLead] = field(default_factory=list)
    histories: list[LeadHistory] = field(default_factory=list)
    done: list[tuple[int, int, int, str]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    young: int = 0
    trimmed: int = 0


def read_store(
    reader: Reader, policy: Policy, now: datetime, *, horizon: timedelta = HORIZON
) -> Readings:
    """The training rows of all stored leads, with their histories, whatever their stage.

    A row is won if its lead was a customer at the horizon. Rows younger than the horizon at `now`
    do not count; merged, duplicate and spam leads, and those imported with their outcome only,
    neither: the notes count them. CalibrationProblem where no row is left.
    """
    found, digest = _Found(), sha256()
    for record in _records(reader):
        digest.update(msgspec.json.encode(record))
        _take(found, record, policy, now, horizon)
    if not found.rows:
        why = "; ".join(_left_out(found, horizon)) or "it has no leads"
        raise CalibrationProblem(f"the store has no row to learn from: {why}")
    digest.update(f"{policy.revision} {horizon} {now.isoformat()}".encode())
    found.rows.sort(key=lambda row: (row.at, row.lead_id))
    found.histories.sort(key=lambda history: (history.created_at, history.lead_id))
    table = _table(found, policy, horizon, digest.hexdigest())
    return Readings(table, tuple(found.histories), now)


def _records(reader: Reader) -> Iterator[LeadRecord]:
    after = ""
    while page := reader.lead_records(after, PAGE):
        yield from page
        after = page[-1].lead.lead.lead_id


def _take(
    found: _Found, record: LeadRecord, policy: Policy, now: datetime, horizon: timedelta
) -> None:
    if why := left_out(record):
        found.left_out[why] += 1
        return
    number = len(found.histories)
    found.trimmed += record.trimmed > 0
    found.histories.append(history_of(record, policy.schema))
    found.done += [
        (number, micros(done.occurred_at), micros(recorded), done.type)
        for recorded, done in record.activities
    ]
    for row in scored_leads(record, number, policy.schema, horizon):
        if row.at + horizon <= now:
            found.rows.append(row)
        else:
            found.young += 1


def _table(found: _Found, policy: Policy, horizon: timedelta, digest: str) -> TrainingTable:
    rows = found.rows
    lead = np.array([row.number for row in rows], dtype=np.int64)
    at = np.array([micros(row.at) for row in rows], dtype=np.int64)
    leads = numbered(lead)
    columns, notes = _columns(found, policy, lead, at)
    recycled: Flags = np.array([row.recycled for row in rows], dtype=np.bool_)
    return TrainingTable(
        source=SOURCE,
        leads=leads,
        won=np.array([row.won for row in rows], dtype=np.bool_),
        weights=weights(leads),
        time=Time.INSTANTS,
        scored_at=at,
        known_at=at + horizon // MICROSECOND,
        recycled=recycled,
        columns=columns,
        horizon=horizon,
        notes=(*_left_out(found, horizon), *_counted(rows), *notes),
        digest=digest,
        as_known=True,
    )


def _columns(
    found: _Found, policy: Policy, lead: Integers, at: Integers
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    rows = found.rows
    criteria, of_criteria = criterion_columns(policy.scoring, [row.symbols for row in rows])
    done, of_done = activity_columns(policy.scoring, _events(found), lead, at)
    attributes, of_attributes = attribute_columns(
        [row.then for row in rows], [row.today for row in rows], policy.schema, SOURCE
    )
    return (*criteria, *done, *attributes), (*of_criteria, *of_done, *of_attributes)


def _events(found: _Found) -> Events:
    types = tuple(sorted({kind for *_, kind in found.done}))
    place = {name: number for number, name in enumerate(types)}
    numbers = [(lead, at, recorded, place[kind]) for lead, at, recorded, kind in found.done]
    lead, at, recorded, kind = np.array(numbers, dtype=np.int64).reshape(-1, 4).T
    return events_of(lead, at, kind, types, recorded)


def _left_out(found: _Found, horizon: timedelta) -> tuple[str, ...]:
    notes = [counted.left_out(count, "lead", why) for why, count in found.left_out.items()]
    if found.young:
        why = f"younger than the horizon of {span(horizon)}"
        notes.append(counted.left_out(found.young, "row", why))
    if found.trimmed:
        notes.append(
            f"{counted.many(found.trimmed, 'lead')} whose account of then is not known any more,"
            " for facts of decisions are kept for decisions_keep of lifecycle.yaml: they count, as"
            " leads of no known account until a later decision"
        )
    return tuple(notes)


def _counted(rows: Sequence[ScoredLead]) -> Iterator[str]:
    if recycled := sum(row.recycled for row in rows):
        yield f"{counted.many(recycled, 'row')} of leads recycled by the horizon: they count"
    if undone := sum(row.win_undone for row in rows):
        yield f"{counted.many(undone, 'row')} won, but no longer at the horizon: not won"
