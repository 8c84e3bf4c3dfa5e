"""A reason is one of the list; `other` says what it was; each refusal names the list."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from scoring_service.domain.business_time.duration import Elapsed
from scoring_service.domain.lifecycle.lifecycle import Reason, Then
from scoring_service.domain.lifecycle.reasons import ANY, LOST, OTHER, listed, reason_given
from scoring_service.domain.policy import Policy
from scoring_service.values.errors import InvalidArgument

ENDS = frozenset({Then.DISQUALIFY})
RECYCLES = frozenset({Then.RECYCLE})
REROUTES = frozenset({Then.REROUTE})
DAYS_90 = Elapsed(timedelta(days=90))


@pytest.mark.parametrize("thens", [ANY, LOST, ENDS, RECYCLES, REROUTES])
def test_those_listed_are_taken_with_a_note(policy: Policy, thens: frozenset[Then]) -> None:
    names = listed(policy, thens)
    assert OTHER in names
    for name in names:
        assert reason_given(policy, name, "why", thens=thens).then in thens
    for name in set(policy.lifecycle.reasons) - set(names):
        with pytest.raises(InvalidArgument, match="not here; give one of"):
            reason_given(policy, name, "why", thens=thens)


@pytest.mark.parametrize(
    ("name", "note", "field", "said"),
    [
        pytest.param("", "", "reason", "a reason is missing; give one of budget, ", id="none"),
        pytest.param("tming", "", "reason", "unknown reason 'tming'; give one of budget, ",
                     id="one that is not on the list"),
        pytest.param("wrong_owner", "", "reason", "'wrong_owner' leads to reroute, not here; ",
                     id="one that leads elsewhere"),
        pytest.param(OTHER, " ", "note", "the reason 'other' needs a note; ", id="no note"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field_and_the_remedy(
    policy: Policy, name: str, note: str, field: str, said: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        reason_given(policy, name, note, thens=LOST)
    [(where, what)] = refused.value.violations
    assert where == field
    assert what.startswith(said)


@pytest.fixture
def other_reroutes(policy: Policy, changed: Callable[..., Policy]) -> Policy:
    """Rules by which `other` leads to another owner."""
    reasons = {**policy.lifecycle.reasons, OTHER: Reason(OTHER, Then.REROUTE)}
    return changed(reasons=reasons)


def test_everything_wrong_with_other_is_said_at_once(other_reroutes: Policy) -> None:
    """Where it leads elsewhere it is not offered either."""
    with pytest.raises(InvalidArgument) as refused:
        reason_given(other_reroutes, OTHER, thens=LOST)
    (where, what), note = refused.value.violations
    assert (where, note[0]) == ("reason", "note")
    assert what.startswith("'other' leads to reroute, not here; give one of budget, ")
    assert OTHER not in what.split(";")[1]


@pytest.mark.parametrize(
    ("thens", "reason"),
    [
        pytest.param(ANY, Reason(OTHER, Then.RECYCLE, (), DAYS_90), id="what the rules say"),
        pytest.param(LOST, Reason(OTHER, Then.RECYCLE, (), DAYS_90), id="of those that may"),
        pytest.param(ENDS, Reason(OTHER, Then.DISQUALIFY), id="the only thing that may"),
        pytest.param(REROUTES, Reason(OTHER, Then.REROUTE), id="be it another owner"),
    ],
)
def test_what_follows_other(policy: Policy, thens: frozenset[Then], reason: Reason) -> None:
    assert reason_given(policy, OTHER, "moved away", thens=thens) == reason


def test_other_that_would_reroute_a_lead_is_recycled_with_a_date(other_reroutes: Policy) -> None:
    found = reason_given(other_reroutes, OTHER, "x", thens=RECYCLES)
    assert found == Reason(OTHER, Then.RECYCLE, (), DAYS_90)
