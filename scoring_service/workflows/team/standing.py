"""How reps stand: who is away and who said so, and how much each has of what he may have."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from scoring_service.domain.business_time.windows import NeverOpen, next_open
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.absences import with_absences
from scoring_service.domain.routing.leave import away_until, covering, local_date
from scoring_service.values.absence import Absence, EnteredAbsence
from scoring_service.values.errors import NotFound
from scoring_service.values.handover import Handover
from scoring_service.values.team import Rep
from scoring_service.workflows.pools import day_start, week_start
from scoring_service.workflows.rep_requests import (
    Availability,
    Away,
    HandoverView,
    RepStanding,
)


class RepsLookup(Protocol):
    """What is stored of reps; a reader."""

    def absences(self, now: datetime) -> Sequence[EnteredAbsence]:
        """Those that people entered and that are not over, by rep and day."""

    def open_leads(self, rep_ids: Iterable[str]) -> Mapping[str, int]:
        """Leads in mql, sal and sql, by rep."""

    def taken_since(self, rep_ids: Iterable[str], since: datetime) -> Mapping[str, int]:
        """Leads given since an instant and not given back, by rep."""

    def handovers_under_way(self) -> Sequence[Handover]:
        """Hand-overs that have not ended."""

    def handover(self, operation_id: str) -> Handover | None:
        """A hand-over by its id."""


def standings(
    stored: RepsLookup, policy: Policy, after: str, rows: int, now: datetime
) -> tuple[RepStanding, ...]:
    """At most `rows` reps of the policy by id, those behind `after`."""
    entered = stored.absences(now)
    present = with_absences(policy, tuple(one.absence for one in entered))
    page = [present.reps[rep_id] for rep_id in sorted(present.reps) if rep_id > after][:rows]
    ids = [rep.rep_id for rep in page]
    open_leads, under_way = stored.open_leads(ids), stored.handovers_under_way()
    today, week = _taken(stored, page, now, day_start), _taken(stored, page, now, week_start)
    handed = {one.rep_id: one for one in under_way}
    mine = _by_rep(entered)
    return tuple(
        RepStanding(
            availability_of(present, rep, mine[rep.rep_id], now),
            rep.name,
            rep.active,
            tuple(_pools_of(present, rep.rep_id)),
            open_leads.get(rep.rep_id, 0),
            rep.open_leads_max,
            today[rep.rep_id],
            rep.per_day_max,
            week[rep.rep_id],
            rep.per_week_max,
            handed.get(rep.rep_id),
        )
        for rep in page
    )


def handover_view(stored: RepsLookup, operation_id: str) -> HandoverView:
    """How far a hand-over has come, or NotFound (HANDOVER_NOT_FOUND)."""
    found = stored.handover(operation_id)
    if found is None:
        raise NotFound(f"no hand-over {operation_id!r} was begun", "HANDOVER_NOT_FOUND")
    return HandoverView(found)


def availability_of(
    policy: Policy, rep: Rep, entered: Sequence[EnteredAbsence], now: datetime
) -> Availability:
    """When a rep is away from today on. `policy` has what was entered."""
    today = local_date(rep, now)
    by_files = (policy.by_files or policy).reps[rep.rep_id]
    of_team = (
        Away(Absence(rep.rep_id, leave.first, leave.last, leave.backup)) for leave in by_files.leave
    )
    of_people = (Away(one.absence, one.at, one.actor) for one in entered)
    away = [one for one in (*of_team, *of_people) if one.absence.last >= today]
    away.sort(key=lambda one: (one.absence.first, one.entered_at is None))
    leave = covering(rep, (_next_day(policy, rep, now),))
    return Availability(rep.rep_id, tuple(away), away_until(rep, leave) if leave else None)


def _next_day(policy: Policy, rep: Rep, now: datetime) -> date:
    """The day on which the rep's calendar is next open: on it leave is looked at."""
    try:
        return local_date(rep, next_open(policy.calendars[rep.calendar], now))
    except NeverOpen:
        return local_date(rep, now)


def _taken(
    stored: RepsLookup,
    reps: Iterable[Rep],
    now: datetime,
    begins: Callable[[Rep, datetime], datetime],
) -> Mapping[str, int]:
    """What each took since his day or week began: one question for all of one zone."""
    by_start: defaultdict[datetime, list[str]] = defaultdict(list)
    for rep in reps:
        by_start[begins(rep, now)].append(rep.rep_id)
    found: defaultdict[str, int] = defaultdict(int)
    for since, ids in by_start.items():
        found.update(stored.taken_since(ids, since))
    return found


def _by_rep(entered: Iterable[EnteredAbsence]) -> Mapping[str, list[EnteredAbsence]]:
    found: defaultdict[str, list[EnteredAbsence]] = defaultdict(list)
    for one in entered:
        found[one.absence.rep_id].append(one)
    return found


def _pools_of(policy: Policy, rep_id: str) -> Iterator[str]:
    for pool in policy.pools.values():
        if any(member.rep_id == rep_id for member in pool.members):
            yield pool.name
