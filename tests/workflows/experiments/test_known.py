"""Which experiments a report lists: those of the rules, and those that were taken out of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scoring_service.domain.experiments.experiment import Arm, Experiment
from scoring_service.domain.policy import Policy
from scoring_service.values.experiment import ArmJoined, Followed
from scoring_service.values.stage import Stage
from scoring_service.workflows.experiments.reporting import Known, Unread, known, reported

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
ARMS = (Arm("control"), Arm("lower", behaviour_min=30))


class Arms:
    """Arms that enrolled somebody, and nobody of whom more is known."""

    def __init__(self, *joined: ArmJoined) -> None:
        self._joined = joined
        self.asked: list[tuple[str, frozenset[Stage]]] = []

    def arms_joined(self) -> Sequence[ArmJoined]:
        """Every arm that enrolled anybody."""
        return self._joined

    def followed(self, experiment: str, stages: Iterable[Stage]) -> Sequence[Followed]:
        """Nobody; and remembers what was asked."""
        self.asked.append((experiment, frozenset(stages)))
        return ()


def experiment(name: str, **fields: object) -> Experiment:
    made = Experiment(name, MONDAY, MONDAY + 60 * DAY, ARMS, Stage.OPPORTUNITY, 30 * DAY)
    return replace(made, **fields)  # type: ignore[arg-type]


def joined(name: str, arm: str, count: int, last: int = 1, revision: str = "r1") -> ArmJoined:
    return ArmJoined(name, arm, count, MONDAY, MONDAY + last * DAY, revision)


def policy_with(policy: Policy, *names: str) -> Policy:
    return replace(policy, experiments=tuple(experiment(name) for name in names))


def none_asked(revision: str) -> Policy | str:
    raise AssertionError(f"the rules of {revision} are not needed")


def test_those_of_the_rules_come_in_their_order_enrolled_or_not(policy: Policy) -> None:
    stored = Arms(joined("b", "control", 3), joined("b", "lower", 4))
    found = known(stored, policy_with(policy, "b", "a"), none_asked)
    assert found == (Known(experiment("b"), 7, True), Known(experiment("a"), 0, True))


def test_nothing_is_listed_where_there_never_was_any(policy: Policy) -> None:
    assert known(Arms(), policy, none_asked) == ()


def test_one_that_was_taken_out_stands_as_the_rules_had_it_that_enrolled_the_last(
    policy: Policy,
) -> None:
    """Its arms may have changed while it ran: the latest rules that had it say what it was."""
    stored = Arms(
        joined("old", "control", 3, last=5, revision="r2"),
        joined("old", "lower", 2, last=9, revision="r3"),
        joined("old", "wide", 1, last=7, revision="r2"),
    )
    then = replace(policy, experiments=(experiment("other"), experiment("old", within=9 * DAY)))
    asked: list[str] = []

    def policies(revision: str) -> Policy | str:
        asked.append(revision)
        return then

    found = known(stored, policy_with(policy, "new"), policies)
    gone = Known(experiment("old", within=9 * DAY), 6, False)
    assert found == (Known(experiment("new"), 0, True), gone)
    assert asked == ["r3"]


@pytest.mark.parametrize(
    ("has", "why"),
    [
        pytest.param(None, "its files cannot be read", id="rules that cannot be had say why"),
        pytest.param((), "it is not in them", id="rules that do not have it say so"),
    ],
)
def test_of_one_that_cannot_be_read_the_reason_is_told(
    policy: Policy, has: tuple[str, ...] | None, why: str
) -> None:
    stored = Arms(joined("old", "control", 3, revision="r7"))
    then: Policy | str = why if has is None else policy_with(policy, *has)
    assert known(stored, policy, lambda revision: then) == (Unread("old", 3, "r7", why),)


def test_those_that_were_taken_out_come_after_by_name(policy: Policy) -> None:
    stored = Arms(joined("z", "control", 1), joined("m", "control", 1), joined("a", "control", 1))
    then = policy_with(policy, "z", "m")
    found = known(stored, policy_with(policy, "q"), lambda revision: then)
    names = [one.name if isinstance(one, Unread) else one.experiment.name for one in found]
    assert names == ["q", "a", "m", "z"]


def test_a_report_follows_everybody_to_the_outcome_or_beyond() -> None:
    stored, one = Arms(), Known(experiment("lower-bar"), 0, False)
    made = reported(stored, one, MONDAY + 90 * DAY)
    assert stored.asked == [("lower-bar", frozenset({Stage.OPPORTUNITY, Stage.CUSTOMER}))]
    assert (made.experiment, made.at) == (one.experiment, MONDAY + 90 * DAY)
    assert (made.enrolled, made.in_rules) == (0, False)
