"""Which commit gave rule files their content, where the rules folder is in a git work tree.

Nothing here fails: without git, outside a repository, or where git takes too long it is said so.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from scoring_service.policy.files.folder import belongs
from scoring_service.server.folders import rule_files
from scoring_service.server.start_problem import StartProblem

COMMITS_MAX = 50
"""Commits that are looked at, those that last changed the folder first."""

SECONDS_MAX = 5.0
_UNIT = "\x1f"
_FORMAT = _UNIT.join(("%H", "%an", "%aI", "%s"))


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its hash, author, instant as ISO 8601 with its offset, and first line."""

    commit: str
    author: str
    at: str
    subject: str


@dataclass(frozen=True, slots=True)
class InGit:
    """The commit that last changed the files, None where none is found; and all of it in words."""

    commit: Commit | None
    sentence: str

    def row(self) -> dict[str, object]:
        """For machines."""
        return {"commit": asdict(self.commit) if self.commit else None, "sentence": self.sentence}


class _NoGit(Exception):
    """Git cannot be asked; the message says why."""


def found_in_git(folder: Path, files: Mapping[str, str]) -> InGit:
    """The latest commit of a folder in which its rule files are these: SHA-256 by name."""
    try:
        commits = _commits(folder)
        blobs = _Blobs(folder)
        found = next((one for one in commits if blobs.of(one) == files), None)
    except _NoGit as why:
        return InGit(None, f"Who wrote the rules is not known: {why}.")
    return _said(folder, found, len(commits), _on_disk(folder) == files)


def _said(folder: Path, found: Commit | None, looked_at: int, is_on_disk: bool) -> InGit:
    if found is not None:
        later = "" if is_on_disk else f" The files in {folder} have changed since."
        by = f'commit {found.commit[:10]} of {found.author}, {found.at}: "{found.subject}"'
        return InGit(found, f"The rules that decided were last changed by {by}.{later}")
    if is_on_disk:
        return InGit(None, f"The rules that decided are those in {folder}, and not committed.")
    newest = f"the newest {looked_at} commits" if looked_at else "any commit"
    return InGit(None, f"The rules that decided are neither in {folder} nor in {newest} of it.")


def _on_disk(folder: Path) -> dict[str, str]:
    try:
        return {name: _hash(content) for name, content in rule_files(folder).items()}
    except StartProblem:
        return {}


def _commits(folder: Path) -> list[Commit]:
    asked = ("log", f"-{COMMITS_MAX}", f"--format={_FORMAT}", "--", ".")
    lines = _git(folder, *asked).decode(errors="replace").splitlines()
    return [Commit(*line.split(_UNIT, 3)) for line in lines if line.count(_UNIT) >= 3]


class _Blobs:
    """The hashes of a folder's rule files in a commit; each content is read once."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._known = folder, dict[str, str]()

    def of(self, commit: Commit) -> dict[str, str]:
        """SHA-256 by name."""
        blobs = dict(self._listed(commit))
        self._read(sorted({blob for blob in blobs.values() if blob not in self._known}))
        return {name: self._known[blob] for name, blob in blobs.items()}

    def _listed(self, commit: Commit) -> Iterator[tuple[str, str]]:
        """Names and blobs of `mode blob HASH<tab>name`."""
        found = _git(self._folder, "ls-tree", "-z", commit.commit).decode(errors="replace")
        for entry in filter(None, found.split("\0")):
            about, _, name = entry.partition("\t")
            _, kind, blob = about.split(" ")
            if kind == "blob" and belongs(name):
                yield name, blob

    def _read(self, blobs: list[str]) -> None:
        for blob in blobs:
            self._known[blob] = _hash(_git(self._folder, "cat-file", "blob", blob))


def _git(folder: Path, *words: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise _NoGit("git is not installed")
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours, the folder is the user's own
            [git, "-C", str(folder), *words],
            capture_output=True,
            timeout=SECONDS_MAX,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise _NoGit("git does not answer") from None
    if done.returncode:
        raise _NoGit(f"{folder} is in no git repository that can be read")
    return done.stdout


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
