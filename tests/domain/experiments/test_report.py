"""What a report counts, of whom, and what it says can be concluded."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.experiments.experiment import Arm, Experiment, Verdict
from scoring_service.domain.experiments.report import Report, report
from scoring_service.domain.experiments.sentences import sentences
from scoring_service.values.experiment import Followed, Joined
from scoring_service.values.stage import Stage

START = datetime(2026, 9, 1, tzinfo=UTC)
HALVES = {"control": 1, "lower": 1}
CONTROL, LOWER = Arm("control"), Arm("lower", behaviour_min=30.0)
DAY = timedelta(days=1)
BAR = Experiment(
    "lower-bar",
    START,
    START + 90 * DAY,
    (CONTROL, LOWER),
    Stage.OPPORTUNITY,
    timedelta(days=60),
)


def person(
    number: int,
    arm: str,
    at: datetime = START,
    reached: timedelta | None = None,
    who: str = "",
    weights: Mapping[str, int] = HALVES,
) -> Followed:
    """An enrolled person; `reached` is how long after it the outcome came."""
    lead = f"l{number:05}"
    joined = Joined("lower-bar", lead, lead, arm, dict(weights), at, "r")
    return Followed(joined, who or f"p{number}", None if reached is None else at + reached)


def many(control: tuple[int, int], lower: tuple[int, int]) -> list[Followed]:
    """So many persons and successes of each arm, mixed well, all enrolled on the first day."""
    found = []
    for offset, arm in enumerate(HALVES):
        count, successes = (control, lower)[offset]
        for index in range(count):
            won = index * successes // count != (index + 1) * successes // count
            at = START + timedelta(seconds=2 * index * 1000 // count + offset)
            found.append(person(index * 2 + offset, arm, at, 5 * DAY if won else None))
    return sorted(found, key=lambda one: (one.joined.at, one.joined.first_lead_id))


def counts(found: Report) -> dict[str, tuple[int, int, int]]:
    return {a.name: (a.enrolled, a.rate.leads, a.rate.successes) for a in found.arms}


@pytest.mark.parametrize(
    ("reached", "after", "counted"),
    [
        pytest.param(5 * DAY, 60 * DAY, (1, 1, 1), id="reached, and the time has passed"),
        pytest.param(60 * DAY, 60 * DAY, (1, 1, 1), id="reached at the last instant"),
        pytest.param(60 * DAY + DAY / 24, 90 * DAY, (1, 1, 0), id="reached an hour too late"),
        pytest.param(None, 60 * DAY, (1, 1, 0), id="never reached"),
        pytest.param(5 * DAY, 59 * DAY, (1, 0, 0), id="reached, and the time has not passed"),
        pytest.param(None, 59 * DAY, (1, 0, 0), id="not yet reached"),
    ],
)
def test_who_counts_and_as_what(
    reached: timedelta | None, after: timedelta, counted: tuple[int, int, int]
) -> None:
    found = report(BAR, [person(1, "lower", START, reached)], START + after)
    assert counts(found) == {"control": (0, 0, 0), "lower": counted}
    assert found.matures_at == (START + 60 * DAY if counted[1] == 0 else None)


def test_early_successes_do_not_count_before_early_failures_do() -> None:
    """Else a rate would begin at one: of those who joined late only successes would be known."""
    early = [person(n, "lower", START, DAY if n < 3 else None) for n in range(10)]
    late = [person(100 + n, "lower", START + 50 * DAY, DAY) for n in range(10)]
    found = report(BAR, [*early, *late], START + 61 * DAY)
    assert counts(found)["lower"] == (20, 10, 3)


@pytest.mark.parametrize(
    ("arms", "crossed", "counted"),
    [
        pytest.param(("lower", "control"), 1, {"control": 0, "lower": 0}, id="in two arms"),
        pytest.param(("lower", "lower"), 0, {"control": 0, "lower": 1}, id="twice in one"),
    ],
)
def test_a_person_counts_once_or_in_neither_arm(
    arms: Sequence[str], crossed: int, counted: dict[str, int]
) -> None:
    twice = [person(n, arm, START + n * DAY, who="p") for n, arm in enumerate(arms)]
    found = report(BAR, twice, START + 90 * DAY)
    assert found.crossed == crossed
    assert {arm.name: arm.rate.leads for arm in found.arms} == counted
    assert any("two arms" in each for each in sentences(found)) == bool(crossed)


def test_an_arm_that_is_gone_from_the_rules_is_still_reported() -> None:
    weights = {**HALVES, "lowest": 2}
    past = [person(n, "lowest", weights=weights) for n in range(3)]
    found = report(BAR, past, START + 90 * DAY)
    gone = next(arm for arm in found.arms if arm.name == "lowest")
    assert (gone.weight, gone.enrolled, gone.ratio is not None) == (0, 3, True)


def test_a_comparison_with_an_arm_that_is_gone_is_one_more_that_can_be_wrong() -> None:
    past = [person(n, "lowest", weights={**HALVES, "lowest": 2}) for n in range(3)]
    assert report(BAR, past, START + 90 * DAY).alpha == report(BAR, [], START).alpha / 2


def test_whose_time_has_not_passed_is_counted_in_persons() -> None:
    """Three enrolments of a merged person of both arms, one done with, one that waits."""
    merged = [person(n, arm, START, who="m") for n, arm in enumerate(("lower", "control", "lower"))]
    others = [person(3, "lower", START), person(4, "control", START + 5 * DAY)]
    found = report(BAR, [*merged, *others], START + 61 * DAY)
    assert (found.waiting, found.matured, found.crossed) == (1, 1, 1)
    assert sentences(found)[0].startswith("Of 1 enrolled the time of 60d has not passed")


@pytest.mark.parametrize(
    ("after", "said"),
    [
        pytest.param(-DAY, "Nobody is enrolled yet: it begins on 2026-09-01.", id="to come"),
        pytest.param(DAY, "Nobody is enrolled yet: it began on 2026-09-01.", id="running"),
        pytest.param(90 * DAY, "Nobody is enrolled.", id="over"),
    ],
)
def test_that_nobody_is_enrolled_is_said(after: timedelta, said: str) -> None:
    assert sentences(report(BAR, [], START + after))[0] == said


def test_a_success_is_weighed_by_the_weights_of_its_moment() -> None:
    """Nine in ten are drawn into the arm, and nine in ten successes are from it: no difference."""
    nine = {"control": 1, "lower": 9}
    drawn = [
        person(n, "control" if n % 10 == 0 else "lower", START + n * DAY / 1000, DAY, weights=nine)
        for n in range(1000)
    ]
    lower = report(BAR, drawn, START + 90 * DAY).arms[1]
    assert lower.ratio is not None
    assert not lower.ratio.refutes_same
    halves = [person(n, one.joined.arm, one.joined.at, DAY) for n, one in enumerate(drawn)]
    lower = report(BAR, halves, START + 90 * DAY).arms[1]
    assert lower.ratio is not None
    assert lower.ratio.refutes_same


def test_more_arms_are_each_held_to_a_stricter_bar() -> None:
    three = Experiment(
        BAR.name, BAR.starts, BAR.ends, (*BAR.arms, Arm("lowest", behaviour_min=20.0)),
        BAR.stage, BAR.within,
    )  # fmt: skip
    two, more = (report(one, [], START) for one in (BAR, three))
    assert (two.alpha, more.alpha) == (0.05, 0.025)


@pytest.mark.parametrize(
    ("followed", "after", "says"),
    [
        pytest.param([], 1, ["Nobody is enrolled yet", ""], id="nobody"),
        pytest.param(
            many((40, 4), (40, 4)), 1, ["Of 80 enrolled the time of 60d has not passed", "runs"],
            id="all too young",
        ),
        pytest.param(
            many((40, 4), (40, 8)), 70, ["runs until", "Too few to tell 'lower' from control: 40"],
            id="too few leads",
        ),
        pytest.param(
            many((100, 4), (100, 8)), 70, ["runs until", "12 reached the outcome in both"],
            id="too few successes",
        ),
        pytest.param(
            many((500, 50), (500, 52)), 120, ["No difference", "same is not shown either"],
            id="no difference",
        ),
        pytest.param(
            many((1000, 80), (1000, 170)), 120, ["more often than control", "This is shown."],
            id="more often",
        ),
        pytest.param(
            many((1000, 170), (1000, 80)), 120, ["less often than control", "This is shown."],
            id="less often",
        ),
        pytest.param(
            many((900, 90), (500, 50)), 120, ["ALARM: the arms are not as large", "Conclude"],
            id="arms of the wrong size",
        ),
    ],
)  # fmt: skip
def test_what_can_be_concluded_is_said(
    followed: list[Followed], after: int, says: list[str]
) -> None:
    said = "\n".join(sentences(report(BAR, followed, START + after * DAY)))
    assert [each for each in says if each not in said] == [], said
    assert ("ALARM" in said) == ("ALARM" in says[0])
    assert ("This is shown" in said) == any("often than" in each for each in says)


@pytest.fixture
def decided() -> Callable[..., Report]:
    """An experiment that people decided."""

    def make(**fields: Any) -> Report:
        verdict = Verdict("lower", START + 30 * DAY)
        over = Experiment(
            BAR.name, BAR.starts, BAR.ends, BAR.arms, BAR.stage, BAR.within, verdict
        )  # fmt: skip
        return report(over, many((100, 10), (100, 10)), START + 120 * DAY, **fields)

    return make


def test_a_decision_and_an_end_are_told(decided: Callable[..., Report]) -> None:
    assert "decided for 'lower' from 2026-10-01 on" in "\n".join(sentences(decided()))
    gone = "\n".join(sentences(decided(in_rules=False)))
    assert "no longer in the rules" in gone
    assert "It runs until" not in gone


def test_it_runs_from_its_first_day_to_before_its_last_or_the_decision() -> None:
    verdict = Verdict("lower", START + 30 * DAY)
    over = Experiment(BAR.name, BAR.starts, BAR.ends, BAR.arms, BAR.stage, BAR.within, verdict)
    tick = timedelta(microseconds=1)
    assert [BAR.runs(at) for at in (START - tick, START, BAR.ends - tick, BAR.ends)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [over.runs(verdict.on - tick), over.runs(verdict.on)] == [True, False]
