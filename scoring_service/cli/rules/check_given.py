"""What rules are held against: activities of a file, or what a store holds and was sent."""

from collections import Counter
from datetime import datetime

import click

from scoring_service.cli.files.rows import STDIN, BadRow, rows
from scoring_service.cli.upkeep.reading import reading, since_span
from scoring_service.policy.checking.sent import Sent
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
    since = now - since_span(span)
    with reading(store) as reader:
        counts, holdings = reader.activity_types(since), reader.holdings()
    return Sent(f"the last {span} of the store", counts), holdings
