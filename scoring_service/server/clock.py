"""Time and chance, which everything below takes as arguments."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from time import monotonic
from uuid import uuid4

__all__ = ["call_ids", "measure_lag", "monotonic", "new_id", "now"]

LOOK_SECONDS = 0.25


def now() -> datetime:
    """The instant, aware and in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """An id that nothing else has."""
    return str(uuid4())


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
