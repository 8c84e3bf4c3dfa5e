"""What receivers of events still have to be given, as a unit of work reads and writes it."""

from collections.abc import Collection

import msgspec

from scoring_service.store import rows
from scoring_service.store.transaction_policies import Policies
from scoring_service.values.instant import instant, micros
from scoring_service.values.stored import Event
from scoring_service.values.webhook import Cursor, Letter

_cursor = msgspec.json.Decoder(Cursor).decode


class Webhooks(Policies):
    """Receivers' cursors and letters, as they were before this unit."""

    def webhook_cursor(self, endpoint: str) -> Cursor | None:
        """How far a receiver has come; None for one that is new."""
        self._send_webhooks()
        body = rows.any_value(self._known.connection.rows("webhook_reached", endpoint))
        return None if body is None else _cursor(body)

    def save_webhook_cursor(self, endpoint: str, cursor: Cursor) -> None:
        """Keep how far a receiver has come."""
        self.own.webhooks.append(("save_webhook_reached", (endpoint, rows.text(cursor))))

    def webhook_letters(self, endpoint: str, at_most: int, *, dead: bool) -> tuple[Letter, ...]:
        """What a receiver could not be given, in the order of the events."""
        self._send_webhooks()
        found = self._known.connection.rows("webhook_letters", endpoint, int(dead), at_most)
        return tuple(
            Letter(name, number, lead_id, attempts, instant(next_at), bool(is_dead), failure)
            for name, number, lead_id, attempts, next_at, is_dead, failure in found
        )

    def save_webhook_letter(self, letter: Letter) -> None:
        """Keep what a receiver could not be given."""
        row = (
            letter.endpoint,
            letter.number,
            letter.lead_id,
            letter.attempts,
            micros(letter.next_at),
            int(letter.dead),
            letter.failure,
        )
        self.own.webhooks.append(("save_webhook_letter", row))

    def drop_webhook_letter(self, endpoint: str, number: int) -> None:
        """A receiver was given what it could not be given before."""
        self.own.webhooks.append(("drop_webhook_letter", (endpoint, number)))

    def events(self, after: int, at_most: int) -> tuple[tuple[int, Event], ...]:
        """Events with their numbers, those behind `after`, as they were before this unit."""
        self._send_events()
        found = self._known.connection.rows("events", after, at_most)
        return tuple((row[0], rows.event(row)) for row in found)

    def events_numbered(self, numbers: Collection[int]) -> dict[int, Event]:
        """Events by their numbers."""
        self._send_events()
        asked = rows.strings([str(number) for number in numbers])
        found = self._known.connection.rows("events_numbered", asked)
        return {row[0]: rows.event(row) for row in found}

    def last_event(self) -> int:
        """The number of the latest event; 0 before the first."""
        self._send_events()
        return int(self._known.connection.rows("last_event")[0][0])

    def _send_webhooks(self) -> None:
        if self._known.unsent.webhooks:
            self._known.flush()

    def _send_events(self) -> None:
        if self._known.unsent.events:
            self._known.flush()
