"""Whether a member of a pool may be drawn for a lead, and if not, why."""

from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.leave import away_until
from scoring_service.values.condition import ConditionError
from scoring_service.values.decision import Passed
from scoring_service.values.facts import MemberFacts
from scoring_service.values.team import Hours, Member, Pool, Rep

Bar = tuple[Passed, str]
"""Why somebody is passed over: the outcome, and the reason in words."""


def barred(
    case: Case, pool: Pool, member: Member, known: MemberFacts, whatever_the_hour: bool = False
) -> Bar | None:
    """Why a member may not be drawn for the lead; None when he is eligible.

    Whether he could ever take this lead is asked before whether he can now. `whatever_the_hour`
    looks at neither hours nor limits.
    """
    rep = case.policy.reps[member.rep_id]
    if not rep.active or member.rep_id in case.excluded or member.condition is not None:
        found = _unfit(case, rep, member)
        if found is not None:
            return found
    if rep.leave:
        leave = case.leave(rep)
        if leave is not None:
            return Passed.ON_LEAVE, f"on leave until {away_until(rep, leave).isoformat()}"
    if whatever_the_hour:
        return None
    if pool.hours is Hours.WORKING and not case.is_open(rep.calendar):
        return Passed.CLOSED, f"outside working hours (calendar {rep.calendar})"
    return full(rep, known)


def full(rep: Rep, known: MemberFacts) -> Bar | None:
    """The limit a rep has reached; a limit of 5 refuses the sixth, 0 takes none."""
    limit = rep.open_leads_max
    if limit is not None and known.open_leads >= limit:
        return Passed.OPEN_LEADS_MAX, f"holds {known.open_leads} open leads; the limit is {limit}"
    limit = rep.per_day_max
    if limit is not None and known.taken_today >= limit:
        return Passed.PER_DAY_MAX, f"took {known.taken_today} today; the limit a day is {limit}"
    limit = rep.per_week_max
    if limit is not None and known.taken_this_week >= limit:
        taken = known.taken_this_week
        return Passed.PER_WEEK_MAX, f"took {taken} this week; the limit a week is {limit}"
    return None


def _unfit(case: Case, rep: Rep, member: Member) -> Bar | None:
    if not rep.active:
        return Passed.INACTIVE, "no longer active"
    if rep.rep_id in case.excluded:
        return Passed.EXCLUDED, "excluded from this lead"
    if member.condition is None:
        return None
    try:
        if member.condition(case.symbols):
            return None
    except ConditionError as error:
        return Passed.CONDITION, f"takes leads where {member.condition_text}: {error}"
    return Passed.CONDITION, f"takes only leads where {member.condition_text}"
