"""A lead of the wire: what is not set is unknown, and everything wrong is found at once."""

from collections.abc import Mapping
from typing import Any

import pytest
from leadscoring.v1 import types_pb2

from scoring_service.api.convert_lead import attributes_of, lead_of
from scoring_service.api.limits import ATTRIBUTES_MAX, ID_MAX
from scoring_service.domain.intake import Violation
from scoring_service.values.lead import Lead

FULL = types_pb2.Lead(
    lead_id="l-1",
    email="ann.weber@acme.de",
    full_name="Ann Weber",
    job_title="CFO",
    phone="+49 30 1234567",
    company_name="Acme GmbH",
    company_domain="www.acme.de",
    account_id="acme",
    country="DE",
    region="EMEA",
    postal_code="01234",
    industry="software",
    employees=1200,
    annual_revenue=5e7,
    currency="EUR",
    technologies=["python", "grpc"],
    product_interest="platform",
    source="webinar",
    campaign="spring",
    do_not_contact=False,
)


def found_in(message: types_pb2.Lead) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    lead_of(message, found, [])
    return found


def values_of(**attributes: types_pb2.AttributeValue) -> Mapping[str, Any]:
    found: list[tuple[str, str]] = []
    values = attributes_of(attributes, "lead.attributes", found, [])
    assert found == []
    return values


def test_every_field_arrives_under_its_own_name() -> None:
    lead = lead_of(FULL, [], [])
    for field in Lead.__struct_fields__:
        if field == "technologies":
            assert lead.technologies == ("python", "grpc")
        elif field != "attributes":
            assert getattr(lead, field) == getattr(FULL, field), field


def test_a_field_that_is_not_set_is_unknown_and_not_zero() -> None:
    lead = lead_of(types_pb2.Lead(), [], [])
    assert lead == Lead()
    assert lead.employees is None
    assert lead.do_not_contact is None


@pytest.mark.parametrize("field", ["email", "country", "currency", "company_name"])
@pytest.mark.parametrize("blank", ["", " ", "\t\u00a0 "], ids=["nothing", "one", "several"])
def test_a_field_of_blanks_is_no_mistake(field: str, blank: str) -> None:
    found: list[Violation] = []
    lead_of(types_pb2.Lead(**{field: blank}), found, [])  # type: ignore[arg-type]
    assert found == []


@pytest.mark.parametrize("field", ["employees", "annual_revenue"])
def test_a_number_that_was_set_to_zero_is_zero(field: str) -> None:
    assert getattr(lead_of(types_pb2.Lead(**{field: 0}), [], []), field) == 0  # type: ignore[arg-type]


def test_a_text_that_was_set_to_nothing_is_empty_and_its_neighbours_stay_unknown() -> None:
    lead = lead_of(types_pb2.Lead(region="", country="DE"), [], [])
    assert lead.region == ""
    assert lead.country == "DE"
    assert lead.industry is None


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        pytest.param(types_pb2.AttributeValue(text="pro"), "pro", id="a-text"),
        pytest.param(types_pb2.AttributeValue(text=""), "", id="an-empty-text"),
        pytest.param(types_pb2.AttributeValue(integer=-3), -3, id="a-whole-number"),
        pytest.param(types_pb2.AttributeValue(integer=0), 0, id="zero"),
        pytest.param(types_pb2.AttributeValue(number=1.5), 1.5, id="a-number"),
        pytest.param(types_pb2.AttributeValue(boolean=False), False, id="no"),
        pytest.param(types_pb2.AttributeValue(date="2026-03-31"), "2026-03-31", id="a-date"),
        pytest.param(
            types_pb2.AttributeValue(texts=types_pb2.TextList(values=["a", "b"])),
            ("a", "b"),
            id="texts",
        ),
        pytest.param(types_pb2.AttributeValue(texts=types_pb2.TextList()), (), id="no-texts"),
    ],
)
def test_an_attribute_has_the_value_and_type_it_was_sent_with(
    sent: types_pb2.AttributeValue, value: object
) -> None:
    arrived = values_of(it=sent)["it"]
    assert arrived == value
    assert type(arrived) is type(value)


