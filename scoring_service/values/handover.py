"""A book of leads that goes from one rep to others."""

from datetime import datetime

import msgspec


class Handover(msgspec.Struct, frozen=True, omit_defaults=True):
    """All leads of a rep go to others, some at a time. `to` "" is whoever the routes say.

    `leads` and `accounts` are those he had when it began, `moved` and `accounts_moved` those that
    others have by now; `left` are leads that nobody else could have. It is under way until
    `ended_at`.
    """

    operation_id: str
    rep_id: str
    to: str
    reason: str
    actor: str
    started_at: datetime
    leads: int = 0
    accounts: int = 0
    moved: int = 0
    left: int = 0
    accounts_moved: int = 0
    ended_at: datetime | None = None
