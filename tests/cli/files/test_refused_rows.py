"""What is wrong with a row: a sentence that names the place, shows what is there, and helps."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.cli.files.import_activities import grouped
from scoring_service.cli.files.import_leads import Batch
from scoring_service.cli.files.import_leads import request_of as lead_request
from scoring_service.cli.files.messages import account_of, activities_of, lead_of
from scoring_service.cli.files.route_file import Manner
from scoring_service.cli.files.route_file import request_of as route_request
from scoring_service.cli.files.rows import BadRow, row_of
from scoring_service.domain.schema import AttributeType

TYPES = {kind.name.lower(): kind for kind in AttributeType}
"""An attribute of each type, called as its type."""


def _refusal(read: Callable[[], object]) -> str:
    with pytest.raises(BadRow) as refused:
        read()
    return str(refused.value)


TEXT = "no text; put it in quotes"
WHOLE = "no whole number; write it like 1200"
NUMBER = "no number; write it like 1200000.50"
LIST = 'no list of texts; write it like ["a", "b"]'
VALUE = "no value of an attribute; give a text, a number, true, false or a list of texts"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        pytest.param({"email": True}, f"email: True is {TEXT}", id="true for a text"),
        pytest.param({"phone": 4930}, f"phone: 4930 is {TEXT}", id="a number for a text"),
        pytest.param({"email": {"x": 1}}, "email: {'x': 1} is " + TEXT, id="an object for a text"),
        pytest.param({"leadId": 5}, f"lead_id: 5 is {TEXT}", id="by its name in the rule files"),
        pytest.param({"employees": True}, f"employees: True is {WHOLE}", id="true for a number"),
        pytest.param({"employees": [5]}, f"employees: [5] is {WHOLE}", id="a list for a number"),
        pytest.param({"employees": 1.5}, f"employees: 1.5 is {WHOLE}", id="half a person"),
        pytest.param({"employees": "1.5"}, f"employees: '1.5' is {WHOLE}", id="half, as a text"),
        pytest.param(
            {"employees": 2**63}, f"employees: {2**63} is {WHOLE}", id="one beyond 64 bits"
        ),
        pytest.param({"employees": "9" * 99}, f"employees: {'9' * 60}... is {WHOLE}",
                     id="a long one is cut"),
        pytest.param({"annual_revenue": "inf"}, f"annual_revenue: inf is {NUMBER}", id="infinity"),
        pytest.param({"annual_revenue": "nan"}, f"annual_revenue: nan is {NUMBER}", id="nan"),
        pytest.param({"annual_revenue": "1,2"}, f"annual_revenue: '1,2' is {NUMBER}", id="a comma"),
        pytest.param({"annual_revenue": {}}, "annual_revenue: {} is " + NUMBER, id="no amount"),
        pytest.param({"do_not_contact": "perhaps"},
                     "do_not_contact: 'perhaps' is neither true nor false", id="perhaps"),
        pytest.param({"do_not_contact": 2}, "do_not_contact: 2 is neither true nor false", id="2"),
        pytest.param({"technologies": 5}, f"technologies: 5 is {LIST}", id="a number for a list"),
        pytest.param({"technologies": [5]}, f"technologies: [5] is {LIST}", id="a list of numbers"),
        pytest.param({"technologies": {"a": 1}}, "technologies: {'a': 1} is " + LIST, id="no list"),
        pytest.param({"attributes": "none"}, "attributes: 'none' is no object; give each attribute"
                     " a column of its own", id="attributes that are a text"),
        pytest.param({"attributes": [1]}, "attributes: [1] is no object; give each attribute a"
                     " column of its own", id="attributes that are a list"),
        pytest.param({"a": [1, 2]}, f"a: [1, 2] is {VALUE}", id="numbers for an attribute"),
        pytest.param({"a": {"colour": "red"}}, "a: {'colour': 'red'} is " + VALUE, id="no kind"),
        pytest.param({"a": float("inf")}, f"a: inf is {VALUE}", id="an attribute without end"),
        pytest.param({"integer": True}, "integer: True is no integer; attributes.yaml says what it"
                     " is", id="true for a declared number"),
        pytest.param({"boolean": 1}, "boolean: 1 is no boolean; attributes.yaml says what it is",
                     id="1 for a declared truth"),
        pytest.param({"text": 7}, "text: 7 is no text; attributes.yaml says what it is",
                     id="7 for a declared text"),
        pytest.param({"texts": [7]}, "texts: [7] is no texts; attributes.yaml says what it is",
                     id="7 among declared texts"),
        pytest.param({"lead_id": "x", "leadId": "x"},
                     "leadId: stands twice in the row, as lead_id too", id="twice"),
    ],
)  # fmt: skip
def test_a_lead_is_refused_by_its_column(row: dict[str, Any], sentence: str) -> None:
    assert _refusal(lambda: lead_of({"source": "web", **row}, TYPES)) == sentence


def test_an_account_is_refused_in_the_same_manner() -> None:
    assert _refusal(lambda: account_of({"account_id": 5}, {})) == f"account_id: 5 is {TEXT}"
    assert _refusal(lambda: account_of({"domains": 5}, {})) == f"domains: 5 is {LIST}"


OF_NO_LIST = "is no list; give a JSON list of activities"


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        pytest.param(5, f"activities: 5 {OF_NO_LIST}", id="a number"),
        pytest.param(0, f"activities: 0 {OF_NO_LIST}", id="zero is not none"),
        pytest.param({"type": "a"}, "activities: {'type': 'a'} " + OF_NO_LIST, id="one alone"),
        pytest.param('{"type": "a"}', "activities: {'type': 'a'} " + OF_NO_LIST, id="in a cell"),
        pytest.param(
            [5], "activities[0]: 5 is no activity; give an object", id="a list of numbers"
        ),
        pytest.param(
            [{"type": "a"}, {"kind": "b"}],
            "activities[1].kind: is no column of an activity; known are: activity_id,"
            " campaign, channel, medium, occurred_at, source, type",
            id="the second, by its place",
        ),
        pytest.param(
            [{"lead_id": "x"}],
            "activities[0].lead_id: is no column of an activity; known are: activity_id,"
            " campaign, channel, medium, occurred_at, source, type",
            id="whose it is stands above it",
        ),
        pytest.param(
            [{"occurredAt": "yesterday"}],
            "activities[0].occurred_at: 'yesterday' is no instant; write it like"
            " 2026-03-31T09:00:00Z",
            id="no instant",
        ),
        pytest.param([{"type": 7}], f"activities[0].type: 7 is {TEXT}", id="no text"),
    ],
)
def test_activities_are_refused_by_their_place(found: object, sentence: str) -> None:
    assert _refusal(lambda: activities_of({"activities": found})) == sentence


@pytest.mark.parametrize("cell", ["[{", "soon", "[" * 100_000], ids=["half", "a word", "too deep"])
def test_a_cell_that_is_no_json_is_told(cell: str) -> None:
    said = _refusal(lambda: activities_of({"activities": cell}))
    assert said.startswith("activities: not JSON (")
    assert said.endswith("); give a JSON list of activities")


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({}, id="a row that says nothing of them"),
        pytest.param({"activities": None}, id="null"),
        pytest.param({"activities": "null"}, id="null in a cell"),
        pytest.param({"activities": []}, id="an empty list"),
        pytest.param({"activities": "[]"}, id="an empty list in a cell"),
    ],
)
def test_there_may_be_no_activities(row: dict[str, Any]) -> None:
    assert activities_of(row) == []


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"type": "a", "occurredAt": "2026-03-31T09:00:00+02:00"}, id="as JSON spells"),
        pytest.param({"type": "a", "occurred_at": "2026-03-31T07:00:00Z"}, id="as columns spell"),
        pytest.param({"type": "a", "occurred_at": "2026-03-31 07:00"}, id="without an offset UTC"),
        pytest.param(
            {"type": "a", "occurred_at": "2026-03-31 07:00", "source": None}, id="null is absent"
        ),
    ],
)
def test_an_activity_is_dated_as_in_a_file_of_them(given: dict[str, Any]) -> None:
    (activity,) = activities_of({"activities": [given]})
    assert (activity.type, activity.source) == ("a", "")
    assert activity.occurred_at.ToJsonString() == "2026-03-31T07:00:00Z"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        pytest.param("yes", True, id="yes"),
        pytest.param("TRUE", True, id="as spreadsheets write it"),
        pytest.param(" no ", False, id="blanks around it"),
        pytest.param("false", False, id="false"),
    ],
)
def test_a_yes_or_no_of_a_cell(cell: str, said: bool) -> None:
    lead = lead_of({"do_not_contact": cell}, {})
    assert lead.HasField("do_not_contact")
    assert lead.do_not_contact is said


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1200", 1200), ("1200.", 1200), ("1200.000", 1200), ("-3", -3), ("+7", 7), ("0", 0)],
)
def test_a_whole_number_of_a_cell(cell: str, number: int) -> None:
    assert lead_of({"employees": cell}, {}).employees == number
    assert lead_of({"n": cell}, {"n": AttributeType.INTEGER}).attributes["n"].integer == number


@pytest.mark.parametrize("cell", ["1e3", "0x10", ".0", "1.2.0", "one", "-", "1.0x"])
def test_what_is_no_whole_number_of_a_cell(cell: str) -> None:
    said = _refusal(lambda: lead_of({"employees": cell}, {}))
    assert said == f"employees: '{cell}' is {WHOLE}"


LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | LETTERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LETTERS, inner, max_size=2),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [
        "lead_id", "leadId", "email", "employees", "annual_revenue", "technologies", "activities",
        "do_not_contact", "attributes", "request_id", "stage", "owner", "entered_at", "outcome",
        "activity_id", "type", "occurred_at", "account_id", "domains", "integer", "texts", "loose",
    ]
)  # fmt: skip
ROWS = st.dictionaries(NAMES, JSON, max_size=4)


@settings(max_examples=60)
@given(row=ROWS)
def test_whatever_stands_in_a_row_it_is_a_message_or_a_bad_row(row: dict[str, Any]) -> None:
    """And a refusal names a column of the row."""
    read: list[Callable[[], Message]] = [
        lambda: route_request(row, TYPES, Manner()),
        lambda: lead_request(row, TYPES, Batch("b", initial=True)),
        lambda: account_of(row, TYPES),
    ]
    for message_of in read:
        said = _said(message_of)
        assert not said or re.split(r"[:\[.]", said)[0] in {
            *row,
            *_loose(row),
            "lead_id",
        }
    groups, refused = grouped([(1, row)])
    assert len(groups) + len(refused) == 1


def _loose(row: dict[str, Any]) -> set[str]:
    together = row.get("attributes")
    return set(together) if isinstance(together, dict) else set()


def _said(message_of: Callable[[], Message]) -> str:
    """Why there is no message; "" where there is one."""
    try:
        message_of().SerializeToString()
    except BadRow as bad:
        return str(bad)
    return ""


@settings(max_examples=40)
@given(value=JSON)
def test_a_line_of_json_is_a_row_or_a_bad_row(value: object) -> None:
    row = row_of(json.dumps(value))
    assert isinstance(row, BadRow) is not isinstance(value, dict)
