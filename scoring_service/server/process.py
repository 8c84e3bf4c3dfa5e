"""A server's process: its event loop and the signals it is told by."""

import asyncio
import signal
from collections.abc import Callable

from scoring_service.server.reload import Reloader

SWITCH_SECONDS = 0.0005
"""How long a thread keeps the interpreter: at the default of 5 ms a busy event loop starves the
writer, whose every call of the driver gives it up."""


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, where it is installed: a call costs less on it."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


class Told:
    """What a serving process is told: `end` is set by SIGTERM or SIGINT, SIGHUP loads anew."""

    def __init__(self, reloader: Reloader) -> None:
        self.end = asyncio.Event()
        self._reloader = reloader
        self._reloads: set[asyncio.Task[None]] = set()

    def listen(self) -> None:
        """Have signals be heard from now on."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self.end.set)
        loop.add_signal_handler(signal.SIGHUP, self.reload)

    def reload(self) -> None:
        """Load the rules anew, beside the calls."""
        task = asyncio.get_running_loop().create_task(self._reloader.reload())
        self._reloads.add(task)
        task.add_done_callback(self._reloads.discard)
