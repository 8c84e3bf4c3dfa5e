"""Reading a row directly gives what reading it as a request gives, in words too."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.cli.files.rows import BadRow
from scoring_service.cli.rules.diff.leads import as_requested, found_in
from scoring_service.domain.schema import AttributeType

TYPES = {
    "plan": AttributeType.TEXT,
    "seats": AttributeType.INTEGER,
    "share": AttributeType.NUMBER,
    "trial": AttributeType.BOOLEAN,
    "since": AttributeType.DATE,
    "tools": AttributeType.TEXTS,
}
anything = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(
        ["DE", "XX", "EUR", "eur", "ann@x.com", "a..b@x.com", "ann@x--y.com", "50", "5.5", "nan"]
    ),
    st.sampled_from(["true", "Yes", "2026-01-31", "2026-02-31", "a|b", " 7 ", "-3", "x" * 2_000]),
    st.integers(-(1 << 64), 1 << 64),
    st.floats(),
    st.booleans(),
    st.lists(st.text(max_size=4), max_size=3),
)
names = st.sampled_from(
    ["lead_id", "leadId", "email", "country", "currency", "employees", "annual_revenue", "source",
     "technologies", "do_not_contact", "account_id", "job_title", "other", *TYPES]
)  # fmt: skip
activities = st.lists(
    st.fixed_dictionaries(
        {
            "occurred_at": st.sampled_from(
                [
                    "2026-03-02T10:00:00Z",
                    "2026-03-02T10:00:00.25+02:00",
                    "2026-03-02",
                    "never",
                    "2026-03-02 10:00:00Z",
                    "2026-W10-1T10:00:00Z",
                    "20260302T100000Z",
                    "",
                ]
            )
        },
        optional={
            "type": st.sampled_from(["demo_request", ""]),
            "activity_id": st.text(max_size=3),
            "source": st.text(max_size=3),
            "ago": st.just("2d"),
        },
    ),
    max_size=2,
)
rows = st.builds(
    lambda row, done: row | ({"activities": done} if done else {}),
    st.dictionaries(names, anything, max_size=5),
    activities,
)


def _came(read: Any, row: dict[str, Any]) -> object:
    try:
        return msgspec.json.encode(read(row, TYPES), order="deterministic")
    except BadRow as bad:
        return str(bad)


@given(rows)
def test_a_row_read_directly_is_the_row_as_it_would_be_requested(row: dict[str, Any]) -> None:
    assert _came(found_in, row) == _came(as_requested, row)


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        pytest.param({"employees": "50"}, "employees", 50, id="a-number-in-a-cell"),
        pytest.param({"technologies": "a|b"}, "technologies", ("a", "b"), id="texts-in-a-cell"),
        pytest.param({"leadId": "a"}, "lead_id", "a", id="a-field-as-json-names-it"),
        pytest.param({"do_not_contact": "yes"}, "do_not_contact", True, id="a-yes"),
        pytest.param({"tools": "a|b"}, "attributes", {"tools": ("a", "b")}, id="an-attribute"),
    ],
)
def test_cells_are_read_by_what_they_stand_for(
    row: dict[str, Any], field: str, value: object
) -> None:
    lead, _ = found_in(row, TYPES)
    assert getattr(lead, field) == value
