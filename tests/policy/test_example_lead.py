"""A lead is made of which conditions see what was asked, and written as a rule test reads it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Case
from scoring_service.policy.document import compose
from scoring_service.policy.examples.lead import ACTIVITIES_MAX, lead_of, written
from scoring_service.policy.examples.terms import nested
from scoring_service.policy.files.names import names_of
from scoring_service.policy.files.rule_tests import rule_tests
from scoring_service.policy.index_path import value_at
from scoring_service.policy.rule_tests import facts_of
from scoring_service.values.facts import PoolFacts

NO_POOLS: dict[str, PoolFacts] = {}
NIGHT = datetime(2025, 1, 15, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"country": "NO", "employees": 0}, id="fields"),
        pytest.param({"plan": "free", "seats": 3, "tools": ("crm",)}, id="attributes"),
        pytest.param({"renewal": datetime(2025, 3, 1, tzinfo=UTC)}, id="a date"),
        pytest.param({"email_domain": "rival.example"}, id="the domain of an address"),
        pytest.param({"website_domain": "rival.example"}, id="the domain of a website"),
        pytest.param(
            {"account.owner": "anna", "account.country": "DE", "account.plan": "pro",
             "account.name": "Firm", "account.parent": "holding", "account.seats": 4},
            id="an account",
        ),
        pytest.param({"account.account_id": "acme", "account_id": "acme"}, id="an account's id"),
        pytest.param({"activity.page_view.count": 3}, id="a count"),
        pytest.param(
            {"activity.page_view.count": 2, "activity.page_view.days_since": 1.5},
            id="a count and the days since",
        ),
        pytest.param({"activity.demo_request.days_since": 0}, id="something just now"),
        pytest.param({"stage": "nurture"}, id="a stage"),
        pytest.param({}, id="nothing"),
    ],
)  # fmt: skip
def test_conditions_see_what_was_asked_before_and_after_it_was_written(
    loaded: Callable[..., Policy], values: dict[str, Any]
) -> None:
    policy = loaded()
    made = lead_of(values, policy.schema, NIGHT)
    assert made is not None
    text = f"- {written(made)}\n".encode()
    names, routes = names_of(policy), {route.name for route in policy.routes.routes}
    read, wrong = rule_tests(
        compose("x_test.yaml", text), policy.schema, policy.scoring, names, routes
    )
    assert not wrong, wrong
    assert read[0].now == NIGHT
    for test in (made, read[0]):
        seen = Case(policy, facts_of(policy, test), NO_POOLS.__getitem__).symbols
        for symbol, value in values.items():
            assert value_at(seen, tuple(symbol.split("."))) == value, symbol


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(
            {"account.account_id": "acme", "account_id": "other", "account.name": "x",
             "email": "a@b.example", "email_domain": "c.example"},
            id="an address of another domain",
        ),
        pytest.param({"activity.page_view.count": ACTIVITIES_MAX + 1}, id="too many activities"),
        pytest.param({"company_domain": "a.example", "website_domain": "b.example"},
                     id="a website of another domain"),
    ],
)  # fmt: skip
def test_what_no_lead_can_have_makes_none(
    loaded: Callable[..., Policy], values: dict[str, Any]
) -> None:
    assert lead_of(values, loaded().schema) is None


def test_every_symbol_that_is_not_given_is_null(loaded: Callable[..., Policy]) -> None:
    names = dict.fromkeys(["country", "account.owner", "activity.a.count"], loaded().schema["plan"])
    assert nested({"account.owner": "anna"}, names) == {
        "country": None, "account": {"owner": "anna"}, "activity": {"a": {"count": None}},
    }  # fmt: skip
