"""attributes.yaml as values: what a lead may carry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """A declared attribute, or a typed field that attributes.yaml narrows (`typed`).

    `narrowed` is whether not every value of its type is one of its values.
    """

    name: str
    type: AttributeType
    values: frozenset[str] = frozenset()
    min: float | None = None
    max: float | None = None
    required_by: str | None = None
    typed: bool = False
    narrowed: bool = field(init=False)

    def __post_init__(self) -> None:
        """Know, rather than ask anew for each lead, whether some values of the type are refused."""
        narrowed = bool(self.values) or self.min is not None or self.max is not None
        object.__setattr__(self, "narrowed", narrowed)


Schema = Mapping[str, Attribute]
"""All attributes by name: the declared ones and every typed field of a lead."""

TYPED_FIELDS: Mapping[str, AttributeType] = {
    "email": AttributeType.TEXT,
    "full_name": AttributeType.TEXT,
    "job_title": AttributeType.TEXT,
    "phone": AttributeType.TEXT,
    "company_name": AttributeType.TEXT,
    "company_domain": AttributeType.TEXT,
    "account_id": AttributeType.TEXT,
    "country": AttributeType.TEXT,
    "region": AttributeType.TEXT,
    "postal_code": AttributeType.TEXT,
    "industry": AttributeType.TEXT,
    "employees": AttributeType.INTEGER,
    "annual_revenue": AttributeType.NUMBER,
    "currency": AttributeType.TEXT,
    "technologies": AttributeType.TEXTS,
    "product_interest": AttributeType.TEXT,
    "source": AttributeType.TEXT,
    "campaign": AttributeType.TEXT,
}
"""The fields of every lead that conditions see and attributes.yaml may narrow."""
