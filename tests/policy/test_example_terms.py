"""The values that are worth trying on a condition: with them it holds, fails and breaks."""

from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.policy.conditions import compile_condition
from scoring_service.policy.examples.search import holds
from scoring_service.policy.examples.terms import TRIED_MAX, combinations, nested, terms_of
from tests.policy.failed.conditions import DAY, DOMAINS, SEEN, comparisons, conditions


@pytest.mark.parametrize(
    ("text", "symbol", "values"),
    [
        pytest.param('country == "DE"', "country", {"DE", None}, id="what it is compared with"),
        pytest.param('"DE" != country', "country", {"DE", None}, id="on the other side"),
        pytest.param('country in ["DE", "AT"]', "country", {"DE", "AT", None}, id="each of a list"),
        pytest.param('not (seats > 5 or plan == "pro")', "plan", {"pro", None}, id="deep inside"),
        pytest.param("employees >= 200", "employees", {200, 201, 199, None},
                     id="a number and those beside it"),
        pytest.param("account.owner != null", "account.owner", {None},
                     id="null, and something that is there"),
        pytest.param("trial", "trial", {True, False, None}, id="yes and no"),
        pytest.param('"crm" in tools', "tools", {("crm",), None}, id="a list that has it"),
        pytest.param('renewal >= d"2026-03-02"', "renewal", {DAY, None}, id="a date"),
        pytest.param('plan.as_lower == "pro"', "plan", {"pro", None}, id="a property of a text"),
        pytest.param("(seats ?? 0) >= 200", "seats", {200, 201, 199, None},
                     id="a number, or another where it is not there"),
        pytest.param("trial ?? false", "trial", {True, False, None},
                     id="yes and no, or one of them where nothing is known"),
        pytest.param('(account.country ?? "FR") in ["DE", "AT"]', "account.country",
                     {"DE", "AT", None}, id="one of several, or another"),
        pytest.param('plan[0:1] == "p"', "plan", {"p", None}, id="a part of a text by its place"),
        pytest.param('campaign =~ ".*[.]edu$"', "campaign", {"x.edu", None},
                     id="what a regex is likely to match"),
        pytest.param('campaign =~~ "chief"', "campaign", {"chief", None}, id="a part of a text"),
    ],
)  # fmt: skip
def test_the_values_of_a_symbol_that_are_worth_trying(
    text: str, symbol: str, values: set[Any]
) -> None:
    found = terms_of(text, SEEN)[symbol]
    assert values <= set(found)
    assert found[-1] is None, "that nothing is known is tried last"
    assert found.count(None) == 1


def test_each_symbol_has_its_own_values() -> None:
    terms = terms_of('country == "DE" and (seats > 5 or account.country == "AT")', SEEN)
    assert set(terms) == {"country", "seats", "account.country"}
    assert terms["country"][0] == "DE"
    assert "AT" in terms["account.country"]
    assert "AT" not in terms["country"]


def test_a_condition_without_symbols_has_no_terms_and_one_combination() -> None:
    assert dict(terms_of("true", SEEN)) == {}
    assert list(combinations({}, {})) == [{}]


def test_combinations_are_all_of_them_and_what_is_fixed_stays() -> None:
    terms: dict[str, list[Any]] = {"country": ["DE", None], "seats": [5, 6, None], "plan": ["pro"]}
    found = list(combinations(terms, {"plan": None, "stage": "mql"}))
    assert len(found) == 6
    assert {(one["country"], one["seats"]) for one in found} == {
        (country, seats) for country in ("DE", None) for seats in (5, 6, None)
    }
    assert {(one["plan"], one["stage"]) for one in found} == {(None, "mql")}


def test_no_more_combinations_are_tried_than_the_limit() -> None:
    terms = {f"s{n}": list(range(10)) for n in range(6)}
    assert sum(1 for _ in combinations(terms, {})) == TRIED_MAX == 512


def test_what_stands_first_is_tried_first() -> None:
    """The values that a condition names, before any that is missing."""
    terms = terms_of('country == "DE" and plan in ["pro"]', SEEN)
    *_, last = combinations(terms, {})
    first = next(iter(combinations(terms, {})))
    assert (first["country"], last) == ("DE", {"country": None, "plan": None})


SYMBOLS = st.sampled_from(sorted(DOMAINS))


@settings(max_examples=60)
@given(SYMBOLS.flatmap(comparisons))
def test_of_every_comparison_some_value_makes_it_hold(text: str) -> None:
    condition = compile_condition(text, SEEN).condition
    came = [
        holds(condition, nested(values, SEEN.symbols))
        for values in combinations(terms_of(text, SEEN), {})
    ]
    assert True in came or _is_about_what_is_not_there(text), text


def _is_about_what_is_not_there(text: str) -> bool:
    """Of these forms no value is made up, and no example is then shown."""
    return any(sign in text for sign in ("!=", "!~", "not in", ".length"))


@settings(max_examples=25)
@given(conditions(most=3))
def test_what_is_tried_are_values_that_the_condition_reads_and_no_others(text: str) -> None:
    condition = compile_condition(text, SEEN).condition
    terms = terms_of(text, SEEN)
    assert set(terms) <= set(DOMAINS)
    for values in islice(combinations(terms, {}), 12):
        seen = nested(values, SEEN.symbols)
        fuller = nested({**dict.fromkeys(DOMAINS.keys() - terms.keys(), "x"), **values},
                        SEEN.symbols)  # fmt: skip
        assert holds(condition, seen) is holds(condition, fuller), "all others change nothing"
