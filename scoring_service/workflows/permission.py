"""Who may move a lead from its owner."""

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.managers import managers_above
from scoring_service.values.errors import PermissionDenied
from scoring_service.values.owner import Owner, RepOwner


def may_move(policy: Policy, actor_id: str, owner: Owner | None) -> bool:
    """Whether the actor is an operator, an active rep of role `ops`, or a manager of the owner."""
    if actor_id in policy.operators:
        return True
    actor = policy.reps.get(actor_id)
    if actor is None or not actor.active:
        return False
    if actor.role == "ops":
        return True
    return isinstance(owner, RepOwner) and actor_id in managers_above(policy, owner.id)


def named(actor_id: str) -> str:
    """Who asks, as a refusal calls him."""
    return f"{actor_id!r}" if actor_id else "an unnamed actor"


def require_may_move(
    policy: Policy, actor_id: str, owner: Owner | None, what: str = "reassign this lead"
) -> None:
    """Raise PermissionDenied (MAY_NOT_MOVE) unless the actor may move a lead from this owner.

    `what` is what he asked for. Where no rep owns anything there is nobody above.
    """
    if not may_move(policy, actor_id, owner):
        others = "an operator or a rep with role ops"
        if isinstance(owner, RepOwner):
            others = "an operator, a rep with role ops or a manager above its owner"
        raise PermissionDenied(f"{named(actor_id)} may not {what}; {others} may", "MAY_NOT_MOVE")
