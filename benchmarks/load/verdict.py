"""Runs one after the other, each with its verdict and its figures."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.load.outcome import Outcome
from benchmarks.load.postgres import Postgres, postgres
from benchmarks.load.site import Site

RUN_SECONDS_MAX = 600.0
SHOWN_MAX = 10
SHOWN_CHARS = 1_500

Run = Callable[[Site], Coroutine[Any, Any, Outcome]]


class Sites:
    """Places for runs; PostgreSQL is started when the first of them asks for it."""

    def __init__(self, folder: Path, ending: ExitStack) -> None:
        self.folder, self.ending = folder, ending
        self.made = 0
        self.server: Postgres | None = None

    def new(self, engine: str, limit: int) -> Site:
        """A folder and an empty store."""
        self.made += 1
        place = self.folder / str(self.made)
        place.mkdir()
        if engine == "sqlite":
            return Site(place, f"sqlite:///{place}/leads.db", limit)
        if self.server is None:
            self.server = self.ending.enter_context(postgres())
        return Site(place, self.server.new_database(), limit, self.server)


def verdict(runs: Mapping[str, tuple[str, Run]], only: str = "", limit: int = 12) -> int:
    """Run those whose name contains `only`, each on its engine.

    0 when every promise held, 1 when one broke, 2 when no run has such a name.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left running
    chosen = {name: run for name, run in runs.items() if only in name}
    if not chosen:
        print(f"no run is called {only!r}; there are: {'; '.join(runs)}")
        return 2
    with ExitStack() as ending:
        sites = Sites(Path(ending.enter_context(TemporaryDirectory())), ending)
        broken = [
            name
            for name, (engine, run) in chosen.items()
            if not _holds(name, run, sites.new(engine, limit))
        ]
    print(f"BROKEN: {'; '.join(broken)}" if broken else "every promise held")
    return 1 if broken else 0


def _holds(name: str, run: Run, site: Site) -> bool:
    began = perf_counter()
    try:
        outcome = asyncio.run(_in_time(run(site)))
    except Exception as error:
        outcome = Outcome([f"the run itself failed: {error!r}"])
    seconds = perf_counter() - began
    print(f"{'BROKEN' if outcome.broken else 'held':7}{name} ({seconds:.0f} s)")
    for what, value in outcome.figures.items():
        print(f"         {what}: {value}")
    for what in outcome.broken[:SHOWN_MAX]:
        print(f"       ! {what[-SHOWN_CHARS:]}")
    sys.stdout.flush()
    return not outcome.broken


async def _in_time(run: Coroutine[Any, Any, Outcome]) -> Outcome:
    async with asyncio.timeout(RUN_SECONDS_MAX):
        return await run
