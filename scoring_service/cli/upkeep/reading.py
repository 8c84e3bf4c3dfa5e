"""A store that a command only reads, and how far back it looks."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import click

from scoring_service.cli.problem import Problem
from scoring_service.cli.serving.running import sqlite_file
from scoring_service.domain.business_time.duration import ELAPSED_UNIT, Elapsed, parse_duration
from scoring_service.store.database import open_database
from scoring_service.store.reader import Reader

REMEDY = "name it with --store"


def require_store(store: str, remedy: str = REMEDY) -> None:
    """Raise Problem where a SQLite store has no file: opening it must not make one."""
    file = sqlite_file(store)
    if file is not None and not file.is_file():
        raise Problem(f"there is no store at {store}; {remedy}")


@contextmanager
def reading(store: str, remedy: str = REMEDY) -> Iterator[Reader]:
    """A reader of a store of this program's schema. Raises Problem or StoreProblem."""
    require_store(store, remedy)
    database = open_database(store)
    database.check()
    with closing(database.reading()) as reader:
        yield reader


def since_span(text: str) -> timedelta:
    """The elapsed time that --since says. Raises UsageError."""
    try:
        span = parse_duration(text, ELAPSED_UNIT)
    except ValueError as wrong:
        raise click.UsageError(f"--since {wrong}") from wrong
    if not isinstance(span, Elapsed):
        raise click.UsageError(f"--since {text!r} is business time; write elapsed time, as 30d")
    return span.span
