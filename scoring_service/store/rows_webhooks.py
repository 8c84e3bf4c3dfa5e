"""Rows of receivers of events, to values and back."""

import msgspec

from scoring_service.store.connection import Row
from scoring_service.values.instant import instant, micros
from scoring_service.values.webhook import Cursor, Letter

_cursor = msgspec.json.Decoder(Cursor).decode


def cursor_of(body: str) -> Cursor:
    """The body of a receiver's row."""
    return _cursor(body)


def letter_of(row: Row) -> Letter:
    """A row of `webhook_letters`."""
    endpoint, number, lead_id, attempts, next_at, dead, failure = row
    return Letter(endpoint, number, lead_id, attempts, instant(next_at), bool(dead), failure)


def letter_row(letter: Letter) -> Row:
    """A letter for `save_webhook_letter`."""
    tried = letter.attempts, micros(letter.next_at), int(letter.dead), letter.failure
    return letter.endpoint, letter.number, letter.lead_id, *tried
