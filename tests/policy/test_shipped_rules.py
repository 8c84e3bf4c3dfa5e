"""The rules that come with the program: nothing to be said of them, their tests pass."""

from datetime import date
from pathlib import Path

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.decide import decide
from scoring_service.policy.check import check
from scoring_service.policy.files.folder import NEEDED, OPTIONAL, is_test
from scoring_service.policy.load import load
from scoring_service.policy.rule_tests import facts_of, run, written_tests
from scoring_service.policy.source import Source, source_of
from scoring_service.values.facts import MemberFacts, PoolFacts

ROOT = Path(__file__).parent.parent.parent
FOLDERS = [
    pytest.param(ROOT / "rules", id="the starter rules"),
    pytest.param(ROOT / "examples" / "demo" / "rules", id="the rules of the demo"),
]
EVERY = pytest.mark.parametrize("folder", FOLDERS)


def source_in(folder: Path) -> Source:
    return source_of({file.name: file.read_bytes() for file in folder.iterdir()})


@EVERY
def test_checking_says_nothing(folder: Path) -> None:
    assert [str(finding) for finding in check(source_in(folder))] == []


@EVERY
def test_their_tests_pass(folder: Path) -> None:
    source = source_in(folder)
    found = run(load(source), source)
    assert len(found) >= 10
    assert [str(outcome) for outcome in found if not outcome.passed] == []


@EVERY
def test_every_file_that_there_may_be_is_there(folder: Path) -> None:
    """All but experiments: one that is shipped would run with nobody who asked for it."""
    names = {file.name for file in folder.iterdir()}
    assert names >= {*NEEDED, *OPTIONAL} - {"experiments.yaml"}
    assert any(map(is_test, names))


def reached(policy: Policy, source: Source) -> set[tuple[str, int | None]]:
    """The routes and rows by which some test's lead is decided."""

    def empty(pool: str) -> PoolFacts:
        members = tuple(MemberFacts(one.rep_id) for one in policy.pools[pool].members)
        return PoolFacts(pool, members, next_draw=1)

    tests = written_tests(policy, source)
    decisions = [decide(policy, facts_of(policy, test), empty) for test in tests]
    return {(decision.route, decision.row) for decision in decisions}


@EVERY
def test_every_written_route_is_reached_by_a_test(folder: Path) -> None:
    source = source_in(folder)
    policy = load(source)
    found = {name for name, _ in reached(policy, source)}
    assert {route.name for route in policy.routes.routes} <= found | {"otherwise"}


def test_a_reader_is_told_what_each_starter_file_is_for() -> None:
    for file in (ROOT / "rules").glob("*.yaml"):
        assert file.read_text().startswith("# "), file.name


@pytest.mark.parametrize(
    ("file", "old", "new", "fails"),
    [
        pytest.param("routing.yaml", "sla: hot", "sla: accept", 3, id="a hot SLA that is dropped"),
        pytest.param("territories.csv", "US|CA,>=1000,enterprise\n", "", 1, id="a row is lost"),
        pytest.param("scoring.yaml", "points: 60, ", "points: 30, ", 5, id="points are halved"),
        pytest.param("team.yaml", "{rep: anna, weight: 2}, ", "", 1, id="a rep leaves a pool"),
    ],
)
def test_the_starter_tests_notice_a_change(file: str, old: str, new: str, fails: int) -> None:
    files = {path.name: path.read_bytes() for path in (ROOT / "rules").iterdir()}
    assert old.encode() in files[file]
    source = source_of(files | {file: files[file].replace(old.encode(), new.encode())})
    outcomes = run(load(source), source)
    assert sum(not outcome.passed for outcome in outcomes) >= min(fails, 1)


def test_the_leave_in_the_starter_rules_is_over() -> None:
    policy = load(source_in(ROOT / "rules"))
    ends = [leave.last for rep in policy.reps.values() for leave in rep.leave]
    assert ends
    assert max(ends) < date(2026, 1, 1), "a stranger's first lead should find everybody at work"
