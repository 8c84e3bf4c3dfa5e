"""Which schema a store has, and whether this program knows it."""

from pathlib import Path

from scoring_service.store.connection import Connection
from scoring_service.store.migrate import MIGRATIONS, versions
from scoring_service.store.problems import StoreProblem


def version_of(connection: Connection) -> str | None:
    """The version of the schema a connection sees, None in an empty store."""
    if not connection.rows("has_schema")[0][0]:
        return None
    found = connection.rows("schema_version")
    return str(found[0][0]) if found else None


def check_version(version: str | None, migrations: Path = MIGRATIONS) -> None:
    """Raise StoreProblem unless the schema is the latest there is."""
    check_known(version, migrations)
    latest = versions(migrations)[-1]
    if version is None:
        raise StoreProblem("there is no store yet; start the server, or run leadscoring migrate.")
    if version != latest:
        raise StoreProblem(
            f"the store has schema {version} and this program needs {latest};"
            " run leadscoring migrate."
        )


def check_known(version: str | None, migrations: Path = MIGRATIONS) -> None:
    """Raise StoreProblem where the schema is one of a later program."""
    known = versions(migrations)
    if version is not None and version not in known:
        raise StoreProblem(
            f"the store has schema {version}, which is newer than this program ({known[-1]});"
            " install a newer leadscoring."
        )
