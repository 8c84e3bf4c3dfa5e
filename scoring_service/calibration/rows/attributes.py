"""Columns of a file as features: numbers, texts and booleans; what can be none is left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.cells import Cells, number_in
from scoring_service.calibration.rows.instants import instant_in
from scoring_service.calibration.rows.mapping import ColumnType, folded
from scoring_service.calibration.table import MISSING, Column, Flags, Floats, Integers, Kind
from scoring_service.domain.schema import AttributeType, Schema

LEVELS_MAX = 10_000
LEVELS_FEW = 50
"""So many levels a text may have even where hardly a row shares one."""

ROWS_A_LEVEL = 2.0
"""A text with fewer rows a level is free text, or a name."""

_BOOLEANS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
DECLARED_BOOLEANS = {**_BOOLEANS, "1": "true", "0": "false", "y": "true", "n": "false"}
"""Words for yes and no where a type was declared."""

_DATE = re.compile(r"(\d{1,2}([./-])\d{1,2}\2\d{4}|\d{4}([./])\d{1,2}\3\d{1,2})([ T].*)?")
_COMMA = re.compile(r"[+-]?((\d+|\d{1,3}([. ]\d{3})+),\d+|\d{1,3}(,\d{3})+(\.\d+)?)")
_TYPES: Mapping[AttributeType, ColumnType] = {
    AttributeType.TEXT: ColumnType.TEXT,
    AttributeType.INTEGER: ColumnType.NUMBER,
    AttributeType.NUMBER: ColumnType.NUMBER,
    AttributeType.BOOLEAN: ColumnType.BOOLEAN,
}
_COMMA_NOTE = (
    "'{name}' holds numbers with a comma and is left out; write decimals behind a point, and"
    " nothing between thousands"
)
_NAMES = {ColumnType.NUMBER: "number", ColumnType.BOOLEAN: "boolean"}


@dataclass(frozen=True, slots=True)
class Declared:
    """What is known of a column's type: by the mapping file, or by attributes.yaml (`attribute`)"""

    type: ColumnType | None = None
    attribute: AttributeType | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where cells stand: the file, its column, and of each cell the row in it, from 0."""

    file: str
    column: str
    rows: Integers

    def of(self, cells: Cells, level: int) -> str:
        """The first cell that holds a level, for a sentence."""
        row = int(self.rows[cells.row_of(level) - 1]) + 1
        return f"{self.file}: row {row:,}: {self.column}"


def declared(
    name: str, column: str, types: Mapping[str, ColumnType], schema: Schema | None
) -> Declared:
    """The type of a file's `column`, an attribute called `name`: the schema's word counts first,
    but what the mapping ignores is ignored.
    """
    told = types.get(column)
    attribute = None if schema is None else schema.get(name)
    if told is ColumnType.IGNORE or attribute is None:
        return Declared(told, None, "the mapping file" if told else "")
    return Declared(column_type(attribute.type), attribute.type, "attributes.yaml")


def column_type(kind: AttributeType) -> ColumnType:
    """How values of an attribute's type are read; dates and lists of texts make no feature."""
    return _TYPES.get(kind, ColumnType.IGNORE)


def attribute_column(
    name: str, cells: Cells, known: Declared, place: Place, later: Flags | None
) -> tuple[Column | None, str]:
    """The feature of a column, or None and the note that says why there is none.

    A cell that is not of the declared type raises CalibrationProblem naming its `place`.
    """
    if not cells.filled.any():
        return None, f"'{name}' is empty and is left out"
    kind = known.type or _inferred(cells)
    if kind is ColumnType.IGNORE:
        return None, _ignored(name, known)
    if kind is ColumnType.NUMBER:
        return _number(name, cells, known, place, later)
    if kind is ColumnType.BOOLEAN:
        return _boolean(name, cells, known, place, later)
    return _text(name, cells, known, later)


def _ignored(name: str, known: Declared) -> str:
    if known.attribute is not None:
        return f"'{name}' is of type {known.attribute}, which no feature is made of"
    if known.by:
        return ""
    return (
        f"'{name}' holds dates and is left out; one that says when leads came in or closed is named"
        " in the mapping file: columns: {...: created_at}"
    )


def _inferred(cells: Cells) -> ColumnType:
    """Numbers where all cells are, dates likewise, then yes and no; else texts."""
    used = cells.used()
    if all(_may_be_number(text) for text in used):
        return ColumnType.NUMBER
    if {folded(text) for text in used} <= _BOOLEANS.keys():
        return ColumnType.BOOLEAN
    if all(map(_is_date, used)):
        return ColumnType.IGNORE
    return ColumnType.TEXT


