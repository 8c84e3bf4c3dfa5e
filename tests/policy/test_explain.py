"""Why each route did or did not match: all of them, errors included, whatever the index skips."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.policy.explaining.explain import (
    Tried,
    TriedRoute,
    passed_over,
    routes_tried,
    tried,
)
from scoring_service.policy.explaining.told import route_said
from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.facts import Facts, MemberFacts, PoolFacts
from scoring_service.values.lead import Lead

WEDNESDAY = datetime(2025, 1, 15, 10, tzinfo=UTC)
SATURDAY = datetime(2025, 1, 18, 10, tzinfo=UTC)


def lead(**symbols: Any) -> dict[str, Any]:
    """A lead's symbols: no account, no activity unless given."""
    nothing = {"count": 0, "days_since": None}
    empty = dict.fromkeys(("account_id", "name", "country", "owner", "parent"))
    return {
        "country": None,
        "employees": None,
        "account": empty,
        "activity": {"page_view": nothing, "demo_request": nothing},
        **symbols,
    }


def asked(days_ago: float) -> dict[str, Any]:
    seen = {"count": 1, "days_since": days_ago}
    return {"page_view": {"count": 0, "days_since": None}, "demo_request": seen}


@pytest.fixture(scope="module")
def policy(loaded: Callable[..., Policy]) -> Policy:
    return loaded()


def test_every_route_up_to_the_one_that_matched_is_told(policy: Policy) -> None:
    found = list(tried(policy, lead(country="US", employees=50), WEDNESDAY))
    assert [(one.name, one.row, one.outcome) for one in found] == [
        ("owned", None, Tried.NOT_MATCHED),
        ("asked", None, Tried.ERROR),
        ("by territory", 1, Tried.NOT_MATCHED),
        ("by territory", 2, Tried.NOT_MATCHED),
        ("by territory", 3, Tried.MATCHED),
    ]


def test_a_route_that_the_index_skips_tells_its_error(policy: Policy) -> None:
    symbols = lead(country="US", employees=50)
    assert policy.routes.first(symbols, WEDNESDAY).errors == ()
    error = list(tried(policy, symbols, WEDNESDAY))[1]
    assert error.outcome is Tried.ERROR
    assert error.error


def test_the_last_route_always_matches(policy: Policy) -> None:
    last = list(tried(policy, lead(), WEDNESDAY))[-1]
    assert (last.name, last.outcome, last.text) == ("otherwise", Tried.MATCHED, "true")


def test_a_route_that_matches_outside_its_hours_is_told(policy: Policy) -> None:
    symbols = lead(activity=asked(0.5))
    assert list(tried(policy, symbols, WEDNESDAY))[1].outcome is Tried.MATCHED
    assert list(tried(policy, symbols, SATURDAY))[1].outcome is Tried.CLOSED


def test_a_decision_that_went_on_after_a_match_is_told_to_its_end(policy: Policy) -> None:
    account = lead()["account"] | {"owner": "anna"}
    symbols = lead(account=account, country="US")
    assert len(list(tried(policy, symbols, WEDNESDAY))) == 1
    found = list(tried(policy, symbols, WEDNESDAY, until=4))
    assert [one.outcome for one in found][0::4] == [Tried.MATCHED, Tried.MATCHED]


@pytest.mark.parametrize(
    ("symbols", "position", "said"),
    [
        pytest.param(
            lead(country="FR", employees=50),
            2,
            "'by territory', row 1 (territories.csv:2) did not match:"
            ' country has to be DE|AT, and it is "FR"',
            id="a row, by its first cell that failed",
        ),
        pytest.param(
            lead(),
            5,
            "'small' (routing.yaml:5) did not match: employees < 10 could not be evaluated,"
            " employees is not known",
            id="an error, with what was missing",
        ),
        pytest.param(
            lead(activity=asked(2.25)),
            1,
            "'asked' (routing.yaml:3) did not match: activity.demo_request.days_since <= 1 failed,"
            " activity.demo_request.days_since is 2.25",
            id="days since",
        ),
        pytest.param(
            lead(account=lead()["account"] | {"owner": "x" * 100}),
            0,
            f"'owned' (routing.yaml:2) matched: account.owner is \"{'x' * 27}...{'x' * 27}\"",
            id="a long text, cut",
        ),
        pytest.param(
            lead(),
            1,
            "'asked' (routing.yaml:3) did not match: activity.demo_request.days_since <= 1 could"
            " not be evaluated, there was no demo_request",
            id="something that was never done",
        ),
        pytest.param(
            lead(country="FR", employees=50),
            6,
            "'otherwise' (routing.yaml:6) matched: it takes every lead",
            id="the last one",
        ),
    ],
)
def test_a_route_is_told_in_a_sentence(
    policy: Policy, symbols: dict[str, Any], position: int, said: str
) -> None:
    found = list(tried(policy, symbols, WEDNESDAY))[position]
    assert route_said(found) == said


