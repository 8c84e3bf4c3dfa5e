"""Who is away as people entered it, beside the leave of team.yaml."""

from datetime import date, datetime

import msgspec


class Absence(msgspec.Struct, frozen=True, array_like=True):
    """Whole days on which a rep is away, both included, in his zone."""

    rep_id: str
    first: date
    last: date
    backup: str | None = None


class EnteredAbsence(msgspec.Struct, frozen=True):
    """An absence, when it was entered and by whom."""

    absence: Absence
    at: datetime
    actor: str