@pytest.mark.parametrize(
    ("sent", "remedy"),
    [
        pytest.param(types_pb2.AttributeValue(), "has no value", id="no-value"),
        pytest.param(types_pb2.AttributeValue(number=float("nan")), "nan is no number", id="nan"),
        pytest.param(types_pb2.AttributeValue(number=float("inf")), "inf is no number", id="inf"),
        pytest.param(types_pb2.AttributeValue(date="2026-02-30"), "ISO 8601", id="no-such-day"),
        pytest.param(types_pb2.AttributeValue(date="31.3.2026"), "ISO 8601", id="german-date"),
        pytest.param(
            types_pb2.AttributeValue(texts=types_pb2.TextList(values=["a"] * (ATTRIBUTES_MAX + 1))),
            "201 texts; send at most 200",
            id="201-texts",
        ),
    ],
)
def test_an_attribute_that_is_wrong_is_named_and_left_out(
    sent: types_pb2.AttributeValue, remedy: str
) -> None:
    found: list[tuple[str, str]] = []
    good = types_pb2.AttributeValue(text="x")
    values = attributes_of({"bad": sent, "good": good}, "lead.attributes", found, [])
    assert values == {"good": "x"}
    [(field, said)] = found
    assert field == "lead.attributes[bad]"
    assert remedy in said


def test_more_attributes_than_allowed_are_refused_with_the_limit() -> None:
    message = types_pb2.Lead()
    for i in range(ATTRIBUTES_MAX + 1):
        message.attributes[f"a{i}"].integer = i
    assert found_in(message) == [("lead.attributes", "201 attributes; send at most 200")]


@pytest.mark.parametrize(
    ("message", "field", "remedy"),
    [
        pytest.param(types_pb2.Lead(email="ann"), "lead.email", "no e-mail address", id="no-at"),
        pytest.param(
            types_pb2.Lead(email="a@b@c.de"), "lead.email", "no e-mail address", id="two-ats"
        ),
        pytest.param(
            types_pb2.Lead(email="ann@acme"), "lead.email", "no e-mail address", id="no-period"
        ),
        pytest.param(types_pb2.Lead(country="UK"), "lead.country", "'GB'", id="uk-is-gb"),
        pytest.param(types_pb2.Lead(country="de"), "lead.country", "'DE'", id="lower-case"),
        pytest.param(types_pb2.Lead(country="XX"), "lead.country", "ISO 3166-1", id="no-country"),
        pytest.param(types_pb2.Lead(currency="euro"), "lead.currency", "ISO 4217", id="euro"),
        pytest.param(types_pb2.Lead(currency="US$"), "lead.currency", "ISO 4217", id="a-sign"),
        pytest.param(types_pb2.Lead(currency="ÄÖÜ"), "lead.currency", "ISO 4217", id="umlauts"),
        pytest.param(types_pb2.Lead(employees=-1), "lead.employees", "below 0", id="minus-one"),
        pytest.param(
            types_pb2.Lead(annual_revenue=float("nan")),
            "lead.annual_revenue",
            "nan is no number",
            id="nan-revenue",
        ),
        pytest.param(
            types_pb2.Lead(lead_id="x" * (ID_MAX + 1)),
            "lead.lead_id",
            "201 characters; an id has at most 200",
            id="a-long-id",
        ),
        pytest.param(
            types_pb2.Lead(account_id="x" * (ID_MAX + 1)),
            "lead.account_id",
            "at most 200",
            id="a-long-account-id",
        ),
        pytest.param(
            types_pb2.Lead(technologies=["x"] * (ATTRIBUTES_MAX + 1)),
            "lead.technologies",
            "201 texts; send at most 200",
            id="201-technologies",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_remedy(
    message: types_pb2.Lead, field: str, remedy: str
) -> None:
    [(where, said)] = found_in(message)
    assert where == field
    assert remedy in said


def test_all_that_is_wrong_is_found_at_once() -> None:
    message = types_pb2.Lead(email="ann", country="UK", currency="euro", employees=-1)
    message.attributes["share"].number = float("nan")
    assert [field for field, _ in found_in(message)] == [
        "lead.attributes[share]",
        "lead.email",
        "lead.country",
        "lead.currency",
        "lead.employees",
    ]


def test_what_is_right_leaves_no_violation() -> None:
    assert found_in(FULL) == []


def test_every_text_of_a_lead_is_handed_on_for_its_limits() -> None:
    message = types_pb2.Lead()
    message.CopyFrom(FULL)
    message.attributes["plan"].text = "pro"
    message.attributes["tags"].texts.values.append("red")
    seen: list[str | None] = []
    lead_of(message, [], seen)
    texts = {value for _, value in FULL.ListFields() if isinstance(value, str)}
    assert texts | {"python", "grpc", "plan", "pro", "tags", "red"} <= set(seen)
