"""Work that may hang, done in a thread that holds up nobody."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def aside(work: Callable[[], Result]) -> asyncio.Future[Result]:
    """What comes of `work`, done in a thread of its own.

    It takes no thread from what else waits for one, and where it never ends it keeps neither
    whoever stops waiting for it nor the end of the process.
    """
    done: Future[Result] = Future()
    done.set_running_or_notify_cancel()
    Thread(target=_do, args=(work, done), daemon=True).start()
    return asyncio.wrap_future(done)


def _do(work: Callable[[], Result], done: Future[Result]) -> None:
    try:
        done.set_result(work())
    except BaseException as error:
        done.set_exception(error)
