"""Who wants to hear that something was committed by this process."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

Ear = tuple[asyncio.AbstractEventLoop, asyncio.Event]


class News:
    """Told by the writer's thread, heard in event loops. It says no more than that there is some.

    What other processes commit is not heard of.
    """

    def __init__(self) -> None:
        self._ears: tuple[Ear, ...] = ()

    def tell(self) -> None:
        """Something was committed; from any thread."""
        for loop, heard in self._ears:
            loop.call_soon_threadsafe(heard.set)

    @contextmanager
    def heard(self) -> Iterator[asyncio.Event]:
        """Set whenever there are news, while the context lasts; whoever listens clears it."""
        ear = asyncio.get_running_loop(), asyncio.Event()
        self._ears = (*self._ears, ear)
        try:
            yield ear[1]
        finally:
            self._ears = tuple(other for other in self._ears if other is not ear)
