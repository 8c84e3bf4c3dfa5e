"""The pair of bars: promises kept, most wins, the least change, never one that does not load."""

from datetime import timedelta
from functools import cache

import numpy as np
import pytest

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.thresholds.bars_in_file import SCORING, Bars, with_bars
from scoring_service.calibration.thresholds.crossings import Paths, crossings
from scoring_service.calibration.thresholds.pair_of_bars import grid, pair_of_bars
from scoring_service.calibration.thresholds.replay import Replay
from scoring_service.calibration.thresholds.threshold_results import By, Pair, PairOfBars, Wish
from scoring_service.calibration.thresholds.wilson import wilson
from scoring_service.domain.scoring.scoring import ActivityScoring, Grades, Scoring
from scoring_service.domain.scoring.scoring import Bars as MqlBars
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of

TODAY = Pair(40, 40)
SCORING_OF_ALL = Scoring((), {}, {}, Grades((), ()), MqlBars(40, 40))
HOUR = 3_600_000_000


@cache
def replay(rows: int = 2_000, seed: int = 0, slope: float = 4.0, every: int = 2) -> Replay:
    """Leads of one instant each; the more points, the likelier won."""
    chance = np.random.default_rng(seed)
    fit, behaviour = (np.round(chance.uniform(0, 100, rows)) for _ in range(2))
    p = 1 / (1 + np.exp(3 - slope * (fit + behaviour) / 200))
    won = chance.random(rows) < p
    paths = Paths(
        np.arange(rows),
        np.arange(rows) * every * HOUR,
        fit,
        behaviour,
        np.full(rows, np.nan),
        won,
        np.ones(rows, dtype=bool),
        rows,
        int(won.sum()),
    )
    return Replay(paths, dated=True)


def chosen(wish: Wish, of: Replay | None = None, today: Pair = TODAY) -> PairOfBars:
    return pair_of_bars(of or replay(), wish, today, SCORING_OF_ALL)


def test_a_promise_is_kept_by_both_bounds() -> None:
    of = replay()
    found = chosen(Wish(By.PRECISION, 0.4), of)
    assert found.pair is not None
    held = crossings(of.paths, found.pair)
    won = of.paths.won[held.points]
    assert wilson(int(won.sum()), len(won))[0] >= 0.4
    means = [np.average(p, weights=times) for p, times in of.expected_drawn(held)]
    assert np.percentile(means, 5) >= 0.4


def test_of_the_pairs_that_do_as_well_the_nearest_to_todays_is_chosen() -> None:
    of, wish = replay(), Wish(By.PRECISION, 0.4)
    here = chosen(wish, of)
    assert here.pair is not None
    assert here.good > 1
    again = chosen(wish, of, here.pair)
    assert again.pair == here.pair, "what is best already stays"
    far = chosen(wish, of, Pair(100, 0)).pair
    assert far is not None
    assert far.fit_min >= here.pair.fit_min

    def wins(pair: Pair) -> float:
        return of.volume(pair).wins

    kept = [
        pair
        for pair in grid(SCORING_OF_ALL, TODAY)
        if (volume := of.volume(pair)).leads >= 50 and volume.precision.low >= 0.4
    ]
    assert wins(here.pair) >= 0.85 * max(wins(pair) for pair in kept)


def test_a_bar_on_p_beside_todays_is_kept() -> None:
    pairs = grid(SCORING_OF_ALL, Pair(40, 40, 0.25))
    assert {pair.win_probability_min for pair in pairs} == {0.25}


SAID = [
    pytest.param(
        Wish(By.PRECISION, 0.95),
        "unreachable: no pair of bars can promise 95% won; the best lower bound is",
        id="more than any pair has",
    ),
    pytest.param(
        Wish(By.CAPACITY, 0.001),
        "no pair of bars gives at most 0.001 leads a week and any at all.",
        id="a team that works nothing",
    ),
    pytest.param(
        Wish(By.VALUE, 0.99),
        "no pair of bars brings leads that are won more often than 99.0%.",
        id="a lead dearer than a win",
    ),
]


@pytest.mark.parametrize(("wish", "said"), SAID)
def test_what_no_pair_gives_is_said(wish: Wish, said: str) -> None:
    found = chosen(wish)
    assert found.pair is None
    assert found.sentence.startswith(said)


def test_few_leads_judge_nothing() -> None:
    found = chosen(Wish(By.PRECISION, 0.3), replay(rows=49))
    assert found.sentence == (
        "unreachable: no pair of bars has 50 leads with 10 won to judge 30% by."
    )


def test_a_capacity_is_never_passed() -> None:
    of = replay()
    found = chosen(Wish(By.CAPACITY, 20), of)
    assert found.pair is not None
    weekly = of.volume(found.pair).leads_a_week
    assert weekly is not None
    assert 10 < weekly <= 20
    assert "gives at most 20 leads a week" in found.sentence


def test_a_capacity_without_dates_needs_what_arrives() -> None:
    undated = Replay(replay(500).paths, dated=False)
    with pytest.raises(CalibrationProblem, match="say by --leads-per-week how many arrive"):
        chosen(Wish(By.CAPACITY, 10), undated)
    found = chosen(Wish(By.CAPACITY, 10, leads_per_week=100), undated).pair
    assert found is not None
    assert undated.volume(found).leads <= 50


def test_a_value_works_leads_that_pay() -> None:
    of = replay()
    cheap, dear = (chosen(Wish(By.VALUE, share), of).pair for share in (0.1, 0.4))
    assert cheap is not None
    assert dear is not None
    assert of.volume(cheap).leads > of.volume(dear).leads
    assert of.volume(dear).precision.value > 0.4


def test_a_promise_that_later_leads_refute_is_refused() -> None:
    later = replay(600, seed=1, slope=0.0)
    found = pair_of_bars(replay(), Wish(By.PRECISION, 0.4), TODAY, SCORING_OF_ALL, later)
    assert found.pair is None
    assert found.sentence.startswith("the promise of 40% does not stand in the last window: of ")


ACTS = [
    pytest.param(60, False, 65, id="a bar is above a single act"),
    pytest.param(59, False, 60, id="and no higher than needed"),
    pytest.param(60, True, 0, id="but for one of high intent"),
    pytest.param(-20, False, 0, id="and one that takes points"),
]


@pytest.mark.parametrize(("points", "high_intent", "least"), ACTS)
def test_no_single_act_reaches_the_bar(points: float, high_intent: bool, least: int) -> None:
    act = ActivityScoring("act", points, timedelta(days=7), high_intent=high_intent)
    scoring = Scoring((), {"act": act}, {}, Grades((), ()), MqlBars(40, 40))
    pairs = grid(scoring, TODAY)
    assert min(pair.behaviour_min for pair in pairs) == least
    assert min(pair.fit_min for pair in pairs) == 5


def test_the_grid_is_what_the_policy_check_accepts(files: dict[str, bytes]) -> None:
    scoring = load(source_of(files)).scoring
    accepted = {pair.behaviour_min for pair in grid(scoring, TODAY)}
    for behaviour in (0, 15, 20, 25, 100):
        bars = Bars(Pair(5, behaviour))
        if behaviour in accepted:
            changed = with_bars(files, bars).content
            assert load(source_of({**files, SCORING: changed})).scoring.mql.fit_min == 5
        else:
            with pytest.raises(CalibrationProblem, match="alone reaches behaviour_min"):
                with_bars(files, bars)
