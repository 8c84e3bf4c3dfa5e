"""A single value that keeps a condition from matching, as the index's tests know it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.policy.failed.by_tests import failed_test
from scoring_service.policy.failed.sentences import said
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf

COUNTRY = OneOf("country", frozenset({"DE"}))
SIZE = Between("employees", 200, 1000, high_included=False)


@pytest.mark.parametrize(
    ("test", "value", "condition", "sentence"),
    [
        pytest.param(COUNTRY, "FR", 'country == "DE"', '"DE", and it is "FR"', id="one value"),
        pytest.param(
            OneOf("country", frozenset({"DE", "AT"})),
            None,
            'country in ["AT", "DE"]',
            '"AT"|"DE", and it is not known',
            id="several, where nothing is known",
        ),
        pytest.param(
            SIZE,
            1000,
            "employees >= 200 and employees < 1000",
            ">= 200 and < 1000, and it is 1000",
            id="the end of a range that is not in it",
        ),
        pytest.param(
            Between("employees", low=5, low_included=False),
            5,
            "employees > 5",
            "> 5, and it is 5",
            id="a bound that is not in it",
        ),
        pytest.param(
            Between("employees"), None, "employees != null", "known", id="any number at all"
        ),
        pytest.param(
            IsNull("country"), "DE", "country == null", 'not known, and it is "DE"', id="nothing"
        ),
        pytest.param(
            IsNull("country", negated=True), None, "country != null", "known", id="anything"
        ),
        pytest.param(
            OneOf("trial", frozenset({True})), False, "trial == true", "true", id="a boolean"
        ),
        pytest.param(
            OneOf("renewal", frozenset({datetime(2026, 3, 2, tzinfo=UTC)})),
            None,
            "renewal == d",
            "not known",
            id="an instant",
        ),
    ],
)
def test_what_is_told_of_a_test_that_failed(
    test: Necessary, value: Any, condition: str, sentence: str
) -> None:
    found = failed_test([test], {test.symbol: value})
    assert found is not None
    _, finding = found
    assert finding.condition.startswith(condition)
    assert said(finding).startswith(f"{test.symbol} has to be ")
    assert sentence in said(finding)


def test_the_first_that_failed_is_told_with_what_was_seen_up_to_it() -> None:
    symbols = {"country": "DE", "employees": 50, "plan": "pro"}
    found = failed_test([COUNTRY, SIZE, IsNull("plan")], symbols)
    assert found is not None
    saw, finding = found
    assert (saw, finding.column) == ((("country", '"DE"'), ("employees", "50")), "employees")


@pytest.mark.parametrize(
    ("test", "value"),
    [
        pytest.param(COUNTRY, "DE", id="it holds"),
        pytest.param(SIZE, 200, id="a bound that is in it"),
        pytest.param(OneOf("n", frozenset({0.1})), Decimal("0.2"), id="a type that may be equal"),
    ],
)
def test_of_what_is_not_sure_to_fail_nothing_is_told(test: Necessary, value: Any) -> None:
    assert failed_test([test], {test.symbol: value}) is None


@given(
    st.none() | st.integers(-5, 5) | st.floats(-5, 5),
    st.none() | st.integers(-5, 5),
    st.none() | st.integers(-5, 5),
    st.booleans(),
    st.booleans(),
)
def test_a_range_fails_where_a_plain_comparison_does(
    value: Any, low: int | None, high: int | None, low_in: bool, high_in: bool
) -> None:
    def holds() -> bool:
        if value is None:
            return False
        above = low is None or (value >= low if low_in else value > low)
        return above and (high is None or (value <= high if high_in else value < high))

    found = failed_test([Between("n", low, high, low_in, high_in)], {"n": value})
    assert (found is None) == holds()
