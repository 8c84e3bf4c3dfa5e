"""Every example is decided on by the policy as its finding says, whatever the rules."""

import re
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Case
from scoring_service.policy.mistake import Finding
from scoring_service.policy.rule_tests import Ran
from scoring_service.values.condition import ConditionError
from scoring_service.values.facts import PoolFacts
from scoring_service.values.owner import QueueOwner

Said = Callable[..., tuple[Finding, ...]]
Played = Callable[..., Ran]

NO_POOLS: dict[str, PoolFacts] = {}
TABLE = "{name: table, table: territories.csv, assign: {pool: '{pool}'}}"


def routing(*routes: str) -> str:
    lines = "".join(f"  - {route}\n" for route in (*routes, TABLE))
    return f"routes:\n{lines}otherwise: {{queue: triage, owner: sales-ops}}\n"


def changes(*routes: str, rows: str = "country,pool\nJP,sdr\n") -> dict[str, str]:
    return {"routing": routing(*routes), "territories": rows, "routing_test": "[]"}


def with_example(found: tuple[Finding, ...]) -> Finding:
    (one,) = (finding for finding in found if finding.example)
    return one


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param('country == "DE"', 'country in ["DE"] and seats > 4', id="of an attribute"),
        pytest.param("employees >= 100", "employees > 999", id="of a number"),
        pytest.param('country =~ "D"', 'country =~ "D"', id="of a beginning"),
        pytest.param("true", 'job_title =~~ "chief"', id="of a part of a text"),
        pytest.param('"crm" in tools', '"crm" in tools', id="of a list"),
        pytest.param("true", 'renewal == d"2025-03-01"', id="of a date"),
        pytest.param("account.owner != null", 'account.owner == "anna"', id="of an account"),
        pytest.param("true", 'account.plan == "pro"', id="of an account's attribute"),
        pytest.param("true", "activity.page_view.count >= 3", id="of a count"),
        pytest.param("true", "activity.page_view.days_since > 1.5", id="of days since"),
        pytest.param("true", 'email_domain == "rivals.example"', id="of an address"),
        pytest.param("true", 'website_domain == "rivals.example"', id="of a website"),
        pytest.param("true", 'score.quadrant == "sales_ready"', id="of a quadrant"),
        pytest.param("true", "score.behaviour >= 30", id="of points"),
        pytest.param("true", 'score.fit >= 40 and score.fit < 60', id="of points in a range"),
        pytest.param("true", 'stage == "nurture"', id="of a stage"),
        pytest.param("plan == null", "plan == null and seats >= 5", id="of what is missing"),
    ],
)  # fmt: skip
def test_a_route_that_is_never_reached_is_shown_by_a_lead_that_it_matches(
    findings: Said, played: Played, loaded: Callable[..., Policy], first: str, then: str
) -> None:
    rules = changes(
        f"{{name: first, when: '{first}', assign: {{pool: sdr}}}}",
        f"{{name: then, when: '{then}', assign: {{pool: executives}}}}",
    )
    told = next(f for f in findings(**rules) if "never reached" in f.what and f.line == 3)
    assert played(told.example, **rules).decision.route == "first"
    alone = changes(f"{{name: then, when: '{then}', assign: {{pool: executives}}}}")
    assert loaded(**alone)
    moved = told.example.replace('"route":"first"', '"route":"then"')
    assert played(moved, **alone).decision.route == "then"


def test_the_example_keeps_clear_of_the_routes_before(findings: Said, played: Played) -> None:
    rules = changes(
        "{name: none, when: 'employees == null', assign: {pool: sdr}}",
        "{name: small, when: 'employees < 10', assign: {pool: sdr}}",
        "{name: german, when: 'country == \"DE\"', assign: {pool: sdr}}",
        "{name: again, when: 'country == \"DE\" and seats == 1', assign: {pool: executives}}",
    )
    ran = played(with_example(findings(**rules)).example, **rules)
    assert ran.decision.route == "german"
    assert (ran.test.lead.employees or 0) >= 10


def test_the_example_has_the_score_that_keeps_clear_of_the_routes_before(
    findings: Said, played: Played
) -> None:
    rules = changes(
        "{name: ready, when: 'score.quadrant == \"sales_ready\"', assign: {pool: sdr}}",
        "{name: cold, when: 'score.quadrant == \"nurture\"', assign: {pool: sdr}}",
        "{name: none, when: 'score.quadrant == \"deprioritise\"', assign: {pool: sdr}}",
        "{name: german, when: 'country == \"DE\"', assign: {pool: sdr}}",
        "{name: again, when: 'country == \"DE\" and seats == 1', assign: {pool: executives}}",
    )
    ran = played(with_example(findings(**rules)).example, **rules)
    assert (ran.decision.route, ran.came["quadrant"]) == ("german", "qualify_carefully")


