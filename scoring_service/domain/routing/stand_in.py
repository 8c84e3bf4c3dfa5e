"""A rep who has a claim to a lead (account owner, previous owner), or who stands in for him."""

from scoring_service.domain.routing.case import Case
from scoring_service.domain.routing.choice import Choice, to_rep
from scoring_service.domain.routing.drawing import charged
from scoring_service.domain.routing.leave import away_until
from scoring_service.values.decision import Passed
from scoring_service.values.team import Leave, Rep


def claimant(case: Case, rep_id: str, claim: str) -> Choice | None:
    """The rep, active and not on leave, else the backup of his leave; None where neither can.

    Hours and limits do not apply. `claim` says in words why he comes first.
    """
    rep = _available(case, rep_id)
    if rep is None:
        return None
    leave = case.leave(rep)
    if leave is None:
        case.consider(rep_id, Passed.CHOSEN, claim)
        return to_rep(case, rep_id, draw=charged(case, rep_id))
    until = away_until(rep, leave).isoformat()
    case.consider(rep_id, Passed.ON_LEAVE, f"{claim}, but is on leave until {until}")
    return _backup(case, rep, leave)


def _backup(case: Case, rep: Rep, leave: Leave) -> Choice | None:
    if leave.backup is None:
        return None
    backup = _available(case, leave.backup)
    if backup is None:
        return None
    away = case.leave(backup)
    if away is not None:
        until = away_until(backup, away).isoformat()
        case.consider(backup.rep_id, Passed.ON_LEAVE, f"on leave until {until}")
        return None
    case.consider(backup.rep_id, Passed.CHOSEN, f"stands in for {rep.rep_id}")
    drawn = charged(case, backup.rep_id)
    return to_rep(case, backup.rep_id, draw=drawn, stood_in_for=rep.rep_id)


def _available(case: Case, rep_id: str) -> Rep | None:
    """The rep, unless he is gone or excluded: an exclusion beats every preference."""
    rep = case.rep(rep_id)
    if rep is None:
        case.consider(rep_id, Passed.INACTIVE, "no longer active")
    elif rep_id in case.excluded:
        case.consider(rep_id, Passed.EXCLUDED, "excluded from this lead")
        return None
    return rep
