"""The store as one unit of work sees it: the only thing that a workflow reads and writes."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from scoring_service.store import rows
from scoring_service.store.transaction_reps import Reps
from scoring_service.values.instant import micros
from scoring_service.values.owner import RepOwner
from scoring_service.values.stored import Event, StoredAssignment, StoredDecision


class Transaction(Reps):
    """One unit's view, at one instant `now`. Reads see its own writes and those of the units
    before it; writes are recorded, and sent when the unit is kept and its batch is flushed.
    """

    def assignment(self, assignment_id: str) -> StoredAssignment | None:
        """The assignment of that id."""
        own = self.own.assignments.get(assignment_id)
        if own is not None:
            return own
        self._known.fetch_assignments((assignment_id,))
        return self._known.assignments.get(assignment_id)

    def record_assignment(self, assigned: StoredAssignment) -> None:
        """Record who got a lead."""
        self.own.assignments[assigned.assignment_id] = assigned
        if isinstance(assigned.owner, RepOwner) and not assigned.given_back:
            taken = self.own.taken.setdefault(assigned.owner.id, [])
            taken.append(assigned.assigned_at)

    def end_assignment(self, assignment_id: str, how: str, given_back: bool) -> None:
        """Record how an assignment ended; one that is given back counts to no limit, and its draw
        as undone.
        """
        before = self.assignment(assignment_id)
        assert before is not None, f"no assignment {assignment_id}"
        self.own.assignments[assignment_id] = msgspec.structs.replace(
            before, ended_at=self.now, ended_how=how, given_back=given_back
        )
        if not given_back or before.given_back:
            return
        if isinstance(before.owner, RepOwner):
            self.own.given_back.setdefault(before.owner.id, []).append(before.assigned_at)
        if before.draw_number is not None:
            self.own.draws_given_back.append((before.pool, before.draw_number))

    def decision(self, decision_id: str) -> StoredDecision | None:
        """The decision record of that id."""
        own = self.own.decisions.get(decision_id)
        unsent = own or self._known.unsent.decisions.get(decision_id)
        if unsent is not None:
            return unsent
        found = self._known.connection.rows("decision", decision_id)
        return rows.decision(found[0]) if found else None

    def record_decision(self, record: StoredDecision) -> None:
        """Record what was known and what was decided."""
        self.own.decisions[record.decision_id] = record

    def decisions_before(self, instant: datetime, at_most: int) -> tuple[str, ...]:
        """Ids of the oldest decisions before an instant that still have their facts."""
        if self._known.unsent.dropped:
            self._known.flush()
        found = self._known.connection.rows("decisions_with_facts", micros(instant), at_most)
        return tuple(row[0] for row in found)

    def drop_facts(self, decision_ids: Iterable[str]) -> None:
        """Keep of these decisions only what was decided."""
        now = micros(self.now)
        self.own.dropped.extend((decision_id, now) for decision_id in decision_ids)

    def emit(self, event: Event) -> None:
        """Have the outside world told, after what was told before."""
        self.own.events.append(event)
