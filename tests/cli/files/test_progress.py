"""Long work shows how far it is on a terminal, and nowhere else; results stay clean."""

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scoring_service.cli.files.results import Tally, counted, lines_in, written
from scoring_service.cli.files.rows import BadRow, Numbered, Row

PROGRAM = Path(sys.executable).with_name("leadscoring")
LEADS = 300
ERASED = "\r\x1b[2K"
"""How a line begins where a bar stood."""


def _on_a_terminal(place: Path) -> tuple[str, str]:
    """What `score` writes to stdout, and to a terminal as stderr."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [PROGRAM, "score", "leads.jsonl"],
        cwd=place,
        env={name: value for name, value in os.environ.items() if "LEADSCORING" not in name}
        | {"TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    ) as process:
        os.close(theirs)
        assert process.stdout is not None
        results = process.stdout.read()
    return results, _drained(ours)


def _drained(terminal: int) -> str:
    said = b""
    try:
        while part := os.read(terminal, 4096):
            said += part
    except OSError:  # the other end is closed
        pass
    os.close(terminal)
    return said.decode()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    lines = (json.dumps({"lead_id": str(n)}) for n in range(LEADS))
    (tmp_path / "leads.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_a_bar_moves_on_a_terminal_and_leaves_the_results_alone(place: Path) -> None:
    results, shown = _on_a_terminal(place)
    assert [json.loads(line)["lead_id"] for line in results.splitlines()] == [
        str(n) for n in range(LEADS)
    ]
    assert f"/{LEADS}" in shown
    assert "━" in shown
    assert f"{LEADS} scored, 0 left out" in shown


def test_there_is_no_bar_where_nobody_watches(place: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "score", "leads.jsonl"], cwd=place, capture_output=True, text=True, check=True
    )
    assert "━" not in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", 0, id="an empty file"),
        pytest.param("a\nb\n", 2, id="two lines"),
        pytest.param("x" * 3_000_000 + "\n", 1, id="a line longer than is read at once"),
    ],
)
def test_the_lines_of_a_file_are_counted(tmp_path: Path, text: str, lines: int) -> None:
    (tmp_path / "f").write_text(text)
    assert lines_in(str(tmp_path / "f")) == lines


def test_the_lines_of_stdin_are_not_known() -> None:
    assert lines_in("-") is None


def test_the_lines_of_a_pipe_are_not_counted_as_it_can_be_read_only_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert lines_in(str(tmp_path / "pipe")) is None


def test_what_is_left_out_decides_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally("leads.csv", "scored")
    assert tally.sum_up() == 0
    tally.leave_out(7, BadRow("employees: many"))
    assert tally.sum_up() == 1
    assert capsys.readouterr().err.splitlines() == [
        "there is no row in leads.csv",
        "0 scored, 0 left out",
        "leads.csv:7: employees: many",
        "0 scored, 1 left out",
    ]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        pytest.param("a\x1b[31m: is not declared", "f:7: a\\x1b[31m: is not declared", id="steers"),
        pytest.param("two\nlines", "f:7: two\\nlines", id="stays one line"),
        pytest.param("Zoë: unknown", "f:7: Zoë: unknown", id="letters stay"),
    ],
)
def test_what_is_said_of_a_row_is_one_harmless_line(
    capsys: pytest.CaptureFixture[str], what: str, said: str
) -> None:
    tally = Tally("f", "stored")
    tally.leave_out(7, BadRow(what))
    assert capsys.readouterr().err == f"{said}\n"
    assert tally.left_out == [(7, what)], "machines get it as it is"


async def _numbered(*results: Row | BadRow) -> AsyncIterator[Numbered]:
    for number, result in enumerate(results, 2):
        yield number, result


@pytest.mark.parametrize("watched", [False, True], ids=["nobody watches", "on a terminal"])
async def test_every_result_is_written_and_every_bad_one_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, watched: bool
) -> None:
    file = tmp_path / "a-path-that-is-longer-than-the-terminal-is-wide[:b]:b:.csv"
    file.write_text("lead_id\na\nb\nc\n")
    stderr = Terminal() if watched else io.StringIO()
    monkeypatch.setitem(vars(sys), "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "30")
    tally, rows = Tally(str(file), "scored"), list[Row]()
    await written(_numbered({"a": 1}, BadRow("no"), {"a": 3}), rows.append, tally)
    assert rows == [{"a": 1}, {"a": 3}]
    assert (tally.done, tally.left_out) == (2, [(3, "no")])
    assert f"{ERASED if watched else ''}{file}:3: no\n" in stderr.getvalue()
    assert ("scored" in stderr.getvalue()) is watched
    assert ("4/4" in stderr.getvalue()) is watched, "the last line of four is done"


async def test_there_is_no_bar_among_results_that_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(sys), "stderr", stderr := Terminal())
    await written(_numbered({}, BadRow("no")), list[Row]().append, Tally("f", "scored"), seen=True)
    assert stderr.getvalue() == "f:3: no\n"


async def test_what_is_only_counted_is_written_nowhere() -> None:
    tally = Tally("-", "stored")
    await counted(_numbered({}, {}, BadRow("no")), tally)
    assert (tally.done, len(tally.left_out)) == (2, 1)


class Terminal(io.StringIO):
    """A stream that says of itself to be a terminal."""

    def isatty(self) -> bool:
        return True
