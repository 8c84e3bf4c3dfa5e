"""Receivers of events, how far each has come, and what it could not be given yet."""

from datetime import datetime

import msgspec


class Endpoint(msgspec.Struct, frozen=True):
    """A receiver of events. No `types` are all. `secret` is the key that signs, not its text."""

    name: str
    url: str
    secret: bytes
    types: frozenset[str] = frozenset()

    def wants(self, type_: str) -> bool:
        """Whether it is to be told of events of this type."""
        return not self.types or type_ in self.types


class Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    """The number of the last event that was given or put aside, and who delivers until when.

    After `failures` in a row nothing is sent until `paused_until`.
    """

    after: int = 0
    holder: str = ""
    leased_until: datetime | None = None
    failures: int = 0
    paused_until: datetime | None = None


class Letter(msgspec.Struct, frozen=True):
    """An event that could not be given yet, or that waits behind one of its lead. A dead one waits
    to be asked for.
    """

    endpoint: str
    number: int
    lead_id: str
    attempts: int
    next_at: datetime
    dead: bool = False
    failure: str = ""
