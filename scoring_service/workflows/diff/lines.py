"""Who waits for which pool, in order, and when each queue is drained next; in memory."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from datetime import datetime

import msgspec

from scoring_service.values.facts import Waiting
from scoring_service.values.stored import QueuePlace


def order(place: QueuePlace) -> tuple[datetime, int]:
    """Who is before whom."""
    return place.enqueued_at, place.number


class Lines:
    """The places of those who wait, by lead and in each pool's order, and the drain timers.

    `revision` is the policy's; who may take a lead that another one judged is not known.
    """

    def __init__(self, revision: str) -> None:
        self.places: dict[str, QueuePlace] = {}
        self._revision = revision
        self._told: dict[str, Waiting] = {}
        self.due: dict[str, datetime] = {}
        self._lines: dict[str, list[QueuePlace]] = {}
        self._number = 0

    def waiting(self, pools: Sequence[str], limit: int) -> tuple[int, Sequence[QueuePlace]]:
        """How many wait for these pools, and the first of them, oldest first."""
        lines = [line for pool in pools if (line := self._lines.get(pool))]
        if len(lines) < 2:
            return (len(lines[0]), lines[0][:limit]) if lines else (0, ())
        heads = sorted((place for line in lines for place in line[:limit]), key=order)
        return sum(map(len, lines)), heads[:limit]

    def told(self, places: Sequence[QueuePlace]) -> tuple[Waiting, ...]:
        """The places as a decision sees them."""
        return tuple([self._told[place.lead_id] for place in places])

    def pools(self) -> list[str]:
        """The pools somebody waits for: by their oldest waiting lead, then by name."""
        waited_for = {pool: line[0].enqueued_at for pool, line in self._lines.items() if line}
        return sorted(waited_for, key=lambda pool: (waited_for[pool], pool))

    def enqueue(self, place: QueuePlace) -> None:
        """Give a lead a place; with number 0 behind everybody of the same instant.

        A lead that waits there since that instant keeps its number.
        """
        before = self.places.get(place.lead_id)
        if place.number == 0:
            place = msgspec.structs.replace(place, number=self._numbered(place, before))
        if before is not None:
            self.leave(place.lead_id)
        self.places[place.lead_id] = place
        judged = place.not_for if place.revision == self._revision else ()
        self._told[place.lead_id] = Waiting(place.lead_id, place.enqueued_at, judged)
        insort(self._lines.setdefault(place.pool, []), place, key=order)

    def leave(self, lead_id: str) -> None:
        """End the place of a lead, if it has one."""
        place = self.places.pop(lead_id, None)
        if place is not None:
            line = self._lines[place.pool]
            del line[bisect_left(line, order(place), key=order)]

    def arm(self, pool: str, due_at: datetime | None) -> None:
        """Have the pool drained at `due_at`, unless it will be sooner; None is never."""
        if due_at is not None:
            self.due[pool] = min(due_at, self.due.get(pool, due_at))

    def arm_anew(self, pool: str, due_at: datetime | None) -> None:
        """Have the pool drained at `due_at` and not before; None is never."""
        self.due.pop(pool, None)
        if due_at is not None:
            self.due[pool] = due_at

    def next_due(self) -> datetime | None:
        """The instant at which the first queue is drained."""
        return min(self.due.values(), default=None)

    def _numbered(self, place: QueuePlace, before: QueuePlace | None) -> int:
        there = before and (before.pool, before.enqueued_at) == (place.pool, place.enqueued_at)
        if before and there:
            return before.number
        self._number += 1
        return self._number
