"""`leadscoring rules force`: rules that the guard refuses decide all the same."""

import click

from scoring_service.cli.options import server, setting, store

EPILOG = """\b
Examples:
  leadscoring rules force 3f9a61c0d2b47e85 --actor sales-ops --reason "the new territories"
"""


@click.command(epilog=EPILOG)
@click.argument("revision")
@setting("--actor", metavar="ID", default="", help="Who asks: one who may move leads.")
@setting("--reason", metavar="TEXT", default="", help="Why; recorded with who and when.")
@store
@server
def force(revision: str, actor: str, reason: str, store: str, server: str | None) -> None:
    """Have REVISION of the rules decide although the guard refuses it.

    The refusal names the revision. The server whose folder has it activates it within seconds, or
    when it is started next; then the guard holds again. Look at what it changes before: `rules
    diff active DIR`.
    """
    from scoring_service.cli.rules.force_run import forced, told
    from scoring_service.cli.serving.where import Where

    where = Where(store, server, keeps=True)
    click.echo(told(revision, active=forced(revision, where, actor, reason)))
