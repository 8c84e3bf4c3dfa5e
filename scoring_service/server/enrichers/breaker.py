"""Who fails again and again is left alone for a while."""

from collections.abc import Callable

FAILURES_MAX = 5
"""Failures in a row after which nobody asks any more."""

REST_SECONDS = 60.0
"""How long it is left alone, before one call tries again."""


class Breaker:
    """Counts failures in a row. `clock` is in seconds, of any origin."""

    def __init__(
        self,
        clock: Callable[[], float],
        failures_max: int = FAILURES_MAX,
        rest: float = REST_SECONDS,
    ) -> None:
        self.clock, self.failures_max, self.rest = clock, failures_max, rest
        self.failures, self.opened_at = 0, 0.0

    def lets_through(self) -> bool:
        """Whether to ask. After a rest one call may, and the others when it has succeeded."""
        if self.failures < self.failures_max:
            return True
        if self.clock() - self.opened_at < self.rest:
            return False
        self.opened_at = self.clock()
        return True

    def succeeded(self) -> None:
        """It answered."""
        self.failures = 0

    def failed(self) -> None:
        """It did not."""
        self.failures += 1
        if self.failures >= self.failures_max:
            self.opened_at = self.clock()
