"""The attributes of stored leads as features."""

from collections.abc import Sequence

import numpy as np

from scoring_service.calibration.rows.attributes import (
    Declared,
    Place,
    attribute_column,
    column_type,
)
from scoring_service.calibration.rows.cells import cells_of
from scoring_service.calibration.rows.identities import IDENTITIES
from scoring_service.calibration.rows.mapping import ColumnType
from scoring_service.calibration.table import Column
from scoring_service.domain.intake import has_type
from scoring_service.domain.schema import Attribute, Schema
from scoring_service.values.lead import AttributeValue, Lead


def attribute_columns(
    then: Sequence[Lead], now: Sequence[Lead], schema: Schema, source: str
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """A feature for each attribute that some lead has and that can be one; and what should be said
    of the others.

    `then` are the leads of the rows as they were known at their instants, `now` the same ones as
    they are today: a value that is only there today arrived `later`.
    """
    found, notes = [], []
    for attribute in schema.values():
        if attribute.name in IDENTITIES or column_type(attribute.type) is ColumnType.IGNORE:
            continue
        column, said = _column(then, now, attribute, source)
        if column is not None:
            found.append(column)
        if said:
            notes.append(said)
    return tuple(found), tuple(notes)


def _column(
    then: Sequence[Lead], now: Sequence[Lead], attribute: Attribute, source: str
) -> tuple[Column | None, str]:
    known = [_text(lead, attribute) for lead in then]
    if not any(known):
        return None, ""
    today = [_text(lead, attribute) for lead in now]
    later = np.array([not had and bool(has) for had, has in zip(known, today, strict=True)])
    rows = np.arange(len(then), dtype=np.int64)
    return attribute_column(
        attribute.name,
        cells_of(known),
        Declared(column_type(attribute.type), attribute.type, "attributes.yaml"),
        Place(source, attribute.name, rows),
        later if later.any() else None,
    )


def _text(lead: Lead, attribute: Attribute) -> str:
    """An attribute's value as a cell; "" where there is none, or one of another type."""
    name = attribute.name
    value: AttributeValue | None
    value = getattr(lead, name) if attribute.typed else lead.attributes.get(name)
    if value is None or not has_type(attribute.type, value):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
