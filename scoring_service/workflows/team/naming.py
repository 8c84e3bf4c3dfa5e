"""Reps that a request names."""

from scoring_service.domain.policy import Policy
from scoring_service.workflows.requests import Violations

_NAMED_MAX = 20


def wrong_reps(policy: Policy, field: str, rep_id: str, found: Violations = ()) -> Violations:
    """What is wrong with a field that must name an active rep, and the remedy; nothing where it is
    right, or `found` says it already.
    """
    rep = policy.reps.get(rep_id)
    if (rep is not None and rep.active) or any(name == field for name, _ in found):
        return ()
    what = f"{rep_id!r} is no active rep" if rep_id else "is required"
    active = sorted(name for name, one in policy.reps.items() if one.active)[:_NAMED_MAX]
    return ((field, f"{what}; give one of team.yaml, such as {', '.join(active)}"),)
