"""Whose commit gave the rules that decided their content; without git nothing fails."""

import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from scoring_service.cli.rules.git import COMMITS_MAX, found_in_git

Commit = Callable[..., str]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, whatever is configured on this machine, with a folder of rules."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    folder = tmp_path / "repository"
    (folder / "rules").mkdir(parents=True)
    git(folder, "init", "-q")
    return folder


@pytest.fixture
def commit(repository: Path) -> Commit:
    """Writes files of the rules and commits them; the hash of the commit."""

    def made(author: str, subject: str, **files: str) -> str:
        for name, content in files.items():
            (repository / "rules" / f"{name}.yaml").write_text(content)
        git(repository, "add", "-A")
        who = ("-c", f"user.name={author}", "-c", "user.email=a@example.com")
        git(repository, *who, "commit", "-q", "-m", subject, "--date=2026-03-02T09:00:00+01:00")
        return git(repository, "rev-parse", "HEAD").strip()

    return made


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, check=True
    )
    return done.stdout


def hashes(**files: str) -> dict[str, str]:
    return {
        f"{name}.yaml": hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()
    }


def test_the_commit_that_last_changed_the_files_is_found(repository: Path, commit: Commit) -> None:
    commit("Ann", "first", team="a", routing="b")
    mine = commit("Olga Novák", "Raise the bar", team="a2")
    (repository / "README.md").write_text("not rules")
    commit("Bob", "no rules")
    found = found_in_git(repository / "rules", hashes(team="a2", routing="b"))
    assert found.commit is not None
    assert (found.commit.commit, found.commit.author) == (mine, "Olga Novák")
    assert (found.commit.at, found.commit.subject) == (
        "2026-03-02T09:00:00+01:00",
        "Raise the bar",
    )
    assert found.sentence == (
        f"The rules that decided were last changed by commit {mine[:10]} of Olga Novák,"
        ' 2026-03-02T09:00:00+01:00: "Raise the bar".'
    )


def test_rules_that_were_changed_since_are_found_in_the_history(
    repository: Path, commit: Commit
) -> None:
    first = commit("Ann", "first", team="a")
    commit("Bob", "second", team="b")
    found = found_in_git(repository / "rules", hashes(team="a"))
    assert found.commit is not None
    assert found.commit.commit == first
    assert found.sentence.endswith(f"The files in {repository / 'rules'} have changed since.")


def test_a_file_more_is_other_rules(repository: Path, commit: Commit) -> None:
    commit("Ann", "first", team="a", experiments="x")
    assert found_in_git(repository / "rules", hashes(team="a")).commit is None


def test_what_is_no_rule_file_does_not_matter(repository: Path, commit: Commit) -> None:
    (repository / "rules" / "notes.md").write_text("notes")
    (repository / "rules" / "old").mkdir()
    (repository / "rules" / "old" / "team.yaml").write_text("old")
    first = commit("Ann", "first", team="a")
    found = found_in_git(repository / "rules", hashes(team="a"))
    assert found.commit is not None
    assert found.commit.commit == first


def test_rules_that_nobody_committed_are_said_to_be_so(repository: Path, commit: Commit) -> None:
    commit("Ann", "first", team="a")
    (repository / "rules" / "team.yaml").write_text("b")
    found = found_in_git(repository / "rules", hashes(team="b"))
    assert found.commit is None
    assert found.sentence.endswith("and not committed.")


def test_rules_of_elsewhere_are_said_to_be_so(repository: Path, commit: Commit) -> None:
    commit("Ann", "first", team="a")
    found = found_in_git(repository / "rules", hashes(team="c"))
    assert found.commit is None
    assert found.sentence.endswith("nor in the newest 1 commits of it.")
    assert COMMITS_MAX == 50


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("", "git is not installed", id="without git"),
        pytest.param(None, "is in no git repository that can be read", id="outside a repository"),
    ],
)
def test_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str | None, why: str
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    if path is not None:
        monkeypatch.setenv("PATH", path)
    found = found_in_git(tmp_path, hashes(team="a"))
    assert found.commit is None
    assert why in found.sentence
    assert found.row() == {"commit": None, "sentence": found.sentence}


def test_a_repository_without_a_commit_fails_neither(repository: Path) -> None:
    found = found_in_git(repository / "rules", hashes(team="a"))
    assert found.commit is None