def _is_date(text: str) -> bool:
    """Whether a text is an instant, or a date as some country writes it."""
    return instant_in(text) is not None or _DATE.fullmatch(text) is not None


def _may_be_number(text: str) -> bool:
    return number_in(text) is not None or folded(text) == "nan"


def _number(
    name: str, cells: Cells, known: Declared, place: Place, later: Flags | None
) -> tuple[Column | None, str]:
    found = [number_in(text) for text in cells.levels]
    _refuse(cells, [_may_be_number(text) for text in cells.levels], known, place)
    values = cells.spread(np.nan if number is None else number for number in found)
    column = Column(name, Kind.NUMBER, values, known.attribute or AttributeType.NUMBER, later=later)
    return column, _constant_note(name, values) or _id_note(name, cells, values)


def _constant_note(name: str, values: Floats) -> str:
    """A value that every row has tells nothing of them, but a later lead may have another."""
    same = bool(np.all(values == values[0]))
    return f"'{name}' is the same in every row" if same else ""


def _id_note(name: str, cells: Cells, values: Floats) -> str:
    """A whole number that no two rows share may be an id, which tells when rather than who."""
    whole = bool(np.all(values == np.floor(values)))
    if len(cells) <= LEVELS_FEW or not whole or len(np.unique(values)) < len(cells):
        return ""
    return (
        f"'{name}' is another whole number in every row: if it is an id, call it lead_id or"
        " declare it ignore in the mapping file"
    )


def _boolean(
    name: str, cells: Cells, known: Declared, place: Place, later: Flags | None
) -> tuple[Column | None, str]:
    meaning = DECLARED_BOOLEANS if known.by else _BOOLEANS
    words = [meaning.get(folded(text)) for text in cells.levels]
    _refuse(cells, [word is not None for word in words], known, place)
    values = np.array([float(word == "true") for word in words] + [MISSING])
    return _of_levels(name, values[cells.codes], ("false", "true"), AttributeType.BOOLEAN, later)


def _text(
    name: str, cells: Cells, known: Declared, later: Flags | None
) -> tuple[Column | None, str]:
    used, filled = cells.used(), int(cells.filled.sum())
    if known.type is None and _are_comma_numbers(used):
        return None, _COMMA_NOTE.format(name=name)
    crowded = len(used) > LEVELS_FEW and filled < ROWS_A_LEVEL * len(used)
    if crowded or len(used) > LEVELS_MAX:
        return None, _crowded(name, cells, len(used), filled)
    levels = tuple(sorted(used))
    rank = {level: float(number) for number, level in enumerate(levels)}
    ranks = np.array([*(rank.get(level, MISSING) for level in cells.levels), MISSING])
    return _of_levels(name, ranks[cells.codes], levels, AttributeType.TEXT, later)


def _are_comma_numbers(used: tuple[str, ...]) -> bool:
    """Whether texts are numbers with a comma, for decimals or thousands, some of them without."""
    written = [_COMMA.fullmatch(text) is not None for text in used]
    return any(written) and all(
        comma or number_in(text) is not None for comma, text in zip(written, used, strict=True)
    )


def _of_levels(
    name: str,
    values: Floats,
    levels: tuple[str, ...],
    kind: AttributeType,
    later: Flags | None,
) -> tuple[Column | None, str]:
    column = Column(name, Kind.TEXT, values, kind, levels, later=later)
    return column, _constant_note(name, values)


def _crowded(name: str, cells: Cells, levels: int, filled: int) -> str:
    numbers = sum(
        int(count)
        for level, count in zip(cells.levels, cells.counts, strict=True)
        if number_in(level) is not None
    )
    if numbers >= 0.5 * filled:
        others = [text for text in cells.used() if number_in(text) is None]
        return (
            f"'{name}' would be a number but for {', '.join(map(repr, others[:3]))} and is left"
            " out; declare what stands for missing in the mapping file"
        )
    return f"'{name}' has {levels:,} different texts in {filled:,} rows and is left out"


def _refuse(cells: Cells, fits: list[bool], known: Declared, place: Place) -> None:
    refuse_cells(cells, fits, _NAMES[known.type or ColumnType.NUMBER], known.by, place)


def refuse_cells(cells: Cells, fits: list[bool], kind: str, by: str, place: Place) -> None:
    """CalibrationProblem naming the first cell of a level that does not fit its type."""
    for level, fit in enumerate(fits):
        if not fit and cells.counts[level]:
            raise CalibrationProblem(
                f"{place.of(cells, level)}: '{cells.levels[level][:60]}' is not of the type {kind},"
                f" as {by} has it; mend the cell, or declare it missing in the mapping file"
            )
