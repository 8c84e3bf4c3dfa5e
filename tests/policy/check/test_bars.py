"""Bars that no lead meets, and bars that a lead which met them is never below again."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.bars import judged
from scoring_service.domain.scoring.scoring import Bars
from scoring_service.values.score import HeldBar

Said = Callable[..., list[str]]
NOON = datetime(2025, 1, 15, 12, tzinfo=UTC)


def scoring(bars: str, criteria: str = "40, 20, -30", most: str = "points_max: 70") -> str:
    fit = ", ".join(
        f"{{name: c{n}, when: 'seats > {n}', points: {points}}}"
        for n, points in enumerate(criteria.split(", "))
    )
    return (
        f"fit: [{fit}]\n"
        "behaviour:\n"
        "  groups: {web: {points_max: 30}}\n"
        "  activities:\n"
        "    page_view: {points: 1, half_life: 7d, group: web}\n"
        f"    demo_request: {{points: 60, half_life: 21d, high_intent: true, {most}}}\n"
        f"mql: {{{bars}}}\n"
    )


@pytest.fixture(scope="session")
def of_bars(found: Said) -> Said:
    """What is said of the bars, behind their place."""

    def said(**changes: str) -> list[str]:
        told = found(**changes, routing_test="- {it: x, lead: {}, expect: {queue: triage}}")
        return [line for line in told if ": $.mql." in line or ".mql." in line]

    return said


@pytest.mark.parametrize(
    ("bars", "told"),
    [
        pytest.param("fit_min: 40, behaviour_min: 40, hysteresis: 39.9", [], id="just above it"),
        pytest.param("fit_min: 40, behaviour_min: 50, hysteresis: 40", ["fit_min 40"],
                     id="the same as one of the bars, which is then kept at no points"),
        pytest.param("fit_min: 40, behaviour_min: 50, hysteresis: 51",
                     ["behaviour_min 50", "fit_min 40"], id="above both"),
        pytest.param("fit_min: 0, behaviour_min: 50, hysteresis: 10", [],
                     id="above a bar of 0, which everybody meets anyway"),
        pytest.param("fit_min: 5, behaviour_min: 50", ["fit_min 5"], id="5 where none is written"),
        pytest.param("fit_min: 5.5, behaviour_min: 50", [], id="5 below the bar by a little"),
        pytest.param("fit_min: 0.5, behaviour_min: 50, hysteresis: 0", [], id="none at all"),
    ],
)  # fmt: skip
def test_a_hysteresis_by_which_a_bar_is_never_lost_is_told(
    of_bars: Said, loaded: Callable[..., Policy], bars: str, told: list[str]
) -> None:
    text = scoring(bars)
    lines = of_bars(scoring=text)
    assert [line.split("has met ")[1].split(" never loses it")[0] for line in lines] == told
    assert [kept_without_points(loaded(scoring=text).scoring.mql)[name] for name in told] == [
        True
    ] * len(told)


def kept_without_points(bars: Bars) -> dict[str, bool]:
    """Whether a lead that met a bar still meets it when all its points are gone."""
    held = [HeldBar("fit", bars.fit_min, None), HeldBar("behaviour", bars.behaviour_min, None)]
    fit, behaviour = judged(bars, 0, 0, None, held, None, NOON)
    return {
        f"fit_min {bars.fit_min:g}": fit.met,
        f"behaviour_min {bars.behaviour_min:g}": behaviour.met,
    }


@pytest.mark.parametrize("hysteresis", [0, 5, 19.5, 20, 20.5, 40, 60, 100])
@pytest.mark.parametrize(("fit_min", "behaviour_min"), [(20, 61), (40, 60), (5, 62.5)])
def test_what_is_told_is_what_a_lead_without_points_keeps(
    of_bars: Said, loaded: Callable[..., Policy], hysteresis: float, fit_min: float,
    behaviour_min: float,
) -> None:  # fmt: skip
    text = scoring(f"fit_min: {fit_min}, behaviour_min: {behaviour_min}, hysteresis: {hysteresis}")
    lines = "\n".join(of_bars(scoring=text))
    for name, kept in kept_without_points(loaded(scoring=text).scoring.mql).items():
        assert (f"has met {name} never loses it" in lines) is kept, lines


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(scoring("fit_min: 60, behaviour_min: 100"), [], id="the most there is"),
        pytest.param(scoring("fit_min: 60.1, behaviour_min: 40"),
                     ["fit_min 60.1: its points come to 60 at most; lower it to 60"],
                     id="more than all criteria together, those that take points left out"),
        pytest.param(scoring("fit_min: 100, behaviour_min: 40", criteria="80, 80"), [],
                     id="all that fit is clipped to"),
        pytest.param(scoring("fit_min: 10, behaviour_min: 40", criteria="-5"),
                     ["fit_min 10: its points come to 0 at most; lower it to 0"],
                     id="any points where no criterion gives some"),
        pytest.param(scoring("fit_min: 0, behaviour_min: 40", criteria="-5"), [],
                     id="no points where no criterion gives some"),
        pytest.param(scoring("fit_min: 40, behaviour_min: 90.5", most="once: true"),
                     ["behaviour_min 90.5: its points come to 90 at most; lower it to 90"],
                     id="more than the group and an activity that counts once"),
        pytest.param(scoring("fit_min: 40, behaviour_min: 90", most="once: true"), [],
                     id="the group and an activity that counts once"),
        pytest.param(scoring("fit_min: 70, behaviour_min: 40, hysteresis: 80"),
                     ["fit_min 70: its points come to 60 at most; lower it to 60"],
                     id="what is never met is not told to be never lost"),
    ],
)  # fmt: skip
def test_a_bar_that_no_lead_ever_meets_is_told(of_bars: Said, text: str, told: list[str]) -> None:
    lines = [line for line in of_bars(scoring=text) if "ever meets" in line]
    assert [line.split("ever meets ")[1].split(", or give")[0] for line in lines] == told
    assert all(line.startswith("scoring.yaml:7: $.mql.") for line in lines)


ARMS = """\
bars:
  from: 2026-09-01
  to: 2026-12-01
  arms:
    control: {{weight: 1}}
    other:
      mql: {{{bars}}}
  outcome: {{stage: opportunity, within: 60d}}
