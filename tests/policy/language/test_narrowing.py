"""What the index learns of a written condition, and where that is the whole of it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.policy.conditions import Compiled
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf, narrower, together

Compile = Callable[[str], Compiled]


def one_of(symbol: str, *values: Any) -> OneOf:
    return OneOf(symbol, frozenset(values))


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ('country == "DE"', (one_of("country", "DE"),)),
        ('"DE" == country', (one_of("country", "DE"),)),
        ('country in ["DE", "AT"]', (one_of("country", "DE", "AT"),)),
        ("employees == 5", (one_of("employees", 5),)),
        ("employees in [1, 2.5]", (one_of("employees", 1, 2.5),)),
        ("employees >= 200", (Between("employees", low=200),)),
        ("employees > 200", (Between("employees", low=200, low_included=False),)),
        ("200 > employees", (Between("employees", high=200, high_included=False),)),
        ("200 <= employees", (Between("employees", low=200),)),
        ("score.fit <= 0.5", (Between("score.fit", high=0.5),)),
        ("vip", (one_of("vip", True),)),
        ("vip == false", (one_of("vip", False),)),
        ("country == null", (IsNull("country"),)),
        ("account.owner != null", (IsNull("account.owner", negated=True),)),
        ("technologies == null", ()),
        (
            "employees >= 200 and employees < 500",
            (Between("employees", 200, 500, high_included=False),),
        ),
        (
            'country == "DE" and employees > 5',
            (one_of("country", "DE"), Between("employees", low=5, low_included=False)),
        ),
        ('country == "DE" or country == "AT"', (one_of("country", "DE", "AT"),)),
        ('country == "DE" or country in ["AT", "CH"]', (one_of("country", "DE", "AT", "CH"),)),
        ('country != null and country == "DE"', (one_of("country", "DE"),)),
        ("true", ()),
    ],
)
def test_these_tests_are_the_whole_condition(
    compiled: Compile, text: str, tests: tuple[Necessary, ...]
) -> None:
    found = compiled(text)
    if "technologies" not in text:
        assert found.exact
    assert set(found.necessary) == set(tests)


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        pytest.param(
            "country != null",
            (IsNull("country", negated=True),),
            id="a lead's symbol raises for another type, which is not null either",
        ),
        pytest.param(
            'country == "DE" and email =~ "a"', (one_of("country", "DE"),), id="with a pattern"
        ),
        pytest.param(
            'email =~ "a" and country == "DE"', (one_of("country", "DE"),), id="in either order"
        ),
        pytest.param(
            'country == "DE" and country in ["DE", "AT"]',
            (one_of("country", "DE"),),
            id="two lists of one symbol",
        ),
        pytest.param(
            "vip and country != null",
            (one_of("vip", True), IsNull("country", negated=True)),
            id="a null test beside another symbol's",
        ),
    ],
)
def test_these_tests_are_necessary_and_not_enough(
    compiled: Compile, text: str, tests: tuple[Necessary, ...]
) -> None:
    found = compiled(text)
    assert not found.exact
    assert found.necessary == tests


@pytest.mark.parametrize(
    "text",
    [
        'country != "DE"',
        'not (country == "DE")',
        'country not in ["DE"]',
        'country in ["DE", null]',
        'country == "DE" or industry == "health"',
        'country == "DE" or employees > 5',
        'country == "DE" or email =~ "a"',
        'email =~ "a"',
        'country >= "M"',
        "not vip",
        "false",
        "account.vip",
        'since == d"2026-03-31"',
        'since in [d"2026-03-31"]',
        "since.year == 2026",
        "company_name.length > 3",
        "(employees ?? 5) > 3",
        "country == account.country",
        "employees > account.employees",
        '"a" in technologies',
        "country in technologies",
    ],
)
def test_of_these_the_index_knows_nothing(compiled: Compile, text: str) -> None:
    found = compiled(text)
    assert found.necessary == ()
    assert not found.exact


SYMBOL = "x"
VALUES = (None, "a", "b", 0, 1, 1.5, 2, 3)
bounds = st.none() | st.sampled_from([0, 1, 1.5, 2])
betweens = st.builds(Between, st.just(SYMBOL), bounds, bounds, st.booleans(), st.booleans())
tests_of_x = (
    betweens
    | st.builds(
        OneOf, st.just(SYMBOL), st.frozensets(st.sampled_from(["a", "b", 1, 2]), min_size=1)
    )
    | st.builds(IsNull, st.just(SYMBOL), st.booleans())
)


def holds(test: Necessary, value: Any) -> bool:
    match test:
        case OneOf():
            return value in test.values
        case IsNull():
            return (value is None) != test.negated
        case Between():
            if not isinstance(value, int | float):
                return False
            low = test.low is None or value > test.low or (test.low_included and value == test.low)
            high = test.high is None or value < test.high
            return low and (high or (test.high_included and value == test.high))


@given(st.lists(tests_of_x, max_size=4))
def test_tests_joined_hold_wherever_all_do_and_nowhere_else_if_nothing_was_lost(
    tests: list[Necessary],
) -> None:
    joined, whole = together(tests)
    assert len(joined) <= 1
    for value in VALUES:
        all_hold = all(holds(test, value) for test in tests)
        both = all(holds(test, value) for test in joined)
        assert both or not all_hold
        assert not whole or both == all_hold


@given(betweens, betweens)
def test_the_narrower_of_two_ranges_is_the_numbers_in_both(one: Between, other: Between) -> None:
    for value in (-1, 0, 0.5, 1, 1.2, 1.5, 1.7, 2, 3):
        assert holds(narrower(one, other), value) == (holds(one, value) and holds(other, value))


def test_tests_of_several_symbols_stay_one_each() -> None:
    joined, whole = together([IsNull("a"), IsNull("b", negated=True), IsNull("a")])
    assert joined == (IsNull("a"), IsNull("b", negated=True))
    assert whole
