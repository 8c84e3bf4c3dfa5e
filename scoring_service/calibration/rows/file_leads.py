"""The rows of a file as the leads that conditions see."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scoring_service.calibration.rows.attributes import DECLARED_BOOLEANS, Place, refuse_cells
from scoring_service.calibration.rows.cells import Cells, number_in
from scoring_service.calibration.rows.file_features import attribute_names, cells_then
from scoring_service.calibration.rows.labels import Candidates
from scoring_service.calibration.rows.mapping import ColumnType, Mapping, folded
from scoring_service.calibration.rows.sheet import Sheet
from scoring_service.domain.intake import is_date
from scoring_service.domain.schema import Attribute, AttributeType, Schema
from scoring_service.domain.symbols import lead_symbols
from scoring_service.values.account import AccountMatch
from scoring_service.values.condition import Symbols
from scoring_service.values.lead import AttributeValue, Lead

_NO_ACCOUNT = AccountMatch()
"""A file knows no accounts."""


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """One field of n leads: `values` by code, and last what an empty cell is."""

    attribute: Attribute
    codes: list[int]
    values: tuple[AttributeValue | None, ...]


def symbols_of(
    sheet: Sheet, every: Candidates, mapping: Mapping, outcome: str, schema: Schema
) -> list[Symbols]:
    """What conditions see of each candidate at its instant; candidates of one row share it where
    no value arrives later.
    """
    if mapping.arrives:
        return _symbols(sheet, every, mapping, outcome, schema)
    _, first, place = np.unique(every.row, return_index=True, return_inverse=True)
    once = _symbols(sheet, every.rows(first), mapping, outcome, schema)
    return [once[number] for number in place.tolist()]


def _symbols(
    sheet: Sheet, every: Candidates, mapping: Mapping, outcome: str, schema: Schema
) -> list[Symbols]:
    fields = tuple(_fields(sheet, every, mapping, outcome, schema))
    return [
        lead_symbols(_lead(fields, number), schema, _NO_ACCOUNT) for number in range(len(every))
    ]


def _fields(
    sheet: Sheet, every: Candidates, mapping: Mapping, outcome: str, schema: Schema
) -> Iterator[_Field]:
    for column in attribute_names(sheet, mapping, outcome):
        attribute = schema.get(mapping.name(column))
        if attribute is None or mapping.types.get(column) is ColumnType.IGNORE:
            continue
        cells, _ = cells_then(sheet, column, every, mapping)
        place = Place(sheet.file, column, every.row)
        yield _Field(attribute, cells.codes.tolist(), _values(attribute, cells, place))


def _values(attribute: Attribute, cells: Cells, place: Place) -> tuple[AttributeValue | None, ...]:
    found = [_value(attribute.type, text) for text in cells.levels]
    fits = [
        value is not None or folded(text) == "nan"
        for value, text in zip(found, cells.levels, strict=True)
    ]
    refuse_cells(cells, fits, str(attribute.type), "attributes.yaml", place)
    empty = () if attribute.type is AttributeType.TEXTS and attribute.typed else None
    return (*found, empty)


def _value(kind: AttributeType, text: str) -> AttributeValue | None:
    """The value of a cell; None where it is not of its type."""
    match kind:
        case AttributeType.TEXT:
            return text
        case AttributeType.NUMBER:
            return number_in(text)
        case AttributeType.INTEGER:
            number = number_in(text)
            return None if number is None or number % 1 else int(number)
        case AttributeType.BOOLEAN:
            word = DECLARED_BOOLEANS.get(folded(text))
            return None if word is None else word == "true"
        case AttributeType.DATE:
            return text[:10] if is_date(text[:10]) else None
        case AttributeType.TEXTS:
            return tuple(part for part in map(str.strip, text.split("|")) if part)


def _lead(fields: tuple[_Field, ...], number: int) -> Lead:
    typed: dict[str, AttributeValue | None] = {}
    attributes: dict[str, AttributeValue] = {}
    for field in fields:
        value = field.values[field.codes[number]]
        if field.attribute.typed:
            typed[field.attribute.name] = value
        elif value is not None:
            attributes[field.attribute.name] = value
    return Lead(attributes=attributes, **typed)  # type: ignore[arg-type]
