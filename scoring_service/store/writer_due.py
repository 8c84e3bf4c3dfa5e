"""What falls due by itself: run slice by slice between requests, and held off when it fails."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import TypeAlias

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.store.transaction import Transaction
from scoring_service.values.stored import Timer

DueWork: TypeAlias = Callable[[Transaction, Policy, datetime], int]
"""One slice of what is due; how much was done, 0 when nothing is due."""

RETRY_MIN = timedelta(minutes=1)
RETRY_MAX = timedelta(hours=1)


def retry_in(attempts: int) -> timedelta:
    """How long after its failure a timer that failed `attempts` times before is tried again.

    >>> [str(retry_in(attempts)) for attempts in (0, 1, 5, 6, 10_000)]
    ['0:01:00', '0:02:00', '0:32:00', '1:00:00', '1:00:00']
    """
    doubled: timedelta = RETRY_MIN * 2 ** min(attempts, 16)
    return min(RETRY_MAX, doubled)


def armed_again(timer: Timer, now: datetime) -> Timer:
    """The timer after a failure, counted."""
    due_at = now + retry_in(timer.attempts)
    return msgspec.structs.replace(timer, due_at=due_at, attempts=timer.attempts + 1)


class Due:
    """The hook, and what is remembered of its failures that no timer could be blamed for."""

    def __init__(self, work: DueWork) -> None:
        self.work = work
        self._failures = 0
        self._held_until = 0.0

    @property
    def held(self) -> bool:
        """Whether it failed so lately that it is not to be run."""
        return monotonic() < self._held_until

    def hold(self) -> None:
        """Keep it from running for a while; longer each time."""
        self._held_until = monotonic() + retry_in(self._failures).total_seconds()
        self._failures += 1

    def went_well(self) -> None:
        """Forget earlier failures."""
        self._failures = 0
