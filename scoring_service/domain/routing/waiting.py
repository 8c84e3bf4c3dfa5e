"""When a queue is worth draining again: the earliest instant at which somebody may be free."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from scoring_service.domain.business_time.windows import NeverOpen, is_open, next_open
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Pools
from scoring_service.domain.routing.drawing import pools_of
from scoring_service.domain.routing.leave import back_at, local_date, midnight, on_leave
from scoring_service.values.facts import MemberFacts
from scoring_service.values.team import Hours, Pool, Rep

_DAY = timedelta(days=1)
_WEEK = 7


def drain_at(
    policy: Policy, pool: str, pools: Pools, now: datetime, unfit: Collection[str] = ()
) -> datetime | None:
    """The earliest instant after `now` at which somebody who cannot be drawn may become eligible.

    Looked at are the pool and its fallbacks, but for the `unfit`, who may take none of those who
    wait. None where only an event (a lead that leaves somebody's hands, a reload) can free one.
    """
    return min(
        (
            at
            for name in pools_of(policy, pool)
            for known in pools(name).members
            if known.rep_id not in unfit
            and (at := free_at(policy, policy.pools[name], known, now)) is not None
        ),
        default=None,
    )


def free_at(policy: Policy, pool: Pool, known: MemberFacts, now: datetime) -> datetime | None:
    """When time alone may make a member eligible; None when it cannot, or he is.

    Whether his leave keeps a lead from him depends on the lead's SLA, so all are looked at.
    """
    rep = policy.reps[known.rep_id]
    slas = policy.lifecycle.slas if rep.leave else ("accept",)
    ends = (_free_at(policy, pool, known, now, sla) for sla in slas)
    return min((at for at in ends if at is not None), default=None)


def _free_at(
    policy: Policy, pool: Pool, known: MemberFacts, now: datetime, sla: str
) -> datetime | None:
    rep = policy.reps[known.rep_id]
    held = rep.open_leads_max is not None and known.open_leads >= rep.open_leads_max
    if held or not rep.active or 0 in (rep.per_day_max, rep.per_week_max):
        return None
    try:
        return max(_bars_end(policy, pool, rep, known, now, sla), default=None)
    except NeverOpen:
        return None


def _bars_end(
    policy: Policy, pool: Pool, rep: Rep, known: MemberFacts, now: datetime, sla: str
) -> Iterator[datetime]:
    """When each of the bars that keep a rep from being drawn now may end."""
    calendar, today = policy.calendars[rep.calendar], local_date(rep, now)
    if pool.hours is Hours.WORKING and not is_open(calendar, now):
        yield next_open(calendar, now)
    leave = on_leave(policy, rep, now, sla)
    if leave is not None:
        yield back_at(policy, rep, leave, now, sla)
    if rep.per_day_max is not None and known.taken_today >= rep.per_day_max:
        yield midnight(rep, today + _DAY)
    if rep.per_week_max is not None and known.taken_this_week >= rep.per_week_max:
        yield midnight(rep, today + _DAY * (_WEEK - today.weekday()))
