"""How much each rep holds and has taken, carried along through a replay."""

from bisect import bisect_left, insort
from collections import Counter
from datetime import datetime, timedelta

from scoring_service.domain.routing.leave import local_date, midnight
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead
from scoring_service.values.team import Rep
from scoring_service.workflows.pools import day_start, week_start

_DAY = timedelta(days=1)
HELD = frozenset({Stage.MQL, Stage.SAL, Stage.SQL})
"""Stages in which a lead counts among its rep's open ones."""

_Span = tuple[datetime, datetime, datetime]


class Counts:
    """Open leads of each rep, and when he was given what; of today and of this week the number."""

    def __init__(self) -> None:
        self.open: Counter[str] = Counter()
        self._taken: dict[str, list[datetime]] = {}
        self._spans: dict[tuple[str, str], _Span] = {}

    def moved(self, before: StoredLead | None, after: StoredLead) -> None:
        """A lead is as it is now."""
        if before is not None and before.stage in HELD and isinstance(before.owner, RepOwner):
            self.open[before.owner.id] -= 1
        if after.stage in HELD and isinstance(after.owner, RepOwner):
            self.open[after.owner.id] += 1

    def take(self, rep_id: str, at: datetime) -> None:
        """A rep was given a lead."""
        insort(self._taken.setdefault(rep_id, []), at)

    def give_back(self, rep_id: str, at: datetime) -> None:
        """What a rep was given then counts to no limit any more; what was given too long before the
        window to count is not known.
        """
        taken = self._taken.get(rep_id, [])
        place = bisect_left(taken, at)
        if taken[place : place + 1] == [at]:
            del taken[place]

    def of(self, rep: Rep, now: datetime) -> tuple[int, int, int]:
        """Open leads, taken today, taken this week; 0 where the rep has no such limit."""
        held = self.open[rep.rep_id] if rep.open_leads_max is not None else 0
        today = week = 0
        if rep.per_day_max is not None:
            today = min(rep.per_day_max, self._since(rep, self._start("day", rep, now)))
        if rep.per_week_max is not None:
            week = min(rep.per_week_max, self._since(rep, self._start("week", rep, now)))
        return held, today, week

    def _since(self, rep: Rep, start: datetime) -> int:
        taken = self._taken.get(rep.rep_id, ())
        return len(taken) - bisect_left(taken, start)

    def _start(self, kind: str, rep: Rep, now: datetime) -> datetime:
        """When the day or the week began in the rep's zone; worked out once a day and zone."""
        begins, ends, start = self._spans.get((kind, rep.zone), (now, now, now))
        if not begins <= now < ends:
            today = local_date(rep, now)
            start = day_start(rep, now) if kind == "day" else week_start(rep, now)
            span = midnight(rep, today), midnight(rep, today + _DAY), start
            self._spans[kind, rep.zone] = span
        return start
