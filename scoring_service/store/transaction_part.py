"""What every part of a unit's view of the store stands on."""

from collections.abc import Callable
from datetime import datetime

from scoring_service.store.batch_known import Known
from scoring_service.store.batch_writes import Writes
from scoring_service.values.stored import Timer


class Part:
    """A unit's own writes over what its batch knows. It sees what it wrote; others see it once the
    unit is kept. `armed` is the earliest instant at which it set a timer, `due` the first timer
    it looked at whose instant has come.
    """

    def __init__(self, known: Known, now: datetime, new_id: Callable[[], str]) -> None:
        self.now = now
        self.own = Writes()
        self.queue_number = known.counters["queue"]
        self.armed: datetime | None = None
        self.due: Timer | None = None
        self._known = known
        self._new_id = new_id

    def new_id(self) -> str:
        """An id that nothing stored has."""
        made = self._new_id()
        self._known.made.add(made)
        return made

    def end(self) -> None:
        """The unit is over: what it wrote is kept elsewhere or forgotten, and it cannot go on."""
        del self.own
