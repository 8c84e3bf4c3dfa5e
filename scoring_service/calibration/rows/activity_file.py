"""A file of activities beside a file of leads."""

from dataclasses import dataclass

import numpy as np

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.cells import Cells
from scoring_service.calibration.rows.counted import left_out, many
from scoring_service.calibration.rows.events import Events, events_of
from scoring_service.calibration.rows.instants import NEVER, instants
from scoring_service.calibration.rows.mapping import LEAD_ID, Mapping
from scoring_service.calibration.rows.names import with_needed_names
from scoring_service.calibration.rows.sheet import Sheet
from scoring_service.calibration.table import MISSING, Flags, Integers
from scoring_service.domain.scoring.scoring import Scoring

TYPE, OCCURRED_AT, ACTIVITY_ID = "type", "occurred_at", "activity_id"
_NEEDED = (LEAD_ID, TYPE, OCCURRED_AT)
_SHOWN_MAX = 12


@dataclass(frozen=True, slots=True, eq=False)
class ActivityFile:
    """The activities of the leads of a file, and what should be said of them."""

    events: Events
    notes: tuple[str, ...]


def activities_of(sheet: Sheet, leads: Sheet, mapping: Mapping, scoring: Scoring) -> ActivityFile:
    """The activities in a sheet (lead_id, type, occurred_at, perhaps activity_id) of the leads in
    another, each numbered by its lead's place among the levels of their lead_id.

    CalibrationProblem where it is not such a sheet.
    """
    sheet = _named(sheet, mapping)
    if LEAD_ID not in leads.columns:
        raise CalibrationProblem(
            f"{sheet.file} names leads by lead_id, which {leads.file} has not; name the column of"
            " ids in the mapping file (columns: {...: lead_id})"
        )
    when = instants(sheet.columns[OCCURRED_AT], sheet.file, OCCURRED_AT)
    lead = _leads(sheet.columns[LEAD_ID], leads.columns[LEAD_ID])
    types = sheet.columns[TYPE]
    counts, notes = _counting(sheet, lead, when.at)
    type_ = types.codes.astype(np.int64)[counts]
    events = events_of(lead[counts], when.at[counts], type_, types.levels)
    told = (*when.notes(), *notes, *_unknown(types.rows(counts), scoring))
    return ActivityFile(events, tuple(f"{sheet.file}: {note}" for note in told))


def _named(sheet: Sheet, mapping: Mapping) -> Sheet:
    """The sheet under the names that are needed, given by the mapping where it names them."""
    sheet = with_needed_names(sheet, mapping, (*_NEEDED, ACTIVITY_ID))
    for name in _NEEDED:
        if name not in sheet.columns:
            raise CalibrationProblem(
                f"{sheet.file} has no column '{name}'; it needs {', '.join(_NEEDED)}, under these"
                " names or under 'columns' in the mapping file"
            )
    return sheet


def _leads(cells: Cells, known: Cells) -> Integers:
    """The number of each activity's lead, MISSING where the leads have none of that id."""
    numbers = {level: number for number, level in enumerate(known.levels)}
    return np.array([*(numbers.get(level, MISSING) for level in cells.levels), MISSING])[
        cells.codes
    ]


def _counting(sheet: Sheet, lead: Integers, at: Integers) -> tuple[Flags, tuple[str, ...]]:
    """Which activities count, and what is left out."""
    notes = []
    whole = sheet.columns[TYPE].filled & sheet.columns[LEAD_ID].filled & (at != NEVER)
    if gone := int((~whole).sum()):
        notes.append(left_out(gone, "activity", "no lead_id, type or occurred_at"))
    strangers = whole & (lead == MISSING)
    if gone := int(strangers.sum()):
        count = len(np.unique(sheet.columns[LEAD_ID].codes[strangers]))
        notes.append(left_out(gone, "activity", f"of {many(count, 'unknown lead')}"))
    counts: Flags = whole & ~strangers
    again = _again(sheet, counts)
    if gone := int(again.sum()):
        notes.append(left_out(gone, "activity", "their activity_id is there already"))
    return counts & ~again, tuple(notes)


def _again(sheet: Sheet, counts: Flags) -> Flags:
    """Where an activity_id stands, of those that count, that stood before."""
    ids = sheet.columns.get(ACTIVITY_ID)
    again = np.zeros(len(sheet), dtype=np.bool_)
    if ids is not None:
        places = np.flatnonzero(counts & ids.filled)
        again[places] = True
        again[places[np.unique(ids.codes[places], return_index=True)[1]]] = False
    return again


def _unknown(types: Cells, scoring: Scoring) -> tuple[str, ...]:
    unknown = [
        f"'{level}' ({count:,})"
        for level, count in zip(types.levels, types.counts, strict=True)
        if count and level not in scoring.activities
    ]
    if not unknown:
        return ()
    more = f" and {len(unknown) - _SHOWN_MAX:,} more" if len(unknown) > _SHOWN_MAX else ""
    shown = ", ".join(unknown[:_SHOWN_MAX])
    return (f"scoring.yaml scores no activities of type {shown}{more}; they are not used",)
