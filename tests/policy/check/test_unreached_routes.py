"""Routes and rows that no lead reaches, because one before them always matches first."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from random import Random
from typing import Any

import pytest

from scoring_service.domain.policy import Policy

Said = Callable[..., list[str]]
NOON = datetime(2025, 1, 15, 12, tzinfo=UTC)


def route(name: str, when: str, assign: str = "{pool: sdr}", **more: str) -> str:
    further = "".join(f", {key}: {value}" for key, value in more.items())
    return f"{{name: {name}, when: '{when}', assign: {assign}{further}}}"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param('country == "DE"', 'country == "DE"', id="the same"),
        pytest.param('country in ["DE", "AT"]', 'country == "AT"', id="one of several"),
        pytest.param('country == "DE"', 'country == "DE" and employees >= 10', id="and more"),
        pytest.param("employees >= 100", "employees >= 1000", id="a higher number"),
        pytest.param("employees >= 100", "employees > 100 and employees < 200", id="a part"),
        pytest.param("account.owner != null", 'account.owner == "anna"', id="what is there"),
        pytest.param("plan == null", "plan == null and seats >= 5", id="what is missing"),
        pytest.param('country =~ "D"', 'country =~ "D"', id="the same that no index knows"),
        pytest.param("true", 'country =~ "D"', id="everything"),
    ],
)
def test_a_route_inside_an_earlier_one_is_never_reached(
    routed: Said, first: str, then: str
) -> None:
    found = routed(route("first", first), route("then", then))
    assert any("routing.yaml:3" in line and "never reached" in line for line in found), found


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param('country == "AT"', 'country in ["DE", "AT"]', id="a wider list"),
        pytest.param("employees >= 1000", "employees >= 100", id="a wider range"),
        pytest.param("employees > 100", "employees >= 100", id="one number more"),
        pytest.param('country == "DE" and employees >= 10', 'country == "DE"', id="less asked"),
        pytest.param("employees >= 10", "seats >= 10", id="another attribute"),
        pytest.param("employees >= 10", "employees == null", id="what the other cannot have"),
        pytest.param('country =~ "D"', 'country =~ "DE"', id="what the index does not know"),
        pytest.param('account.country == "DE"', 'country == "DE"', id="the account's country"),
    ],
)
def test_a_route_that_some_lead_reaches_is_not_told(routed: Said, first: str, then: str) -> None:
    assert routed(route("first", first), route("then", then)) == []


def test_an_earlier_route_with_hours_leaves_the_hours_outside(routed: Said) -> None:
    german = 'country == "DE"'
    assert routed(route("day", german, during="office"), route("night", german)) == []
    told = routed(route("day", german, during="office"), route("again", german, during="office"))
    assert len(told) == 1
    told = routed(route("whenever", german), route("day", german, during="office"))
    assert len(told) == 1


def test_an_account_owner_may_be_away_and_the_next_route_is_tried(routed: Said) -> None:
    owned = "{account_owner: {}}"
    known = "account.owner != null"
    assert routed(route("owned", known, owned), route("known", known)) == []
    assert routed(route("all", "true", owned), route("known", known)) == []


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        pytest.param("{pool: sdr}", "{track: welcome-nurture}", False, id="a track behind a pool"),
        pytest.param(
            "{pool: sdr}",
            "{pool: executives}, below_bar: true",
            False,
            id="a pool for those below the bars behind one that is not",
        ),
        pytest.param(
            "{pool: sdr}, below_bar: true",
            "{track: welcome-nurture}",
            True,
            id="a track behind a pool for those below the bars",
        ),
        pytest.param(
            "{track: welcome-nurture}",
            "{pool: executives}, below_bar: true",
            True,
            id="a pool for those below the bars behind a track",
        ),
        pytest.param(
            "{track: welcome-nurture}", "{pool: executives}", True, id="a pool behind a track"
        ),
    ],
)
@pytest.mark.parametrize("when", ['country == "DE"', "true"])
def test_leads_below_the_bars_pass_over_routes_that_are_not_for_them(
    routed: Said, chosen: Callable[..., set[str]], when: str, first: str, then: str, told: bool
) -> None:
    routes = (route("first", when, first), route("then", 'country == "DE"', then))
    found = [line for line in routed(*routes) if line.startswith("routing.yaml:3")]
    assert bool(found) is told
    text = f"routes:\n  - {routes[0]}\n  - {routes[1]}\notherwise: {{track: welcome-nurture}}\n"
    changes = {"routing": text, "routing_test": "[]"}
    assert ("routing.yaml:3" in chosen(**changes)) is not told


def test_one_text_is_one_condition_for_leads_above_the_bars_and_below(routed: Said) -> None:
    when = 'job_title =~~ "chief"'
    track, pool = "{track: welcome-nurture}", "{pool: sdr}"
    assert len(routed(route("first", when, track), route("then", when, pool))) == 1
    assert routed(route("first", when, pool), route("then", when, track)) == []


def test_the_route_that_always_matches_is_told_once_for_all_behind_it(routed: Said) -> None:
    found = routed(route("all", "true"), *(route(f"r{n}", f"employees == {n}") for n in range(50)))
    assert len(found) == 1
    assert "nor are 50 more after it" in found[0]


def test_the_remedy_says_whether_the_lead_goes_elsewhere(routed: Said) -> None:
    german = 'country == "DE"'
    same = routed(route("first", german), route("then", german))
    other = routed(route("first", german), route("then", german, "{pool: executives}"))
    assert same[0].endswith("always matches first; remove it")
    assert other[0].endswith("and sends the lead elsewhere; move it up, or narrow the other")


def test_several_routes_together_may_cover_one(routed: Said) -> None:
    found = routed(
        route("german", 'country == "DE"'),
        route("austrian", 'country == "AT"'),
        route("either", 'country in ["AT", "DE"]'),
    )
    assert len(found) == 1
    assert "'german' (routing.yaml:2) and 'austrian' (routing.yaml:3) always match" in found[0]


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("employees < 10 and employees > 20", id="below and above"),
        pytest.param("employees > 10 and seats > 1 and employees <= 10", id="beside others"),
        pytest.param("score.fit >= 50 and score.fit < 50", id="at a number and below it"),
    ],
)
def test_a_condition_that_never_holds_is_told(routed: Said, when: str) -> None:
    found = routed(route("never", when))
    assert len(found) == 1
    assert "no lead meets this" in found[0]


def random_table(rng: Random) -> str:
    lines = ["country,employees,pool"]
    for _ in range(rng.randrange(2, 9)):
        countries = "|".join(sorted(rng.sample(["DE", "AT", "CH"], rng.randrange(4))))
        low = rng.randrange(4)
        sizes = rng.choice(["", f">={low}", f"<{low + 1}", f"{low}..{low + rng.randrange(3)}"])
        lines.append(f"{countries},{sizes},{rng.choice(['sdr', 'executives'])}")
    return "\n".join(lines) + "\n"


def leads() -> list[dict[str, Any]]:
    countries, sizes = ("DE", "AT", "CH", "FR", None), (*range(8), None)
    return [{"country": c, "employees": e} for c, e in product(countries, sizes)]


@pytest.mark.parametrize("seed", range(40))
def test_a_row_that_is_told_is_chosen_for_no_lead(
    seed: int, found: Said, loaded: Callable[..., Policy]
) -> None:
    table = random_table(Random(seed))
    routing = (
        "routes: [{name: table, table: territories.csv, assign: {pool: '{pool}'}}]\n"
        "otherwise: {queue: triage, owner: sales-ops}\n"
    )
    changes = {"routing": routing, "territories": table, "routing_test": "[]"}
    policy = loaded(**changes)
    chosen = {policy.routes.first(lead, NOON).route.place for lead in leads()}
    told = {
        line.split(": ")[0]
        for line in found(**changes)
        if "never reached" in line or "nor are" in line
    }
    assert not told & chosen, table


def test_a_thousand_equal_rows_are_told_no_more_than_a_hundred_times(routed: Said) -> None:
    rows = "".join(["country,pool\n", *["DE,sdr\n"] * 1000])
    told = routed(territories=rows)
    assert len(told) == 101
    assert "there is more like the 100 before, which is not listed; mend those first" in told[-1]
