"""`leadscoring import`: what other systems know, from a file."""

import json
from pathlib import Path

import click

from scoring_service.cli.options import FILE, as_json, rules, server, setting, store

EPILOG = """\b
Examples:
  leadscoring import accounts accounts.csv
  leadscoring import accounts accounts.jsonl --server 127.0.0.1:50051
"""


@click.group(name="import")
def import_group() -> None:
    """Bring in what other systems know."""


@import_group.command(epilog=EPILOG)
@click.argument("file", type=FILE)
@rules
@store
@server
@setting("--actor", metavar="ID", default="", help="Who asks; recorded with every change.")
@as_json
@click.pass_context
def accounts(
    context: click.Context,
    file: str,
    rules: Path | None,
    store: str,
    server: str | None,
    actor: str,
    as_json: bool,
) -> None:
    """Store every account of FILE, parents before their subsidiaries.

    FILE is CSV or JSON lines: account_id, name, domains (`a.de|a.com` in a CSV), country,
    parent_id, owner_rep_id, everything else an attribute. What is absent changes nothing. A bad
    row is named and left out, and the exit code is then 1.
    """
    from scoring_service.cli.connection import Where
    from scoring_service.cli.import_accounts import import_accounts

    tally = import_accounts(file, Where(store, server, rules, keeps=True), actor)
    if as_json:
        left_out = [{"line": line, "what": what} for line, what in sorted(tally.left_out)]
        click.echo(json.dumps({"stored": tally.done, "left_out": left_out}))
    context.exit(tally.sum_up())
