"""`leadscoring experiments`: which there are, and what came of their arms."""

import click

from scoring_service.cli.options import as_json, store

LIST_EPILOG = """\b
Examples:
  leadscoring experiments list
  leadscoring experiments list --store postgresql://leads@db/leads --json
"""
REPORT_EPILOG = """\b
Examples:
  leadscoring experiments report
  leadscoring experiments report lower-bar --json
"""


@click.group()
def experiments() -> None:
    """Arms of leads under other bars, tracks or pools."""


@experiments.command(name="list", epilog=LIST_EPILOG)
@store
@as_json
def list_experiments(store: str, as_json: bool) -> None:
    """Every experiment of the active rules, and those taken out of them that enrolled somebody."""
    from scoring_service.cli.experiments.reading import every
    from scoring_service.cli.experiments.told import listed

    click.echo(listed(*every(store), as_json=as_json))


@experiments.command(epilog=REPORT_EPILOG)
@click.argument("name", required=False)
@store
@as_json
@click.pass_context
def report(context: click.Context, name: str | None, store: str, as_json: bool) -> None:
    """What came of the experiment NAME, or of every one.

    Per arm: how many were enrolled, of how many the time of the outcome has passed, their rate with
    a 90 % interval (of this one look), and the ratio to control's rate with an interval and a p
    that hold however often one looks. Exit code 1 where the arms are not as large as their weights
    say.
    """
    from scoring_service.cli.experiments.reading import reports
    from scoring_service.cli.experiments.told import told
    from scoring_service.domain.experiments.report import Report

    found = reports(store, name)
    click.echo(told(found, as_json=as_json))
    context.exit(1 if any(isinstance(each, Report) and each.unbalanced for each in found) else 0)
