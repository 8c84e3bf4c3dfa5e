"""A worker as its parent sees it: started, asked, told to end."""

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from http import HTTPStatus
from itertools import count

from scoring_service.server.http import Page
from scoring_service.server.options import Options
from scoring_service.server.start_problem import StartProblem
from scoring_service.server.worker_line import (
    Ask,
    Fails,
    Line,
    Reload,
    Serves,
    Told,
    line_over,
)

MODULE = "scoring_service.server.worker"
ANSWER_SECONDS = 2.0
"""How long a worker may take to answer; one that stands still must not hold the others' pages."""


class WorkerProcess:
    """The process of a worker; `options.worker` is its number. Started once."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.serves = False
        self._process: Process | None = None
        self._line: Line | None = None
        self._numbers = count(1)
        self._asked: dict[int, asyncio.Future[Page]] = {}

    async def spawn(self) -> None:
        """Start the process, and say what it is to serve."""
        ours, theirs = socket.socketpair()
        with theirs:
            file = theirs.fileno()
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", MODULE, str(file)),
                pass_fds=(file,),
                stdin=DEVNULL,
                stdout=DEVNULL,
                process_group=0,  # else Ctrl-C would reach it before its parent says so
            )
        self._line = await line_over(ours)
        self._line.send(self.options)

    async def started(self) -> None:
        """Return once it serves. Raises StartProblem where it cannot."""
        assert self._line is not None, "it was spawned"
        said = await self._line.receive(Serves | Fails)
        if not isinstance(said, Serves):
            raise StartProblem(said.why if said else await self._ended_early())
        self.serves = True
        self._listening = asyncio.create_task(self._listen(self._line))

    async def _ended_early(self) -> str:
        code = await self.ended()
        return f"worker {self.options.worker} ended with exit code {code} before it served"

    async def ended(self) -> int:
        """Its exit code, negative for a signal, once it has ended; 0 where it never began."""
        code = await self._process.wait() if self._process else 0
        self.serves = False
        if self._line is not None:
            await self._line.close()
        return code

    async def ask(self, path: str) -> Page | None:
        """Its page of a path; None where it does not answer."""
        if not self.serves or self._line is None:
            return None
        number = next(self._numbers)
        answer: asyncio.Future[Page] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        self._line.send(Ask(number, path))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await answer
        except TimeoutError:
            return None
        finally:
            self._asked.pop(number, None)

    def reload(self) -> None:
        """Have it load the rules anew; one that is starting may have read them already, and does it
        as soon as it serves.
        """
        if self._line is not None:
            self._line.send(Reload())

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self._process and self._process.returncode is None:
            self._process.send_signal(number)

    async def _listen(self, line: Line) -> None:
        while (told := await line.receive(Told)) is not None:
            answer = self._asked.get(told.number)
            if answer is not None and not answer.done():
                answer.set_result(Page(HTTPStatus(told.status), told.body, told.content_type))
