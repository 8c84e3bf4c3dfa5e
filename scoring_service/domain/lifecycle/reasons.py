"""The closed list of reasons: which there are, and what is wrong about one that is given."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from scoring_service.domain.lifecycle.lifecycle import REEVALUATE_OTHER, Reason, Then
from scoring_service.domain.policy import Policy
from scoring_service.values.errors import InvalidArgument

OTHER = "other"
"""The reason that says nothing by itself: it needs a note."""

ANY = frozenset(Then)
LOST = frozenset({Then.RECYCLE, Then.DISQUALIFY})
"""What may follow a lost opportunity."""

NOT_WORKED = "not_worked"
STALLED = "stalled"
RECYCLES_EXHAUSTED = "recycles_exhausted"
"""Reasons that only time gives; `recycles_exhausted` is on no list."""


def listed(policy: Policy, thens: AbstractSet[Then] = ANY) -> tuple[str, ...]:
    """The reasons that lead to one of `thens`, by name."""
    reasons = policy.lifecycle.reasons.values()
    return tuple(sorted(reason.name for reason in reasons if _may_follow(reason, thens)))


def reason_given(
    policy: Policy, name: str, note: str = "", *, thens: AbstractSet[Then] = ANY
) -> Reason:
    """The reason called `name`. Raises InvalidArgument naming the field and the reasons there are.

    `thens` are what may follow where it is given: `other` leads to what the rules say of it, else
    to the only thing that may.
    """
    wrong = tuple(_wrong(policy, name, note, thens))
    if wrong:
        raise InvalidArgument(wrong)
    reason = policy.lifecycle.reasons[name]
    return reason if reason.then in thens else _followed_by(reason, next(iter(thens)))


def _wrong(
    policy: Policy, name: str, note: str, thens: AbstractSet[Then]
) -> Iterator[tuple[str, str]]:
    choose = f"give one of {', '.join(listed(policy, thens))}"
    reason = policy.lifecycle.reasons.get(name)
    if not name:
        yield "reason", f"a reason is missing; {choose}"
    elif reason is None:
        yield "reason", f"unknown reason {name!r}; {choose}"
    elif not _may_follow(reason, thens):
        yield "reason", f"{name!r} leads to {reason.then}, not here; {choose}"
    if name == OTHER and not note.strip():
        yield "note", f"the reason {OTHER!r} needs a note; write what it was"


def _may_follow(reason: Reason, thens: AbstractSet[Then]) -> bool:
    return reason.then in thens or (reason.name == OTHER and len(thens) == 1)


def _followed_by(other: Reason, then: Then) -> Reason:
    """`other` where the rules say that something else follows; their tracks and dates go with
    that.
    """
    again = REEVALUATE_OTHER if then is Then.RECYCLE else None
    return replace(other, then=then, tracks=(), reevaluate=again)
