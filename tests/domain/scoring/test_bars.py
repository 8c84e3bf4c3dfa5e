from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from scoring_service.domain.scoring.bars import held_bars, judged
from scoring_service.domain.scoring.score import score_activities
from scoring_service.domain.scoring.scoring import Bars, FitCriterion, Scoring
from scoring_service.values.activity import Activity
from scoring_service.values.score import Bar, HeldBar, WinProbability

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
BARS = Bars(fit_min=40, behaviour_min=50, hysteresis=5)
Make = Callable[..., Scoring]


@pytest.mark.parametrize(
    ("behaviour", "held", "threshold", "met"),
    [
        pytest.param(50, None, 50, True, id="points on the bar meet it"),
        pytest.param(49.99, None, 50, False, id="points below it do not"),
        pytest.param(45, (50, None), 45, True, id="a bar that was met is kept 5 points down"),
        pytest.param(44.99, (50, None), 45, False, id="and no further"),
        pytest.param(46, (40, None), 50, False, id="a lower threshold met is not this one met"),
        pytest.param(46, (60, None), 45, True, id="a higher threshold met is this one met"),
        pytest.param(46, (50, 1), 45, True, id="it is kept until decay takes it below"),
        pytest.param(46, (50, 0), 50, False, id="and not from that instant on"),
        pytest.param(50, (50, -1), 50, True, id="then the bar itself judges"),
    ],
)
def test_a_bar_and_its_hysteresis(
    behaviour: float, held: tuple[float, float | None] | None, threshold: float, met: bool
) -> None:
    kept = []
    if held:
        until = None if held[1] is None else NOW + held[1] * DAY
        kept = [HeldBar("behaviour", held[0], until)]
    bars = judged(BARS, 40, behaviour, None, kept, None, NOW)
    assert bars[1] == Bar("behaviour", behaviour, threshold, met)
    assert bars[0] == Bar("fit", 40, 40, True), "what is held of one bar says nothing of another"


def test_a_visit_keeps_the_bars_it_was_entered_by() -> None:
    bars = judged(BARS, 35, 35, None, [HeldBar("fit", 30)], (30, 35), NOW)
    assert bars == (Bar("fit", 35, 25, True), Bar("behaviour", 35, 35, True))


@pytest.mark.parametrize(
    ("win", "held", "bar"),
    [
        pytest.param(0.12, [], (0.12, 0.12, True), id="a probability on the bar meets it"),
        pytest.param(0.11, [], (0.11, 0.12, False), id="one below does not"),
        pytest.param(0.11, [0.12], (0.11, 0.108, True), id="met, it is kept down to nine tenths"),
        pytest.param(None, [], (0.0, 0.12, False), id="without an estimate the bar is not met"),
    ],
)
def test_the_win_probability_has_a_bar_only_where_one_is_set(
    win: float | None, held: list[float], bar: tuple[float, float, bool]
) -> None:
    estimate = None if win is None else WinProbability(win, win, win)
    kept = [HeldBar("win_probability", threshold) for threshold in held]
    assert len(judged(BARS, 40, 50, estimate, kept, None, NOW)) == 2
    with_bar = Bars(40, 50, win_probability_min=0.12)
    found = judged(with_bar, 40, 50, estimate, kept, None, NOW)[2]
    assert (found.value, found.threshold, found.met) == pytest.approx(bar)


@pytest.fixture
def scoring(make_scoring: Make) -> Scoring:
    fit = FitCriterion("size", "size", 45, lambda symbols: bool(symbols["size"]))
    return make_scoring({"visit": {"points": 60.0}}, fit=(fit,), bars=BARS)


def visited(days_ago: float) -> list[Activity]:
    return [Activity("visit", NOW - days_ago * DAY)]


def test_what_is_kept_is_the_threshold_met_and_until_when(scoring: Scoring) -> None:
    score = score_activities(scoring, {"size": True}, visited(0), NOW, "r")
    fit, behaviour = held_bars(score, scoring, (), NOW)
    assert fit == HeldBar("fit", 40)
    assert behaviour == HeldBar("behaviour", 50, score.qualified_until)
    assert behaviour.until is not None


def test_a_bar_that_is_not_met_is_not_kept(scoring: Scoring) -> None:
    score = score_activities(scoring, {"size": False}, [], NOW, "r")
    assert held_bars(score, scoring, (HeldBar("fit", 40),), NOW) == ()


def test_a_bar_met_once_is_kept_at_its_threshold_through_hysteresis(scoring: Scoring) -> None:
    first = score_activities(scoring, {"size": True}, visited(0), NOW, "r")
    held = held_bars(first, scoring, (), NOW)
    later = NOW + 2 * DAY
    second = score_activities(scoring, {"size": True}, visited(0), later, "r", held)
    assert second.bars[1].threshold == 45
    assert 45 <= second.behaviour < 50
    assert second.mql_ready
    assert held_bars(second, scoring, held, later) == held
    unheld = score_activities(scoring, {"size": True}, visited(0), later, "r")
    assert not unheld.mql_ready
    assert [bar.name for bar in held_bars(unheld, scoring, (), later)] == ["fit"]


def test_a_bar_is_not_met_again_by_the_decay_of_a_negative_type(make_scoring: Make) -> None:
    types = {
        "visit": {"points": 80.0, "half_life": 365 * DAY},
        "leave": {"points": -60.0, "half_life": DAY, "expires_after": 9 * DAY},
    }
    scoring = make_scoring(types, bars=BARS)
    held = (HeldBar("behaviour", 50, NOW + DAY),)
    did = [Activity("visit", NOW), Activity("leave", NOW)]
    before, after = (
        score_activities(scoring, {}, did, NOW + days * DAY, "r", held).bars[1]
        for days in (0.2, 1.0)
    )
    assert (before.threshold, before.met) == (45, False)
    assert (after.threshold, after.met) == (50, False)
    assert after.value > 45, "it has risen above 45 again, and is not held to that any more"


def test_what_is_kept_of_a_higher_threshold_is_the_bar_that_judged(scoring: Scoring) -> None:
    held = (HeldBar("behaviour", 58.3),)
    at = NOW + 2 * DAY
    score = score_activities(scoring, {"size": True}, visited(0), at, "r", held, (40, 48.7))
    kept = held_bars(score, scoring, held, at)[1]
    assert kept.threshold == pytest.approx(48.7)
    again = score_activities(scoring, {"size": True}, visited(0), at, "r", (kept,), (40, 48.7))
    assert again.bars == score.bars
