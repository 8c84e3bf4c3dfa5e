"""Absences that people enter: what they change of a policy, and of each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec

from scoring_service.domain.policy import Policy
from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.values.team import Leave, Rep

_DAY = timedelta(days=1)
_FARTHEST_WEST = timedelta(hours=12)


def with_absences(policy: Policy, away: tuple[Absence, ...]) -> Policy:
    """The policy with these absences beside the leave of its team: all that looks at leave sees
    both. The same policy where it has just these.
    """
    if policy.away is away or policy.away == away:
        return policy
    by_files = policy.by_files or policy
    if not away:
        return by_files
    reps = {**by_files.reps, **dict(_away(by_files.reps, away))}
    return replace(by_files, reps=reps, away=away, by_files=by_files)


def _away(reps: Mapping[str, Rep], away: Iterable[Absence]) -> Iterator[tuple[str, Rep]]:
    """Reps who are away. Of two leaves on one day the one with a backup counts, then the entered
    one, which is the later word.
    """
    entered: defaultdict[str, list[Leave]] = defaultdict(list)
    for one in away:
        entered[one.rep_id].append(Leave(one.first, one.last, one.backup))
    for rep_id, leaves in entered.items():
        rep = reps.get(rep_id)
        if rep is not None:
            both = sorted((*leaves, *rep.leave), key=lambda leave: leave.backup is None)
            yield rep_id, replace(rep, leave=tuple(both))


def earliest_day(now: datetime) -> date:
    """The earliest date on any wall at an instant: an absence that ended before it is over.

    >>> earliest_day(datetime(2026, 3, 6, 11, 59, tzinfo=UTC)).isoformat()
    '2026-03-05'
    """
    return (now.astimezone(UTC) - _FARTHEST_WEST).date()


def not_over(entered: Iterable[EnteredAbsence], now: datetime) -> tuple[EnteredAbsence, ...]:
    """Those that are not over everywhere, by rep and day."""
    day = earliest_day(now)
    left = (one for one in entered if one.absence.last >= day)
    return tuple(sorted(left, key=lambda one: (one.absence.rep_id, one.absence.first)))


def without_days(
    entered: Sequence[EnteredAbsence], first: date, last: date
) -> tuple[EnteredAbsence, ...]:
    """A rep's absences but for these days: what is left of each on either side of them."""
    return tuple(part for one in entered for part in _cut(one, first, last))


def _cut(entered: EnteredAbsence, first: date, last: date) -> Iterator[EnteredAbsence]:
    absence = entered.absence
    if absence.last < first or absence.first > last:
        yield entered
        return
    sides = ((absence.first, first - _DAY), (last + _DAY, absence.last))
    for begins, ends in sides:
        if begins <= ends:
            part = msgspec.structs.replace(absence, first=begins, last=ends)
            yield msgspec.structs.replace(entered, absence=part)


def under_way(entered: Iterable[EnteredAbsence], day: date) -> tuple[date, date] | None:
    """The days away, without a gap, in which a day falls; None where it falls in none."""
    found: tuple[date, date] | None = None
    for absence in sorted((one.absence for one in entered), key=lambda one: one.first):
        if found is not None and absence.first == found[1] + _DAY:
            found = found[0], absence.last
        elif found is not None and found[0] <= day <= found[1]:
            break
        else:
            found = absence.first, absence.last
    return found if found is not None and found[0] <= day <= found[1] else None
