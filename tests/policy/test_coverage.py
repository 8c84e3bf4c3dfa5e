"""What counts as exercised: a part took part, and the test's `expect` would have noticed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scoring_service.policy.coverage import Coverage, coverage
from scoring_service.policy.coverage_parts import Kind
from scoring_service.policy.load import load
from scoring_service.policy.rule_tests import run_all
from scoring_service.policy.source import Source, source_of

Files = Callable[..., Source]

FLEXIBLE = (
    "reps: {anna: {calendar: office}, ben: {}, carla: {role: manager}}\n"
    "pools:\n"
    "  sdr:\n"
    '    members: [{rep: anna}, {rep: ben, when: \'country in ["DE", "AT"]\'}]\n'
    "    hours: working\n"
    "    fallback: [executives]\n"
    "  executives: {role: manager}\n"
    "operators: [sales-ops]\n"
)


def covered(source: Source) -> Coverage:
    policy = load(source)
    return coverage(policy, source, run_all(policy, source))


def by(source: Files, *tests: str, **files: str) -> Coverage:
    """What these tests exercise, each written in braces after `it`."""
    written = "".join(f"- {{it: a test, {test}}}\n" for test in tests)
    return covered(source(routing_test=written, **files))


def names(found: Coverage, kind: Kind) -> set[str]:
    return {one.part.name for one in found.of(kind) if one.tests}


@pytest.mark.parametrize(
    ("test", "kind", "exercised"),
    [
        pytest.param(
            "lead: {country: US}, expect: {pool: executives}",
            Kind.ROUTES,
            {"by territory"},
            id="a route that decided, where the pool is expected",
        ),
        pytest.param(
            "lead: {country: US}, expect: {row: 3}",
            Kind.ROWS,
            {"by territory, row 3"},
            id="the row that matched, and no other of its table",
        ),
        pytest.param(
            "lead: {country: US}, expect: {fit: 0}",
            Kind.ROUTES,
            set(),
            id="no route where only points are expected: the test would not notice",
        ),
        pytest.param(
            "lead: {country: JP}, expect: {queue: triage}",
            Kind.ROUTES,
            {"otherwise"},
            id="otherwise is a route too",
        ),
        pytest.param(
            "lead: {country: US, do_not_contact: true}, expect: {track: suppressed}",
            Kind.ROUTES,
            set(),
            id="no route where the lead never came to the routes",
        ),
        pytest.param(
            "lead: {employees: 300}, expect: {fit: 40}",
            Kind.FIT,
            {"size"},
            id="a criterion that holds, where fit is expected",
        ),
        pytest.param(
            "lead: {employees: 300, attributes: {plan: enterprise}}, expect: {mql_ready: false}",
            Kind.FIT,
            {"size", "plan"},
            id="every criterion that holds, where readiness is expected",
        ),
        pytest.param(
            "lead: {employees: 300, country: US}, expect: {pool: executives}",
            Kind.FIT,
            set(),
            id="no criterion where only routing is expected",
        ),
        pytest.param(
            "lead: {email: a@rival.example}, expect: {disqualified: is_competitor}",
            Kind.DISQUALIFY,
            {"rival"},
            id="the rule that ended a lead",
        ),
        pytest.param(
            "lead: {email: a@rival.example, do_not_contact: true}, expect: {track: suppressed}",
            Kind.DISQUALIFY,
            set(),
            id="no rule where the lead was ended for another reason",
        ),
        pytest.param(
            "lead: {email: a@rival.example}, expect: {fit: 0}",
            Kind.DISQUALIFY,
            set(),
            id="no rule where its consequence is not expected",
        ),
        pytest.param(
            "lead: {country: DE, employees: 300}, expect: {owner: anna}",
            Kind.MEMBERS,
            {"ben in sdr"},
            id="a member's condition that held, though it was another's turn",
        ),
        pytest.param(
            "lead: {country: JP}, activities: [{type: demo_request}], expect: {owner: anna}",
            Kind.MEMBERS,
            set(),
            id="no condition that did not hold",
        ),
    ],
)
def test_exercised_is(source: Files, test: str, kind: Kind, exercised: set[str]) -> None:
    assert names(by(source, test), kind) == exercised


def test_a_fallback_is_exercised_when_the_turn_was_drawn_from_it(source: Files) -> None:
    at_night = "now: 2025-01-15T22:00:00Z, lead: {country: JP}, activities: [{type: demo_request}]"
    routing = (
        "routes:\n"
        "  - {name: asked, when: 'activity.demo_request.days_since <= 1', assign: {pool: sdr}}\n"
        "  - {name: by territory, table: territories.csv, assign: {pool: '{pool}'}}\n"
        "otherwise: {queue: triage, owner: sales-ops}\n"
    )
    files = {"team": FLEXIBLE, "routing": routing}
    drawn = by(source, f"{at_night}, expect: {{owner: carla}}", **files)
    assert names(drawn, Kind.FALLBACKS) == {"sdr -> executives"}
    unnoticed = by(source, f"{at_night}, expect: {{fit: 0}}", **files)
    assert names(unnoticed, Kind.FALLBACKS) == set()
    by_day = by(source, "lead: {country: DE, employees: 300}, expect: {owner: anna}", **files)
    assert names(by_day, Kind.FALLBACKS) == set()


def test_every_part_has_its_place(source: Files) -> None:
    found = covered(source())
    places = {(one.part.kind, one.part.name): one.part.place for one in found.parts}
    assert places == {
        (Kind.ROUTES, "owned"): "routing.yaml:2",
        (Kind.ROUTES, "asked"): "routing.yaml:3",
        (Kind.ROUTES, "by territory"): "routing.yaml:4",
        (Kind.ROUTES, "small"): "routing.yaml:5",
        (Kind.ROUTES, "otherwise"): "routing.yaml:6",
        (Kind.ROWS, "by territory, row 1"): "territories.csv:2",
        (Kind.ROWS, "by territory, row 2"): "territories.csv:3",
        (Kind.ROWS, "by territory, row 3"): "territories.csv:4",
        (Kind.FIT, "size"): "scoring.yaml:2",
        (Kind.FIT, "plan"): "scoring.yaml:3",
        (Kind.DISQUALIFY, "rival"): "scoring.yaml:12",
        (Kind.MEMBERS, "ben in sdr"): "team.yaml:7",
        (Kind.FALLBACKS, "sdr -> executives"): "team.yaml:9",
    }


def test_a_part_names_the_tests_that_exercised_it_once_each(source: Files) -> None:
    us = "lead: {country: US}, expect: {pool: executives, row: 3}"
    found = by(source, us, "lead: {country: JP}, expect: {queue: triage}", us)
    tests = {one.part.name: one.tests for one in found.of(Kind.ROUTES)}
    assert tests["by territory"] == ("routing_test.yaml:1", "routing_test.yaml:3")
    assert tests["otherwise"] == ("routing_test.yaml:2",)
    assert tests["owned"] == ()


def test_shares_count_the_kinds_there_are_and_all_together(source: Files) -> None:
    found = by(source, "lead: {country: US}, expect: {pool: executives}", scoring=SCORING)
    shares = {share.kind: (share.exercised, share.total) for share in found.shares()}
    assert shares == {
        Kind.ROUTES: (1, 5),
        Kind.ROWS: (1, 3),
        Kind.MEMBERS: (0, 1),
        Kind.FALLBACKS: (0, 1),
        Kind.ALL: (2, 10),
    }


SCORING = (
    "fit: []\n"
    "behaviour: {activities: {page_view: {points: 2, half_life: 7d, points_max: 20},"
    " demo_request: {points: 60, half_life: 21d, high_intent: true}}}\n"
    "grades: {fit: {A: 75, B: 50, C: 25}, behaviour: {1: 60, 2: 35, 3: 15}}\n"
    "mql: {fit_min: 40, behaviour_min: 40}\n"
)


def test_a_percentage_is_rounded_down_so_that_100_says_that_nothing_is_missing(
    source: Files,
) -> None:
    rows = "country,pool\n" + "".join(f"C{number},executives\n" for number in range(3000))
    found = by(
        source,
        *(f"lead: {{country: C{n}}}, expect: {{row: {n + 1}}}" for n in (0, 1)),
        territories=rows,
    )
    assert found.share(Kind.ROWS).percent == 0.0
    assert found.share(Kind.FALLBACKS).percent == 0.0
    assert by(source, "lead: {}, expect: {fit: 0}", scoring=SCORING).share(Kind.FIT).percent == 100


@pytest.mark.parametrize("folder", ["rules", "examples/demo/rules"])
def test_every_part_of_the_rules_that_come_with_the_program_is_exercised(folder: str) -> None:
    place = Path(__file__).parents[2] / folder
    found = covered(source_of({file.name: file.read_bytes() for file in place.iterdir()}))
    assert [one.part for one in found.parts if not one.tests] == []
