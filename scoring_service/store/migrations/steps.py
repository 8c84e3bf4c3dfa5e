"""Running a .sql file as a step of a migration."""

from pathlib import Path

from alembic import op

_HERE = Path(__file__).parent


def run(file: str, *, only_on: str | None = None) -> None:
    """Run the statements of a file, each ended by a semicolon at the end of a line."""
    if only_on in (None, op.get_bind().dialect.name):
        for statement in (_HERE / file).read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                op.execute(statement)
