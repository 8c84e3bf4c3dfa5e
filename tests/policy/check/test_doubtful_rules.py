"""Conditions, activities and files that load and probably do not do what is meant."""

from collections.abc import Callable

import pytest

from scoring_service.policy.check import check
from scoring_service.policy.mistake import Severity
from scoring_service.policy.source import Source, source_of

Said = Callable[..., list[str]]


@pytest.mark.parametrize(
    "when",
    [
        pytest.param('employees >= 10 or country == "DE"', id="before an or"),
        pytest.param('country == "DE" or employees >= 10', id="behind an or"),
        pytest.param("not (employees >= 10)", id="under a not"),
        pytest.param('not (country == "DE" and employees >= 10)', id="deep under a not"),
        pytest.param('not (employees >= 10 and country == "DE")', id="first under a not"),
        pytest.param('(employees >= 10 and plan == "pro") or country == "DE"', id="in an and"),
        pytest.param('10 <= employees or country == "DE"', id="on the right side"),
        pytest.param('account.employees >= 10 or country == "DE"', id="an account's"),
        pytest.param("activity.page_view.days_since <= 3 or seats == 1", id="days since"),
        pytest.param('seats != null and employees >= 1 or country == "DE"', id="another's test"),
    ],
)
def test_an_ordering_of_what_may_be_missing_is_told(routed: Said, when: str) -> None:
    found = routed(f"{{name: x, when: '{when}', assign: {{pool: sdr}}}}")
    assert len(found) == 1
    assert "this whole condition does not match" in found[0]
    assert found[0].startswith("routing.yaml:2: $.routes[0].when: ")


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("employees >= 10", id="alone"),
        pytest.param('employees >= 10 and country == "DE"', id="in an and"),
        pytest.param('(employees != null and employees >= 10) or country == "DE"', id="tested"),
        pytest.param("employees == null or employees < 10", id="null is let in before"),
        pytest.param('employees == null or (employees < 10 or plan == "pro")', id="further in"),
        pytest.param("not (employees != null and employees >= 10)", id="tested under a not"),
        pytest.param('employees != null and (employees >= 10 or plan == "pro")', id="tested above"),
        pytest.param('score.fit >= 10 or country == "DE"', id="a score is always there"),
        pytest.param("activity.page_view.count >= 3 or seats == 1", id="a count is always there"),
        pytest.param('employees == 10 or country == "DE"', id="no ordering"),
        pytest.param('country != "DE" and not (plan == "pro")', id="no ordering under a not"),
    ],
)
def test_an_ordering_that_is_safe_is_not_told(routed: Said, when: str) -> None:
    assert routed(f"{{name: x, when: '{when}', assign: {{pool: sdr}}}}") == []


def test_orderings_of_criteria_and_members_are_told_too(found: Said) -> None:
    when = "'employees >= 10 or country == \"DE\"'"
    scoring = (
        f"fit: [{{name: a, when: {when}, points: 40}}]\n"
        f"disqualify: [{{name: b, when: {when}, reason: spam}}]\n"
        "behaviour: {activities: {demo_request: {points: 60, half_life: 1d, high_intent: true}}}\n"
        "mql: {fit_min: 40, behaviour_min: 40}\n"
    )
    team = (
        "reps: {anna: {}}\n"
        f"pools: {{sdr: {{members: [{{rep: anna, when: {when}}}]}},"
        " executives: {members: [{rep: anna}]}}\n"
    )
    told = found(scoring=scoring, team=team, routing_test="- {it: x, lead: {}, expect: {fit: 0}}")
    assert [line.split(": ")[:2] for line in told] == [
        ["scoring.yaml:1", "$.fit[0].when"],
        ["scoring.yaml:2", "$.disqualify[0].when"],
        ["team.yaml:2", "$.pools.sdr.members[0].when"],
    ]


@pytest.mark.parametrize(
    ("activity", "told"),
    [
        pytest.param("points: 2", True, id="without any cap"),
        pytest.param("points: 2, points_max: 40", True, id="with a cap at the bar"),
        pytest.param("points: 2, points_max: 39", False, id="with a cap below the bar"),
        pytest.param("points: 2, group: web", False, id="in a group that is capped below the bar"),
        pytest.param("points: 2, group: all", True, id="in a group that is capped above the bar"),
        pytest.param("points: 2, points_max: 50, group: web", False, id="capped by its group"),
        pytest.param("points: 2, once: true", False, id="counted once"),
        pytest.param("points: 2, high_intent: true", False, id="of high intent"),
        pytest.param("points: -2", False, id="of negative points"),
        pytest.param("points: 0", False, id="of no points"),
    ],
)
def test_a_low_activity_that_qualifies_by_repetition_is_told(
    found: Said, activity: str, told: bool
) -> None:
    scoring = (
        "mql: {fit_min: 40, behaviour_min: 40}\n"
        "behaviour:\n  groups: {web: {points_max: 30}, all: {points_max: 90}}\n  activities:\n"
        f"    demo_request: {{half_life: 7d, {activity}}}\n"
    )
    said = [line for line in found(scoring=scoring) if "alone can qualify" in line]
    assert bool(said) is told
    assert all(": repeating demo_request alone" in line for line in said)


@pytest.mark.parametrize(
    ("assign", "sla", "told"),
    [
        pytest.param("{track: welcome-nurture}", "hot", True, id="of a track"),
        pytest.param("{track: welcome-nurture}", "accept", False, id="of a track, the usual"),
        pytest.param("{pool: sdr}", "hot", False, id="of a pool"),
    ],
)
def test_an_sla_that_nobody_meets_is_told(routed: Said, assign: str, sla: str, told: bool) -> None:
    found = routed(f"{{name: x, when: 'employees < 3', assign: {assign}, sla: {sla}}}")
    assert bool(found) is told


def test_what_needs_a_model_is_told(routed: Said) -> None:
    found = routed("{name: x, when: 'score.win_probability >= 0.2', assign: {pool: sdr}}")
    assert len(found) == 1
    assert "there is no model, so score.win_probability is null" in found[0]


def test_a_table_that_no_route_uses_and_a_test_file_without_tests_are_told(
    rule_files: Callable[..., dict[str, bytes]],
) -> None:
    files = rule_files() | {"more.csv": b"country,pool\n", "more_test.yaml": b"# later\n"}
    assert [(f.file, f.severity) for f in check(source_of(files))] == [
        ("more.csv", Severity.FINDING),
        ("more_test.yaml", Severity.FINDING),
    ]


def test_findings_are_told_in_the_order_of_files_and_lines(source: Callable[..., Source]) -> None:
    team = (
        "reps: {ed: {}, al: {}, anna: {}, carla: {}}\n"
        "pools: {sdr: {members: []}, executives: {members: []}}\n"
    )
    found = check(source(team=team, routing_test="[]"))
    assert [(f.file, f.line) for f in found] == sorted((f.file, f.line) for f in found)
    assert {f.file for f in found} == {"routing_test.yaml", "team.yaml"}


def test_a_folder_with_mistakes_is_told_its_mistakes_only(source: Callable[..., Source]) -> None:
    found = check(source(team="reps: {ed: {}}\npools: {sdr: {members: []}}\n", routing_test="[]"))
    assert {f.severity for f in found} == {Severity.MISTAKE}
    assert any("unknown pool 'executives'" in f.what for f in found)
