"""`leadscoring rules test`: coverage, golden expectations and JUnit."""

import json
import os
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from scoring_service.cli.rules.junit import junit
from scoring_service.policy.rule_tests import TestOutcome

BASE = Path(__file__).parents[2] / "golden" / "base"
FILE = "routing_test.yaml"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A small folder with one test, which may be spoilt."""
    return Path(shutil.copytree(BASE, tmp_path / "rules"))


def _rewrite(rules: Path, old: str, new: str) -> str:
    """The test file with something else in it, and that text."""
    text = (rules / FILE).read_text()
    assert old in text
    (rules / FILE).write_text(text.replace(old, new))
    return text.replace(old, new)


def _rows(rules: Path, number: int) -> None:
    more = "".join(f"C{n},,executives\n" for n in range(number))
    with (rules / "territories.csv").open("a") as file:
        file.write(more)


def test_what_no_test_exercised_is_said_with_its_place(run: Any, rules: Path) -> None:
    said = run("rules", "test", rules).stdout
    assert said.splitlines()[1:] == [
        "routes 1 of 5: never exercised: owned (routing.yaml:2), asked (routing.yaml:3),"
        " small (routing.yaml:5), otherwise (routing.yaml:6)",
        "rows 1 of 3: never exercised: by territory rows 2-3 (territories.csv:3-4)",
        "fit 0 of 2: never exercised: size (scoring.yaml:2), plan (scoring.yaml:3)",
        "disqualify 0 of 1: never exercised: rival (scoring.yaml:12)",
        "members 0 of 1: never exercised: ben in sdr (team.yaml:7)",
        "fallbacks 0 of 1: never exercised: sdr -> executives (team.yaml:9)",
        "all 2 of 13 exercised by tests (15.3 %)",
    ]


def test_many_that_are_missing_are_counted_and_rows_are_a_range(run: Any, rules: Path) -> None:
    _rows(rules, 2000)
    fit = "".join(f"  - {{name: f{n}, when: 'employees >= {n}', points: 1}}\n" for n in range(9))
    scoring = (rules / "scoring.yaml").read_text()
    (rules / "scoring.yaml").write_text(scoring.replace("fit:\n", f"fit:\n{fit}"))
    said = run("rules", "test", rules).stdout
    assert (
        "rows 1 of 2003: never exercised: by territory rows 2-2003 (territories.csv:3-2004)" in said
    )
    assert "f4 (scoring.yaml:6) and 6 more\n" in said


def test_details_name_the_tests_of_every_part(run: Any, rules: Path) -> None:
    said = run("rules", "test", rules, "--coverage").stdout.splitlines()
    assert "  by territory (routing.yaml:4): routing_test.yaml:1" in said
    assert "  by territory, row 1 (territories.csv:2): routing_test.yaml:1" in said
    assert "  never: by territory rows 2-3 (territories.csv:3-4)" in said
    assert "  never: rival (scoring.yaml:12)" in said


def test_coverage_can_be_read_by_machines(run: Any, rules: Path) -> None:
    said = json.loads(run("rules", "test", rules, "--json", "--cover-min", "90").stdout)
    assert said["coverage"]["shares"]["rows"] == {"exercised": 1, "total": 3, "percent": 33.3}
    assert said["coverage"]["parts"][0] == {
        "kind": "routes", "name": "owned", "place": "routing.yaml:2", "tests": [],
    }  # fmt: skip
    assert said["lacking"] == ["the tests exercise 15.3 % of the policy, less than 90 %"]


@pytest.mark.parametrize(
    ("least", "code"),
    [
        pytest.param(["15"], 0, id="as much as is wanted"),
        pytest.param(["15.4"], 1, id="a little less"),
        pytest.param(["routes=20", "rows=33.3"], 0, id="of each kind as much as is wanted"),
        pytest.param(["routes=20", "fit=1"], 1, id="less of one kind"),
        pytest.param(["all"], 2, id="no percentage"),
        pytest.param(["101"], 2, id="more than everything"),
        pytest.param(["nan"], 2, id="no number"),
        pytest.param(["roots=5"], 2, id="no kind"),
    ],
)
def test_a_minimum_is_exit_1_below_it(run: Any, rules: Path, least: list[str], code: int) -> None:
    words = [word for one in least for word in ("--cover-min", one)]
    done = run("rules", "test", rules, *words)
    assert done.exit_code == code, done.output
    assert ("less than" in done.stderr) == (code == 1)


def test_an_update_writes_what_came_out_and_shows_it(run: Any, rules: Path) -> None:
    text = _rewrite(rules, "pool: executives, owner: carla", "pool: sdr, owner: ben")
    assert run("rules", "test", rules).exit_code == 1
    assert (rules / FILE).read_text() == text
    done = run("rules", "test", rules, "--update")
    assert done.exit_code == 0, done.output
    assert "-  expect: {route: by territory, pool: sdr, owner: ben}" in done.stdout
    assert "+  expect: {route: by territory, pool: executives, owner: carla}" in done.stdout
    assert "rewritten: routing_test.yaml" in done.stderr
    assert (rules / FILE).read_bytes() == (BASE / FILE).read_bytes()


def test_an_update_without_a_difference_writes_nothing(run: Any, rules: Path) -> None:
    before = (rules / FILE).stat().st_mtime_ns
    done = run("rules", "test", rules, "--update")
    assert done.exit_code == 0
    assert "no expectation differs, nothing was written" in done.stderr
    assert (rules / FILE).stat().st_mtime_ns == before


def test_an_update_keeps_stdout_for_machines(run: Any, rules: Path) -> None:
    _rewrite(rules, "owner: carla", "owner: ben")
    done = run("rules", "test", rules, "--update", "--json")
    assert json.loads(done.stdout)["failed"] == 0
    assert "+  expect:" in done.stderr


def test_a_folder_that_does_not_load_is_not_updated(run: Any, rules: Path) -> None:
    text = _rewrite(rules, "owner: carla", "owner: nobody")
    done = run("rules", "test", rules, "--update")
    assert done.exit_code == 1
    assert "unknown rep 'nobody'" in done.stdout
    assert (rules / FILE).read_text() == text


def test_what_cannot_be_edited_alone_is_left_to_people(run: Any, rules: Path) -> None:
    text = (
        "- {it: x, lead: {country: US}, expect: &e {row: 1}}\n"
        "- {it: y, lead: {country: JP}, expect: *e}\n"
    )
    (rules / FILE).write_text(text)
    done = run("rules", "test", rules, "--update")
    assert done.exit_code == 2
    assert "edit it by hand" in done.stderr
    assert (rules / FILE).read_text() == text


@pytest.mark.parametrize("kind", ["a symbolic link", "read-only"])
def test_a_file_that_may_not_be_written_is_said(run: Any, rules: Path, kind: str) -> None:
    text = _rewrite(rules, "owner: carla", "owner: ben")
    if kind == "read-only":
        (rules / FILE).chmod(0o444)
    else:
        shutil.move(rules / FILE, rules.parent / FILE)
        os.symlink(rules.parent / FILE, rules / FILE)
    done = run("rules", "test", rules, "--update")
    assert done.exit_code == 2
    assert f"{FILE} is {kind}, so nothing was written" in done.stderr
    assert (rules / FILE).read_text() == text


def test_junit_has_a_suite_for_each_file_and_a_case_for_each_test(run: Any, rules: Path) -> None:
    (rules / "a_test.yaml").write_text(
        "- {it: fails, lead: {country: US}, expect: {row: 1, pool: sdr}}\n"
    )
    assert run("rules", "test", rules, "--junit", "junit.xml").exit_code == 1
    root = ElementTree.parse("junit.xml").getroot()
    assert root.attrib == {
        "name": "leadscoring rules test", "tests": "2", "failures": "1", "errors": "0",
    }  # fmt: skip
    assert [suite.get("name") for suite in root] == ["a_test.yaml", FILE]
    failed, passed = root.findall("testsuite/testcase")
    assert (failed.get("name"), failed.get("file"), failed.get("line")) == (
        "fails",
        "a_test.yaml",
        "1",
    )
    assert list(passed) == []
    (failure,) = failed
    assert failure.get("message") == "row: expected 1, came 3; pool: expected sdr, came executives"
    assert failure.text is not None
    assert "row: expected 1, came 3\npool: expected sdr" in failure.text
    assert "time" not in failed.attrib


def test_junit_for_the_terminal_leaves_stdout_to_it(run: Any, rules: Path) -> None:
    done = run("rules", "test", rules, "--junit", "-")
    assert ElementTree.fromstring(done.stdout).get("tests") == "1"
    assert "ok   routing_test.yaml:1" in done.stderr
    assert run("rules", "test", rules, "--junit", "-", "--json").exit_code == 2


def test_junit_of_a_folder_that_does_not_load_has_its_mistakes(run: Any, rules: Path) -> None:
    (rules / "team.yaml").unlink()
    done = run("rules", "test", rules, "--junit", "-")
    assert done.exit_code == 1
    root = ElementTree.fromstring(done.stdout)
    assert int(root.attrib["errors"]) == len(root.findall("testsuite/testcase/error")) >= 1
    assert "team.yaml" in done.stdout


def test_a_place_where_junit_cannot_be_written_is_said(run: Any, rules: Path) -> None:
    done = run("rules", "test", rules, "--junit", "nowhere/junit.xml")
    assert done.exit_code == 2
    assert "nowhere/junit.xml cannot be written" in done.stderr


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("<b> & \"quoted\" 'too' ]]>", id="signs of XML"),
        pytest.param("a bell \x07 and \ufffe", id="what XML cannot hold"),
        pytest.param("Müller, 北京, 🦊\nsecond line", id="other scripts and lines"),
    ],
)
def test_hostile_names_are_escaped(name: str) -> None:
    text = junit([TestOutcome(name, "x_test.yaml", 3, False, (f"owner: expected {name}",))])
    case = ElementTree.fromstring(text).find("testsuite/testcase")
    assert case is not None
    shown = name.replace("\x07", "\\x07").replace("\ufffe", "\\ufffe")
    assert case.get("name") == shown
    assert case[0].get("message") == f"owner: expected {shown}"