def test_the_example_comes_when_the_calendar_is_open(findings: Said, played: Played) -> None:
    night = "night: {zone: Europe/Berlin, weekly: {mon-sun: '22:00-23:00'}}\n"
    rules = changes(
        "{name: night, when: 'seats > 1', during: night, assign: {pool: sdr}}",
        "{name: again, when: 'seats > 2', during: night, assign: {pool: executives}}",
    ) | {"calendars": f"default: office\noffice: {{weekly: {{mon-fri: '09:00-17:00'}}}}\n{night}"}
    example = with_example(findings(**rules)).example
    assert '"now":"2025-01-15T21:00:00' in example
    assert played(example, **rules).decision.route == "night"


def random_rules(rng: Random) -> dict[str, str]:
    """Routes to pools, tracks and queues, some for leads below the bars, and a table."""
    routes = [random_route(rng, n) for n in range(rng.randrange(2, 7))]
    rows = ["country,employees,plan,pool"]
    for _ in range(rng.randrange(1, 8)):
        low = rng.randrange(4)
        size = rng.choice(["", f">={low}", f"<{low + 1}", f"{low}..{low + rng.randrange(3)}"])
        country = "|".join(sorted(rng.sample(["DE", "AT", "CH"], rng.randrange(3))))
        plan = rng.choice(["", "", "free", "pro|free"])
        rows.append(f"{country},{size},{plan},{rng.choice(['sdr', 'executives'])}")
    return changes(*routes, rows="\n".join(rows) + "\n")


def random_route(rng: Random, number: int) -> str:
    parts = [
        rng.choice([
            'country == "DE"', 'country in ["DE", "AT"]', f"employees >= {rng.randrange(5)}",
            f"employees < {rng.randrange(1, 5)}", "plan == null", 'plan != "pro"',
            'score.quadrant in ["nurture", "deprioritise"]', 'score.quadrant == "sales_ready"',
            f"score.behaviour >= {rng.choice([20, 40])}", "activity.demo_request.count >= 1",
            'country =~ "[DA]"', 'not (country == "CH")',
        ])
        for _ in range(rng.randrange(1, 3))
    ]  # fmt: skip
    to = rng.choice(["{pool: sdr}", "{pool: executives}", "{track: welcome-nurture}",
                     "{queue: by-hand, owner: sales-ops}", "{account_owner: {}}"])  # fmt: skip
    more = rng.choice(["", "", ", below_bar: true", ", during: office"])
    return f"{{name: r{number}, when: '{' and '.join(parts)}', assign: {to}{more}}}"


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_told_of_generated_rules_holds_for_every_lead(
    seed: int, findings: Said, played: Played, chosen: Callable[..., set[str]]
) -> None:
    rules = random_rules(Random(seed))
    found = findings(**rules)
    dead = {f"{f.file}:{f.line}" for f in found if "never reached" in f.what}
    dead |= {f"{f.file}:{f.line}" for f in found if "no lead meets this" in f.what}
    assert not dead & chosen(**rules), rules["routing"]
    for finding in found:
        if finding.example:
            played(finding.example, **rules)
        else:
            assert "never reached" not in finding.what, (finding, rules)
            assert "overlap" not in finding.what, (finding, rules)


@pytest.mark.parametrize("seed", range(20, 30))
def test_both_rows_that_overlap_match_the_example(
    seed: int, findings: Said, played: Played, loaded: Callable[..., Policy]
) -> None:
    rules = random_rules(Random(seed))
    policy = loaded(**rules)
    by_row = {route.row: route for route in policy.routes.routes if route.row is not None}
    for finding in findings(**rules):
        if "overlap" in finding.what:
            rows = [int(finding.path.split()[1]), int(finding.what.split("and row ")[1].split()[0])]
            symbols = symbols_of(policy, played(finding.example, **rules))
            assert all(by_row[row].condition(symbols) for row in rows), finding


def symbols_of(policy: Policy, ran: Ran) -> dict[str, object]:
    return Case(policy, ran.facts, NO_POOLS.__getitem__).symbols


