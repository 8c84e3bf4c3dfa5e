"""What is said of a company, as the fields of a lead."""

from collections.abc import Mapping

import msgspec

from scoring_service.values.lead import AttributeValue, Lead


class CompanyFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields that may be said of a company; `attributes` are those of attributes.yaml."""

    company_name: str | None = None
    country: str | None = None
    region: str | None = None
    postal_code: str | None = None
    industry: str | None = None
    employees: int | None = None
    annual_revenue: float | None = None
    currency: str | None = None
    technologies: tuple[str, ...] = ()
    attributes: dict[str, AttributeValue] = {}


def lead_of(known: Mapping[str, object], *, strict: bool) -> Lead:
    """The fields of a company as a lead's; numbers may be texts.

    Raises msgspec.ValidationError that names the field. Unless it is `strict` a field that a lead
    does not have is left out.
    """
    names = CompanyFields.__struct_fields__
    given = {name: v for name, v in known.items() if v is not None and v != ""}
    if not strict:
        given = {name: value for name, value in given.items() if name in names}
    fields = msgspec.convert(given, CompanyFields, strict=False)
    return Lead(**{name: getattr(fields, name) for name in names})
