"""`leadscoring route FILE`: an owner for every lead of a file."""

from dataclasses import replace

import click

from scoring_service.cli.options import FILE, actor, as_json, out, setting
from scoring_service.cli.serving.where import Where, server_options

EPILOG = """\b
Examples:
  leadscoring route leads.jsonl --out routed.jsonl
  leadscoring route leads.csv --dry-run --server 127.0.0.1:50051
"""


@click.command(epilog=EPILOG)
@click.argument("file", type=FILE)
@server_options(scores=True)
@actor
@setting(
    "--dry-run", is_flag=True, help="Say what would happen, each lead by itself; keep nothing."
)
@out
@as_json
@click.pass_context
def route(
    context: click.Context,
    file: str,
    where: Where,
    actor: str,
    dry_run: bool,
    out: str,
    as_json: bool,
) -> None:
    """Give every lead of FILE its one owner, durably, and say who and by which route.

    FILE is read as `leadscoring score` reads it. A row may carry its own `request_id` (a UUID): the
    same row again then has its first answer. Without a running server the store is opened here,
    and --rules become its policy. A bad row is named and left out, and the exit code is then 1.
    """
    from scoring_service.cli.files.over_file import Job, over_file
    from scoring_service.cli.files.route_file import COLUMNS, Manner, assignments

    job = Job(file, out, as_json, COLUMNS, "looked at" if dry_run else "routed")
    where = replace(where, keeps=not dry_run)
    manner = Manner(actor, dry_run)
    context.exit(over_file(job, where, lambda reached, rows: assignments(reached, rows, manner)))
