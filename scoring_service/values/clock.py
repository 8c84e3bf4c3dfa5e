"""The clocks of a lead: what falls due where nobody acts, and how much time is left of each."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

_AFTER = timedelta(microseconds=1)


class ClockName(StrEnum):
    """What a clock counts to. The stage table says which a lead has."""

    NEVER_IDENTIFIED = "never_identified"
    INCOMPLETE_NOTICE = "incomplete_notice"
    INCOMPLETE = "incomplete"
    REVIEW = "review"
    NO_ENGAGEMENT = "no_engagement"
    ACCEPT = "accept"
    ESCALATE = "escalate"
    NOT_WORKED = "not_worked"
    FIRST_CONTACT = "first_contact"
    NO_CONTACT = "no_contact"
    OPEN_OPPORTUNITY = "open_opportunity"
    STALLED = "stalled"
    OVERDUE = "overdue"
    SILENT = "silent"
    DISPOSITION = "disposition"
    REEVALUATE = "reevaluate"
    LAPSE = "lapse"
    NOBODY = "nobody"


class Unit(StrEnum):
    """What a span is counted in."""

    ELAPSED = "elapsed"
    HOURS = "hours"
    DAYS = "days"


class Left(msgspec.Struct, frozen=True, array_like=True):
    """Time that is still to pass: microseconds of elapsed or business time, or business days.

    Of business days `amount` are whole dates and `share` is that of one more date's open time.
    """

    unit: Unit
    amount: int
    share: float = 0.0


class Clock(msgspec.Struct, frozen=True, omit_defaults=True):
    """One clock of a lead's visit. It acts after `due_at`; without one it is done or paused.

    `since` is where `left` counts from, `started_at` where the clock began (the assignment for the
    ladder). `step` is the rung of a ladder that comes next, or how often it was told before.
    A paused one goes on at `resumes_at`. `met_at` ends it, also after `breached_at`, which stays.
    """

    name: ClockName
    started_at: datetime
    since: datetime
    left: Left
    calendar: str
    revision: str
    due_at: datetime | None = None
    step: int = 0
    sla: str = ""
    resumes_at: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None

    @property
    def wakes_at(self) -> datetime | None:
        """The next instant at which something is to be done about it: after the deadline, since
        what is done at that very instant is in time.
        """
        if self.resumes_at is not None:
            return self.resumes_at
        return None if self.due_at is None else self.due_at + _AFTER


def next_due(clocks: tuple[Clock, ...]) -> datetime | None:
    """The earliest instant at which one of them wakes; None where none does."""
    return min((at for clock in clocks if (at := clock.wakes_at) is not None), default=None)