def test_an_attribute_that_the_lead_does_not_have_is_null(loaded: Callable[..., Policy]) -> None:
    routing = (
        'routes: [{name: x, when: \'plan == "pro" and "seats" in tools and seats >= 2\','
        " assign: {pool: sdr}}]\notherwise: {queue: triage, owner: sales-ops}\n"
    )
    policy = loaded(routing=routing, routing_test="")
    found = next(tried(policy, lead(tools=("a", "b"), seats=2), WEDNESDAY))
    assert dict(found.saw) == {"plan": "null", "tools": '["a", "b"]', "seats": "2"}


@pytest.mark.parametrize(
    "symbols",
    [
        pytest.param(lead(country=country, employees=size, activity=asked(days)),
                     id=f"{country} {size} {days}")
        for country in ("DE", "US", "FR", None)
        for size in (5, 500, 5000, None)
        for days in (0.5, 30.0)
    ],
)  # fmt: skip
def test_what_is_told_last_is_what_the_index_chooses(
    policy: Policy, symbols: dict[str, Any]
) -> None:
    told = list(tried(policy, symbols, WEDNESDAY))
    chosen = policy.routes.first(symbols, WEDNESDAY).route
    assert (told[-1].name, told[-1].row) == (chosen.name, chosen.row)
    assert all(one.outcome is not Tried.MATCHED for one in told[:-1])


def decided(policy: Policy, known: Lead, **more: Any) -> tuple[TriedRoute, ...]:
    pools = tuple(
        PoolFacts(name, tuple(MemberFacts(one.rep_id) for one in pool.members), next_draw=1)
        for name, pool in policy.pools.items()
    )
    facts = Facts(known, WEDNESDAY, policy.revision, pools=pools, **more)
    return routes_tried(policy, facts, decide(policy, facts))


def test_the_routes_of_a_decision_are_told_from_its_facts(policy: Policy) -> None:
    found = decided(policy, Lead(lead_id="x", country="US", employees=50))
    assert [(one.name, one.row) for one in found] == [
        ("owned", None), ("asked", None), ("by territory", 1), ("by territory", 2),
        ("by territory", 3),
    ]  # fmt: skip
    assert found[1].outcome is Tried.ERROR


def test_a_decision_that_passed_over_an_absent_owner_is_told_to_where_it_ended(
    loaded: Callable[..., Policy],
) -> None:
    routing = (
        "routes:\n  - {name: owned, when: 'account.owner != null', assign: {account_owner: {}}}\n"
        "  - {name: german, when: 'country == \"DE\"', assign: {pool: sdr}}\n"
        "otherwise: {queue: triage, owner: sales-ops}\n"
    )
    policy = loaded(routing=routing, routing_test="")
    account = AccountMatch(Account("acme", owner_rep_id="gone"), owner_rep_id="gone")
    found = decided(policy, Lead(lead_id="x", country="DE"), account=account)
    assert [(one.name, one.outcome) for one in found] == [
        ("owned", Tried.WENT_ON), ("german", Tried.MATCHED),
    ]  # fmt: skip


def test_a_decision_before_the_routes_went_through_none(policy: Policy) -> None:
    assert decided(policy, Lead(lead_id="x"), do_not_contact=True) == ()


def test_each_route_that_was_passed_over_is_a_sentence_rows_of_a_table_share_one(
    policy: Policy,
) -> None:
    found = decided(policy, Lead(lead_id="x", country="US", employees=50))
    said = list(passed_over(found))
    assert said[0] == (
        "'owned' (routing.yaml:2) did not match: account.owner != null failed,"
        " account.owner is not known."
    )
    assert said[1].startswith("'asked' (routing.yaml:3) did not match: ")
    assert said[2:] == [
        "'by territory', rows 1 to 2 (territories.csv:2 on) did not match:"
        ' all because country is "US".'
    ]


def test_a_single_row_is_told_with_what_it_saw(policy: Policy) -> None:
    found = decided(policy, Lead(lead_id="x", country="DE", employees=500))
    assert list(passed_over(found))[-1] == (
        "'by territory', row 1 (territories.csv:2) did not match:"
        " employees has to be >=1000, and it is 500."
    )


def test_the_route_that_decided_is_not_passed_over(policy: Policy) -> None:
    assert list(passed_over(())) == []
    assert list(passed_over(list(tried(policy, lead(account={"owner": "a"}), WEDNESDAY)))) == []
