"""Reps that a request names."""

from scoring_service.domain.policy import Policy

_NAMED_MAX = 20


def wrong_rep(policy: Policy, field: str, rep_id: str) -> tuple[str, str] | None:
    """What is wrong with a field that must name an active rep, and the remedy; None if nothing."""
    rep = policy.reps.get(rep_id)
    if rep is not None and rep.active:
        return None
    found = f"{rep_id!r} is no active rep" if rep_id else "is required"
    active = sorted(name for name, one in policy.reps.items() if one.active)[:_NAMED_MAX]
    return field, f"{found}; give one of team.yaml, such as {', '.join(active)}"
