"""What receivers of events still have to be given, as a unit of work reads and writes it."""

from collections.abc import Collection

from scoring_service.store import rows
from scoring_service.store.rows_webhooks import cursor_of, letter_of, letter_row
from scoring_service.store.transaction_policies import Policies
from scoring_service.values.stored import Event
from scoring_service.values.webhook import Cursor, Letter


class Webhooks(Policies):
    """Receivers' cursors and letters, as they were before this unit."""

    def webhook_cursor(self, endpoint: str) -> Cursor | None:
        """How far a receiver has come; None for one that is new."""
        self._send_webhooks()
        body = rows.any_value(self._known.connection.rows("webhook_reached", endpoint))
        return None if body is None else cursor_of(body)

    def save_webhook_cursor(self, endpoint: str, cursor: Cursor) -> None:
        """Keep how far a receiver has come."""
        self.own.webhooks.append(("save_webhook_reached", (endpoint, rows.text(cursor))))

    def webhook_letters(self, endpoint: str, at_most: int, *, dead: bool) -> tuple[Letter, ...]:
        """What a receiver could not be given, in the order of the events."""
        self._send_webhooks()
        found = self._known.connection.rows("webhook_letters", endpoint, int(dead), at_most)
        return tuple(map(letter_of, found))

    def save_webhook_letter(self, letter: Letter) -> None:
        """Keep what a receiver could not be given."""
        self.own.webhooks.append(("save_webhook_letter", letter_row(letter)))

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
