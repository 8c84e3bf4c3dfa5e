"""Rows as messages of the wire."""

from typing import Any

import pytest

from scoring_service.cli.files.messages import account_of, activities_of, lead_of, request_id_of
from scoring_service.cli.files.rows import BadRow
from scoring_service.domain.schema import AttributeType


def test_a_rows_fields_and_attributes_become_a_lead() -> None:
    row = {"lead_id": "x", "employees": "120", "technologies": "python|grpc", "tier": "gold"}
    lead = lead_of(row, {})
    assert lead.lead_id == "x"
    assert lead.employees == 120
    assert list(lead.technologies) == ["python", "grpc"]
    assert lead.attributes["tier"].text == "gold"
    assert not lead.HasField("email")


@pytest.mark.parametrize(
    ("value", "declared", "field", "expected"),
    [
        pytest.param("42", AttributeType.INTEGER, "integer", 42, id="a declared integer"),
        pytest.param("42", AttributeType.TEXT, "text", "42", id="digits of a declared text"),
        pytest.param("4.5", AttributeType.NUMBER, "number", 4.5, id="a declared number"),
        pytest.param("yes", AttributeType.BOOLEAN, "boolean", True, id="yes is true"),
        pytest.param("2026-01-02", AttributeType.DATE, "date", "2026-01-02", id="a declared date"),
        pytest.param("01234", None, "text", "01234", id="an undeclared cell is a text"),
        pytest.param(True, None, "boolean", True, id="a JSON boolean"),
        pytest.param(7, None, "integer", 7, id="a JSON integer"),
        pytest.param(0.5, None, "number", 0.5, id="a JSON number"),
        pytest.param({"date": "2026-01-02"}, None, "date", "2026-01-02", id="written out in full"),
    ],
)
def test_an_attribute_has_the_type_it_is_declared_with(
    value: Any, declared: AttributeType | None, field: str, expected: Any
) -> None:
    types = {} if declared is None else {"a": declared}
    attribute = lead_of({"a": value}, types).attributes["a"]
    assert attribute.WhichOneof("value") == field
    assert getattr(attribute, field) == expected


def test_a_list_of_texts_may_stand_in_one_cell() -> None:
    lead = lead_of({"tags": "a|b"}, {"tags": AttributeType.TEXTS})
    assert list(lead.attributes["tags"].texts.values) == ["a", "b"]


def test_activities_may_stand_in_a_csv_cell() -> None:
    text = '[{"activityId": "1", "type": "demo_request", "occurredAt": "2026-01-02T03:04:05Z"}]'
    (activity,) = activities_of({"activities": text})
    assert activity.type == "demo_request"
    assert activity.occurred_at.seconds == 1767323045


def test_an_account_has_its_domains() -> None:
    account = account_of({"account_id": "acme", "domains": "acme.de|acme.com"}, {})
    assert list(account.domains) == ["acme.de", "acme.com"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param(
            {"employees": "1,200"},
            "^employees: '1,200' is no whole number; write it like 1200$",
            id="a number as people write it",
        ),
        pytest.param({"employees": "12.5"}, "no whole number", id="half a person"),
        pytest.param(
            {"annual_revenue": "1.2M"}, "^annual_revenue: '1.2M' is no number", id="a short number"
        ),
        pytest.param({"lead_id": 5}, "^lead_id: 5 is no text; put it in quotes$", id="no quotes"),
        pytest.param({"activities": "[{"}, "activities", id="activities that are no JSON"),
        pytest.param({"activities": '[{"kind": "x"}]'}, "kind", id="an unknown activity field"),
    ],
)
def test_a_bad_row_says_what_is_wrong(row: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRow, match=message):
        assert (lead_of(row, {}), activities_of(row)) is None


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param({"request_id": "r1", "lead_id": "x"}, "r1", id="its own"),
        pytest.param({"requestId": "r1"}, "r1", id="as JSON spells it"),
        pytest.param({"request_id": None}, "", id="null is none"),
        pytest.param({}, "", id="none"),
    ],
)
def test_a_rows_request_id_stands_beside_the_lead(row: dict[str, Any], expected: str) -> None:
    assert request_id_of(row) == expected
    assert not lead_of(row, {}).attributes


@pytest.mark.parametrize(
    ("cell", "declared", "message"),
    [
        pytest.param("4.5", AttributeType.INTEGER, "a: '4.5' is no integer", id="half an integer"),
        pytest.param("many", AttributeType.NUMBER, "a: 'many' is no number", id="no number"),
        pytest.param("perhaps", AttributeType.BOOLEAN, "a: 'perhaps' is no boolean", id="perhaps"),
    ],
)
def test_a_cell_that_is_not_of_its_type_is_named(
    cell: str, declared: AttributeType, message: str
) -> None:
    with pytest.raises(BadRow, match=message):
        lead_of({"a": cell}, {"a": declared})


@pytest.mark.parametrize(
    ("cell", "declared", "field", "expected"),
    [
        pytest.param(" 42 ", AttributeType.INTEGER, "integer", 42, id="blanks around a number"),
        pytest.param("TRUE", AttributeType.BOOLEAN, "boolean", True, id="a spreadsheet's TRUE"),
        pytest.param(" x ", AttributeType.TEXT, "text", " x ", id="a text stays as it is"),
    ],
)
def test_a_cell_as_spreadsheets_write_it(
    cell: str, declared: AttributeType, field: str, expected: Any
) -> None:
    attribute = lead_of({"a": cell}, {"a": declared}).attributes["a"]
    assert getattr(attribute, field) == expected


@pytest.mark.parametrize(
    ("field", "cell", "number"),
    [
        pytest.param("employees", "300", 300, id="a whole number"),
        pytest.param("employees", "300.0", 300, id="a whole number of a table with gaps"),
        pytest.param("employees", " 300 ", 300, id="blanks around it"),
        pytest.param("annualRevenue", "1200000.50", 1_200_000.5, id="money"),
    ],
)
def test_a_number_may_stand_in_a_text(field: str, cell: str, number: float) -> None:
    lead = lead_of({field: cell}, {})
    assert number in (lead.employees, lead.annual_revenue)


def test_null_is_absent_everywhere() -> None:
    row = {"email": None, "attributes": {"a": None}, "b": None, "technologies": None}
    lead = lead_of({**row, "lead_id": "x", "leadId": None}, {})
    assert [field.name for field, _ in lead.ListFields()] == ["lead_id"]
    assert lead_of({"attributes": None}, {}) == lead_of({}, {})


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"attributes": "none"}, id="attributes that are a text"),
        pytest.param({"attributes": [1]}, id="attributes that are a list"),
        pytest.param({"a": [1, 2]}, id="a list of numbers"),
        pytest.param({"a": {"colour": "red"}}, id="an unknown kind of value"),
        pytest.param({"employees": 2**70}, id="a number beyond 64 bits"),
        pytest.param({"email": {"x": 1}}, id="an object instead of a text"),
        pytest.param({"activities": 5}, id="activities that are a number"),
        pytest.param({"activities": [5]}, id="an activity that is a number"),
        pytest.param({"activities": [{"occurredAt": "yesterday"}]}, id="no instant"),
    ],
)
def test_whatever_stands_in_a_row_is_a_bad_row_at_worst(row: dict[str, Any]) -> None:
    with pytest.raises(BadRow):
        assert (lead_of(row, {}), activities_of(row)) is None
