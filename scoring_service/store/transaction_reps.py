"""Who is away and whose book is handed over, as a unit of work reads and writes it."""

from collections.abc import Mapping

from scoring_service.store import rows_reps
from scoring_service.store.absences import COUNTER
from scoring_service.store.transaction_webhooks import Webhooks
from scoring_service.values.absence import EnteredAbsence
from scoring_service.values.handover import Handover
from scoring_service.values.stage import Stage


class Reps(Webhooks):
    """Absences that people entered, and hand-overs."""

    def absences_of(self, rep_id: str) -> tuple[EnteredAbsence, ...]:
        """A rep's absences that are not over, by day."""
        own = self.own.absences.get(rep_id)
        return self._known.away.of(rep_id) if own is None else own

    def save_absences(self, rep_id: str, entered: tuple[EnteredAbsence, ...]) -> None:
        """Replace a rep's absences that are not over. The policy of later units has them."""
        self.own.absences[rep_id] = entered
        self.keep_mark(COUNTER, (self.mark(COUNTER) or 0) + 1)

    def handover(self, operation_id: str) -> Handover | None:
        """A hand-over by its id."""
        own = self.own.handovers.get(operation_id)
        if own is None:
            self._send_handovers()
            found = self._known.connection.rows("handover", operation_id)
            own = rows_reps.handover_of(found[0]) if found else None
        return own

    def handover_of(self, rep_id: str) -> Handover | None:
        """The hand-over of a rep that is under way."""
        self._send_handovers()
        found = self._known.connection.rows("handover_of", rep_id)
        return rows_reps.handover_of(found[0]) if found else None

    def save_handover(self, handover: Handover) -> None:
        """Keep a hand-over, or how far it has come."""
        self.own.handovers[handover.operation_id] = handover

    def leads_of_rep(self, rep_id: str) -> Mapping[Stage, int]:
        """How many leads a rep owns, by stage, as it was before this unit."""
        self._known.flush()
        found = self._known.connection.rows("leads_of_reps")
        return {Stage(stage): count for owner, stage, count in found if owner == rep_id}

    def count_accounts_of(self, rep_id: str) -> int:
        """How many accounts a rep owns, as it was before this unit."""
        self._known.flush()
        return int(self._known.connection.rows("count_accounts_of", rep_id)[0][0])

    def _send_handovers(self) -> None:
        if self._known.unsent.handovers:
            self._known.flush()
