"""Whether two records are of one business."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.matching.records import (
    NAME,
    PHONE,
    SAME,
    BusinessRecord,
    RecordLikeness,
    record_likeness,
)

GRILL = BusinessRecord("Lumo Grill", "12 Harbour Rd.", "310/246-1501")
fields = st.sampled_from(["", "Lumo Grill", "Lumo", "12 Harbour Rd.", "310/246-1501", "?"])
records = st.builds(BusinessRecord, fields, fields, fields)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(GRILL, id="itself"),
        pytest.param(
            BusinessRecord("The Lumo Grill", "12 Harbour Road", "310-246-1501"),
            id="spelt-otherwise",
        ),
        pytest.param(
            BusinessRecord("Lumo Bar & Grill", "12 harbour rd", "+1 310 246 1501"),
            id="a-country-code",
        ),
        pytest.param(BusinessRecord("Lumo Grill", "12 Harbour Rd."), id="no-number-known"),
        pytest.param(BusinessRecord("Lumo Grill"), id="only-the-name-known"),
        pytest.param(
            BusinessRecord("Lumo Grill", "12 Harbour Rd.", "212/555-0000"), id="another-number"
        ),
    ],
)
def test_records_of_one_business(other: BusinessRecord) -> None:
    assert record_likeness(GRILL, other).score >= SAME


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(BusinessRecord("Ordana", "3 Mill St.", "212/555-0000"), id="nothing-shared"),
        pytest.param(BusinessRecord("Ordana", "12 Harbour Rd."), id="the-house-alone"),
        pytest.param(BusinessRecord("Ordana", "3 Mill St.", "310/246-1501"), id="the-number-alone"),
        pytest.param(
            BusinessRecord("Lumo Grill", "3 Mill St.", "212/555-0000"), id="the-name-alone-of-three"
        ),
        pytest.param(BusinessRecord("", "", ""), id="nothing-known"),
    ],
)
def test_records_of_two_businesses(other: BusinessRecord) -> None:
    assert record_likeness(GRILL, other).score < SAME


def test_the_evidence_is_by_field() -> None:
    found = record_likeness(GRILL, BusinessRecord("Lumo Grill", "", "212/555-0000"))
    assert found == RecordLikeness(NAME / (NAME + PHONE), 1.0, None, 0.0)


def test_another_house_in_the_street_is_half_the_address() -> None:
    found = record_likeness(GRILL, BusinessRecord("Lumo Grill", "12 Harbour Rd.", ""))
    other = record_likeness(GRILL, BusinessRecord("Lumo Grill", "14 Harbour Rd.", ""))
    assert found.address == 1.0
    assert other.address is not None
    assert other.address < 0.5


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        pytest.param("310/246-1501", "310-246-1501", 1.0, id="written-otherwise"),
        pytest.param("+49 30 1234567", "1234567", 1.0, id="without-the-area"),
        pytest.param("+49 30 1234567", "4567", 0.0, id="an-extension-alone-is-no-number"),
        pytest.param("310/246-1501", "310/246-1502", 0.0, id="another-one"),
        pytest.param("310/246-1501", "none", None, id="not-known"),
    ],
)
def test_telephone_numbers(left: str, right: str, same: float | None) -> None:
    one, other = BusinessRecord("x", phone=left), BusinessRecord("x", phone=right)
    assert record_likeness(one, other).phone == same


@given(records, records)
def test_from_right_to_left_it_is_the_same(left: BusinessRecord, right: BusinessRecord) -> None:
    found = record_likeness(left, right)
    assert found == record_likeness(right, left)
    assert 0.0 <= found.score <= 1.0
