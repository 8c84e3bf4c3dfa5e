"""The store of a server, and where others find the server that holds it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from structlog.typing import FilteringBoundLogger

from scoring_service.server.clock import new_id, now
from scoring_service.server.loading import compile_stored
from scoring_service.server.metrics import Metrics
from scoring_service.server.options import Address, Options
from scoring_service.server.start_problem import StartProblem
from scoring_service.store.problems import StoreProblem
from scoring_service.store.store import Store, open_store
from scoring_service.store.url import SqliteUrl, parse
from scoring_service.workflows.due import run_due


async def opened(options: Options, metrics: Metrics, log: FilteringBoundLogger) -> Store:
    """The store, its writer running; StartProblem where it cannot be opened."""

    def trouble(what: str, error: BaseException) -> None:
        metrics.trouble.labels(what).inc()
        log.error("store_trouble", what=what, error=error)

    opens = partial(
        open_store,
        options.store,
        clock=now,
        new_id=new_id,
        compile=compile_stored,
        due=run_due,
        batch_max=options.batch_max,
        trouble=trouble,
        batched=metrics.batch_units.observe,
        durable=options.durable,
    )
    try:
        return await _whole(opens)
    except StoreProblem as problem:
        raise StartProblem(str(problem)) from problem


async def _whole(opens: Callable[[], Store]) -> Store:
    """The store; told to end meanwhile, the thread is waited for, and what it opened is closed.

    Else it would go on to make files where somebody clears away. A future, not a task: a loop that
    ends cancels every task, and this must outlast it.
    """
    opening = asyncio.get_running_loop().run_in_executor(None, opens)
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        with suppress(StoreProblem):
            await (await opening).close()
        raise


def tell_address(url: str, at: Address) -> None:
    """Write the server's address into the lock file of a SQLite store, where commands find it."""
    place = parse(url)
    if isinstance(place, SqliteUrl):
        lock = place.path.with_name(f"{place.path.name}.lock")
        with suppress(OSError):  # a convenience: --server names the address as well
            lock.write_text(f"{at}\n")
