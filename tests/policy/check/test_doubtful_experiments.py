"""Experiments that load and whose arms probably do not do what is meant."""

from collections.abc import Callable

import pytest

Said = Callable[..., list[str]]
FILE = """\
trial:
  from: 2026-09-01
  to: 2026-12-01
  arms:
    control: {{weight: 1}}
    other: {{{other}}}
  outcome: {{stage: opportunity, within: 60d}}
{more}"""
DECISION = "  decision: {arm: other, on: 2026-10-01}\n"
DECIDED = "experiments.yaml:8: $.trial.decision.arm: it is decided for 'other', and "


@pytest.fixture(scope="session")
def of_trial(found: Said) -> Said:
    """What is said of an experiment whose other arm is this."""

    def said(other: str, more: str = "", **changes: str) -> list[str]:
        told = found(experiments=FILE.format(other=other, more=more), **changes)
        return [line for line in told if line.startswith("experiments.yaml")]

    return said


@pytest.mark.parametrize(
    ("other", "told"),
    [
        pytest.param("weight: 2", True, id="nothing but its share"),
        pytest.param("mql: {behaviour_min: 35}", False, id="a bar"),
        pytest.param("tracks: {welcome-nurture: not-now}", False, id="a track"),
        pytest.param("routes: {asked: executives}", False, id="a pool of a route"),
    ],
)
def test_an_arm_that_changes_nothing_is_told_and_control_is_not(
    of_trial: Said, other: str, told: bool
) -> None:
    assert (
        of_trial(other)
        == [
            "experiments.yaml:6: $.trial.arms.other: the arm 'other' changes nothing: it is control"
            " once more; give it a bar, a track or a pool, or keep it to try the experiment itself"
        ]
        * told
    )


@pytest.mark.parametrize(
    ("other", "missing"),
    [
        pytest.param("mql: {behaviour_min: 40, fit_min: 40}", [], id="bars as they are by now"),
        pytest.param("mql: {behaviour_min: 35.5}",
                     ["scoring.yaml still has 40 for behaviour_min where the arm has 35.5;"
                      " write behaviour_min: 35.5 there, or take the decision back"],
                     id="a bar of behaviour"),
        pytest.param("mql: {fit_min: 60, behaviour_min: 40}",
                     ["scoring.yaml still has 40 for fit_min where the arm has 60;"
                      " write fit_min: 60 there, or take the decision back"],
                     id="a bar of fit beside one that is written"),
        pytest.param("routes: {asked: sdr}", [], id="a pool as it is by now"),
        pytest.param("routes: {asked: executives}",
                     ["the route 'asked' still draws from another pool than 'executives';"
                      " write {pool: executives} there, or take the decision back"],
                     id="a pool of a route"),
        pytest.param("tracks: {welcome-nurture: not-now}", [],
                     id="a track, which is no place of its own to look at"),
    ],
)  # fmt: skip
def test_what_was_decided_and_is_not_written_in_the_rules_is_told(
    of_trial: Said, other: str, missing: list[str]
) -> None:
    assert of_trial(other, DECISION) == [DECIDED + one for one in missing]


def test_an_arm_that_was_not_chosen_need_not_be_written_in_the_rules(of_trial: Said) -> None:
    chosen = "  decision: {arm: control, on: 2026-10-01}\n"
    assert of_trial("mql: {behaviour_min: 35}, routes: {asked: executives}", chosen) == []


SCORING = """\
fit: [{{name: a, when: 'seats > 1', points: 60}}]
behaviour:
  groups: {{web: {{points_max: 30}}}}
  activities:
    demo_request: {{points: 60, half_life: 21d, high_intent: true}}
    visit: {{points: 2, half_life: 7d, {visit}}}
mql: {{fit_min: 40, behaviour_min: 40}}
"""


@pytest.mark.parametrize(
    ("visit", "other", "told"),
    [
        pytest.param("points_max: 30", "mql: {behaviour_min: 30}", True, id="its points_max"),
        pytest.param("points_max: 30", "mql: {behaviour_min: 30.5}", False, id="not quite"),
        pytest.param("group: web", "mql: {behaviour_min: 30}", True, id="what its group allows"),
        pytest.param("once: true", "mql: {behaviour_min: 30}", False, id="once only"),
        pytest.param("points_max: 30", "mql: {fit_min: 30}", False, id="no bar of behaviour"),
        pytest.param("points_max: 50", "mql: {behaviour_min: 30}", False,
                     id="the bar of the rules as well, at which it is told"),
    ],
)  # fmt: skip
def test_an_arm_whose_bar_one_low_activity_reaches_by_repetition_is_told(
    of_trial: Said, visit: str, other: str, told: bool
) -> None:
    said = of_trial(other, scoring=SCORING.format(visit=visit))
    assert (
        said
        == [
            "experiments.yaml:6: $.trial.arms.other.mql.behaviour_min: repeating visit alone can"
            " qualify a lead of this arm: it reaches 30; raise the bar, or give visit a points_max"
            " below 30"
        ]
        * told
    )
