"""Where a store is: the URL that `--store` takes."""

from dataclasses import dataclass
from pathlib import Path

from scoring_service.store.problems import StoreProblem


@dataclass(frozen=True, slots=True)
class SqliteUrl:
    """A file."""

    path: Path


@dataclass(frozen=True, slots=True)
class PostgresUrl:
    """A server and a database, in the form libpq reads."""

    conninfo: str


def parse(url: str) -> SqliteUrl | PostgresUrl:
    """What the URL names: three slashes are a relative path, four an absolute one.

    Raises StoreProblem for anything else.

    >>> parse("sqlite:///leads.db"), parse("sqlite:////var/lib/leads.db")
    (SqliteUrl(path=PosixPath('leads.db')), SqliteUrl(path=PosixPath('/var/lib/leads.db')))
    """
    scheme, separator, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and Path(rest[1:]).name not in ("", ".."):
        return SqliteUrl(Path(rest[1:]))
    if scheme in ("postgresql", "postgres") and rest:
        return PostgresUrl(f"postgresql://{rest}")
    shown = f"{scheme}://..." if separator else "it"
    raise StoreProblem(
        f"no store can be opened at {shown}: a store is sqlite:///path or"
        " postgresql://user@host/database."
    )
