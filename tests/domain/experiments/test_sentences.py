"""What is said of an experiment, to the letter: what is shown, what is not, and why not yet."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

import pytest

from scoring_service.domain.experiments.experiment import Arm, Experiment, Verdict
from scoring_service.domain.experiments.mixture import Ratio
from scoring_service.domain.experiments.rates import Rate
from scoring_service.domain.experiments.report import ArmReport, Report
from scoring_service.domain.experiments.sentences import sentences
from scoring_service.values.stage import Stage

DAY = timedelta(days=1)
START = datetime(2026, 9, 1, tzinfo=UTC)
END = START + 90 * DAY
ARMS = (Arm("control"), Arm("lower", behaviour_min=30.0))
SURE = "(95 % sure, however often one looked)"


def experiment(verdict: Verdict | None = None) -> Experiment:
    return Experiment("bars", START, END, ARMS, Stage.OPPORTUNITY, 60 * DAY, verdict)


def found(
    low: float = 0.5,
    high: float = 2.0,
    control: tuple[int, int] = (20, 100),
    lower: tuple[int, int] = (20, 100),
    at: datetime = END,
    **more: Any,
) -> Report:
    """A report in which both arms came so far and their ratio lies between two bounds."""
    arms = (
        ArmReport("control", 1, control[1], Rate(*control)),
        ArmReport("lower", 1, lower[1], Rate(*lower), Ratio(low, high, 0.5)),
    )
    given: dict[str, Any] = {
        "experiment": experiment(), "at": at, "arms": arms, "enrolled": control[1] + lower[1],
        "crossed": 0, "waiting": 0, "matures_at": None, "balance": 0.5, "alpha": 0.05,
    }  # fmt: skip
    return Report(**{**given, **more})


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        pytest.param(1.1, 3.0, "'lower' reaches opportunity more often than control: 1.10 to 3.00"
                     f" times its rate {SURE}. This is shown.", id="more often"),
        pytest.param(1.0001, inf, "'lower' reaches opportunity more often than control: at least"
                     f" 1.00 times its rate {SURE}. This is shown.",
                     id="more often, by nobody knows how much"),
        pytest.param(0.2, 0.9, "'lower' reaches opportunity less often than control: 0.20 to 0.90"
                     f" times its rate {SURE}. This is shown.", id="less often"),
        pytest.param(0.0, 0.5, "'lower' reaches opportunity less often than control: at most 0.50"
                     f" times its rate {SURE}. This is shown.",
                     id="less often, by nobody knows how much"),
        pytest.param(1.0, 2.0, "No difference between 'lower' and control is shown: 'lower' reaches"
                     f" opportunity at 1.00 to 2.00 times control's rate {SURE}. That they are the"
                     " same is not shown either.", id="from the same on"),
        pytest.param(0.5, 1.0, "No difference between 'lower' and control is shown: 'lower' reaches"
                     f" opportunity at 0.50 to 1.00 times control's rate {SURE}. That they are the"
                     " same is not shown either.", id="up to the same"),
        pytest.param(0.0, inf, "No difference between 'lower' and control is shown: 'lower' reaches"
                     f" opportunity at any multiple of control's rate {SURE}. That they are the"
                     " same is not shown either.", id="nothing known at all"),
    ],
)  # fmt: skip
def test_what_is_shown_of_an_arm(low: float, high: float, said: str) -> None:
    assert sentences(found(low, high)) == (said,)


@pytest.mark.parametrize(
    ("control", "lower", "why"),
    [
        pytest.param((20, 50), (0, 50), "", id="fifty of each, and twenty reached it together"),
        pytest.param((20, 49), (20, 500), "500 and 49 whose time has passed, and each should have"
                     " 50", id="one too few in control"),
        pytest.param((20, 500), (20, 49), "49 and 500 whose time has passed, and each should have"
                     " 50", id="one too few in the arm"),
        pytest.param((10, 50), (9, 50), "19 reached the outcome in both together, and 20 should",
                     id="one success too few"),
        pytest.param((0, 0), (1, 1), "1 and 0 whose time has passed, and each should have 50",
                     id="nobody in control"),
    ],
)  # fmt: skip
def test_too_few_to_tell_is_said_with_how_many(
    control: tuple[int, int], lower: tuple[int, int], why: str
) -> None:
    """In the order in which the sentence names them: the arm, then control."""
    (said,) = sentences(found(control=control, lower=lower))
    if why:
        assert said == f"Too few to tell 'lower' from control: {why}. Nothing is shown yet."
    else:
        assert said.startswith("No difference between")


def test_a_difference_is_told_however_few_showed_it() -> None:
    """The comparison holds at every number of leads: "too few" is about seeing none."""
    (said,) = sentences(found(1.5, 4.0, control=(1, 30), lower=(19, 30)))
    assert said.endswith("This is shown.")


def test_nothing_is_compared_before_anybodys_time_has_passed() -> None:
    young = found(control=(0, 0), lower=(0, 0), enrolled=7, waiting=7, matures_at=END + DAY)
    assert sentences(young) == (
        "Of 7 enrolled the time of 60d has not passed; they count in neither way until it has, the"
        " next one on 2026-12-01.",
    )


@pytest.mark.parametrize(
    ("balance", "alarm"), [(0.0005, True), (0.001, True), (0.0011, False), (1.0, False)]
)
def test_arms_of_the_wrong_size_are_an_alarm_and_nothing_is_concluded(
    balance: float, alarm: bool
) -> None:
    said = sentences(found(1.5, 4.0, balance=balance))
    assert said[0].startswith("ALARM: the arms are not as large as their weights say") is alarm
    assert any("This is shown" in each for each in said) is not alarm
    if alarm:
        assert f"(p = {balance:.2g}, and 0.001 is where the alarm is)" in said[0]


RUNS = (
    "It runs until 2026-11-30. You may look as often as you like, and end it when you like: what"
    " is once shown stays as sure as is said with it."
)
GONE = (
    "It is no longer in the rules: nobody joins it, and its arms change nothing. It is told as it"
    " stood when it last enrolled somebody."
)


@pytest.mark.parametrize(
    ("at", "more", "said"),
    [
        pytest.param(END - DAY, {}, [RUNS], id="it runs"),
        pytest.param(END, {}, [], id="it is over"),
        pytest.param(END - DAY, {"in_rules": False}, [GONE], id="it is gone from the rules"),
        pytest.param(END, {"in_rules": False}, [GONE], id="it is gone and over"),
        pytest.param(END, {"crossed": 1_200}, ["1,200 persons were in two arms after a merge, and"
                     " count in neither."], id="persons in two arms"),
        pytest.param(END, {"experiment": experiment(Verdict("lower", START + 30 * DAY))},
                     ["It was decided for 'lower' from 2026-10-01 on: the arms change nothing from"
                      " then, so write what was chosen into the rules."], id="it was decided"),
        pytest.param(START + 40 * DAY,
                     {"experiment": experiment(Verdict("lower", START + 50 * DAY)), "crossed": 2},
                     [RUNS.replace("2026-11-30", "2026-10-21"),
                      "2 persons were in two arms after a merge, and count in neither.",
                      "It was decided for 'lower' from 2026-10-21 on: the arms change nothing from"
                      " then, so write what was chosen into the rules."],
                     id="it will end by the decision"),
    ],
)  # fmt: skip
def test_what_is_said_around_the_arms(
    at: datetime, more: dict[str, Any], said: Sequence[str]
) -> None:
    told = sentences(found(at=at, **more))
    assert [each for each in told if "No difference" not in each] == list(said)


@pytest.mark.parametrize(
    ("at", "in_rules", "said"),
    [
        pytest.param(START - DAY, True, ("Nobody is enrolled yet: it begins on 2026-09-01.",),
                     id="before it begins"),
        pytest.param(START, True, ("Nobody is enrolled yet: it began on 2026-09-01.",),
                     id="as it begins"),
        pytest.param(END, True, ("Nobody is enrolled.",), id="when it is over"),
        pytest.param(START, False, ("Nobody is enrolled.", GONE), id="gone from the rules"),
    ],
)  # fmt: skip
def test_that_nobody_is_enrolled_is_one_sentence(
    at: datetime, in_rules: bool, said: tuple[str, ...]
) -> None:
    empty = found(control=(0, 0), lower=(0, 0), at=at, in_rules=in_rules)
    assert sentences(empty) == said


def test_more_arms_are_each_told_with_how_sure_each_is() -> None:
    two = found(1.5, 4.0, alpha=0.025)
    third = ArmReport("none", 1, 100, Rate(20, 100), Ratio(0.5, 2.0, 1.0))
    said = sentences(found(1.5, 4.0, alpha=0.025, arms=(*two.arms, third)))
    assert [each.split("(")[1].split(",")[0] for each in said] == ["97.5 % sure"] * 2


def test_without_control_nothing_can_be_compared() -> None:
    assert sentences(found(arms=found().arms[1:])) == ()
