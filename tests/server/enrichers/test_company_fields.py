"""What is said of a company as the fields of a lead: numbers may be texts, persons are left out."""

from typing import Any

import msgspec
import pytest

from scoring_service.server.enrichers.company_fields import lead_of
from scoring_service.values.lead import Lead


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("known", "lead"),
    [
        pytest.param({}, Lead(), id="nothing"),
        pytest.param({"industry": None, "country": ""}, Lead(), id="what is blank says nothing"),
        pytest.param({"employees": "500"}, Lead(employees=500), id="a number as a text"),
        pytest.param({"employees": 500}, Lead(employees=500), id="a number"),
        pytest.param({"employees": 0}, Lead(employees=0), id="none are a number"),
        pytest.param({"annual_revenue": "1.5e6"}, Lead(annual_revenue=1.5e6), id="a large text"),
        pytest.param({"annual_revenue": 3}, Lead(annual_revenue=3.0), id="a whole revenue"),
        pytest.param(
            {"technologies": ["a", "b"]}, Lead(technologies=("a", "b")), id="technologies in order"
        ),
        pytest.param(
            {"attributes": {"plan": "pro", "seats": 5, "old": True, "tags": ["a"]}},
            Lead(attributes={"plan": "pro", "seats": 5, "old": True, "tags": ("a",)}),
            id="attributes of every kind",
        ),
        pytest.param(
            {"attributes": {"plan": "007"}}, Lead(attributes={"plan": "007"}), id="a text of digits"
        ),
        pytest.param(
            {
                "company_name": "Acme", "country": "DE", "region": "BY", "postal_code": "80331",
                "industry": "software", "currency": "EUR",
            },
            Lead(
                company_name="Acme", country="DE", region="BY", postal_code="80331",
                industry="software", currency="EUR",
            ),
            id="every text",
        ),
    ],
)  # fmt: skip
def test_what_is_known_of_a_company(known: dict[str, Any], lead: Lead, strict: bool) -> None:
    assert lead_of(known, strict=strict) == lead


@pytest.mark.parametrize(
    "field", ["email", "full_name", "lead_id", "account_id", "do_not_contact", "source", "rank"]
)
def test_what_is_no_field_of_a_company_is_refused_of_a_file_and_passed_over_elsewhere(
    field: str,
) -> None:
    known = {field: "x", "employees": 5}
    assert lead_of(known, strict=False) == Lead(employees=5)
    with pytest.raises(msgspec.ValidationError, match=field):
        lead_of(known, strict=True)


@pytest.mark.parametrize(
    ("known", "field"),
    [
        pytest.param({"employees": "many"}, "employees", id="a word for a number"),
        pytest.param({"employees": 1.5}, "employees", id="half an employee"),
        pytest.param({"industry": 7}, "industry", id="a number for a text"),
        pytest.param({"technologies": "a|b"}, "technologies", id="a text for a list"),
        pytest.param({"attributes": ["a"]}, "attributes", id="a list for attributes"),
        pytest.param(
            {"attributes": {"a": {"b": 1}}}, "attributes", id="attributes of an attribute"
        ),
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_a_value_of_another_kind_is_named(known: dict[str, Any], field: str, strict: bool) -> None:
    with pytest.raises(msgspec.ValidationError, match=rf"\$\.{field}"):
        lead_of(known, strict=strict)
