"""Sites for load runs: a folder and an empty store, on either engine."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from benchmarks.load.postgres import Postgres, postgres
from benchmarks.load.replaying import replay_all, told
from benchmarks.load.site import Site, replayed

NewSite = Callable[..., Site]
"""Makes a site on "sqlite" or "postgresql"; the second argument is the limit of LIMITED.

Its decisions are replayed here, by this process, or with `fresh` by one that knows nothing yet.
"""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One PostgreSQL server for all load runs of a session."""
    with postgres() as server:
        yield server


@pytest.fixture
def new_site(tmp_path: Path, request: pytest.FixtureRequest) -> NewSite:
    """Makes sites with empty stores."""
    numbers = count(1)

    def make(engine: str, limit: int = 12, *, fresh: bool = False) -> Site:
        replay = replayed if fresh else lambda store: told(replay_all(store))
        folder = tmp_path / f"site{next(numbers)}"
        folder.mkdir()
        if engine == "sqlite":
            return Site(folder, f"sqlite:///{folder}/leads.db", limit, replay=replay)
        server: Postgres = request.getfixturevalue("postgres_server")
        return Site(folder, server.new_database(), limit, server, replay)

    return make
