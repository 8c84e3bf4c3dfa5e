"""The attributes of a file's rows as features."""

import numpy as np

from scoring_service.calibration.rows import identities
from scoring_service.calibration.rows.attributes import Place, attribute_column, declared
from scoring_service.calibration.rows.cells import Cells
from scoring_service.calibration.rows.identities import IDENTITIES
from scoring_service.calibration.rows.instants import NEVER, instants
from scoring_service.calibration.rows.labels import Candidates
from scoring_service.calibration.rows.mapping import KNOWN_COLUMNS, ColumnType, Mapping
from scoring_service.calibration.rows.names import called
from scoring_service.calibration.rows.placeholders import missing_words, note, placeholders
from scoring_service.calibration.rows.sheet import Sheet
from scoring_service.calibration.table import Column, Flags, Time
from scoring_service.domain.schema import Schema

_ARRIVES_UNUSED = (
    "the rows have no times, so when values arrive is not used: every value counts as known when"
    " the lead was scored"
)


def attribute_names(sheet: Sheet, mapping: Mapping, outcome: str) -> tuple[str, ...]:
    """The columns of a file that are attributes, as the file calls them."""
    arrivals = (called(column, mapping) for column in mapping.arrives.values())
    others = {outcome, *KNOWN_COLUMNS, *arrivals}
    return tuple(column for column in sheet.columns if column not in others)


def attribute_columns(
    sheet: Sheet, taken: Candidates, mapping: Mapping, outcome: str, schema: Schema | None
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """A feature for each attribute that can be one, and what should be said of the others.

    `taken` are the rows of the table, in its order.
    """
    found: list[Column] = []
    every = attribute_names(sheet, mapping, outcome)
    who = [column for column in every if mapping.name(column) in IDENTITIES]
    notes = list(identities.note(who))
    if mapping.arrives and taken.time is not Time.INSTANTS:
        notes.append(_ARRIVES_UNUSED)
    for column in every:
        if column in who:
            continue
        known = declared(mapping.name(column), column, mapping.types, schema)
        if known.type is ColumnType.IGNORE and known.attribute is None:
            continue
        cells, later = cells_then(sheet, column, taken, mapping)
        if suspects := placeholders(cells):
            notes.append(note(column, suspects, len(cells)))
        place = Place(sheet.file, column, taken.row)
        made, said = attribute_column(mapping.name(column), cells, known, place, later)
        if made is not None:
            found.append(made)
        if said:
            notes.append(said)
    return tuple(found), tuple(notes)


def cells_then(
    sheet: Sheet, column: str, taken: Candidates, mapping: Mapping
) -> tuple[Cells, Flags | None]:
    """The cells of a column as they were known at each row's instant, without what is declared
    missing; and where a value arrived later than that (None where the mapping does not say when).
    """
    cells = sheet.columns[column].rows(taken.row)
    if words := missing_words(mapping.missing, column):
        cells = cells.without(words)
    arrived = mapping.arrives.get(column)
    if arrived is None or taken.time is not Time.INSTANTS:
        return cells, None
    at = instants(sheet.columns[called(arrived, mapping)], sheet.file, arrived).at[taken.row]
    later: Flags = cells.filled & ((at > taken.at) | (at == NEVER))
    return cells.blanked(later), later if np.any(later) else None
