"""Who a lead is: typed fields that every lead may have, and attributes that the policy declares."""

import msgspec

AttributeValue = bool | int | float | str | tuple[str, ...]
"""A declared attribute's value. A `date` is its ISO 8601 text; the policy's schema says which are
dates.
"""


class Lead(msgspec.Struct, frozen=True, omit_defaults=True):
    """One lead as it is known: `None` (or an empty tuple) is unknown, never zero."""

    lead_id: str = ""
    email: str | None = None
    full_name: str | None = None
    job_title: str | None = None
    phone: str | None = None
    company_name: str | None = None
    company_domain: str | None = None
    account_id: str | None = None
    country: str | None = None
    region: str | None = None
    postal_code: str | None = None
    industry: str | None = None
    employees: int | None = None
    annual_revenue: float | None = None
    currency: str | None = None
    technologies: tuple[str, ...] = ()
    product_interest: str | None = None
    source: str | None = None
    campaign: str | None = None
    do_not_contact: bool | None = None
    attributes: dict[str, AttributeValue] = {}
