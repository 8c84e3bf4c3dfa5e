"""The rules that a store last decided by, read from the store itself."""

import sqlite3
from contextlib import closing

from scoring_service.cli.problem import Problem
from scoring_service.cli.running import sqlite_file
from scoring_service.policy.source import Source, unpack
from scoring_service.store.database import open_database


def active_source(store: str) -> Source | None:
    """The active revision's files; None where nothing has decided yet."""
    file = sqlite_file(store)
    if file is not None and not file.is_file():
        return None
    try:
        content = _active_content(store)
    except sqlite3.Error as error:
        raise Problem(f"the store {file} cannot be read: {error}") from error
    return unpack(content) if content else None


def _active_content(store: str) -> bytes | None:
    database = open_database(store)
    if database.schema_version() is None:
        return None
    database.check()
    with closing(database.reading()) as reader:
        revision = reader.active_revision()
        return reader.revision_content(revision) if revision else None
