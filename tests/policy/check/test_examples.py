"""Every example is decided on by the policy as its finding says, whatever the rules."""

from collections.abc import Callable
from random import Random

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.policy.mistake import Finding
from scoring_service.policy.rule_tests import Ran

Said = Callable[..., tuple[Finding, ...]]
Played = Callable[..., Ran]

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


@pytest.mark.parametrize("seed", range(40))
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


@pytest.mark.parametrize("seed", range(40, 60))
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
    from scoring_service.domain.routing.case import Case

    return Case(policy, ran.facts, {}.__getitem__).symbols
