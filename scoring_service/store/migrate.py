"""Making a store's schema, and bringing it up to date. Alembic is imported for the latter alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scoring_service.store.migrations.files import schema
from scoring_service.store.statements import statements

MIGRATIONS = Path(__file__).parent / "migrations"


def versions(migrations: Path = MIGRATIONS) -> tuple[str, ...]:
    """The schema versions there are, oldest first, by the names of their files."""
    files = (migrations / "versions").glob("v[0-9]*.py")
    return tuple(sorted(file.stem[1:].partition("_")[0] for file in files))


def create(
    driver: Any, engine: str, placeholder: str, begin: tuple[str, ...], migrations: Path
) -> None:
    """Make the latest schema in an empty store, all of it or none; what another process has made
    meanwhile is left as it is. The driver's connection is in autocommit; it is closed.

    This comes to what `run` makes, without Alembic, whose import takes as long as all else that a
    start imports. `begin` as there. Raises what the driver raises.
    """
    named = statements(engine, placeholder)
    try:
        for beginning in begin:
            driver.execute(beginning)
        if not driver.execute(named["has_schema"].sql).fetchone()[0]:
            for making in schema(engine, migrations):
                driver.execute(making)
            driver.execute(named["make_version"].sql)
            driver.execute(named["set_version"].sql, (versions(migrations)[-1],))
        driver.execute(named["commit"].sql)
    finally:
        driver.close()  # what is not committed does not stand


def run(
    dialect: str, connect: Callable[[], Any], begin: tuple[str, ...], migrations: Path = MIGRATIONS
) -> None:
    """Run what is missing, all of it or none, on a driver's connection.

    `begin` are the statements that begin a transaction which alone may write. Raises what the
    driver raises.
    """
    import sqlalchemy
    from alembic import command
    from alembic.config import Config

    engine = sqlalchemy.create_engine(
        f"{dialect}://", creator=connect, poolclass=sqlalchemy.pool.NullPool
    )
    config = Config()
    config.set_main_option("script_location", str(migrations))

    @sqlalchemy.event.listens_for(engine, "begin")
    def _begin(connection: sqlalchemy.Connection) -> None:
        for statement in begin:
            connection.exec_driver_sql(statement)

    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except sqlalchemy.exc.DBAPIError as error:
        raise (error.orig or error) from None


def statement(engine: str, name: str) -> str:
    """The text of a statement without parameters."""
    return statements(engine, "?")[name].sql
