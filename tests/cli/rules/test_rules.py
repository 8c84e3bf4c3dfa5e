"""`leadscoring rules check` and `test`: what is said, and the exit codes that scripts rely on."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

DEMO_RULES = Path(__file__).parents[3] / "examples" / "demo" / "rules"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the demo's rules that may be spoilt."""
    return Path(shutil.copytree(DEMO_RULES, tmp_path / "rules"))


def _spoil(rules: Path, file: str, old: str, new: str) -> None:
    text = (rules / file).read_text(encoding="utf-8")
    assert old in text
    (rules / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_folder_without_mistakes_checks_with_exit_0(run: Any, rules: Path) -> None:
    checked = run("rules", "check", rules)
    assert checked.exit_code == 0, checked.output
    assert checked.stdout == ""
    assert "the folder loads: 0 mistakes, 0 findings" in checked.stderr


def test_a_mistake_is_said_with_its_place_and_remedy_and_exit_1(run: Any, rules: Path) -> None:
    _spoil(rules, "routing.yaml", "when:", "wenn:")
    checked = run("rules", "check", rules)
    assert checked.exit_code == 1
    assert "mistake routing.yaml:" in checked.stdout
    assert "did you mean 'when'?" in checked.stdout
    assert "does not load" in checked.stderr


def test_a_finding_alone_is_exit_1_and_the_folder_loads(run: Any, rules: Path) -> None:
    (rules / "scoring_test.yaml").write_text("[]\n")
    checked = run("rules", "check", rules)
    assert checked.exit_code == 1
    assert checked.stdout.startswith("finding scoring_test.yaml:")
    assert "the folder loads" in checked.stderr


def test_a_check_can_be_read_by_machines(run: Any, rules: Path) -> None:
    _spoil(rules, "team.yaml", "zone: America/Chicago", "zone: America/Chikago")
    said = json.loads(run("rules", "check", rules, "--json").stdout)
    assert said["loads"] is False
    (found,) = said["findings"]
    assert found["file"] == "team.yaml"
    assert found["severity"] == "mistake"
    assert found["line"] > 0
    assert {"path", "what", "remedy"} <= found.keys()


def test_nothing_wrong_is_an_empty_list_for_machines(run: Any, rules: Path) -> None:
    assert json.loads(run("rules", "check", rules, "--json").stdout) == {
        "loads": True,
        "findings": [],
    }


def test_the_folder_may_be_given_as_an_option_like_everywhere_else(run: Any, rules: Path) -> None:
    assert run("rules", "check", "--rules", rules).exit_code == 0
    assert run("rules", "check", LEADSCORING_RULES=str(rules)).exit_code == 0


@pytest.mark.parametrize("verb", ["check", "test"])
def test_without_a_folder_it_is_a_usage_error(run: Any, verb: str) -> None:
    refused = run("rules", verb)
    assert refused.exit_code == 2
    assert "DIR" in refused.output


def test_tests_that_pass_are_exit_0(run: Any, rules: Path) -> None:
    tested = run("rules", "test", rules)
    assert tested.exit_code == 0, tested.output
    assert tested.stdout.count("ok  ") >= 4
    assert "0 failed" in tested.stderr


def test_a_test_that_fails_says_what_came_instead_and_exit_1(run: Any, rules: Path) -> None:
    _spoil(rules, "routing_test.yaml", "owner: vicki-laflamme}\n", "owner: anna-snelling}\n")
    tested = run("rules", "test", rules)
    assert tested.exit_code == 1
    assert "FAIL routing_test.yaml:" in tested.stdout
    assert "owner: expected anna-snelling, came vicki-laflamme" in tested.stdout
    assert "1 failed" in tested.stderr


def test_a_folder_without_tests_is_not_taken_for_a_tested_one(run: Any, rules: Path) -> None:
    for file in rules.glob("*_test.yaml"):
        file.unlink()
    tested = run("rules", "test", rules)
    assert tested.exit_code == 1
    assert "no test was found" in tested.stderr


def test_rules_that_do_not_load_are_not_tested(run: Any, rules: Path) -> None:
    (rules / "team.yaml").unlink()
    tested = run("rules", "test", rules)
    assert tested.exit_code == 1
    assert "mistake team.yaml:1:" in tested.stdout
    assert json.loads(run("rules", "test", rules, "--json").stdout)["loads"] is False


def test_test_results_can_be_read_by_machines(run: Any, rules: Path) -> None:
    said = json.loads(run("rules", "test", rules, "--json").stdout)
    assert said["failed"] == 0
    assert said["passed"] == len(said["tests"]) >= 4
    assert len(said["revision"]) == 16
    assert {"it", "file", "line", "passed", "differences"} == said["tests"][0].keys()
