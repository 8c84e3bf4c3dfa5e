"""Finding the server that already holds a store."""

from pathlib import Path

from scoring_service.store.sqlite_lock import read_address
from scoring_service.store.url import SqliteUrl, parse


def sqlite_file(store: str) -> Path | None:
    """The file of a SQLite store, None for one on PostgreSQL; StoreProblem for what is neither."""
    url = parse(store)
    return url.path if isinstance(url, SqliteUrl) else None


def running_server(store: str) -> str | None:
    """The address of the server that holds a SQLite store; None where none says that it does."""
    file = sqlite_file(store)
    address = read_address(file) if file else None
    return address.strip() or None if address else None
