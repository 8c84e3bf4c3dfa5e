"""Training rows from a file of leads with their outcomes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import numpy as np

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.candidates import (
    Dated,
    again_while_open,
    candidates_of,
    dated,
    time_of,
)
from scoring_service.calibration.rows.counted import many
from scoring_service.calibration.rows.file_features import attribute_columns
from scoring_service.calibration.rows.file_policy import NOTHING, of_rules
from scoring_service.calibration.rows.instants import NEVER
from scoring_service.calibration.rows.labels import Candidates, Labels, derived_horizon, labels_of
from scoring_service.calibration.rows.lead_numbers import numbered, weights
from scoring_service.calibration.rows.mapping import (
    CLOSED_AT,
    NO_MAPPING,
    SCORED_AT,
    Mapping,
    content_of,
)
from scoring_service.calibration.rows.names import check_mapping, outcome_column, with_known_names
from scoring_service.calibration.rows.outcomes import Outcome, Outcomes, outcomes
from scoring_service.calibration.rows.sheet import Sheet, read_sheet
from scoring_service.calibration.table import (
    Column,
    Readings,
    Time,
    TrainingTable,
)
from scoring_service.domain.policy import Policy
from scoring_service.values.instant import instant, micros


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of a file; `outcome` is the name of a column of it."""

    outcome: str
    mapping: Mapping
    activities: Sheet | None
    ordered: bool
    policy: Policy | None
    horizon: timedelta | None
    now: datetime | None


def read_file(
    path: Path,
    *,
    outcome: str,
    mapping: Mapping | None = None,
    activities: Path | None = None,
    ordered: bool = False,
    policy: Policy | None = None,
    horizon: timedelta | None = None,
    now: datetime | None = None,
) -> Readings:
    """The training rows of a CSV (plain or gzip) or Parquet file, whose column `outcome` says what
    became of each lead.

    The columns lead_id, scored_at, created_at and closed_at are read as what they say, every other
    one is an attribute. `ordered` takes the order of the rows as time. With `policy` its criteria,
    and with `activities` its activity types, become features, and there are histories to replay.
    `horizon` goes before the mapping's. What is dated after `now` is a mistake or a plan, and the
    file is taken to end before it. CalibrationProblem where the file cannot be used: nothing
    is guessed, the sentence says what to declare.
    """
    mapping = mapping or NO_MAPPING
    if activities is not None and policy is None:
        raise CalibrationProblem(
            f"{activities.name} holds activities, whose points are in scoring.yaml: give the rules"
            " (--rules), or leave the activities out"
        )
    sheet = read_sheet(path)
    done = None if activities is None else read_sheet(activities)
    check_mapping(mapping, sheet.file, [*sheet.columns, *(done.columns if done else ())])
    outcome = outcome_column(sheet, mapping, outcome)
    asked = Options(outcome, mapping, done, ordered, policy, horizon or mapping.horizon_span, now)
    return _read(with_known_names(sheet, mapping), asked)


def _read(sheet: Sheet, asked: Options) -> Readings:
    outcome, mapping, policy = asked.outcome, asked.mapping, asked.policy
    known = dated(sheet, ordered=asked.ordered)
    became = outcomes(sheet.columns[outcome], mapping.outcome, sheet.file, outcome)
    time = time_of(sheet.file, known, ordered=asked.ordered, horizon=asked.horizon is not None)
    base, left_out = candidates_of(sheet, became, known, time)
    horizon, said = _horizon(base, asked.horizon, sheet.file)
    every, scored = _instants(base, known, asked)
    latest = _latest(known, became, asked.now)
    labels = labels_of(every, latest, horizon)
    read = (*sheet.notes, *_naive(known), *_ahead(known, asked.now))
    notes = (*read, *left_out, *scored, *said, *labels.notes)
    if not len(labels.kept):
        raise CalibrationProblem(f"{sheet.file}: no row is left to learn from; {'; '.join(notes)}")
    taken = every.rows(labels.kept)
    schema = None if policy is None else policy.schema
    columns, of_columns = attribute_columns(sheet, taken, mapping, outcome, schema)
    ruled = NOTHING
    if policy is not None:
        ruled = of_rules(
            sheet, every, labels.kept, known, asked.activities, mapping, outcome, policy, horizon
        )
    table = _table(sheet, taken, labels, (*ruled.columns, *columns))
    notes = (*notes, *of_columns, *ruled.notes)
    table = replace(table, notes=notes, digest=_digest(sheet, asked, latest))
    return Readings(table, ruled.histories, instant(latest))


def _table(
    sheet: Sheet, taken: Candidates, labels: Labels, columns: tuple[Column, ...]
) -> TrainingTable:
    leads = numbered(taken.lead)
    return TrainingTable(
        source=sheet.file,
        leads=leads,
        won=labels.won,
        weights=weights(leads),
        time=taken.time,
        scored_at=taken.at,
        known_at=labels.known_at,
        recycled=np.zeros(len(taken), dtype=np.bool_),
        columns=columns,
        horizon=labels.horizon,
    )


def _horizon(
    base: Candidates, given: timedelta | None, file: str
) -> tuple[timedelta | None, tuple[str, ...]]:
    if base.time is not Time.INSTANTS:
        unused = given is not None
        return None, ("the rows have no times, so the horizon is not used",) if unused else ()
    if given is not None:
        return given, ()
    horizon, said = derived_horizon(base, file)
    return horizon, (said,)


def _instants(base: Candidates, known: Dated, asked: Options) -> tuple[Candidates, tuple[str, ...]]:
    """The instants of each lead that the file gives, else those that its creation gives."""
    if base.time is not Time.INSTANTS or SCORED_AT in known:
        return base, ()
    if asked.activities is None or base.closed is None:
        return base, ("without scored_at each lead is scored at created_at",)
    note = "without scored_at each lead is scored at created_at, and 7 d and 30 d later while open"
    return again_while_open(base), (note,)


def _naive(known: Dated) -> tuple[str, ...]:
    return tuple(note for column in known.values() for note in column.notes())


def _ahead(known: Dated, now: datetime | None) -> tuple[str, ...]:
    """What is said of columns that are dated after now."""
    if now is None:
        return ()
    counted = ((name, column.at > micros(now)) for name, column in known.items())
    return tuple(
        f"'{name}' is later than today in {many(int(ahead.sum()), 'row')}, the first of them row"
        f" {int(ahead.argmax()) + 1:,}: the file is taken to end before"
        for name, ahead in counted
        if ahead.any()
    )


def _latest(known: Dated, became: Outcomes, now: datetime | None) -> int:
    """The last instant that the file knows of: no plan to close, and nothing after now."""
    found = [
        column.at if name != CLOSED_AT else column.at[became != Outcome.OPEN]
        for name, column in known.items()
    ]
    at = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
    if now is not None:
        at = np.append(at[at <= micros(now)], NEVER)
    return int(at.max(initial=0))


def _digest(sheet: Sheet, asked: Options, latest: int) -> str:
    """The sha256 of all that the table depends on."""
    parts = [
        sheet.digest,
        asked.activities.digest if asked.activities else "",
        asked.outcome,
        content_of(asked.mapping).decode(),
        str(asked.ordered),
        str(asked.horizon),
        str(latest),
        asked.policy.revision if asked.policy else "",
    ]
    return sha256(msgspec.json.encode(parts)).hexdigest()
