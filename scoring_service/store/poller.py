"""When the writer must look at the store though nobody asks."""

from datetime import datetime, timedelta
from time import monotonic

LOOK_EVERY = timedelta(seconds=5)
"""The longest sleep: another replica may have armed an earlier timer or activated a policy, and a
wall clock may have been set forward.
"""


class Poller:
    """Sleeps until the next due instant. Instants are the store's; sleeping is by monotonic time.

    Used by the writer's thread only.
    """

    def __init__(self, look_every: timedelta = LOOK_EVERY) -> None:
        self._look_every = look_every
        self._wake_at = monotonic() + look_every.total_seconds()
        self._armed: datetime | None = None

    def armed(self, due_at: datetime | None, now: datetime) -> None:
        """A timer was set: wake for it, unless earlier anyway."""
        if due_at is None:
            return
        if self._armed is None or due_at < self._armed:
            self._armed = due_at
        self._wake_at = min(self._wake_at, monotonic() + (due_at - now).total_seconds())

    def looked(self, next_due: datetime | None, now: datetime) -> None:
        """Everything due by `now` was done; sleep until the next due instant.

        What is still due is not ours to do, such as a timer of a kind that a newer version set:
        it must not keep the writer awake, nor hide what was armed here.
        """
        if self._armed is not None and self._armed <= now:
            self._armed = None
        coming = [due for due in (next_due, self._armed) if due is not None and due > now]
        sleep = min([self._look_every, *(due - now for due in coming)])
        self._wake_at = monotonic() + sleep.total_seconds()

    def not_now(self) -> None:
        """It could not be looked; try again after a while."""
        self._wake_at = monotonic() + self._look_every.total_seconds()

    def seconds(self) -> float:
        """How long to sleep from here; 0 when it is time to look."""
        return max(0.0, self._wake_at - monotonic())
