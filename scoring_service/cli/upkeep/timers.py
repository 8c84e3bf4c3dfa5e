"""`leadscoring timers`: what is due, where no server runs all the time."""

from pathlib import Path

import click

from scoring_service.cli.options import as_json, rules, store

EPILOG = """\b
Examples:
  leadscoring timers run
  leadscoring timers run --store postgresql://leads@db/leads --json
"""


@click.group()
def timers() -> None:
    """Clocks that ran out."""


@timers.command(name="run", epilog=EPILOG)
@store
@rules
@as_json
@click.pass_context
def run_timers(context: click.Context, store: str, rules: Path | None, as_json: bool) -> None:
    """Do everything that is due by now, then end.

    A running server does it by itself, at the instant it is due; where one runs on the store this
    only says what still waits. Exit code 1 where a timer failed: it is tried again later.
    """
    from scoring_service.cli.upkeep.timers_run import run, told

    found = run(store, rules)
    click.echo(told(found, as_json=as_json))
    context.exit(1 if found.failed else 0)
