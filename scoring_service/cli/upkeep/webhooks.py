"""`leadscoring webhooks`: what receivers of events were given, and what they never took."""

import click

from scoring_service.cli.options import as_json, setting, store
from scoring_service.cli.serving.where import Where, server_options

LIST_EPILOG = """\b
Examples:
  leadscoring webhooks list
  leadscoring webhooks list --store postgresql://leads@db/leads --json
"""
REPLAY_EPILOG = """\b
Examples:
  leadscoring webhooks replay crm --actor sales-ops
"""


@click.group()
def webhooks() -> None:
    """Receivers of events."""


@webhooks.command(name="list", epilog=LIST_EPILOG)
@store
@as_json
@click.pass_context
def list_webhooks(context: click.Context, store: str, as_json: bool) -> None:
    """How far each receiver has come, what waits for it, and what it never took.

    Exit code 1 where an event is dead: `webhooks replay` sends it again.
    """
    from scoring_service.cli.upkeep.webhooks_state import state, told

    found = state(store)
    click.echo(told(found, as_json=as_json))
    context.exit(1 if any(each.dead for each in found) else 0)


@webhooks.command(epilog=REPLAY_EPILOG)
@click.argument("receiver")
@server_options(keeps=True)
@setting("--actor", metavar="ID", default="", help="Who asks: one who may move leads.")
def replay(receiver: str, where: Where, actor: str) -> None:
    """Have everything that RECEIVER never took sent to it again, by the running server."""
    from scoring_service.cli.upkeep.webhooks_state import replayed

    many = replayed(receiver, where, actor)
    click.echo(f"{many} event{'' if many == 1 else 's'} will be sent to {receiver} again")
