"""What rules are held against: activities of a file, or what a store holds and was sent."""

from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta

import click

from scoring_service.cli.problem import Problem
from scoring_service.cli.rows import STDIN, BadRow, rows
from scoring_service.cli.running import sqlite_file
from scoring_service.domain.business_time.duration import Elapsed, parse_duration
from scoring_service.policy.check_sent import Sent
from scoring_service.store.database import open_database
from scoring_service.values.holdings import Holdings


def sent_in(file: str) -> Sent:
    """The types of the activities of a file, as `import activities` reads it. Raises Problem."""
    counts: Counter[str] = Counter()
    origin = "stdin" if file == STDIN else file
    lines: dict[str, int] = {}
    for line, row in rows(file):
        name = None if isinstance(row, BadRow) else row.get("type")
        if isinstance(name, str) and name:
            counts[name] += 1
            lines.setdefault(name, line)
        else:
            what = row if isinstance(row, BadRow) else "there is no type"
            click.echo(f"{origin}:{line}: left out: {what}", err=True)
    return Sent(origin, counts, lines)


def stored_in(store: str, span: str, now: datetime) -> tuple[Sent, Holdings]:
    """What a store was sent in the span before `now`, and all that is owned in it; it is only
    read. Raises UsageError, Problem and StoreProblem.
    """
    since = now - _elapsed(span)
    file = sqlite_file(store)
    if file is not None and not file.is_file():
        raise Problem(f"there is no store at {store}; name it with --store")
    database = open_database(store)
    database.check()
    with closing(database.reading()) as reader:
        counts, holdings = reader.activity_types(since), reader.holdings()
    return Sent(f"the last {span} of the store", counts), holdings


def _elapsed(text: str) -> timedelta:
    try:
        span = parse_duration(text)
    except ValueError as wrong:
        raise click.UsageError(f"--since {wrong}") from wrong
    if not isinstance(span, Elapsed):
        raise click.UsageError(f"--since {text!r} is business time; write elapsed time, as 90d")
    return span.span
