"""Everybody who was looked at, in sentences: pool by pool, the one who got the lead first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from scoring_service.domain.routing.rotation import TURN
from scoring_service.policy.explaining.reps import ELIGIBLE, RepSeen
from scoring_service.policy.failed.finding import Came
from scoring_service.policy.failed.sentences import said, values_said
from scoring_service.values.decision import Passed

NAMED_MAX = 3
"""Names told of those who were owed as much; of more their number."""


def rep_said(rep: RepSeen, others: Sequence[RepSeen] = ()) -> str:
    """How a rep stood, without a full stop. `others` are all that were looked at."""
    if not rep.pool:
        return f"{rep.rep_id} {_claim(rep)}"
    weight = f" (weight {rep.weight})" if rep.weight != 1 else ""
    return f"{rep.rep_id}{weight} {_stood(rep, others)}{_owed(rep)}{_load(rep)}"


def in_order(reps: Iterable[RepSeen]) -> tuple[RepSeen, ...]:
    """Pool by pool as they were looked at; in each who got the lead, then who was owed most, then
    the others as they stand in the team.
    """
    found = tuple(reps)
    pools = list(dict.fromkeys(rep.pool for rep in found))
    return tuple(sorted(found, key=lambda rep: (pools.index(rep.pool), *_rank(rep))))


def _rank(rep: RepSeen) -> tuple[bool, bool, int]:
    is_eligible = rep.outcome in ELIGIBLE
    return rep.outcome is not Passed.CHOSEN, not is_eligible, -_riches(rep) * is_eligible


def _claim(rep: RepSeen) -> str:
    if rep.outcome is Passed.CHOSEN:
        return rep.reason
    return f"was passed over: {rep.reason}"


def _stood(rep: RepSeen, others: Sequence[RepSeen]) -> str:
    if rep.outcome is Passed.CHOSEN:
        return f"got it, by turn{_tie(rep, others)}"
    if rep.outcome is Passed.OTHER_TURN:
        return "was eligible; it was another's turn" if rep.gain else rep.reason
    told = _TOLD.get(rep.outcome)
    return told(rep) if told else f"was passed over: {rep.reason}"


def _away(rep: RepSeen) -> str:
    return f"is away until {rep.away_until}, that day included" if rep.away_until else rep.reason


def _closed(rep: RepSeen) -> str:
    opens = f", which opens at {_at(rep.opens_at)}" if rep.opens_at else ""
    return f"is outside working hours (calendar {rep.calendar}{opens})"


def _condition(rep: RepSeen) -> str:
    takes = f"takes only leads where {rep.condition}"
    if rep.failed is None:
        return takes
    is_all = rep.failed.condition == rep.condition and rep.failed.came is Came.FAILED
    return (
        f"{takes}, and {values_said(rep.failed.values)}"
        if is_all
        else f"{takes}: {said(rep.failed)}"
    )


_TOLD: Mapping[Passed, Callable[[RepSeen], str]] = {
    Passed.INACTIVE: lambda rep: "is no longer active",
    Passed.EXCLUDED: lambda rep: "must not get this lead (excluded)",
    Passed.CONDITION: _condition,
    Passed.CLOSED: _closed,
    Passed.ON_LEAVE: _away,
    Passed.OPEN_LEADS_MAX: lambda rep: (
        f"is at capacity: {rep.open_leads} of {rep.open_leads_max} open leads"
    ),
    Passed.PER_DAY_MAX: lambda rep: (
        f"is at capacity: {rep.taken_today} of {rep.per_day_max} leads today"
    ),
    Passed.PER_WEEK_MAX: lambda rep: (
        f"is at capacity: {rep.taken_this_week} of {rep.per_week_max} leads this week"
    ),
    Passed.QUEUE_FIRST: lambda rep: f"has to take another first: {rep.reason}",
}


def _owed(rep: RepSeen) -> str:
    """What he was owed; of those among whom it was drawn, with what this draw added."""
    if rep.gain:
        return (
            f"; owed {_turns(_riches(rep))} ({rep.credit / TURN:.2f} before,"
            f" {rep.gain / TURN:.2f} by this draw)"
        )
    return f"; owed {_turns(rep.credit)}" if rep.credit else ""


def _load(rep: RepSeen) -> str:
    """What he holds and took, against his limits; those told already are left out."""
    loads = (
        (Passed.OPEN_LEADS_MAX, rep.open_leads, rep.open_leads_max, "open"),
        (Passed.PER_DAY_MAX, rep.taken_today, rep.per_day_max, "today"),
        (Passed.PER_WEEK_MAX, rep.taken_this_week, rep.per_week_max, "this week"),
    )
    told = ", ".join(
        f"{has} of {limit} {what}"
        for outcome, has, limit, what in loads
        if limit is not None and outcome is not rep.outcome
    )
    return f"; {told}" if told else ""


def _tie(rep: RepSeen, others: Sequence[RepSeen]) -> str:
    """Of those owed as much: by what the draw told them apart."""
    equals = [
        other
        for other in others
        if other.pool == rep.pool
        and other.outcome is Passed.OTHER_TURN
        and _riches(other) == _riches(rep)
    ]
    if not equals or not rep.gain:
        return ""
    many = len(equals) > NAMED_MAX
    who = f"{len(equals)} others" if many else ", ".join(one.rep_id for one in equals)
    return f" ({who} owed as much; {_apart(rep, equals)})"


def _apart(rep: RepSeen, equals: Sequence[RepSeen]) -> str:
    """The first test that leaves him alone among them."""
    left = list(equals)
    for why, key in _TESTS:
        left = [one for one in left if key(one) == key(rep)]
        if not left:
            return why
    return "the id decides"


_TESTS: tuple[tuple[str, Callable[[RepSeen], int]], ...] = (
    ("the larger weight decides", lambda one: one.weight),
    ("the higher priority decides", lambda one: one.priority),
    ("whoever had no turn for longest is first", lambda one: one.last_draw),
)


def _riches(rep: RepSeen) -> int:
    return rep.credit + rep.gain


def _turns(credit: int) -> str:
    turns = f"{credit / TURN:.2f}"
    return f"{turns} turn{'' if turns in ('1.00', '-1.00') else 's'}"


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
