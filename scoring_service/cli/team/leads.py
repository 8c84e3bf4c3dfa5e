"""`leadscoring leads`: a lead is pinned to a rep, or no longer."""

import click

from scoring_service.cli.options import actor, as_json, setting
from scoring_service.cli.serving.where import Where, server_options

PIN_EPILOG = """\b
Examples:
  leadscoring leads pin l-4711 anna --actor sales-ops --reason "she knows them"
"""
UNPIN_EPILOG = """\b
Examples:
  leadscoring leads unpin l-4711 --actor sales-ops
"""


@click.group()
def leads() -> None:
    """What is decided about single leads by hand."""


@leads.command(epilog=PIN_EPILOG)
@click.argument("lead")
@click.argument("rep")
@setting("--reason", metavar="TEXT", default="", help="Needed to take it from another rep.")
@actor
@server_options(keeps=True)
@as_json
def pin(
    lead: str,
    rep: str,
    reason: str,
    actor: str,
    where: Where,
    as_json: bool,
) -> None:
    """Have REP keep LEAD, whatever the routes say.

    A lead that sales has goes to him at once, one of marketing when it comes to sales.
    """
    from scoring_service.cli.team.leads_calls import lead_told, pinned

    click.echo(lead_told(pinned(where, lead, rep, reason, actor), as_json=as_json))


@leads.command(epilog=UNPIN_EPILOG)
@click.argument("lead")
@setting("--reason", metavar="TEXT", default="", help="Why; recorded.")
@actor
@server_options(keeps=True)
@as_json
def unpin(
    lead: str,
    reason: str,
    actor: str,
    where: Where,
    as_json: bool,
) -> None:
    """Take the pin of LEAD out; its owner keeps it as every owner does."""
    from scoring_service.cli.team.leads_calls import lead_told, unpinned

    click.echo(lead_told(unpinned(where, lead, reason, actor), as_json=as_json))
