"""Who stands above a rep."""

from collections.abc import Iterator

from scoring_service.domain.policy import Policy


def managers_above(policy: Policy, rep_id: str) -> Iterator[str]:
    """The rep's manager, the manager's manager and so on, each once."""
    seen = {rep_id}
    rep = policy.reps.get(rep_id)
    while rep is not None and rep.manager and rep.manager not in seen:
        seen.add(rep.manager)
        yield rep.manager
        rep = policy.reps.get(rep.manager)
