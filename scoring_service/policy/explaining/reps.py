"""Everybody who was looked at for a lead: in which pool, with which limits, turns and fate."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from scoring_service.domain.business_time.windows import NeverOpen, next_open
from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.decide import case_of, decision_on
from scoring_service.domain.routing.eligibility import barred
from scoring_service.policy.failed.asking import Asking
from scoring_service.policy.failed.finding import Finding
from scoring_service.values.decision import Considered, Decision, Draw, Passed
from scoring_service.values.facts import Facts, MemberFacts
from scoring_service.values.team import Member, Pool, Rep

ELIGIBLE = frozenset({Passed.CHOSEN, Passed.OTHER_TURN})
"""What becomes of those among whom a turn is drawn."""


@dataclass(frozen=True, slots=True)
class RepSeen:
    """A rep who was looked at, as he stood when it was decided.

    `pool` is empty for one with a claim (owner of the account, pinned, ...); then there are no
    turns and no limits to tell. `credit` is what he was owed before the draw and `gain` what this
    draw added, in 10^-12 of a turn; `gain` is 0 for those who were not eligible. `last_draw` is the
    number of his latest draw in the pool, 0 for never. Limits are None where there is none.
    `away_until` is the last day of his leave, `opens_at` when his calendar opens again, `failed`
    what in his own condition failed.
    """

    rep_id: str
    outcome: Passed
    reason: str
    pool: str = ""
    weight: int = 0
    priority: int = 0
    credit: int = 0
    gain: int = 0
    last_draw: int = 0
    open_leads: int = 0
    open_leads_max: int | None = None
    taken_today: int = 0
    per_day_max: int | None = None
    taken_this_week: int = 0
    per_week_max: int | None = None
    away_until: date | None = None
    calendar: str = ""
    opens_at: datetime | None = None
    condition: str = ""
    failed: Finding | None = None


def reps_seen(policy: Policy, facts: Facts, decision: Decision) -> tuple[RepSeen, ...]:
    """Everybody whom a decision looked at, in its order, told by what it used: its own record of
    who was considered, the pools of its facts, the team of its policy.

    Where a turn was counted for somebody who was not drawn, the members of that pool are told too.
    """
    case = case_of(policy, facts)
    decision_on(case)
    look = _Look(
        case, decision.draw, Asking(policy.schema, policy.scoring.activities, case.symbols)
    )
    return tuple(map(look.at, (*decision.considered, *_counted(case, decision))))


def _counted(case: Case, decision: Decision) -> Iterator[Considered]:
    """The members of a pool whose turn was given to a fixed winner: asked as the draw asked."""
    made = decision.draw
    if made is None or any(one.pool == made.pool for one in decision.considered):
        return
    pool, known = case.policy.pools[made.pool], case.pools(made.pool)
    for member, facts in zip(pool.members, known.members, strict=True):
        bar = barred(case, pool, member, facts)
        outcome, reason = bar or (Passed.OTHER_TURN, "eligible; the turn was counted")
        yield Considered(member.rep_id, outcome, reason, made.pool)


class _Look:
    """Looks at one after the other for one decision."""

    def __init__(self, case: Case, made: Draw | None, asking: Asking) -> None:
        self._case, self._made, self._asking = case, made, asking

    def at(self, one: Considered) -> RepSeen:
        """One who was considered."""
        rep = self._case.policy.reps.get(one.rep_id)
        pool = self._case.policy.pools.get(one.pool)
        if rep is None or pool is None:
            away = None if rep is None else _away(rep, one)
            return RepSeen(one.rep_id, one.outcome, one.reason, one.pool, away_until=away)
        return self._member(one, rep, pool)

    def _member(self, one: Considered, rep: Rep, pool: Pool) -> RepSeen:
        member = next(each for each in pool.members if each.rep_id == rep.rep_id)
        known = self._known(pool, rep)
        return RepSeen(
            rep.rep_id,
            one.outcome,
            one.reason,
            pool.name,
            member.weight,
            member.priority,
            known.credit,
            self._gain(pool, rep),
            known.last_draw,
            known.open_leads,
            rep.open_leads_max,
            known.taken_today,
            rep.per_day_max,
            known.taken_this_week,
            rep.per_week_max,
            _away(rep, one),
            rep.calendar if one.outcome is Passed.CLOSED else "",
            self._opens_at(rep) if one.outcome is Passed.CLOSED else None,
            member.condition_text,
            self._failed(member) if one.outcome is Passed.CONDITION else None,
        )

    def _known(self, pool: Pool, rep: Rep) -> MemberFacts:
        members = self._case.pools(pool.name).members
        return next(member for member in members if member.rep_id == rep.rep_id)

    def _gain(self, pool: Pool, rep: Rep) -> int:
        if self._made is None or self._made.pool != pool.name:
            return 0
        return dict(self._made.gains).get(rep.rep_id, 0)

    def _opens_at(self, rep: Rep) -> datetime | None:
        try:
            return next_open(self._case.policy.calendars[rep.calendar], self._case.now)
        except NeverOpen:
            return None

    def _failed(self, member: Member) -> Finding | None:
        return self._asking.of_text(member.condition_text)[1]


def _away(rep: Rep, one: Considered) -> date | None:
    """The last day of the leave that the decision named."""
    if one.outcome is not Passed.ON_LEAVE:
        return None
    ends = (leave.last for leave in rep.leave if one.reason.endswith(leave.last.isoformat()))
    return next(ends, None)
