"""What a command does with a file: each row answered and written, each bad one named, in order."""

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scoring_service.cli.files.rows import (
    STDOUT,
    BadRow,
    Numbered,
    Row,
    RowWriter,
    is_csv,
    utf8,
)
from scoring_service.cli.harmless import harmless
from scoring_service.cli.problem import Problem

CHUNK = 1 << 20
COLUMNS = (
    TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
)  # fmt: skip

Say = Callable[[str], None]

_on_stderr: Say = partial(click.echo, err=True)


class Tally:
    """How many rows were done and which were left out, each named on stderr as it comes."""

    def __init__(self, path: str, word: str) -> None:
        """`word` says what is done to a row: scored, routed, stored."""
        self.path, self.word = path, word
        self.done = 0
        self.left_out: list[tuple[int, str]] = []

    def leave_out(self, line: int, bad: BadRow, say: Say = _on_stderr) -> None:
        """Name a row that is left out."""
        self.left_out.append((line, str(bad)))
        say(harmless(f"{self.path}:{line}: {bad}"))

    def sum_up(self) -> int:
        """Say how many, and of a file without any row that it has none; the exit code."""
        if not self.done and not self.left_out:
            click.echo(f"there is no row in {self.path}", err=True)
        click.echo(f"{self.done} {self.word}, {len(self.left_out)} left out", err=True)
        return 1 if self.left_out else 0


async def counted(results: AsyncIterator[Numbered], tally: Tally) -> None:
    """Count every result, with a progress bar on a terminal."""
    await written(results, _nowhere, tally)


async def written(
    results: AsyncIterator[Numbered],
    write: Callable[[Row], None],
    tally: Tally,
    *,
    seen: bool = False,
) -> None:
    """Write every result in order, with a progress bar on a terminal but where they are `seen`
    there themselves.
    """
    with _progress(tally) if sys.stderr.isatty() and not seen else nullcontext(Bar()) as bar:
        async for line, result in results:
            if isinstance(result, BadRow):
                tally.leave_out(line, result, bar.say)
            else:
                tally.done += 1
                write(result)
            bar.advance(line)


def _nowhere(row: Row) -> None:
    """A result that is only counted."""


def _nothing(line: int) -> None:
    """No terminal, no bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How far it is, in lines; and how a sentence is said meanwhile, in one line above."""

    advance: Callable[[int], None] = _nothing
    say: Say = _on_stderr


@contextmanager
def _progress(tally: Tally) -> Iterator[Bar]:
    with Progress(*COLUMNS, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(tally.word, total=lines_in(tally.path))
        say = partial(bar.console.print, markup=False, emoji=False, highlight=False, soft_wrap=True)
        yield Bar(lambda line: bar.update(task, completed=line), say)


def lines_in(path: str) -> int | None:
    """How many lines a file has; None for what cannot be read twice: stdin, a pipe."""
    if not Path(path).is_file():
        return None
    with Path(path).open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(CHUNK), b""))


@contextmanager
def writer_to(out: str, source: str, columns: Sequence[str], as_json: bool) -> Iterator[RowWriter]:
    """Writes to a file, as its name says; to the terminal in the manner of the source.

    Raises Problem where it cannot be written, and BrokenPipeError where nobody reads any more.
    """
    as_csv = not as_json and is_csv(source if out == STDOUT else out)
    try:
        with _opened(out) as file:
            yield RowWriter(file, columns if as_csv else None)
            file.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Problem(f"{out} cannot be written: {error.strerror}") from error


def _opened(out: str) -> AbstractContextManager[IO[str]]:
    if out == STDOUT:
        return nullcontext(utf8(sys.stdout))
    return Path(out).open("w", encoding="utf-8", newline="")
