"""Rotations, limits, queues and timers, as a unit of work reads and writes them."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from scoring_service.store import rows, rows_lifecycle
from scoring_service.store.transaction_accounts import Accounts
from scoring_service.values.decision import Draw
from scoring_service.values.happening import Notice
from scoring_service.values.stored import QueuePlace, Rotation, Timer


class Queues(Accounts):
    """Whose turn it is, how much each has, who waits, and when to look again."""

    def rotation(self, pool: str) -> Rotation:
        """A pool's rotation, its credits by rep id; empty for a pool that never drew."""
        return self.own.rotations.get(pool) or self._known.rotation(pool)

    def save_rotation(self, before: Rotation, after: Rotation) -> None:
        """Replace a pool's rotation by what came of it."""
        assert before.pool == after.pool, (before.pool, after.pool)
        assert before == self.rotation(before.pool), "made of a rotation that is not the stored one"
        credits = after.credits
        if len(credits) != len(before.credits):
            credits = tuple(sorted(credits, key=lambda credit: credit.rep_id))
        self.own.rotations[after.pool] = Rotation(after.pool, credits, after.draws)

    def record_draw(self, draw: Draw, decision_id: str, lead_id: str) -> None:
        """Record a turn: what each gained and the winner paid, and for which lead."""
        row = rows.draw_row(draw, decision_id, lead_id, self.now, given_back=False)
        self.own.draws[draw.pool, draw.number] = row

    def draw(self, pool: str, number: int) -> Draw | None:
        """A turn that was taken and is not given back."""
        own = self.own.draws.get((pool, number))
        if (pool, number) in self.own.draws_given_back:
            return None
        if own is not None:
            return rows.draw(pool, number, (own[2], own[4], own[3], own[8]))[0]
        self._known.flush()
        found = self._known.connection.rows("draw", pool, number)
        made, given_back = rows.draw(pool, number, found[0]) if found else (None, False)
        return None if given_back else made

    def taken_since(self, rep_id: str, since: datetime, at_most: int) -> int:
        """Leads the rep was given since an instant and has not given back, counted to `at_most`."""
        return min(at_most, self._known.counts.taken_since(rep_id, since, self.own))

    def open_leads(self, rep_id: str) -> int:
        """Leads in mql, sal and sql that the rep owns."""
        return self._known.counts.open_leads(rep_id, self.own)

    def waiting(self, pools: Sequence[str], limit: int) -> tuple[int, tuple[QueuePlace, ...]]:
        """How many wait for these pools, and the first `limit` of them, oldest first."""
        return self._known.lines.waiting(pools, limit, self.own)

    def oldest_waiting_pools(self) -> tuple[str, ...]:
        """The pools somebody waits for: by their oldest waiting lead, then by name."""
        return self._known.lines.waiting_pools(self.own)

    def enqueue(self, place: QueuePlace) -> None:
        """Give a lead a place; with number 0 behind everybody of the same instant.

        A lead that waits there since that instant keeps its number.
        """
        before = self._place(place.lead_id)
        if place.number == 0:
            place = msgspec.structs.replace(place, number=self._number(place, before))
        self.own.places[place.lead_id] = place

    def leave_queue(self, lead_id: str) -> None:
        """End the place of a lead, if it has one."""
        if self._place(lead_id) is not None:
            self.own.places[lead_id] = None

    def timer(self, kind: str, subject: str) -> Timer | None:
        """The timer of that kind for that subject."""
        if (kind, subject) in self.own.timers:
            found = self.own.timers[kind, subject]
        else:
            found = self._known.timer(kind, subject)
        if self.due is None and found is not None and found.due_at <= self.now:
            self.due = found
        return found

    def next_due(self, kinds: Collection[str]) -> Timer | None:
        """The first timer of these kinds that is due; it is blamed if this unit fails.

        Of others none is looked at: a newer version may have set them.
        """
        found = self._known.next_due(kinds)
        if self.due is None:
            self.due = found
        return found

    def timers_laid_before(self, kind: str, after: str, at_most: int) -> tuple[str, ...]:
        """Subjects of the timers of a kind that another policy than the active one laid, in order,
        those behind `after`.
        """
        if self._known.unsent.timers:
            self._known.flush()
        key = kind, self._known.active_revision() or "", after, at_most
        return tuple(row[0] for row in self._known.connection.rows("timers_laid_before", *key))

    def set_timer(self, timer: Timer) -> None:
        """Arm a timer in the place of the one there may be."""
        self.own.timers[timer.kind, timer.subject] = timer
        if self.armed is None or timer.due_at < self.armed:
            self.armed = timer.due_at

    def clear_timer(self, kind: str, subject: str) -> None:
        """End the timer of that kind for that subject, if there is one."""
        self.own.timers[kind, subject] = None

    def notice(self, notice: Notice) -> None:
        """Have somebody told of a lead; the timer that tells is set apart."""
        self.own.notices.append(notice)

    def notices(self, recipient: str, kind: str, at_most: int) -> tuple[Notice, ...]:
        """What waits to be told to somebody, oldest first, as it was before this unit."""
        if self._known.unsent.notices:
            self._known.flush()
        found = self._known.connection.rows("notices", recipient, kind, at_most)
        return tuple(map(rows_lifecycle.notice, found))

    def notices_told(self, recipient: str, kind: str, number: int) -> None:
        """Those up to a number are told."""
        self.own.notices_told.append((recipient, kind, number))

    def mark(self, name: str) -> int | None:
        """A number that was kept by its name."""
        found = self.own.marks.get(name, self._known.unsent.marks.get(name))
        return self._known.counters.get(name) if found is None else found

    def keep_mark(self, name: str, value: int) -> None:
        """Keep a number by its name."""
        self.own.marks[name] = value

    def _place(self, lead_id: str) -> QueuePlace | None:
        if lead_id in self.own.places:
            return self.own.places[lead_id]
        if self._stored_lead(lead_id) is None:
            self._known.lines.not_waiting(lead_id)
        return self._known.lines.place(lead_id)

    def _number(self, place: QueuePlace, before: QueuePlace | None) -> int:
        there = before and (before.pool, before.enqueued_at) == (place.pool, place.enqueued_at)
        if before and there:
            return before.number
        self.queue_number += 1
        return self.queue_number
