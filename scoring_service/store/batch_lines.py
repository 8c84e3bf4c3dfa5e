"""Queues as a batch knows them: the head of each line, kept in order as places come and go."""

from bisect import insort
from collections.abc import Sequence
from datetime import datetime

from scoring_service.store import rows
from scoring_service.store.batch_counts import Sending
from scoring_service.store.batch_writes import Writes
from scoring_service.store.connection import Connection
from scoring_service.values.instant import instant
from scoring_service.values.stored import QueuePlace


def order(place: QueuePlace) -> tuple[datetime, int]:
    """Who is before whom."""
    return place.enqueued_at, place.number


class Line:
    """Those who wait for a pool: how many, and the first of them; all of them where `whole`."""

    __slots__ = ("count", "head", "whole")

    def __init__(self, connection: Connection, pool: str, at_least: int) -> None:
        self.head = [rows.place(row) for row in connection.rows("waiting", pool, at_least)]
        self.whole = len(self.head) < at_least
        self.count = len(self.head)
        if not self.whole:
            self.count = connection.rows("waiting_count", pool)[0][0]

    def shows(self, at_least: int) -> bool:
        """Whether the head has so many, or all there are."""
        return self.whole or len(self.head) >= at_least

    def remove(self, place: QueuePlace) -> None:
        """Somebody left."""
        self.count -= 1
        self.head = [other for other in self.head if other.lead_id != place.lead_id]

    def add(self, place: QueuePlace) -> None:
        """Somebody came, not necessarily last."""
        self.count += 1
        if self.whole or (self.head and order(place) < order(self.head[-1])):
            insort(self.head, place, key=order)


class Lines:
    """Every line that a batch has looked at, and the places it knows by lead."""

    def __init__(self, batch: Sending) -> None:
        self._batch = batch
        self._lines: dict[str, Line] = {}
        self._places: dict[str, QueuePlace | None] = {}
        self._pools: dict[str, datetime] | None = None

    def learn(self, own: Writes) -> None:
        """A unit's places stand."""
        for lead_id, place in own.places.items():
            before = self.place(lead_id)
            if before and before.pool in self._lines:
                self._lines[before.pool].remove(before)
            if place and place.pool in self._lines:
                self._lines[place.pool].add(place)
            self._places[lead_id] = place
            self._pools = None

    def place(self, lead_id: str) -> QueuePlace | None:
        """The place of a lead, if it waits."""
        if lead_id not in self._places:
            found = self._batch.connection.rows("queue_place", lead_id)
            self._places[lead_id] = rows.place(found[0]) if found else None
        return self._places[lead_id]

    def not_waiting(self, lead_id: str) -> None:
        """A lead that is not stored yet has no place; nobody need ask."""
        self._places.setdefault(lead_id, None)

    def waiting(
        self, pools: Sequence[str], limit: int, own: Writes
    ) -> tuple[int, tuple[QueuePlace, ...]]:
        """How many wait for these pools, and the first of them in order."""
        lines = [self._line(pool, limit + len(own.places)) for pool in dict.fromkeys(pools)]
        count = sum(line.count for line in lines)
        heads = [place for line in lines for place in line.head]
        if own.places:
            left = [self.place(lead_id) for lead_id in own.places]
            came = [place for place in own.places.values() if place and place.pool in pools]
            count += len(came) - sum(1 for place in left if place and place.pool in pools)
            heads = [place for place in heads if place.lead_id not in own.places] + came
        if len(lines) > 1 or own.places:
            heads.sort(key=order)
        return count, tuple(heads[:limit])

    def waiting_pools(self, own: Writes) -> tuple[str, ...]:
        """Every pool somebody waits for, by its oldest place, then by name."""
        if self._pools is None:
            self._batch.flush()
            found = self._batch.connection.rows("waiting_pools")
            self._pools = {pool: instant(oldest) for pool, oldest in found}
        pools = dict(self._pools)
        for pool in self._touched(own):
            _, first = self.waiting((pool,), 1, own)
            pools.pop(pool, None)
            pools.update((place.pool, place.enqueued_at) for place in first)
        return tuple(sorted(pools, key=lambda pool: (pools[pool], pool)))

    def _touched(self, own: Writes) -> set[str]:
        before = [self.place(lead_id) for lead_id in own.places]
        return {place.pool for place in (*before, *own.places.values()) if place}

    def _line(self, pool: str, at_least: int) -> Line:
        line = self._lines.get(pool)
        if line is None or not line.shows(at_least):
            if self._batch.unsent.places:
                self._batch.flush()
            line = self._lines[pool] = Line(self._batch.connection, pool, at_least)
            self._places.update((place.lead_id, place) for place in line.head)
        return line
