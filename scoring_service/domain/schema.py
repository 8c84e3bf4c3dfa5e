"""attributes.yaml as values: what a lead may carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class AttributeType(StrEnum):
    """The type of an attribute, and so of its symbol in conditions."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A declared attribute, or a typed field that attributes.yaml narrows (`typed`)."""

    name: str
    type: AttributeType
    values: frozenset[str] = frozenset()
    min: float | None = None
    max: float | None = None
    required_by: str | None = None
    typed: bool = False


Schema = Mapping[str, Attribute]
"""All attributes by name: the declared ones and every typed field of a lead."""