"""


@pytest.mark.parametrize(
    ("bars", "told"),
    [
        pytest.param("fit_min: 10", [
            "experiments.yaml:7: $.bars.arms.other.mql.fit_min: a lead of this arm that has met"
            " fit_min 10 never loses it: hysteresis is 10; raise it above 10, or lower the"
            " hysteresis below 10"
        ], id="a bar that is never lost"),
        pytest.param("behaviour_min: 100, fit_min: 61", [
            "experiments.yaml:7: $.bars.arms.other.mql.fit_min: no lead of this arm ever meets"
            " fit_min 61: its points come to 60 at most; lower it to 60, or give more points in"
            " scoring.yaml"
        ], id="a bar that is never met beside one that is"),
        pytest.param("fit_min: 11, behaviour_min: 99", [], id="bars that are met and lost"),
    ],
)  # fmt: skip
def test_the_bars_of_an_arm_are_held_against_the_same(
    of_bars: Said, bars: str, told: list[str]
) -> None:
    text = scoring("fit_min: 40, behaviour_min: 40, hysteresis: 10")
    lines = of_bars(scoring=text, experiments=ARMS.format(bars=bars))
    assert [line for line in lines if line.startswith("experiments.yaml")] == told
    assert not [line for line in lines if line.startswith("scoring.yaml")]


def test_bars_that_the_arm_does_not_give_are_those_of_the_rules_and_told_once(
    of_bars: Said,
) -> None:
    text = scoring("fit_min: 70, behaviour_min: 40")
    (line,) = of_bars(scoring=text, experiments=ARMS.format(bars="behaviour_min: 60"))
    assert line.startswith("scoring.yaml:7: $.mql.fit_min: ")