@pytest.mark.parametrize(
    ("when", "lead"),
    [
        pytest.param('employees >= 10 or country == "DE"', {"country": "DE"}, id="before an or"),
        pytest.param("not (employees >= 10)", {}, id="under a not"),
        pytest.param('account.employees >= 10 or country == "DE"', {"country": "DE"},
                     id="an account's"),
        pytest.param('renewal >= d"2025-01-01" or "crm" in tools', {"tools": ("crm",)},
                     id="a date"),
        pytest.param("activity.page_view.days_since <= 3 or seats == 1", {"seats": 1},
                     id="days since"),
    ],
)  # fmt: skip
def test_a_lead_without_what_is_ordered_is_shown(
    findings: Said, played: Played, loaded: Callable[..., Policy], when: str, lead: dict[str, Any]
) -> None:
    rules = changes(f"{{name: x, when: '{when}', assign: {{pool: executives}}}}")
    ran = played(with_example(findings(**rules)).example, **rules)
    assert ran.decision.route == "otherwise"
    given = msgspec.to_builtins(ran.test.lead)
    assert given.get("attributes", {}) | {n: given[n] for n in ("country",) if n in given} == lead
    condition = loaded(**rules).routes.routes[0].condition
    with pytest.raises(ConditionError):
        condition(symbols_of(loaded(**rules), ran))


def test_a_criterion_that_orders_what_is_missing_is_shown_by_its_points(
    findings: Said, played: Played
) -> None:
    scoring = (
        "fit: [{name: a, when: 'employees >= 10 or country == \"DE\"', points: 41}]\n"
        "behaviour: {activities: {demo_request: {points: 60, half_life: 1d, high_intent: true}}}\n"
        "mql: {fit_min: 40, behaviour_min: 40}\n"
    )
    rules = changes() | {"scoring": scoring}
    example = with_example(findings(**rules)).example
    assert played(example, **rules).decision.score.fit == 0
    there = example.replace('"country":"DE"', '"country":"DE","employees":10')
    assert played(there.replace('"fit":0', '"fit":41'), **rules).decision.score.fit == 41


@pytest.mark.parametrize(
    ("activity", "count"),
    [
        pytest.param("points: 2", 20, id="a number that is whole"),
        pytest.param("points: 3, points_max: 40", 14, id="one that is rounded up"),
        pytest.param("points: 39", 2, id="two"),
        pytest.param("points: 0.1", 400, id="hundreds, whose sum is not exact"),
    ],
)
def test_so_many_at_once_reach_the_bar_and_one_less_does_not(
    findings: Said, played: Played, activity: str, count: int
) -> None:
    scoring = (
        "mql: {fit_min: 40, behaviour_min: 40}\n"
        f"behaviour: {{activities: {{demo_request: {{half_life: 7d, {activity}}}}}}}\n"
    )
    rules = changes() | {"scoring": scoring}
    finding = with_example(findings(**rules))
    assert f"({count} at once do)" in finding.what
    ran = played(finding.example, **rules)
    assert len(ran.test.activities) == count
    assert ran.decision.score.behaviour >= 40
    one_less = finding.example.replace('{"type":"demo_request"},', "", 1)
    expected = re.sub(r'"expect":.*', '"expect":{"behaviour_level":2}}', one_less)
    assert played(expected, **rules).decision.score.behaviour < 40


@pytest.mark.parametrize(
    ("activity", "why"),
    [
        pytest.param("points: 0.05, expires_after: 90d", "never", id="of 500 that are counted"),
        pytest.param("points: 0.05", "800", id="of more than anybody sends at once"),
    ],
)
def test_what_needs_too_many_is_told_without_an_example_or_not_at_all(
    findings: Said, activity: str, why: str
) -> None:
    scoring = (
        "mql: {fit_min: 40, behaviour_min: 40}\n"
        f"behaviour: {{activities: {{demo_request: {{half_life: 7d, {activity}}}}}}}\n"
    )
    told = [f for f in findings(**changes(), scoring=scoring) if "alone can qualify" in f.what]
    assert [f"({why} at once do)" in f.what for f in told] == ([] if why == "never" else [True])
    assert not any(f.example for f in told)


def test_a_lead_of_a_pool_with_nobody_in_it_waits(findings: Said, played: Played) -> None:
    team = (
        "reps: {ann: {}}\n"
        "pools:\n"
        "  sdr: {members: [], fallback: [executives]}\n"
        "  executives: {members: []}\n"
        "  more: {members: [{rep: ann}]}\n"
    )
    rules = changes("{name: x, when: 'seats > 3', assign: {pool: sdr}}") | {"team": team}
    told = {f.path: f for f in findings(**rules) if "nobody is in this pool" in f.what}
    assert set(told) == {"$.pools.sdr", "$.pools.executives"}
    owner = played(told["$.pools.sdr"].example, **rules).decision.owner
    assert owner == QueueOwner("sdr")
    assert told["$.pools.executives"].example == "", "no route leads there"


def test_no_lead_is_shown_where_no_value_could_be_had(findings: Said) -> None:
    rules = changes("{name: x, when: 'not (score.win_probability < 0.2)', assign: {pool: sdr}}")
    told = [f for f in findings(**rules) if "without score.win_probability" in f.what]
    assert [f.example for f in told] == [""]
