"""The statements of the .sql files: of one of them, and of all as an empty store needs them."""

from collections.abc import Iterator
from pathlib import Path

BEFORE_THE_FIRST = {"postgresql": ("postgresql.sql",)}
"""Files that an engine needs before those of the migrations."""


def statements_of(file: Path) -> Iterator[str]:
    """The statements of a file, each ended by a semicolon at the end of a line."""
    parts = file.read_text(encoding="utf-8").split(";\n")
    return (statement for statement in parts if statement.strip())


def schema(engine: str, migrations: Path) -> Iterator[str]:
    """The statements that make the latest schema, from every migration's .sql file in order.

    A migration without one changes only what is stored: in an empty store it has nothing to do.
    """
    before = [migrations / name for name in BEFORE_THE_FIRST.get(engine, ())]
    for file in [*before, *sorted(migrations.glob("v[0-9]*.sql"))]:
        yield from statements_of(file)
