"""`leadscoring migrate`: the schema of a store, brought up to date."""

import json

import click

from scoring_service.cli.options import as_json, store

EPILOG = """\b
Examples:
  leadscoring migrate --store sqlite:///leadscoring.db
  leadscoring migrate --store postgresql://leads@db/leads --json
"""


@click.command(epilog=EPILOG)
@store
@as_json
def migrate(store: str, as_json: bool) -> None:
    """Bring the schema of a store up to date, all of it or nothing.

    A new store is created. A SQLite store must not be in use by a server meanwhile.
    """
    from scoring_service.store.database import migrate as migrated

    version = migrated(store)
    click.echo(json.dumps({"schema": version}) if as_json else f"{store} has schema {version}")
