"""Finding the server that already holds a store."""

import fcntl
import re
from pathlib import Path

from scoring_service.store.url import SqliteUrl, parse

_ADDRESS = re.compile(r"\S+:\d{1,5}")


def sqlite_file(store: str) -> Path | None:
    """The file of a SQLite store, None for one on PostgreSQL; StoreProblem for what is neither."""
    url = parse(store)
    return url.path if isinstance(url, SqliteUrl) else None


def running_server(store: str) -> str | None:
    """The address of the server that holds a SQLite store, else None."""
    file = sqlite_file(store)
    lock = file.with_name(f"{file.name}.lock") if file else None
    if lock is None or not lock.is_file():
        return None
    with lock.open("rb") as held:
        if not _is_held(held.fileno()):
            return None
        found = _ADDRESS.match(held.read(300).decode(errors="replace").strip())
    return found[0] if found else None


def _is_held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False
