"""`leadscoring import`: what other systems know, from a file."""

import json
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from scoring_service.cli.files.rows import STDIN
from scoring_service.cli.options import FILE, actor, as_json, setting
from scoring_service.cli.serving.where import Where, server_options

if TYPE_CHECKING:
    from scoring_service.cli.files.results import Tally

EPILOG = """\b
Examples:
  leadscoring import accounts accounts.csv
  leadscoring import accounts accounts.jsonl --server 127.0.0.1:50051
"""
LEADS = """\b
Examples:
  leadscoring import leads leads.csv --batch crm-2026-03
  leadscoring import leads leads.csv --initial --actor sales-ops
"""
ACTIVITIES = """\b
Examples:
  leadscoring import activities activities.csv --batch crm-2026-03
  leadscoring import activities activities.jsonl --server 127.0.0.1:50051
"""

batch = setting("--batch", metavar="ID", help="Names the import; default one made of the file.")


@click.group(name="import")
def import_group() -> None:
    """Bring in what other systems know."""


@import_group.command(epilog=EPILOG)
@click.argument("file", type=FILE)
@server_options(keeps=True)
@actor
@as_json
@click.pass_context
def accounts(
    context: click.Context,
    file: str,
    where: Where,
    actor: str,
    as_json: bool,
) -> None:
    """Store every account of FILE, parents before their subsidiaries.

    FILE is CSV or JSON lines: account_id, name, domains (`a.de|a.com` in a CSV), country,
    parent_id, owner_rep_id, everything else an attribute. What is absent changes nothing. A bad
    row is named and left out, and the exit code is then 1.
    """
    from scoring_service.cli.files.import_accounts import import_accounts

    tally = import_accounts(file, where, actor)
    _end(context, tally, as_json)


@import_group.command(epilog=LEADS)
@click.argument("file", type=FILE)
@server_options(keeps=True)
@batch
@actor
@setting("--initial", is_flag=True, help="Rows say where new leads begin; needs who may move them.")
@as_json
@click.pass_context
def leads(
    context: click.Context,
    file: str,
    where: Where,
    batch: str | None,
    actor: str,
    initial: bool,
    as_json: bool,
) -> None:
    """Take in every lead of FILE: found by lead_id, else by email, else new; nobody is moved back.

    FILE is CSV or JSON lines: a lead's fields by name, `activities` as a JSON list, everything else
    an attribute. With --initial the columns stage, owner (rep:ID, queue:NAME, track:NAME),
    entered_at, outcome (won, lost) and reason say where a lead that is new begins. A bad row is
    named and left out, and the exit code is then 1.
    """
    from scoring_service.cli.files.import_leads import Batch, import_leads

    named = Batch(batch or _named_after(file), actor, initial)
    tally = import_leads(file, where, named)
    _end(context, tally, as_json, named.batch_id)


@import_group.command(epilog=ACTIVITIES)
@click.argument("file", type=FILE)
@server_options(keeps=True)
@batch
@actor
@as_json
@click.pass_context
def activities(
    context: click.Context,
    file: str,
    where: Where,
    batch: str | None,
    actor: str,
    as_json: bool,
) -> None:
    """Record every activity of FILE: scored as of its own date, it moves no stored lead.

    FILE is CSV or JSON lines: lead_id of a stored lead or email, activity_id, type, occurred_at,
    and source, medium, campaign, channel where known. The same activity_id again is ignored. A bad
    row is named and left out, and the exit code is then 1.
    """
    from scoring_service.cli.files.import_activities import import_activities
    from scoring_service.cli.files.import_leads import Batch

    named = Batch(batch or _named_after(file), actor)
    tally = import_activities(file, where, named)
    _end(context, tally, as_json, named.batch_id)


def _named_after(file: str) -> str:
    """A batch of this call: the file's name, and what no other call has."""
    name = "stdin" if file == STDIN else Path(file).stem
    return f"{name[:100]}-{uuid.uuid4().hex[:8]}"


def _end(context: click.Context, tally: "Tally", as_json: bool, batch_id: str = "") -> NoReturn:
    if as_json:
        left_out = [{"line": line, "what": what} for line, what in sorted(tally.left_out)]
        named = {"batch": batch_id} if batch_id else {}
        click.echo(json.dumps({**named, "stored": tally.done, "left_out": left_out}))
    elif batch_id:
        click.echo(f"batch {batch_id}")
    context.exit(tally.sum_up())
