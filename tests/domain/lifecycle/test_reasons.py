"""A reason is one of the list; `other` says what it was; each refusal names the list."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from scoring_service.domain.business_time.duration import Elapsed
from scoring_service.domain.lifecycle.lifecycle import Reason, Then
from scoring_service.domain.lifecycle.reasons import ANY, LOST, OTHER, listed, reason_given
from scoring_service.domain.policy import Policy
from scoring_service.values.errors import InvalidArgument

ENDS = frozenset({Then.DISQUALIFY})
RECYCLES = frozenset({Then.RECYCLE})


@pytest.mark.parametrize("thens", [ANY, LOST, ENDS, RECYCLES])
def test_those_listed_are_taken_with_a_note(policy: Policy, thens: frozenset[Then]) -> None:
    names = listed(policy, thens)
    assert OTHER in names
    for name in names:
        then = "" if name != OTHER or len(thens) == 1 else str(min(thens))
        assert reason_given(policy, name, "why", thens=thens, then=then).then in thens
    for name in set(policy.lifecycle.reasons) - set(names):
        with pytest.raises(InvalidArgument, match="not here; give one of"):
            reason_given(policy, name, "why", thens=thens)


@pytest.mark.parametrize(
    ("name", "note", "then", "field", "said"),
    [
        pytest.param("", "", "", "reason", "a reason is missing; give one of budget, ", id="none"),
        pytest.param("tming", "", "", "reason", "unknown reason 'tming'; give one of budget, ",
                     id="one that is not on the list"),
        pytest.param("wrong_owner", "", "", "reason", "'wrong_owner' leads to reroute, not here; ",
                     id="one that leads elsewhere"),
        pytest.param("timing", "", "disqualify", "then", "'timing' says itself what follows; ",
                     id="one that says itself what follows"),
        pytest.param(OTHER, " ", "", "note", "the reason 'other' needs a note; ", id="no note"),
        pytest.param(OTHER, "moved", "reroute", "then",
                     "'reroute' cannot follow here; give one of disqualify, recycle",
                     id="what cannot follow"),
        pytest.param(OTHER, "moved", "dance", "then", "'dance' cannot follow here; ",
                     id="what is nothing that follows"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field_and_the_remedy(
    policy: Policy, name: str, note: str, then: str, field: str, said: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        reason_given(policy, name, note, thens=LOST, then=then)
    [(where, what)] = refused.value.violations
    assert where == field
    assert what.startswith(said)


def test_everything_wrong_with_other_is_said_at_once(policy: Policy) -> None:
    with pytest.raises(InvalidArgument) as refused:
        reason_given(policy, OTHER, thens=LOST, then="reroute")
    assert [where for where, _ in refused.value.violations] == ["note", "then"]


@pytest.mark.parametrize(
    ("then", "thens", "reason"),
    [
        pytest.param("", ANY, Reason(OTHER, Then.RECYCLE, (), Elapsed(timedelta(days=90))),
                     id="what the rules say"),
        pytest.param("disqualify", ANY, Reason(OTHER, Then.DISQUALIFY), id="what is given"),
        pytest.param("reroute", ANY, Reason(OTHER, Then.REROUTE), id="also another owner"),
        pytest.param("", ENDS, Reason(OTHER, Then.DISQUALIFY), id="the only thing that may"),
        pytest.param("recycle", LOST, Reason(OTHER, Then.RECYCLE, (), Elapsed(timedelta(days=90))),
                     id="what is given and said"),
    ],
)  # fmt: skip
def test_what_follows_other(
    policy: Policy, then: str, thens: frozenset[Then], reason: Reason
) -> None:
    assert reason_given(policy, OTHER, "moved away", thens=thens, then=then) == reason


def test_other_that_ends_a_lead_is_recycled_with_a_date(
    policy: Policy, changed: Callable[..., Policy]
) -> None:
    reasons = dict(policy.lifecycle.reasons)
    reasons[OTHER] = replace(reasons[OTHER], then=Then.REROUTE, reevaluate=None)
    other = changed(reasons=reasons)
    found = reason_given(other, OTHER, "x", thens=LOST, then="recycle")
    assert (found.then, found.reevaluate) == (Then.RECYCLE, Elapsed(timedelta(days=90)))
    with pytest.raises(InvalidArgument, match="does not say what follows"):
        reason_given(other, OTHER, "x", thens=LOST)
