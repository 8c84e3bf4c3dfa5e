"""The walk of docs/ops.md from a spreadsheet to a live change, gone as it stands there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from urllib.request import urlopen

import pytest

from scoring_service.cli.rules.folder import source_in

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "ops.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"<!-- (?P<mark>the walk|says|saved as|added to)(?: (?P<file>[\w./-]+))? -->\n"
    r"```\w*\n(?P<text>.*?)```",
    re.DOTALL,
)
SERVE = "leadscoring serve "
GIT = shutil.which("git")
PATIENCE = 30.0
ANY_PORTS = ["--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"]
WHO = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "Olga Novak"), ("EMAIL", "olga@example.com"))
}


class Walk:
    """One who does what the page says, in a folder with the starter rules under git."""

    def __init__(self, place: Path) -> None:
        self.place, self.said, self.http = place, "", ""
        kept = {name: value for name, value in os.environ.items() if "LEADSCORING" not in name}
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = kept | WHO | {"PATH": programs, "PYTHONUNBUFFERED": "1"}
        self.serving: subprocess.Popen[str] | None = None
        self.served = ""

    def do(self, block: re.Match[str]) -> None:
        """What a block of the page stands for."""
        mark, text = block["mark"], block["text"]
        if mark == "says":
            for line in text.splitlines():
                assert line in self.said, (line, self.said)
        elif mark == "saved as":
            self._save(block["file"], text)
        elif mark == "added to":
            with (self.place / block["file"]).open("a", encoding="utf-8") as file:
                file.write(text)
        else:
            self._type(text)

    def _save(self, name: str, text: str) -> None:
        """As a spreadsheet saves its tables: with a mark in front and its own line ends."""
        table = name.endswith(".csv")
        encoding, ends = ("utf-8-sig", "\r\n") if table else ("utf-8", "\n")
        (self.place / name).write_text(text, encoding=encoding, newline=ends)

    def _type(self, lines: str) -> None:
        self.said = ""
        for line in lines.splitlines():
            command, _, remark = line.partition("#")
            if command.startswith(SERVE):
                self._serve(command)
            elif GIT or not command.startswith("git "):
                self._run(command, 1 if "exits with 1" in remark else 0)
        self._until_live()

    def _serve(self, command: str) -> None:
        words = [*command.split(), *ANY_PORTS]
        self.serving = subprocess.Popen(
            words,
            cwd=self.place,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.serving.stdout is not None
        found = re.search(r"http://[\d.:]+", self.serving.stdout.readline())
        assert found is not None
        self.http = found[0]

    def _run(self, command: str, code: int) -> None:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.place,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        self.said += done.stdout + done.stderr
        assert done.returncode == code, (command, done)

    def _until_live(self) -> None:
        """The server needs a moment to notice what was put into its folder."""
        until, wanted = monotonic() + PATIENCE, source_in(self.place / "rules", None).revision
        while self._live() != wanted:
            assert monotonic() < until, (self._live(), wanted)
            sleep(0.1)

    def _live(self) -> str:
        with urlopen(f"{self.http}/metrics", timeout=10) as page:
            found = re.search(
                r'leadscoring_policy_active\{revision="(\w+)"\} 1', page.read().decode()
            )
        return found[1] if found else ""

    def last_commit(self) -> str:
        """What the last commit changed, where there is a git."""
        if GIT is None:
            return ""
        shown = ["git", "show", "--stat", "--format=%an: %s"]
        done = subprocess.run(
            shown, cwd=self.place, env=self.environment, capture_output=True, check=True
        )
        return done.stdout.decode()

    def end(self) -> None:
        """Leave nothing running."""
        if self.serving is not None and self.serving.stdout is not None:
            self.serving.terminate()
            assert self.serving.wait(timeout=30) == 0
            self.serving.stdout.close()


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    """Somebody about to go, with the starter rules as the last commit."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    walking = Walk(tmp_path)
    if GIT:
        for words in (["init", "--quiet"], ["add", "rules"], ["commit", "--quiet", "-m", "Start"]):
            subprocess.run([GIT, *words], cwd=tmp_path, env=walking.environment, check=True)
    yield walking
    walking.end()


def test_the_walk_from_a_spreadsheet_to_a_live_change(walk: Walk) -> None:
    blocks = list(BLOCK.finditer(PAGE))
    assert sum(block["mark"] == "the walk" for block in blocks) >= 5
    for block in blocks:
        walk.do(block)
    assert "north" in (walk.place / "rules" / "routing_test.yaml").read_text(encoding="utf-8")
    assert "freja" in (walk.place / "diff.html").read_text(encoding="utf-8")
    if GIT:
        changed = walk.last_commit()
        assert "Olga Novak: The north goes" in changed
        assert "territories.csv" in changed
        assert "Olga Novak" in walk.said
