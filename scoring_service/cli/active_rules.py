"""The rules that a store last decided by, read from the store itself."""

import sqlite3

from scoring_service.cli.problem import Problem
from scoring_service.cli.running import sqlite_file
from scoring_service.policy.source import Source, unpack
from scoring_service.store.reader import Reader
from scoring_service.store.sqlite import SqliteConnection


def active_source(store: str) -> Source | None:
    """The active revision's files; None where the store is new, or not a file that is here."""
    file = sqlite_file(store)
    if file is None or not file.is_file():
        return None
    connection = SqliteConnection(file, read_only=True)
    try:
        reader = Reader(connection)
        revision = reader.active_revision()
        content = reader.revision_content(revision) if revision else None
    except sqlite3.Error as error:
        raise Problem(f"the store {file} cannot be read: {error}") from error
    finally:
        connection.close()
    return unpack(content) if content else None
