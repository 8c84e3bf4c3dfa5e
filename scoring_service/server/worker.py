"""One of the processes that share a port: a whole server, started and told by their parent.

    python -m scoring_service.server.worker FILE

FILE is the descriptor of its end of the line.
"""

import asyncio
import io
import socket
import sys
from contextlib import suppress

from scoring_service.server import logs
from scoring_service.server.clock import now
from scoring_service.server.collector import spare_what_started
from scoring_service.server.http import page_of
from scoring_service.server.options import Options
from scoring_service.server.process import SWITCH_SECONDS, Told, loop_factory
from scoring_service.server.serve import Server, serving
from scoring_service.server.start_problem import StartProblem
from scoring_service.server.worker_line import Ask, Fails, Line, Reload, Serves, line_over
from scoring_service.server.worker_line import Told as Page

STDERR = 2
PIPE_BYTES = 4096
"""Written at once to a pipe these come out at once: the lines of several workers are not mixed."""

CANNOT_START = 2


def main(file: str) -> int:
    """Serve until the parent, or a signal, says that it ends; the exit code."""
    sys.setswitchinterval(SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(_work(socket.socket(fileno=int(file))))


async def _work(end: socket.socket) -> int:
    line = await line_over(end)
    options: Options | None = await line.receive(Options)
    if options is None:
        return 0
    listening: asyncio.Task[None] | None = None
    try:
        async with serving(options, _log(options)) as server:
            told = Told(server.reloader)
            told.listen()
            listening = asyncio.create_task(_listen(line, server, told))
            spare_what_started()
            line.send(Serves())
            await told.end.wait()
    except StartProblem as problem:
        line.send(Fails(str(problem)))
        await line.sent()
        return CANNOT_START
    finally:
        await _cancelled(listening)
        await line.close()
    return 0


async def _listen(line: Line, server: Server, told: Told) -> None:
    """Answer the parent; where it has gone, end."""
    while (asked := await line.receive(Ask | Reload)) is not None:
        if isinstance(asked, Ask):
            page = await page_of(server.pages, asked.path)
            line.send(Page(asked.number, page.status.value, page.content_type, page.body))
        else:
            told.reload()
    told.end.set()


async def _cancelled(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _log(options: Options) -> logs.Log:
    stream = io.BufferedWriter(io.FileIO(STDERR, "w", closefd=False), PIPE_BYTES)
    made = logs.open_log(now, options.log_level, stream)
    return made._replace(logger=made.logger.bind(worker=options.worker))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
