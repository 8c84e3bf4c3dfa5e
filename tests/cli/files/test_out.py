"""Where results go: what is there is kept until there is something better, and said when not."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pytest

from scoring_service.cli.files.results import writer_to
from scoring_service.cli.main import cli
from scoring_service.cli.problem import Problem

FULL = Path("/dev/full")
"""A device on which nothing can be written."""


def _written(out: str, source: str = "leads.jsonl", *, as_json: bool = False) -> None:
    with writer_to(out, source, ("lead_id", "score.fit"), as_json) as writer:
        writer.write({"lead_id": "x", "score": {"fit": 2.5}})


@pytest.mark.parametrize(
    ("out", "as_json", "text"),
    [
        pytest.param("a.csv", False, "lead_id,score.fit\nx,2.5\n", id="a CSV by its name"),
        pytest.param("A.CSV", False, "lead_id,score.fit\nx,2.5\n", id="in capitals too"),
        pytest.param("a.txt", False, '{"lead_id":"x","score":{"fit":2.5}}\n', id="else JSON lines"),
        pytest.param(
            "a.csv", True, '{"lead_id":"x","score":{"fit":2.5}}\n', id="JSON lines where asked for"
        ),
    ],
)
def test_a_files_name_says_what_is_written(
    tmp_path: Path, out: str, as_json: bool, text: str
) -> None:
    _written(str(tmp_path / out), as_json=as_json)
    assert (tmp_path / out).read_text() == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("leads.csv", "lead_id,score.fit\nx,2.5\n", id="CSV for a CSV"),
        pytest.param("leads.jsonl", '{"lead_id":"x","score":{"fit":2.5}}\n', id="else JSON lines"),
    ],
)
def test_the_terminal_gets_what_was_read(
    capsys: pytest.CaptureFixture[str], source: str, text: str
) -> None:
    _written("-", source)
    assert capsys.readouterr().out.replace("\r\n", "\n") == text


@pytest.mark.parametrize(
    ("out", "why"),
    [
        pytest.param("none/a.csv", "No such file or directory", id="no folder"),
        pytest.param("file/a.csv", "Not a directory", id="a file in the way"),
        pytest.param("folder", "Is a directory", id="a folder"),
    ],
)
def test_what_cannot_be_opened_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    Path("folder").mkdir()
    with pytest.raises(Problem, match=f"^{out} cannot be written: {why}$"):
        _written(out)


def test_a_full_disk_is_a_problem_with_the_files_name() -> None:
    with pytest.raises(Problem, match=r"^/dev/full cannot be written: No space left on device$"):
        _written(str(FULL))


@pytest.mark.parametrize(
    ("command", "other"),
    [
        pytest.param("score", "leads.csv", id="by its own name"),
        pytest.param("route", "leads.csv", id="by route as by score"),
        pytest.param("score", "./leads.csv", id="by a longer name"),
        pytest.param("score", "link.csv", id="by a link to it"),
        pytest.param("score", "hard.csv", id="by its other name"),
    ],
)
def test_a_file_is_never_written_over_itself(run: Any, command: str, other: str) -> None:
    text = "lead_id,country\nx,DE\n"
    Path("leads.csv").write_text(text)
    Path("link.csv").symlink_to("leads.csv")
    Path("hard.csv").hardlink_to("leads.csv")
    refused = run(command, "leads.csv", "--out", other)
    assert refused.exit_code == 2
    assert refused.stderr == (f"leadscoring: --out {other} is a file that is read; name another\n")
    assert Path("leads.csv").read_text() == text
    assert not Path("leadscoring.db").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "there is no header; its first line names the columns", id="empty"),
        pytest.param(b"a;b\n1;2\n", "its columns stand between ';'", id="semicolons"),
        pytest.param("a\nMünchen\n".encode("latin-1"), "is not UTF-8 text", id="not UTF-8"),
    ],
)
def test_results_of_yesterday_stay_where_the_file_of_today_cannot_be_read(
    run: Any, server: Any, content: bytes, said: str
) -> None:
    Path("leads.csv").write_bytes(content)
    Path("scores.csv").write_text("of yesterday")
    refused = run("score", "leads.csv", "--out", "scores.csv", "--server", server.address)
    assert refused.exit_code == 2
    assert f"leadscoring: leads.csv: {said}" in refused.stderr.replace(" is not", ": is not")
    assert refused.stdout == ""
    assert Path("scores.csv").read_text() == "of yesterday"


def test_results_take_the_place_of_those_that_were_there(run: Any, server: Any) -> None:
    Path("leads.jsonl").write_text('{"lead_id": "x"}\n')
    Path("scores.jsonl").write_text("of yesterday, and longer than those of today" * 100)
    done = run("score", "leads.jsonl", "--out", "scores.jsonl", "--server", server.address)
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads(Path("scores.jsonl").read_text())["lead_id"] == "x"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("leads.csv", "lead_id,country\n", id="a header alone"),
        pytest.param("leads.csv", "lead_id,country\n,\n,\n", id="rows of commas"),
        pytest.param("leads.jsonl", "", id="no line"),
        pytest.param("leads.jsonl", "\n\n", id="blank lines"),
    ],
)
@pytest.mark.parametrize("command", [("score",), ("route",), ("import", "leads")], ids=" ".join)
def test_a_file_without_a_row_is_done_and_said(
    run: Any, server: Any, command: tuple[str, ...], name: str, text: str
) -> None:
    Path(name).write_text(text)
    done = run(*command, name, "--server", server.address)
    assert done.exit_code == 0
    assert f"there is no row in {name}\n" in done.stderr
    assert "0 " in done.stderr.splitlines()[-1]


def test_a_csv_without_a_row_has_its_header_as_its_results(run: Any, server: Any) -> None:
    Path("leads.csv").write_text("lead_id\n")
    run("score", "leads.csv", "--out", "scores.csv", "--server", server.address)
    (header,) = Path("scores.csv").read_text().splitlines()
    assert header.startswith("line,lead_id,score.fit")


@contextmanager
def _stdout(file: IO[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is printed meanwhile goes to `file`, which is closed then whatever it has to say."""
    monkeypatch.setitem(vars(sys), "stdout", file)
    yield
    monkeypatch.undo()
    with suppress(OSError):
        file.close()


def _closed_pipe() -> IO[str]:
    """A pipe whose reader has gone, as `head` does."""
    ours, theirs = os.pipe()
    os.close(ours)
    return open(theirs, "w", encoding="utf-8")


@pytest.mark.parametrize("many", [1, 400], ids=["at the end", "amid the rows"])
def test_whoever_has_read_enough_ends_it_without_a_word(
    server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, many: int
) -> None:
    file = tmp_path / "leads.jsonl"
    file.write_text("".join(f'{{"lead_id": "{n}"}}\n' for n in range(many)))
    with _stdout(_closed_pipe(), monkeypatch), pytest.raises(SystemExit) as ended:
        cli.main(["score", str(file), "--server", server.address], standalone_mode=False)
    assert ended.value.code == 1
    assert capsys.readouterr().err == ""


def test_a_command_that_only_says_something_ends_so_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _stdout(_closed_pipe(), monkeypatch), pytest.raises(SystemExit) as ended:
        cli.main(["models", "list", "--models", str(tmp_path)], standalone_mode=False)
    assert ended.value.code == 1


def test_output_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _stdout(FULL.open("w"), monkeypatch), pytest.raises(Problem) as refused:
        cli.main(["models", "list", "--models", str(tmp_path)], standalone_mode=False)
    assert str(refused.value) == "the output: No space left on device"
    assert refused.value.exit_code == 2
