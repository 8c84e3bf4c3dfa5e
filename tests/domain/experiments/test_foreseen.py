"""Whom an experiment is open to, and whom one that other rules would begin would enrol."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scoring_service.domain.experiments.enrolling import arm_of, open_to
from scoring_service.domain.experiments.experiment import Arm, Experiment, Verdict
from scoring_service.domain.experiments.foreseen import as_if_running, begun_by, foreseen_arms
from scoring_service.domain.policy import Policy
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of
from scoring_service.values.facts import Asked
from scoring_service.values.lead import Lead
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredLead

BASE = Path(__file__).parents[2] / "golden" / "base"
START = datetime(2026, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
With = Callable[..., Policy]


def experiment(
    name: str, starts: int = 0, days: int = 30, decided: int | None = None
) -> Experiment:
    begins = START + starts * DAY
    verdict = None if decided is None else Verdict("lower", START + decided * DAY)
    arms = (Arm("control"), Arm("lower", behaviour_min=30.0))
    return Experiment(name, begins, begins + days * DAY, arms, Stage.OPPORTUNITY, 60 * DAY, verdict)


def lead(stage: Stage = Stage.NURTURE, **arms: str) -> StoredLead:
    return StoredLead(Lead("l1"), "p1", stage, START, START, START, arms=arms)


@pytest.fixture(scope="module")
def having() -> With:
    """The golden base with these experiments."""
    plain = load(source_of({file.name: file.read_bytes() for file in BASE.iterdir()}))
    return lambda *experiments: replace(plain, experiments=experiments)


def names(found: Sequence[Experiment]) -> list[str]:
    return [one.name for one in found]


@pytest.mark.parametrize(
    ("stage", "joins"),
    [
        pytest.param(Stage.ANONYMOUS, True, id="anonymous"),
        pytest.param(Stage.KNOWN, True, id="known"),
        pytest.param(Stage.NURTURE, True, id="nurture"),
        pytest.param(Stage.RECYCLED, True, id="recycled, which comes back for another visit"),
        pytest.param(Stage.MQL, False, id="mql, which joins at its next visit"),
        pytest.param(Stage.SAL, False, id="sal"),
        pytest.param(Stage.SQL, False, id="sql"),
        pytest.param(Stage.OPPORTUNITY, False, id="opportunity"),
        pytest.param(Stage.CUSTOMER, False, id="customer"),
        pytest.param(Stage.CLOSED_LOST, False, id="closed_lost"),
        pytest.param(Stage.DISQUALIFIED, False, id="disqualified"),
    ],
)
def test_a_lead_joins_before_sales_has_it_or_between_two_visits(
    having: With, stage: Stage, joins: bool
) -> None:
    policy = having(experiment("bars"))
    assert names(open_to(policy, lead(stage), START)) == ["bars"] * joins


@pytest.mark.parametrize(
    ("now", "joins"),
    [
        pytest.param(START - MOMENT, False, id="just before it begins"),
        pytest.param(START, True, id="as it begins"),
        pytest.param(START + 30 * DAY - MOMENT, True, id="just before it ends"),
        pytest.param(START + 30 * DAY, False, id="as it ends"),
    ],
)
def test_a_lead_joins_while_the_experiment_runs(having: With, now: datetime, joins: bool) -> None:
    assert names(open_to(having(experiment("bars")), lead(), now)) == ["bars"] * joins


def test_a_lead_joins_each_that_runs_and_none_twice(having: With) -> None:
    policy = having(experiment("a"), experiment("b"), experiment("later", starts=9))
    assert names(open_to(policy, lead(), START)) == ["a", "b"]
    assert names(open_to(policy, lead(a="control"), START)) == ["b"]
    assert names(open_to(policy, lead(gone="lower"), START)) == ["a", "b"]
    assert open_to(having(), lead(), START) == ()


@pytest.mark.parametrize(
    ("old", "new", "now", "begun"),
    [
        pytest.param([], ["bars"], START, ["bars"], id="one that is new"),
        pytest.param(["bars"], ["bars"], START, [], id="one that there was"),
        pytest.param(["bars"], [], START, [], id="one that is taken out"),
        pytest.param(["a"], ["b", "a", "c"], START, ["b", "c"], id="two beside one that there was"),
        pytest.param([], ["bars"], START - 90 * DAY, ["bars"], id="one that will begin"),
        pytest.param([], ["bars"], START + 30 * DAY - MOMENT, ["bars"], id="one about to end"),
        pytest.param([], ["bars"], START + 30 * DAY, [], id="one that is over"),
    ],
)
def test_what_other_rules_would_begin(
    having: With, old: list[str], new: list[str], now: datetime, begun: list[str]
) -> None:
    before, after = (having(*map(experiment, each)) for each in (old, new))
    assert names(begun_by(after, before, now)) == begun


def test_one_that_is_decided_already_is_over_by_that(having: With) -> None:
    after = having(experiment("bars", decided=10))
    assert names(begun_by(after, having(), START + 10 * DAY - MOMENT)) == ["bars"]
    assert begun_by(after, having(), START + 10 * DAY) == ()


def test_as_if_it_ran_it_runs_at_every_instant_and_others_as_they_are(having: With) -> None:
    foreseen, other = experiment("bars", decided=10), experiment("other", starts=5)
    policy = having(foreseen, other)
    found = as_if_running(policy, [foreseen])
    running, left = found.experiments
    for at in (START - 9_999 * DAY, START, START + 20 * DAY, START + 9_999 * DAY):
        assert running.runs(at)
    assert running.arms == foreseen.arms
    assert left is other
    assert policy.experiments == (foreseen, other), "the policy itself stays as it was"


def test_a_policy_with_people_away_foresees_in_its_files_too(having: With) -> None:
    foreseen = experiment("bars", starts=99)
    policy = having(foreseen)
    away = replace(policy, by_files=policy)
    found = as_if_running(away, [foreseen])
    assert found.by_files is not None
    assert all(each.experiments[0].runs(START) for each in (found, found.by_files))


def test_nothing_foreseen_changes_nothing(having: With) -> None:
    policy = having(experiment("bars"))
    assert as_if_running(policy, []) is policy
    assert foreseen_arms(policy, [], lead(a="x"), Asked.EVALUATE, "l1", START) == {"a": "x"}


@pytest.mark.parametrize(
    ("asked", "joins"),
    [
        pytest.param(Asked.EVALUATE, True, id="something happened to it"),
        pytest.param(Asked.ROUTE, True, id="it is routed"),
        pytest.param(Asked.RECYCLED, True, id="it comes back"),
        pytest.param(Asked.CYCLE, True, id="it is a customer's next lead"),
        pytest.param(Asked.REASSIGN, True, id="it is routed anew"),
        pytest.param(Asked.ASSIGN, False, id="somebody gives it to a rep"),
        pytest.param(Asked.DRAIN, False, id="its place in a queue has come"),
        pytest.param(Asked.MOVE, False, id="somebody moves it"),
    ],
)
def test_only_an_evaluation_enrols(having: With, asked: Asked, joins: bool) -> None:
    foreseen = experiment("bars", starts=40)
    policy = as_if_running(having(foreseen), [foreseen])
    found = foreseen_arms(policy, [foreseen], lead(old="x"), asked, "l1", START)
    arm = arm_of("bars", "l1", {"control": 1, "lower": 1})
    assert found == ({"old": "x", "bars": arm} if joins else {"old": "x"})


@pytest.mark.parametrize("first", [f"lead-{n}" for n in range(12)])
def test_the_arm_is_that_of_the_persons_first_lead(having: With, first: str) -> None:
    """What is foreseen is what will be: the same hash, whenever it is taken."""
    foreseen = experiment("bars")
    policy = as_if_running(having(foreseen), [foreseen])
    found = foreseen_arms(policy, [foreseen], lead(), Asked.EVALUATE, first, START)
    assert found == {"bars": arm_of("bars", first, {"control": 1, "lower": 1})}


@pytest.mark.parametrize(
    ("stored", "first"),
    [
        pytest.param(lead(), "", id="whose first lead nobody can know"),
        pytest.param(lead(Stage.SQL), "l1", id="whom sales has"),
        pytest.param(lead(bars="control"), "l1", id="who is in it"),
    ],
)
def test_no_arm_is_foreseen_of_one(having: With, stored: StoredLead, first: str) -> None:
    foreseen = experiment("bars")
    policy = as_if_running(having(foreseen), [foreseen])
    found = foreseen_arms(policy, [foreseen], stored, Asked.EVALUATE, first, START)
    assert found == stored.arms


def test_an_experiment_that_runs_and_is_not_foreseen_enrols_nobody_here(having: With) -> None:
    """Those are in the lead's own history: only the new ones are made up."""
    runs, foreseen = experiment("runs"), experiment("new", starts=40)
    policy = as_if_running(having(runs, foreseen), [foreseen])
    found = foreseen_arms(policy, [foreseen], lead(), Asked.EVALUATE, "l1", START)
    assert list(found) == ["new"]
