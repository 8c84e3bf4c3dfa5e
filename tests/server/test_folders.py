"""Folders that come with the program, and what is read of a rules folder."""

from pathlib import Path

import pytest

from scoring_service.server.folders import FILE_BYTES_MAX, files_below, rule_files, shipped
from scoring_service.server.start_problem import StartProblem


def test_the_starter_rules_come_along_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules").mkdir()
    monkeypatch.chdir(tmp_path)
    assert (shipped("rules") / "routing.yaml").is_file()
    assert shipped("examples").is_dir()


def test_a_folder_that_does_not_come_along_is_told() -> None:
    with pytest.raises(StartProblem, match="the recipes folder that comes with leadscoring"):
        shipped("recipes")


def test_rule_files_are_read_and_notes_are_not(tmp_path: Path) -> None:
    for name in ("team.yaml", "t.csv", "scoring.yml", "README.md", ".team.yaml.swp", "team.yaml~"):
        (tmp_path / name).write_text(name)
    (tmp_path / "old.yaml").mkdir()
    found = rule_files(tmp_path)
    assert found["team.yaml"] == b"team.yaml"
    assert {"team.yaml", "t.csv", "scoring.yml"} <= set(found)
    assert not {"README.md", ".team.yaml.swp", "old.yaml"} & set(found)


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert rule_files(tmp_path) == {}


@pytest.mark.parametrize("name", ["nowhere", "a-file"])
def test_what_is_no_folder_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(StartProblem, match=f"there is no rules folder at .*{name}"):
        rule_files(tmp_path / name)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "team.yaml").symlink_to("/proc/self/mem")
    with pytest.raises(StartProblem, match="cannot read the rules folder"):
        rule_files(tmp_path)


def test_files_may_be_links_as_they_are_where_folders_are_mounted(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "team.yaml").write_text("x")
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "team.yaml").symlink_to(tmp_path / "data" / "team.yaml")
    assert rule_files(rules) == {"team.yaml": b"x"}


@pytest.mark.parametrize(
    ("size", "read"),
    [
        pytest.param(FILE_BYTES_MAX, FILE_BYTES_MAX, id="as large as may be, whole"),
        pytest.param(FILE_BYTES_MAX + 1, FILE_BYTES_MAX + 1, id="a byte larger, for its refusal"),
        pytest.param(8 * FILE_BYTES_MAX, FILE_BYTES_MAX + 1, id="far larger, no more of it"),
    ],
)
def test_no_more_is_read_than_is_needed_to_refuse_a_file(
    tmp_path: Path, size: int, read: int
) -> None:
    with (tmp_path / "t.csv").open("wb") as file:
        file.truncate(size)
    assert len(rule_files(tmp_path)["t.csv"]) == read


def test_the_largest_file_is_a_table_of_64_mib() -> None:
    assert FILE_BYTES_MAX == 64 << 20


def test_rule_files_in_folders_below_are_named_and_nothing_else(tmp_path: Path) -> None:
    for name in (
        "team.yaml", "emea/routing.yaml", "emea/README.md", "emea/deep/team.yaml",
        "archive/old.csv", ".git/config.yaml", "empty/.keep",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert files_below(tmp_path) == ("archive/old.csv", "emea/routing.yaml")
    assert set(rule_files(tmp_path)) == {"team.yaml"}
