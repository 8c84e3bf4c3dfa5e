"""Time and chance, which everything below takes as arguments."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from os import urandom
from time import monotonic, time_ns
from uuid import uuid4

__all__ = ["call_ids", "measure_lag", "monotonic", "new_id", "now"]

LOOK_SECONDS = 0.25


def now() -> datetime:
    """The instant, aware and in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A UUID that nothing else has: version 7 of RFC 9562, a millisecond and 74 bits of chance.

    Later ones sort behind earlier ones, so that the store adds to the end of its indexes.
    """
    chance = int.from_bytes(urandom(10), "big")
    after_the_millisecond = 0x7 << 76 | chance >> 68 << 64 | 0b10 << 62 | chance & (1 << 62) - 1
    digits = f"{time_ns() // 1_000_000 << 80 | after_the_millisecond:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


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
