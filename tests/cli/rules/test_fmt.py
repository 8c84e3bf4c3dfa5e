"""`leadscoring rules fmt`: what is written, what is only said, and the exit codes."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

DEMO_RULES = Path(__file__).parents[3] / "examples" / "demo" / "rules"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the demo's rules, in one file of which something is to be laid out."""
    folder = Path(shutil.copytree(DEMO_RULES, tmp_path / "rules"))
    file = folder / "lifecycle.yaml"
    file.write_text(file.read_text().replace("{accept: 4bh, hot", "{ accept:  4bh,hot"))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_files_are_laid_out_and_named_and_others_left_alone(run: Any, rules: Path) -> None:
    before = {file.name: file.stat().st_mtime_ns for file in rules.iterdir()}
    done = run("rules", "fmt", rules)
    assert done.exit_code == 0, done.output
    assert done.stdout == "laid out lifecycle.yaml\n"
    assert "1 files changed, 9 are laid out" in done.stderr
    assert contents(rules) == contents(DEMO_RULES)
    after = {file.name: file.stat().st_mtime_ns for file in rules.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"lifecycle.yaml"}


def test_a_second_time_changes_nothing(run: Any, rules: Path) -> None:
    run("rules", "fmt", rules)
    again = run("rules", "fmt", rules)
    assert (again.exit_code, again.stdout) == (0, "")
    assert run("rules", "fmt", rules, "--check").exit_code == 0


def test_a_check_writes_nothing_and_is_exit_1(run: Any, rules: Path) -> None:
    before = contents(rules)
    checked = run("rules", "fmt", rules, "--check")
    assert checked.exit_code == 1
    assert checked.stdout == "would lay out lifecycle.yaml\n"
    assert contents(rules) == before


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param([], 0, id="a diff alone is exit 0"),
        pytest.param(["--check"], 1, id="a diff with a check is exit 1"),
    ],
)
def test_a_diff_writes_nothing(run: Any, rules: Path, more: list[str], code: int) -> None:
    before = contents(rules)
    shown = run("rules", "fmt", rules, "--diff", *more)
    assert shown.exit_code == code
    assert "--- a/lifecycle.yaml\n+++ b/lifecycle.yaml\n" in shown.stdout
    assert "-slas: { accept:  4bh,hot" in shown.stdout
    assert "+slas: {accept: 4bh, hot" in shown.stdout
    assert contents(rules) == before


def test_a_file_that_cannot_be_read_is_named_and_left_and_is_exit_1(run: Any, rules: Path) -> None:
    (rules / "team.yaml").write_text("reps:\n  anna: [\n")
    done = run("rules", "fmt", rules)
    assert done.exit_code == 1
    assert "mistake team.yaml:2: $: this is not YAML" in done.stderr
    assert (rules / "team.yaml").read_text() == "reps:\n  anna: [\n"
    assert (rules / "lifecycle.yaml").read_bytes() == (DEMO_RULES / "lifecycle.yaml").read_bytes()


@pytest.mark.parametrize(
    ("more", "written", "code"),
    [
        pytest.param([], True, 0, id="what-was-laid-out"),
        pytest.param(["--check"], False, 1, id="what-a-check-found"),
        pytest.param(["--diff"], False, 0, id="what-would-change"),
    ],
)
def test_machines_are_told_the_same(
    run: Any, rules: Path, more: list[str], written: bool, code: int
) -> None:
    shown = run("rules", "fmt", rules, "--diff").stdout
    done = run("rules", "fmt", rules, "--json", *more)
    assert (done.exit_code, done.stderr) == (code, "")
    file = {"file": "lifecycle.yaml", "diff": shown}
    assert json.loads(done.stdout) == {"written": written, "files": [file], "mistakes": []}
    assert (contents(rules) == contents(DEMO_RULES)) is written


def test_machines_are_told_of_a_file_that_cannot_be_read(run: Any, rules: Path) -> None:
    (rules / "team.yaml").write_text("reps:\n  anna: [\n")
    done = run("rules", "fmt", rules, "--json")
    assert done.exit_code == 1
    (mistake,) = json.loads(done.stdout)["mistakes"]
    assert (mistake["file"], mistake["line"], mistake["path"]) == ("team.yaml", 2, "$")
    assert "this is not YAML" in mistake["what"]


def test_a_symbolic_link_is_not_replaced_and_nothing_is_written(run: Any, rules: Path) -> None:
    real = rules / "lifecycle.yaml"
    elsewhere = rules.parent / "lifecycle.yaml"
    shutil.move(real, elsewhere)
    os.symlink(elsewhere, real)
    (rules / "attributes.yaml").write_text("age:   {type:  integer}\n")
    refused = run("rules", "fmt", rules)
    assert refused.exit_code == 2
    assert "lifecycle.yaml is a symbolic link, so nothing was written" in refused.stderr
    assert real.is_symlink()
    assert (rules / "attributes.yaml").read_text() == "age:   {type:  integer}\n"


def test_a_read_only_file_is_refused(run: Any, rules: Path) -> None:
    (rules / "lifecycle.yaml").chmod(0o444)
    refused = run("rules", "fmt", rules)
    assert refused.exit_code == 2
    assert "lifecycle.yaml is read-only, so nothing was written" in refused.stderr


def test_the_mode_of_a_file_stays_and_nothing_temporary_is_left(run: Any, rules: Path) -> None:
    (rules / "lifecycle.yaml").chmod(0o640)
    names = {file.name for file in rules.iterdir()}
    assert run("rules", "fmt", rules).exit_code == 0
    assert (rules / "lifecycle.yaml").stat().st_mode & 0o777 == 0o640
    assert {file.name for file in rules.iterdir()} == names


def test_without_a_folder_it_is_a_usage_error(run: Any) -> None:
    assert run("rules", "fmt").exit_code == 2
    assert "there is no rules folder at nowhere" in run("rules", "fmt", "nowhere").stderr
