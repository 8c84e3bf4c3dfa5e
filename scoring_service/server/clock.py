"""Time and chance, which everything below takes as arguments."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from os import register_at_fork, urandom
from time import monotonic, time_ns
from uuid import uuid4

__all__ = ["call_ids", "measure_lag", "monotonic", "new_id", "now"]

LOOK_SECONDS = 0.25
IDS_AT_ONCE = 256


def now() -> datetime:
    """The instant, aware and in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A UUID that nothing else has: version 7 of RFC 9562, a millisecond and 74 bits of chance.

    Later ones sort behind earlier ones, so that the store adds to the end of its indexes.
    """
    digits = f"{time_ns() // 1_000_000:012x}"
    while True:
        try:
            return f"{digits[:8]}-{digits[8:]}-{_chances.pop()}"
        except IndexError:  # another thread may take them too
            _chances.extend(_drawn())


_VARIANTS = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
_chances: list[str] = []
"""What ids end with, each used once; a process that is forked off draws its own."""

register_at_fork(after_in_child=_chances.clear)


def _drawn() -> list[str]:
    """Many at a time: the system is asked once for all."""
    drawn = urandom(10 * IDS_AT_ONCE).hex()
    each = [drawn[start : start + 20] for start in range(0, len(drawn), 20)]
    return [f"7{d[:3]}-{_VARIANTS[d[3]]}{d[4:7]}-{d[7:19]}" for d in each]


def call_ids() -> Callable[[], str]:
    """Makes ids of calls: of this process alone, and in the order of their coming."""
    process, numbers = uuid4().hex[:12], count(1)
    return lambda: f"{process}-{next(numbers)}"


async def measure_lag(observe: Callable[[float], None]) -> None:
    """Observe by how much the event loop is late, in seconds, until cancelled."""
    while True:
        began = monotonic()
        await asyncio.sleep(LOOK_SECONDS)
        observe(max(0.0, monotonic() - began - LOOK_SECONDS))
