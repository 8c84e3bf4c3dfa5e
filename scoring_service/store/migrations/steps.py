"""Running a .sql file as a step of a migration."""

from pathlib import Path

from alembic import op

from scoring_service.store.migrations.files import BEFORE_THE_FIRST, statements_of

_HERE = Path(__file__).parent


def run(file: str) -> None:
    """Run the statements of a file, each ended by a semicolon at the end of a line."""
    for statement in statements_of(_HERE / file):
        op.execute(statement)


def prepare() -> None:
    """Run what the engine needs before the first migration."""
    for file in BEFORE_THE_FIRST.get(op.get_bind().dialect.name, ()):
        run(file)
