"""Who may move a lead: operators, reps with role ops, managers above its owner."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.routing.managers import managers_above
from scoring_service.values.errors import PermissionDenied
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.workflows.permission import may_move, require_may_move

REPS: dict[str, Any] = {
    "ann": {"manager": "mia"},
    "mia": {"manager": "top"},
    "top": {},
    "olu": {"role": "ops"},
    "gone": {"role": "ops", "active": False},
}
TEAM: dict[str, Any] = {
    "reps": REPS,
    "pools": {"west": {"members": [{"rep": "ann"}]}, "limited": {"members": [{"rep": "ann"}]}},
    "operators": ["sales-ops"],
}


@pytest.fixture(scope="module")
def ladder(policy_of: Callable[..., Policy]) -> Policy:
    return policy_of(team=TEAM)


@pytest.mark.parametrize(
    ("actor", "owner", "may"),
    [
        pytest.param("sales-ops", RepOwner("ann"), True, id="an-operator-may"),
        pytest.param("sales-ops", None, True, id="an-operator-may-without-an-owner"),
        pytest.param("olu", RepOwner("ann"), True, id="a-rep-with-role-ops-may"),
        pytest.param("gone", RepOwner("ann"), False, id="an-inactive-rep-may-not"),
        pytest.param("mia", RepOwner("ann"), True, id="the-manager-may"),
        pytest.param("top", RepOwner("ann"), True, id="the-managers-manager-may"),
        pytest.param("mia", RepOwner("top"), False, id="a-manager-below-may-not"),
        pytest.param("ann", RepOwner("ann"), False, id="the-owner-himself-may-not"),
        pytest.param("top", QueueOwner("west"), False, id="nobody-is-manager-of-a-queue"),
        pytest.param("", RepOwner("ann"), False, id="an-unnamed-actor-may-not"),
        pytest.param("stranger", RepOwner("ann"), False, id="a-stranger-may-not"),
    ],
)
def test_may_move(ladder: Policy, actor: str, owner: Owner | None, may: bool) -> None:
    assert may_move(ladder, actor, owner) is may


def test_a_refusal_names_who_may(ladder: Policy) -> None:
    with pytest.raises(PermissionDenied, match="an operator, a rep with role ops") as refusal:
        require_may_move(ladder, "ann", RepOwner("ann"))
    assert refusal.value.reason == "MAY_NOT_MOVE"


def test_a_refusal_says_what_was_asked_for(ladder: Policy) -> None:
    with pytest.raises(PermissionDenied) as of_a_rep:
        require_may_move(ladder, "ann", RepOwner("ann"), "merge lead 'l1' with another")
    assert str(of_a_rep.value) == (
        "'ann' may not merge lead 'l1' with another;"
        " an operator, a rep with role ops or a manager above its owner may"
    )
    with pytest.raises(PermissionDenied) as of_nobody:
        require_may_move(ladder, "", None, "have dead events sent again")
    assert str(of_nobody.value) == (
        "an unnamed actor may not have dead events sent again;"
        " an operator or a rep with role ops may"
    )


def test_managers_are_nearest_first(ladder: Policy) -> None:
    assert list(managers_above(ladder, "ann")) == ["mia", "top"]


def test_a_rep_who_is_gone_has_no_manager(ladder: Policy) -> None:
    assert list(managers_above(ladder, "nobody")) == []
