"""At which instant a leave begins to matter, and when it ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from scoring_service.domain.business_time.windows import NeverOpen, next_open
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.leave import midnight
from scoring_service.values.team import Rep

_DAY = timedelta(days=1)


def leave_begins(policy: Policy, rep: Rep, now: datetime) -> datetime | None:
    """The next instant at which a leave begins: at the first opening of the rep's calendar inside
    it, at once where that has passed; None where no leave is to come. One in which he would not
    work anyway never begins.
    """
    found = (max(opens, now) for opens, ends in _leaves(policy, rep) if now < ends)
    return min(found, default=None)


def leave_ends(policy: Policy, rep: Rep, now: datetime) -> datetime | None:
    """When the leaves end that have begun; None where none has. One ends with its last day."""
    found = (ends for opens, ends in _leaves(policy, rep) if opens <= now < ends)
    return max(found, default=None)


def _leaves(policy: Policy, rep: Rep) -> Iterator[tuple[datetime, datetime]]:
    """The first opening inside each leave, and its end."""
    for leave in rep.leave:
        opens = _opening(policy, rep, midnight(rep, leave.first))
        ends = midnight(rep, leave.last + _DAY)
        if opens is not None and opens < ends:
            yield opens, ends


def _opening(policy: Policy, rep: Rep, at: datetime) -> datetime | None:
    try:
        return next_open(policy.calendars[rep.calendar], at)
    except NeverOpen:
        return None
