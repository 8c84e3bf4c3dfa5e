"""Between a server and PostgreSQL: a wire that breaks around COMMIT."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from random import Random

CHUNK = 1 << 16
LATE_SECONDS = 0.3

_PARSE = re.compile(rb"P.{4}([^\x00]*)\x00\s*commit;?\s*\x00", re.DOTALL | re.IGNORECASE)
_EXECUTE = b"E\x00\x00\x00\x09\x00"
"""Execute the unnamed portal, all rows."""


class Cut(StrEnum):
    """What happens to a COMMIT."""

    BEFORE = "lost on the way"
    AFTER = "done, its answer lost"
    LATE = "done after the connection had broken"


class Wire:
    """Passes everything on; once `armed`, breaks about one COMMIT in `every`, `at_most` so many.

    `cuts` counts the kinds.
    """

    def __init__(self, socket: str, every: int, random: Random, at_most: int) -> None:
        self.socket, self.every, self.random, self.at_most = socket, every, random, at_most
        self.cuts: Counter[Cut] = Counter()
        self.commits = 0
        self.armed = False
        self._open: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """The port at which it is reached, while the context lasts."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        port: int = server.sockets[0].getsockname()[1]
        try:
            yield port
        finally:
            server.close()
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        with suppress(
            OSError, asyncio.CancelledError
        ):  # of a cancelled task asyncio would complain
            far, onward = await asyncio.open_unix_connection(self.socket)
            try:
                await _Line(self, near, back, far, onward).carry()
            finally:
                onward.close()
        back.close()

    def cut(self) -> Cut | None:
        """What becomes of the next COMMIT; None when it passes."""
        self.commits += 1
        if not self.armed or self.cuts.total() >= self.at_most or self.random.randrange(self.every):
            return None
        chosen = self.random.choice(list(Cut))
        self.cuts[chosen] += 1
        return chosen


class _Line:
    """One connection. Once `cut`, what comes back is dropped."""

    def __init__(
        self,
        wire: Wire,
        near: asyncio.StreamReader,
        back: asyncio.StreamWriter,
        far: asyncio.StreamReader,
        onward: asyncio.StreamWriter,
    ) -> None:
        self.wire, self.near, self.back, self.far, self.onward = wire, near, back, far, onward
        self.commits: set[bytes] = set()
        self.is_cut = False

    async def carry(self) -> None:
        """Until either end closes, or the line is cut."""
        answers = asyncio.create_task(self._answers())
        with suppress(OSError):
            while data := await self.near.read(CHUNK):
                cut = self.wire.cut() if self._is_commit(data) else None
                if cut is not None:
                    await self._cut(cut, data)
                    break
                self.onward.write(data)
                await self.onward.drain()
        answers.cancel()
        with suppress(asyncio.CancelledError):
            await answers

    async def _answers(self) -> None:
        with suppress(OSError):
            while data := await self.far.read(CHUNK):
                if not self.is_cut:
                    self.back.write(data)
                    await self.back.drain()
        if not self.is_cut:
            self.back.close()

    async def _cut(self, cut: Cut, data: bytes) -> None:
        self.is_cut = True
        if cut is Cut.BEFORE:
            return
        if cut is Cut.LATE:
            self.back.close()
            await asyncio.sleep(LATE_SECONDS)
        self.onward.write(data)
        await self.onward.drain()
        if cut is Cut.AFTER:
            await asyncio.sleep(LATE_SECONDS)

    def _is_commit(self, data: bytes) -> bool:
        """Whether a COMMIT is executed: of its text, or of a statement prepared from it."""
        names = set(_PARSE.findall(data))
        self.commits |= names - {b""}
        if data[:1] == b"Q":
            return data[5:].strip(b"\x00; \n").lower() == b"commit"
        if _EXECUTE not in data:
            return False
        return bool(names) or any(b"\x00" + name + b"\x00" in data for name in self.commits)
