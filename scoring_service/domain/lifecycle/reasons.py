"""The closed list of reasons: which there are, and what is wrong about one that is given."""

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
    """The reasons that lead to one of `thens`, by name; `other` may lead to any."""
    reasons = policy.lifecycle.reasons
    return tuple(sorted(n for n, reason in reasons.items() if n == OTHER or reason.then in thens))


def reason_given(
    policy: Policy,
    name: str,
    note: str = "",
    *,
    thens: AbstractSet[Then] = ANY,
    then: str = "",
    field: str = "reason",
) -> Reason:
    """The reason called `name`. Raises InvalidArgument naming the field and the reasons there are.

    `thens` are what may follow where it is given. `then` says so of `other`, which else leads to
    what the rules say of it, and where they say what may not follow here, to the only one that may.
    """
    wrong = _wrong(policy, name, note, thens, then, field)
    if wrong:
        raise InvalidArgument(wrong)
    reason = policy.lifecycle.reasons[name]
    return _followed(reason, thens, then) if name == OTHER else reason


def _wrong(
    policy: Policy, name: str, note: str, thens: AbstractSet[Then], then: str, field: str
) -> tuple[tuple[str, str], ...]:
    choose = f"give one of {', '.join(listed(policy, thens))}"
    if not name:
        return ((field, f"a reason is missing; {choose}"),)
    reason = policy.lifecycle.reasons.get(name)
    if reason is None:
        return ((field, f"unknown reason {name!r}; {choose}"),)
    if name != OTHER:
        if then:
            return (("then", f"{name!r} says itself what follows; leave it out"),)
        may = reason.then in thens
        return () if may else ((field, f"{name!r} leads to {reason.then}, not here; {choose}"),)
    return (*_without_note(note), *_wrong_then(policy, thens, then))


def _without_note(note: str) -> tuple[tuple[str, str], ...]:
    if note.strip():
        return ()
    return (("note", f"the reason {OTHER!r} needs a note; write what it was"),)


def _wrong_then(policy: Policy, thens: AbstractSet[Then], then: str) -> tuple[tuple[str, str], ...]:
    ways = ", ".join(sorted(thens))
    if then and then not in thens:
        return (("then", f"{then!r} cannot follow here; give one of {ways}"),)
    if not then and policy.lifecycle.reasons[OTHER].then not in thens and len(thens) > 1:
        return (("then", f"{OTHER!r} does not say what follows; give one of {ways}"),)
    return ()


def _followed(reason: Reason, thens: AbstractSet[Then], then: str) -> Reason:
    """`other` with what follows it here. What the rules say of tracks and dates goes with what they
    say follows.
    """
    if not then and reason.then in thens:
        return reason
    follows = Then(then) if then else next(iter(thens))
    if follows is reason.then:
        return reason
    again = REEVALUATE_OTHER if follows is Then.RECYCLE else None
    return replace(reason, then=follows, tracks=(), reevaluate=again)
