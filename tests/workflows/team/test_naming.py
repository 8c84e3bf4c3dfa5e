"""Reps that a request names: an active one, or the remedy names some."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.workflows.requests import Violations
from scoring_service.workflows.team.naming import wrong_reps

REPS: dict[str, Any] = {
    "ann": {},
    "bob": {"active": False},
    **{f"rep{i:02}": {} for i in range(25)},
}


@pytest.fixture(scope="module")
def crowd(policy_of: Callable[..., Policy]) -> Policy:
    """A team of more reps than a message names."""
    pools = {name: {"members": [{"rep": "ann"}]} for name in ("west", "limited")}
    return policy_of(team={"reps": REPS, "pools": pools})


@pytest.mark.parametrize(
    ("rep_id", "says"),
    [
        pytest.param("ann", None, id="an active rep is right"),
        pytest.param("bob", "'bob' is no active rep", id="one who left is not"),
        pytest.param("zoe", "'zoe' is no active rep", id="nor somebody unknown"),
        pytest.param("ANN", "'ANN' is no active rep", id="names are as they are written"),
        pytest.param("", "is required", id="nobody is nobody"),
    ],
)
def test_who_may_be_named(crowd: Policy, rep_id: str, says: str | None) -> None:
    found = wrong_reps(crowd, "backup", rep_id)
    if says is None:
        assert found == ()
        return
    [(field, remedy)] = found
    assert field == "backup"
    assert remedy.startswith(f"{says}; give one of team.yaml, such as ann, rep00, ")


def test_the_remedy_names_twenty_active_reps_in_order(crowd: Policy) -> None:
    [(_, remedy)] = wrong_reps(crowd, "rep_id", "zoe")
    named = remedy.partition("such as ")[2].split(", ")
    assert named == ["ann", *(f"rep{i:02}" for i in range(19))]
    assert "bob" not in named


@pytest.mark.parametrize(
    ("found", "again"),
    [
        pytest.param((("rep_id", "is too long"),), False, id="one mistake a field is enough"),
        pytest.param((("reason", "is too long"),), True, id="of other fields nothing follows"),
        pytest.param((), True, id="nor of none"),
    ],
)
def test_what_is_said_already_is_not_said_again(
    crowd: Policy, found: Violations, again: bool
) -> None:
    assert bool(wrong_reps(crowd, "rep_id", "zoe", found)) is again
