"""`leadscoring score FILE`: what the leads of a file are worth."""

from datetime import datetime

import click

from scoring_service.cli.instant import instant_in
from scoring_service.cli.options import FILE, as_json, out, setting
from scoring_service.cli.serving.where import Where, server_options

EPILOG = """\b
Examples:
  leadscoring score leads.csv --out scores.csv
  leadscoring score leads.jsonl --rules rules | head
"""


def _instant(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> datetime | None:
    try:
        return None if value is None else instant_in(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command(epilog=EPILOG)
@click.argument("file", type=FILE)
@server_options(scores=True)
@setting("--as-of", metavar="INSTANT", callback=_instant, help="Score as of then; default now.")
@out
@as_json
@click.pass_context
def score(
    context: click.Context,
    file: str,
    where: Where,
    as_of: datetime | None,
    out: str,
    as_json: bool,
) -> None:
    """Score every lead of FILE and explain each point; nothing is stored.

    FILE is CSV (a name that ends in .csv) or JSON lines, `-` is stdin: a column or key for each
    field of a lead, `activities` as a JSON list, everything else a declared attribute. Without a
    running server the leads are scored here, by --rules and beside a copy of the store. A bad row
    is named and left out, and the exit code is then 1.
    """
    from scoring_service.cli.files.over_file import Job, over_file
    from scoring_service.cli.files.score_file import COLUMNS, scores

    job = Job(file, out, as_json, COLUMNS, "scored")
    context.exit(over_file(job, where, lambda reached, rows: scores(reached, rows, as_of)))
