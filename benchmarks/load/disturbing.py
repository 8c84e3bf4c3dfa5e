"""What is done to servers while they are under load, at moments drawn from a seed."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from time import monotonic, sleep
from typing import Any

import psycopg

from benchmarks.load.answers import Answers
from benchmarks.load.rules import broken, rule_files, write
from benchmarks.load.running import Running, told

POLL_SECONDS = 0.002
JITTER_SECONDS = 0.02
COMMIT_HUNT_SECONDS = 0.2
PAUSE_SECONDS = 0.15
CRASH_PAUSE_SECONDS = 3.0
RECOVERY_SECONDS_MAX = 60.0
FROZEN_SECONDS = 18.0
"""Longer than any transaction of a replica that stands still holds the lock."""

_COMMITS = """
select pid from pg_stat_activity
where datname = current_database() and state = 'active' and query ~* '^ *commit'
"""
_BACKENDS = """
select pid from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""


async def kill(
    servers: Sequence[Running], answers: Answers, replies: int, times: int, random: Random
) -> list[float]:
    """SIGKILL one of the servers so often while `replies` are received, and start it again.

    The moments are spread over the replies and drawn within each span, to fractions of a batch.
    The seconds that each start took.
    """
    span, starts = replies // (times + 1), []
    for number in range(times):
        server = random.choice(servers)
        await _received(answers, number * span + random.randrange(1, span))
        await asyncio.sleep(random.uniform(0, JITTER_SECONDS))
        server.kill()
        starts.append(await server.start())
    return starts


async def restart(server: Running, answers: Answers, replies: int, times: int) -> list[int]:
    """End a server so often by SIGTERM while `replies` are received; the exit codes."""
    codes = []
    for number in range(times):
        await _received(answers, (number + 1) * replies // (times + 1))
        codes.append(await server.stop())
        await server.start()
    return codes


async def freeze(
    servers: Sequence[Running], answers: Answers, replies: int, times: int, random: Random
) -> list[int]:
    """Have one of several replicas stand still so often; the replies received meanwhile."""
    span, received = replies // (times + 1), []
    for number in range(times):
        server = random.choice(servers)
        await _received(answers, number * span + random.randrange(1, span))
        before = answers.count
        server.freeze()
        await asyncio.sleep(FROZEN_SECONDS)
        server.thaw()
        received.append(answers.count - before)
    return received


async def _received(answers: Answers, replies: int) -> None:
    while answers.count < replies:
        await asyncio.sleep(POLL_SECONDS)


@dataclass(slots=True)
class Terminator:
    """Ends backends of a database: by pg_terminate_backend, or by SIGKILL, a crash of them all.

    `ended` counts those ended while they committed, those ended at another moment, the crashes.
    """

    url: str
    random: Random
    ended: Counter[str] = field(default_factory=Counter)

    async def terminate(self, times: int) -> None:
        """So often, every second time a backend that is committing, if one is met in time."""
        for number in range(times):
            await asyncio.sleep(self.random.uniform(0.2, 1) * PAUSE_SECONDS)
            await asyncio.to_thread(self._terminate, number % 2 == 0)

    def _terminate(self, hunt: bool) -> None:
        with psycopg.connect(self.url, autocommit=True) as server:
            until = monotonic() + COMMIT_HUNT_SECONDS * hunt
            found = self._pids(server, _COMMITS) if hunt else []
            while not found and monotonic() < until:
                found = self._pids(server, _COMMITS)
            self.ended["committing" if found else "at any moment"] += 1
            for pid in found or self._pids(server, _BACKENDS):
                server.execute("select pg_terminate_backend(%s)", (pid,))

    async def crash(self, times: int) -> None:
        """So often, SIGKILL a backend: PostgreSQL ends all of them and recovers from its log."""
        for _ in range(times):
            await asyncio.to_thread(self._crash)
            await asyncio.sleep(CRASH_PAUSE_SECONDS)

    def _crash(self) -> None:
        with self.recovered() as server:
            while not (found := self._pids(server, _BACKENDS)):
                sleep(PAUSE_SECONDS)  # none has connected again yet
            os.kill(self.random.choice(found), signal.SIGKILL)
            self.ended["crashes"] += 1

    def recovered(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection, as soon as there can be one."""
        until = monotonic() + RECOVERY_SECONDS_MAX
        while True:
            try:
                return psycopg.connect(self.url, autocommit=True)
            except psycopg.OperationalError:
                if monotonic() > until:
                    raise
            sleep(PAUSE_SECONDS)

    @staticmethod
    def _pids(server: "psycopg.Connection[tuple[Any, ...]]", sql: str) -> list[int]:
        return [row[0] for row in server.execute(sql.encode()).fetchall()]


@dataclass(slots=True)
class Editor:
    """Edits the rules of running servers. `revisions` are those that came to decide, in order."""

    servers: Sequence[Running]
    revisions: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def edit(self, times: int) -> None:
        """So many edits; every third one is careless and must change nothing."""
        self.revisions.append((await self.servers[0].ready())["revision"])
        for number in range(times):
            if number % 3 == 1:
                await self._break()
            else:
                await self._change(number)

    async def _change(self, number: int) -> None:
        before = self.revisions[-1]
        self._write(rule_files(plan_points=11 + number))
        found = [await told(server, lambda now: decides(now, before)) for server in self.servers]
        if not all(decides(each, before) for each in found):
            self.wrong.append(f"edit {number} was not taken: {found}")
        if len({each["revision"] for each in found}) > 1:
            self.wrong.append(f"after edit {number} the servers differ: {found}")
        self.revisions.append(found[0]["revision"])

    async def _break(self) -> None:
        self._write(broken())
        for server in self.servers:
            found = await told(server, lambda now: bool(now["detail"]))
            self.mistakes.append(found["detail"])
            if found["revision"] != self.revisions[-1] or not found["ready"]:
                self.wrong.append(f"a broken edit changed something: {found}")
            if "routing.yaml:" not in found["detail"]:
                self.wrong.append(f"the mistake is not named: {found}")

    def _write(self, files: Any) -> None:
        for folder in {server.rules for server in self.servers}:
            write(folder, files)


def decides(now: dict[str, Any], before: str) -> bool:
    """Whether another revision than the one before decides, and it is the folder's."""
    return now["revision"] != before and not now["detail"]
