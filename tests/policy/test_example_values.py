"""Values that meet what is asked of a symbol, and nothing else does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.policy.examples.values import (
    VALUES_MAX,
    meets,
    value_for,
    values_beside,
    values_for,
)
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf

INTEGER = Attribute("seats", AttributeType.INTEGER)
NUMBER = Attribute("rate", AttributeType.NUMBER)
TEXT = Attribute("plan", AttributeType.TEXT)
LISTED = Attribute("plan", AttributeType.TEXT, values=frozenset({"free", "pro"}))
FLAG = Attribute("flag", AttributeType.BOOLEAN)


@pytest.mark.parametrize(
    ("test", "attribute", "first"),
    [
        pytest.param(OneOf("plan", frozenset({"pro", "free"})), TEXT, "free", id="a listed text"),
        pytest.param(Between("seats", 5), INTEGER, 5, id="a lower bound"),
        pytest.param(Between("seats", 5, low_included=False), INTEGER, 6, id="above a bound"),
        pytest.param(Between("seats", None, 5, high_included=False), INTEGER, 4, id="below one"),
        pytest.param(Between("seats", 4.5, 5.5), INTEGER, 5, id="the whole number between"),
        pytest.param(Between("rate", 4, 5, False, False), NUMBER, 4.5, id="a number between"),
        pytest.param(IsNull("plan", negated=True), LISTED, "free", id="any that is listed"),
        pytest.param(IsNull("plan", negated=True), TEXT, "example", id="any text"),
        pytest.param(IsNull("country", negated=True), Attribute("country", AttributeType.TEXT),
                     "DE", id="a country that there is"),
        pytest.param(Between("seats", 4, 5, False, False), INTEGER, None, id="none of whole ones"),
        pytest.param(IsNull("plan"), TEXT, None, id="null alone"),
    ],
)  # fmt: skip
def test_a_value_meets_the_test(test: Necessary, attribute: Attribute, first: Any) -> None:
    assert value_for(test, attribute) == first
    assert all(meets(value, test) for value in values_for([test], attribute))


def test_a_value_is_one_that_intake_takes() -> None:
    seats = Attribute("seats", AttributeType.INTEGER, min=10, max=20)
    assert set(values_for([IsNull("seats", negated=True)], seats)) <= set(range(10, 21))
    assert values_for([Between("seats", 5)], seats) == ()
    assert values_for([OneOf("plan", frozenset({"gold"}))], LISTED) == ()


@pytest.mark.parametrize(
    ("value", "test", "said"),
    [
        pytest.param(True, OneOf("n", frozenset({1})), False, id="true is not one"),
        pytest.param(1, OneOf("n", frozenset({True})), False, id="one is not true"),
        pytest.param(1.0, OneOf("n", frozenset({1})), True, id="a whole number is one"),
        pytest.param(None, OneOf("n", frozenset({1})), False, id="null is none of them"),
        pytest.param(True, Between("n", 0, 2), False, id="true is no number"),
    ],
)
def test_values_are_held_against_tests_as_conditions_do(
    value: object, test: Necessary, said: bool
) -> None:
    assert meets(value, test) is said


bounds = st.one_of(st.none(), st.integers(-20, 20), st.floats(-20, 20).map(lambda n: round(n, 1)))
ranges = st.builds(Between, st.just("x"), bounds, bounds, st.booleans(), st.booleans())
texts = st.frozensets(st.sampled_from(["a", "b", "c", "d"]), min_size=1)
tests = st.one_of(
    ranges,
    st.builds(OneOf, st.just("x"), st.frozensets(st.integers(-20, 20), min_size=1)),
    st.builds(OneOf, st.just("x"), texts),
    st.builds(IsNull, st.just("x"), st.booleans()),
)
attributes = st.sampled_from([INTEGER, NUMBER, TEXT, LISTED, FLAG])


@given(st.lists(tests, min_size=1, max_size=3), tests, attributes)
def test_what_is_found_meets_all_tests_and_not_the_one_avoided(
    asked: list[Necessary], avoided: Necessary, attribute: Attribute
) -> None:
    found = values_for(asked, attribute)
    assert len(found) <= VALUES_MAX
    assert all(meets(value, test) for value in found for test in asked)
    beside = values_beside(asked, avoided, attribute)
    assert all(meets(value, test) for value in beside for test in asked)
    assert not any(meets(value, avoided) for value in beside)


@given(st.integers(-1000, 1000), st.integers(0, 50), st.booleans(), st.booleans())
def test_a_range_with_a_whole_number_in_it_always_has_a_value(
    low: int, width: int, above: bool, below: bool
) -> None:
    test = Between("seats", low, low + width, not above, not below)
    assert (value_for(test, INTEGER) is not None) is (width >= above + below)
