"""The rows of a file that may count, and the instants at which each may be scored."""

from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.cells import Cells
from scoring_service.calibration.rows.counted import left_out, many
from scoring_service.calibration.rows.instants import MICROSECOND, NEVER, Instants, instants
from scoring_service.calibration.rows.labels import Candidates
from scoring_service.calibration.rows.mapping import CLOSED_AT, CREATED_AT, LEAD_ID, SCORED_AT
from scoring_service.calibration.rows.outcomes import Outcome, Outcomes
from scoring_service.calibration.rows.sheet import Sheet
from scoring_service.calibration.table import MISSING, Flags, Integers, Time

LATER = (timedelta(days=7), timedelta(days=30))
"""After its creation a lead is scored again so much later, while it is open."""

_CLOSED_ALONE = (
    "closed_at without scored_at or created_at tells nothing of when a row was scored: it is not"
    " used"
)

Dated = Mapping[str, Instants]
"""scored_at, created_at and closed_at, those that a file has."""


def dated(sheet: Sheet, *, ordered: bool) -> Dated:
    """The columns of instants; those of a file whose order is its time are not read."""
    names = [name for name in (SCORED_AT, CREATED_AT, CLOSED_AT) if name in sheet.columns]
    if ordered and (clock := next((name for name in names if name != CLOSED_AT), None)):
        raise CalibrationProblem(
            f"{sheet.file} has {clock}, so its rows have times and their order counts for nothing:"
            " leave --ordered out, or give the column another name in the mapping file"
        )
    if ordered:
        return {}
    return {name: instants(sheet.columns[name], sheet.file, name) for name in names}


def time_of(file: str, known: Dated, *, ordered: bool, horizon: bool) -> Time:
    """What is known of when rows were scored; CalibrationProblem where it cannot be used."""
    clock = next((name for name in (SCORED_AT, CREATED_AT) if name in known), None)
    if clock is None:
        return Time.ORDER if ordered else Time.NONE
    if CLOSED_AT not in known and not horizon:
        raise CalibrationProblem(
            f"{file} has {clock} but neither closed_at nor a horizon, so nobody knows by when an"
            " outcome counts: name the column of closing times in the mapping file"
            " (columns: {...: closed_at}), or give a horizon (--horizon 90d)"
        )
    return Time.INSTANTS


def candidates_of(
    sheet: Sheet, outcome: Outcomes, known: Dated, time: Time
) -> tuple[Candidates, tuple[str, ...]]:
    """One candidate a row, at the instant that the file gives it, and what was left out."""
    rows = np.arange(len(sheet), dtype=np.int64)
    leads, ranks = _leads(sheet)
    if time is Time.INSTANTS:
        clock = known.get(SCORED_AT) or known[CREATED_AT]
        closed = known[CLOSED_AT].at if CLOSED_AT in known else None
        found = Candidates(time, rows, leads, clock.at, outcome, closed)
        there = np.lexsort((rows, ranks))
        found = found.rows(there[clock.known[there]])
        notes = _undated(clock)
    else:
        at = rows if time is Time.ORDER else np.zeros_like(rows)
        found = Candidates(time, rows, leads, at, outcome)
        notes = (_CLOSED_ALONE,) if CLOSED_AT in sheet.columns else ()
    once, repeated = _once(sheet, found)
    return found.rows(once), (*notes, *repeated)


def _undated(clock: Instants) -> tuple[str, ...]:
    gone = int((~clock.known).sum())
    return (left_out(gone, "row", f"no {clock.column}"),) if gone else ()


def _leads(sheet: Sheet) -> tuple[Integers, Integers]:
    """The number of each row's lead, and its rank by id; a row that names none is a lead alone."""
    cells = sheet.columns.get(LEAD_ID)
    rows = np.arange(len(sheet), dtype=np.int64)
    if cells is None:
        return rows, np.zeros_like(rows)
    order = np.argsort(np.array(cells.levels, dtype=np.str_), kind="stable")
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    rank[-1] = len(order)
    alone = len(order) + rows
    return np.where(cells.filled, cells.codes, alone), rank[cells.codes]


def _once(sheet: Sheet, found: Candidates) -> tuple[Integers, tuple[str, ...]]:
    """The candidates less the repetitions of a lead at one instant (in a file whose order is its
    time: of a whole row), and what is said of them.
    """
    whole = fingerprints(sheet)[found.row]
    named = LEAD_ID in sheet.columns
    same = whole if found.time is Time.ORDER or not named else found.at.view(np.uint64)
    keys = np.stack([found.lead.astype(np.uint64), same], axis=1) if named else whole[:, None]
    _, first, again = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    repeated = len(found) - len(first)
    if not repeated:
        return np.arange(len(found)), ()
    if not named:
        note = (
            f"{many(repeated, 'row')} the same as another in every column; without lead_id nobody"
            " knows whether they are one lead, so they count"
        )
        return np.arange(len(found)), (note,)
    said = left_out(repeated, "row", "their lead is there already")
    other = int((found.outcome != found.outcome[first[again.ravel()]]).sum())
    if other:
        said = f"{said}; {other:,} of them with another outcome than the first, which counts"
    return np.sort(first), (said,)


def fingerprints(sheet: Sheet) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    """A number a row, shape (n,), equal where rows are equal in every cell (and by chance in one
    pair of 2^64).
    """
    mixed = np.full(len(sheet), 0x9E3779B97F4A7C15, dtype=np.uint64)
    for cells in sheet.columns.values():
        mixed = (mixed ^ cells.codes.astype(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(31)
    return mixed


def again_while_open(base: Candidates) -> Candidates:
    """The candidates, and each again 7 and 30 days later if its lead was open then; what the file
    does not know the closing time of is scored once.
    """
    if base.closed is None:
        return base
    at, rows = [base.at], [np.arange(len(base))]
    open_ = base.outcome == Outcome.OPEN
    for later in LATER:
        then = base.at + later // MICROSECOND
        still: Flags = open_ | ((base.closed != NEVER) & (base.closed > then))
        at.append(then[still])
        rows.append(np.flatnonzero(still))
    places = np.concatenate(rows)
    order = np.lexsort((np.concatenate(at), places))
    every = base.rows(places[order])
    return Candidates(
        every.time, every.row, every.lead, np.concatenate(at)[order], every.outcome, every.closed
    )


def a_lead(cells: Cells, row: int) -> str:
    """The id of a row's lead; a row that names none is called by its number."""
    code = cells.codes[row]
    return f"row {row + 1}" if code == MISSING else cells.levels[code]
