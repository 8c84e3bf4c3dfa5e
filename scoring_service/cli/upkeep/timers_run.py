"""Doing what is due in a store, and what then still waits."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scoring_service.cli.serving.local import local_server
from scoring_service.cli.serving.running import running_server
from scoring_service.cli.upkeep.reading import reading, require_store
from scoring_service.server.clock import now

LOOK_SECONDS = 0.05
IDLE_LOOKS_MAX = 40
"""Looks in which nothing was done: what is left is of a kind that a newer version set."""

DUE_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Timers:
    """How many timers were due and are done, which still wait, how many of them failed, and when
    the next one is due.
    """

    done: int
    due: int
    failed: int
    next_due: datetime | None
    by_server: bool


def run(store: str, rules: Path | None) -> Timers:
    """Do what is due, unless a server does. Raises Problem or StoreProblem."""
    require_store(store)
    before = _waiting(store)
    if running_server(store) is not None:
        return Timers(0, before.due, before.failed, before.next_due, by_server=True)
    if not before.due:
        return before
    asyncio.run(_until_done(store, rules))
    after = _waiting(store)
    done = max(0, before.due - after.due)  # others may have fallen due meanwhile
    return Timers(done, after.due, after.failed, after.next_due, by_server=False)


async def _until_done(store: str, rules: Path | None) -> None:
    """A server of one's own, until nothing is due, or nothing more is done about what is."""
    async with local_server(store, rules, keeps=True):
        left, looks = DUE_MAX, 0
        while left and looks < IDLE_LOOKS_MAX:
            await asyncio.sleep(LOOK_SECONDS)
            due = (await asyncio.to_thread(_waiting, store)).due
            looks = looks + 1 if due == left else 0
            left = due


def _waiting(store: str) -> Timers:
    with reading(store) as reader:
        due = reader.due_timers(now(), DUE_MAX)
        failed = reader.failed_timers()
        at = reader.next_due()
    return Timers(0, len(due), len(failed), at, by_server=False)


def told(found: Timers, *, as_json: bool) -> str:
    """What was done and what still waits, in a sentence or as JSON."""
    at = found.next_due.isoformat() if found.next_due else None
    if as_json:
        said = {"done": found.done, "due": found.due, "failed": found.failed, "next_due": at}
        return json.dumps(said | {"by_server": found.by_server})
    then = f"; the next is due at {at}" if at else "; none is set"
    failed = f", {found.failed} failed and are tried again later" if found.failed else ""
    if found.by_server:
        return f"a server runs on this store and does them: {found.due} due now{failed}{then}"
    return f"{found.done} done, {found.due} still due{failed}{then}"
