"""Work in a thread of its own: its outcome comes back, and nobody has to wait for its end."""

import asyncio
import threading

import pytest

from scoring_service.server.aside import aside


async def test_what_comes_of_it_comes_back() -> None:
    assert await aside(lambda: threading.current_thread() is threading.main_thread()) is False


async def test_what_it_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        await aside(lambda: 1 // 0)


async def test_whoever_stops_waiting_is_free_though_it_goes_on() -> None:
    ends = threading.Event()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await aside(ends.wait)
    ends.set()


async def test_much_that_hangs_leaves_threads_for_everything_else() -> None:
    ends = threading.Event()
    hanging = [aside(ends.wait) for _ in range(40)]
    assert await asyncio.to_thread(lambda: "done") == "done"
    ends.set()
    assert await asyncio.gather(*hanging) == [True] * 40
