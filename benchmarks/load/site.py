"""Where a run takes place: a folder with rules and logs, a store, the servers of a run."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load.clients import client
from benchmarks.load.leads import accounts
from benchmarks.load.postgres import Postgres
from benchmarks.load.rules import rule_files, write
from benchmarks.load.running import Running, running

REPLAY = Path(__file__).resolve().parent.parent / "long" / "replay.py"
REPLAY_SECONDS_MAX = 300.0


def replayed(store: str) -> tuple[bool, str]:
    """Whether every decision comes out the same in a fresh process, and what that one said."""
    done = subprocess.run(
        [sys.executable, REPLAY, store],
        capture_output=True,
        text=True,
        timeout=REPLAY_SECONDS_MAX,
        check=False,
    )
    return done.returncode == 0, (done.stdout + done.stderr[-2000:]).strip()


@dataclass(frozen=True, slots=True)
class Site:
    """A folder of its own, the URL of an empty store, and how its decisions are replayed."""

    folder: Path
    store: str
    limit: int = 12
    database: Postgres | None = None
    replay: Callable[[str], tuple[bool, str]] = replayed

    @property
    def rules(self) -> Path:
        """The rules folder."""
        return self.folder / "rules"

    @asynccontextmanager
    async def servers(
        self, count: int = 1, store: str = "", options: Sequence[str] = ()
    ) -> AsyncIterator[list[Running]]:
        """So many servers on the store (or on `store`, another way to it), started at once, with
        these options of `serve` besides.
        """
        write(self.rules, rule_files(limit=self.limit))
        async with AsyncExitStack() as ending:
            yield await asyncio.gather(*(
                ending.enter_async_context(
                    running(
                        self.rules,
                        store or self.store,
                        self.folder / f"server{number}.log",
                        *options,
                    )
                )
                for number in range(count)
            ))  # fmt: skip


async def with_accounts(server: Running, seed: int) -> None:
    """Store the companies that leads are matched to."""
    async with client(server.address) as stub:
        reply = await stub.UpsertAccounts(accounts(seed))
    for result in reply.results:
        assert result.WhichOneof("result") == "account", result
