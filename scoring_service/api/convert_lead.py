"""A lead of the wire as a value: shape and limits. What depends on the policy is asked later."""

from collections.abc import Mapping, MutableSequence, Sequence
from math import isfinite
from operator import attrgetter
from typing import TypeGuard

from google.protobuf.message import Message
from leadscoring.v1 import types_pb2

from scoring_service.api import email_syntax
from scoring_service.api.limits import ATTRIBUTES_MAX, ID_MAX
from scoring_service.domain.intake import Violation, is_date
from scoring_service.values import countries
from scoring_service.values.lead import AttributeValue, Lead

Found = MutableSequence[Violation]
"""Where a conversion leaves what is wrong, so that all of it is reported at once."""

Texts = list[str | None]
"""Where a conversion leaves the texts it met, so that their limits are checked in one go."""

_NAMES = (
    "email", "full_name", "job_title", "phone", "company_name", "company_domain", "account_id",
    "country", "region", "postal_code", "industry", "currency", "product_interest", "source",
    "campaign",
)  # fmt: skip
_texts_of = attrgetter(*_NAMES)


def lead_of(message: types_pb2.Lead, found: Found, texts: Texts) -> Lead:
    """The lead of a message; a field that is not set is None."""
    named: Sequence[str | None] = _texts_of(message)
    if "" in named:
        named = _unset_as_none(message, named)
    (email, full_name, job_title, phone, company_name, company_domain, account_id, country, region,
     postal_code, industry, currency, product_interest, source, campaign) = named  # fmt: skip
    technologies = tuple(message.technologies)
    lead_id = message.lead_id
    texts += named
    texts += technologies
    texts.append(lead_id)
    employees = message.employees if message.HasField("employees") else None
    annual_revenue = message.annual_revenue if message.HasField("annual_revenue") else None
    do_not_contact = message.do_not_contact if message.HasField("do_not_contact") else None
    attributes = attributes_of(message.attributes, "lead.attributes", found, texts)
    lead = Lead(
        lead_id, email, full_name, job_title, phone, company_name, company_domain, account_id,
        country, region, postal_code, industry, employees, annual_revenue, currency, technologies,
        product_interest, source, campaign, do_not_contact, attributes,
    )  # fmt: skip
    _check_texts(lead, found)
    _check_numbers(lead, found)
    return lead


def _unset_as_none(message: Message, named: Sequence[str | None]) -> Sequence[str | None]:
    has = message.HasField
    return [text or ("" if has(name) else None) for name, text in zip(_NAMES, named, strict=True)]


def attributes_of(
    attributes: Mapping[str, types_pb2.AttributeValue], path: str, found: Found, texts: Texts
) -> dict[str, AttributeValue]:
    """The attributes of a message by name, without those that are wrong, which are told by name."""
    if not attributes:
        return {}
    if len(attributes) > ATTRIBUTES_MAX:
        found.append((path, f"{len(attributes)} attributes; send at most {ATTRIBUTES_MAX}"))
        return {}
    values: dict[str, AttributeValue] = {}
    told = len(found)
    for name, sent in attributes.items():
        kind = sent.WhichOneof("value")
        if kind is None:
            found.append((f"{path}[{name[:60]}]", "has no value; set one, or leave it out"))
            continue
        value = getattr(sent, kind)
        if kind == "texts":
            value = tuple(value.values)
            texts += value
        elif isinstance(value, str):
            texts.append(value)
        remedy = _remedy(kind, value)
        if remedy:
            found.append((f"{path}[{name[:60]}]", remedy))
        else:
            values[name] = value
    texts += attributes
    found[told:] = sorted(found[told:])
    return values


def _remedy(kind: str, value: AttributeValue) -> str | None:
    if kind == "number" and isinstance(value, float) and not isfinite(value):
        return f"{value} is no number; leave unknown values out"
    if kind == "date" and isinstance(value, str) and not is_date(value):
        return f"{value[:60]!r} is no date; send ISO 8601, such as 2026-03-31"
    if isinstance(value, tuple) and len(value) > ATTRIBUTES_MAX:
        return f"{len(value)} texts; send at most {ATTRIBUTES_MAX}"
    return None


def _check_texts(lead: Lead, found: Found) -> None:
    if says(lead.email):
        mistake = email_syntax.mistake(lead.email)
        if mistake:
            found.append(("lead.email", f"is no e-mail address: {mistake}"))
    if lead.country not in countries.COUNTRIES and says(lead.country):
        found.append(("lead.country", countries.remedy(lead.country)))
    if says(lead.currency) and not is_currency(lead.currency):
        found.append(("lead.currency", "is no currency; send ISO 4217, such as EUR"))
    check_id("lead.lead_id", lead.lead_id, found)
    if lead.account_id:
        check_id("lead.account_id", lead.account_id, found)


def says(text: str | None) -> TypeGuard[str]:
    """Whether a text is more than blanks, which say nothing and change nothing."""
    return text is not None and text != "" and not text.isspace()


def is_currency(text: str) -> bool:
    """Whether a text is written as ISO 4217 writes a currency."""
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()


def _check_numbers(lead: Lead, found: Found) -> None:
    if lead.employees is not None and lead.employees < 0:
        found.append(("lead.employees", f"{lead.employees} is below 0; leave it out if unknown"))
    if lead.annual_revenue is not None and not isfinite(lead.annual_revenue):
        remedy = f"{lead.annual_revenue} is no number; leave it out if unknown"
        found.append(("lead.annual_revenue", remedy))
    if len(lead.technologies) > ATTRIBUTES_MAX:
        remedy = f"{len(lead.technologies)} texts; send at most {ATTRIBUTES_MAX}"
        found.append(("lead.technologies", remedy))


def check_id(path: str, text: str, found: Found) -> None:
    """Leave a violation where an id of the caller's is too long."""
    if len(text) > ID_MAX:
        found.append((path, f"{len(text)} characters; an id has at most {ID_MAX}"))
