"""Who may act on a lead and in which stage: asked of values, before anything is done."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from scoring_service.domain.lifecycle.moves import Mover, allowed
from scoring_service.domain.policy import Policy
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import FINISHED, Stage
from scoring_service.values.stored import StoredLead
from scoring_service.workflows.sales.acting import may_act, no_rep, not_owner, require_stage

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
REPS: dict[str, Any] = {
    "ann": {"manager": "mia"},
    "bob": {"manager": "mia"},
    "gone": {"manager": "mia", "active": False},
    "mia": {"manager": "vic"},
    "vic": {},
    "olu": {"role": "ops"},
    "ops-gone": {"role": "ops", "active": False},
}


@pytest.fixture(scope="module")
def team(policy_of: Callable[..., Policy]) -> Policy:
    """A team of three floors; ann answers for the queue of west, who left for that of limited."""
    pools = {
        "west": {"members": [{"rep": "bob"}], "queue": {"name": "west", "owner": "ann"}},
        "limited": {"members": [{"rep": "bob"}], "queue": {"name": "limited", "owner": "gone"}},
    }
    return policy_of(team={"reps": REPS, "pools": pools, "operators": ["sales-ops"]})


def a_lead(owner: Owner | None, stage: Stage = Stage.MQL, pool: str | None = None) -> StoredLead:
    at = (MONDAY, MONDAY, MONDAY)
    return StoredLead(Lead("l1"), "p", stage, *at, owner=owner, waiting_in=pool)


ANNS = a_lead(RepOwner("ann"))
OF_WHO_LEFT = a_lead(RepOwner("gone"))
WEST = a_lead(QueueOwner("west"), pool="west")
LIMITED = a_lead(QueueOwner("limited"), pool="limited")
NEWS = a_lead(TrackOwner("newsletter"), Stage.NURTURE)


@pytest.mark.parametrize(
    ("lead", "actor", "may"),
    [
        pytest.param(ANNS, "ann", True, id="its owner"),
        pytest.param(ANNS, "mia", True, id="the manager above him"),
        pytest.param(ANNS, "vic", True, id="the manager's manager"),
        pytest.param(ANNS, "olu", True, id="a rep with role ops"),
        pytest.param(ANNS, "sales-ops", True, id="an operator"),
        pytest.param(ANNS, "bob", False, id="no colleague"),
        pytest.param(ANNS, "", False, id="nobody unnamed"),
        pytest.param(ANNS, "ops-gone", False, id="no ops who left"),
        pytest.param(ANNS, "marketing", False, id="nobody of another room"),
        pytest.param(OF_WHO_LEFT, "gone", False, id="no owner who left"),
        pytest.param(OF_WHO_LEFT, "mia", True, id="but who was above him"),
        pytest.param(WEST, "ann", True, id="who answers for the queue it is in"),
        pytest.param(WEST, "mia", True, id="and who is above him"),
        pytest.param(WEST, "bob", False, id="not who may only take of it"),
        pytest.param(LIMITED, "gone", False, id="nor who answered for it and left"),
        pytest.param(NEWS, "marketing", True, id="the mailbox that answers for a track"),
        pytest.param(NEWS, "newsletter", False, id="a track is nobody"),
    ],
)
def test_who_may_act(team: Policy, lead: StoredLead, actor: str, may: bool) -> None:
    assert may_act(team, lead, actor) is may


@pytest.mark.parametrize(
    ("lead", "actor", "says"),
    [
        pytest.param(
            ANNS,
            "bob",
            "'bob' does not own lead 'l1'; 'ann' does, and a manager above (mia, vic), a rep with"
            " role ops or an operator may act for him",
            id="a colleague is told who owns it and who is above",
        ),
        pytest.param(
            NEWS,
            "",
            "an unnamed actor does not own lead 'l1'; 'marketing' does, and a rep with role ops or"
            " an operator may act for him",
            id="above a mailbox is nobody",
        ),
        pytest.param(
            WEST,
            "stranger",
            "'stranger' does not own lead 'l1'; 'ann' does, and a manager above (mia, vic), a rep"
            " with role ops or an operator may act for him",
            id="a queue is its keeper's",
        ),
    ],
)
def test_who_may_not_is_told_who_may(team: Policy, lead: StoredLead, actor: str, says: str) -> None:
    refusal = not_owner(team, lead, actor)
    assert (refusal.message, refusal.reason) == (says, "NOT_OWNER")


def test_who_is_no_rep_takes_nothing_and_is_told_how_it_is_given(team: Policy) -> None:
    refusal = no_rep(team, WEST, "marketing")
    assert refusal.reason == "NOT_OWNER"
    assert refusal.message == (
        "lead 'l1' waits in the queue 'west', and 'marketing' is no active rep, who alone may take"
        " it; 'ann' or who may move it gives it to one by AssignLead"
    )


def refused(stage: Stage, stages: set[Stage], to: Stage | None = None) -> FailedPrecondition:
    with pytest.raises(FailedPrecondition) as found:
        require_stage(a_lead(RepOwner("ann"), stage), stages, "TheAct", to)
    return found.value


@pytest.mark.parametrize("stage", Stage)
def test_where_an_act_is_done_nothing_is_refused(stage: Stage) -> None:
    require_stage(a_lead(SUPPRESSED, stage), {stage}, "TheAct", stage)


@pytest.mark.parametrize("stage", Stage)
def test_where_it_is_not_the_refusal_says_why_and_what_there_is(stage: Stage) -> None:
    """Finished is finished; else the moves are named that its owner has from there."""
    found = refused(stage, set(Stage) - {stage})
    if stage in FINISHED:
        assert found.reason == "FINISHED"
        assert found.message == (
            f"lead 'l1' is {stage} and finished; only MoveLead by who may move it does"
        )
        return
    assert found.reason == "MOVE_NOT_ALLOWED"
    named = found.message.partition("its owner may move it to: ")[2]
    assert named == (", ".join(sorted(allowed(stage, Mover.SALES))) or "none")


def test_the_stages_of_an_act_are_named_in_order() -> None:
    found = refused(Stage.NURTURE, {Stage.SQL, Stage.MQL})
    assert found.message.startswith("TheAct is for a lead in mql or sql; 'l1' is nurture, from")


@pytest.mark.parametrize("stage", [Stage.SAL, Stage.CUSTOMER, Stage.DISQUALIFIED])
def test_where_it_would_lead_already_that_is_said(stage: Stage) -> None:
    found = refused(stage, {Stage.MQL}, stage)
    assert (found.reason, found.message) == ("ALREADY_THERE", f"lead 'l1' is {stage} already")
