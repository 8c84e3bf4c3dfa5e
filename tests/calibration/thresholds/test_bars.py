"""The bars of a calibration: on P, on points, and on both where scoring.yaml asks for both."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.table import LeadHistory, Readings
from scoring_service.calibration.thresholds.bars import choose_bars
from scoring_service.calibration.thresholds.crossings import crossings, paths_of
from scoring_service.calibration.thresholds.threshold_results import By, Wish
from scoring_service.domain.calibration.model import model_of
from scoring_service.domain.calibration.scorecard import Cell, CriterionTerm, Scorecard
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.policy.load import load
from scoring_service.policy.source import source_of

WISH = Wish(By.VALUE, 0.2)


@pytest.fixture(scope="module")
def scoring(files: dict[str, bytes]) -> Scoring:
    return load(source_of(files)).scoring


@pytest.fixture(scope="module")
def training(trainings: Any, scoring: Scoring) -> Any:
    """One that publishes a model of two of the rules' criteria."""
    found = trainings.drawn(1_500)
    terms = tuple(
        CriterionTerm(c.name, c.text, Cell(weight, (0.05,)))
        for c, weight in zip(scoring.fit, (0.0, 0.9, 0.0, 1.1), strict=False)
    )
    card = Scorecard(Cell(-1.6, (0.1,)), terms, 0.2, 1_000, 200)
    return replace(found, published=replace(found.published, scorecard=card))


def asking(scoring: Scoring, p: float | None) -> Scoring:
    return replace(scoring, mql=replace(scoring.mql, win_probability_min=p))


@pytest.fixture(scope="module")
def read(training: Any, leads: tuple[LeadHistory, ...], until: datetime) -> Readings:
    return Readings(training.table, leads, until)


def test_without_rules_there_are_bars_on_p_only(training: Any, read: Readings) -> None:
    found = choose_bars(training, read, None, WISH)
    assert found.threshold.threshold is not None
    assert (found.pair, found.before_after) == (None, None)


def test_without_histories_there_is_no_pair(training: Any, scoring: Scoring) -> None:
    assert choose_bars(training, Readings(training.table), scoring, WISH).pair is None


def test_a_bar_on_p_is_not_added_by_itself(training: Any, read: Readings, scoring: Scoring) -> None:
    found = choose_bars(training, read, scoring, WISH)
    assert found.pair is not None
    assert found.pair.pair is not None
    assert found.pair.pair.win_probability_min is None


def test_where_it_is_asked_for_the_pair_has_it_beside_the_points(
    training: Any, read: Readings, scoring: Scoring
) -> None:
    found = choose_bars(training, read, asking(scoring, 0.3), WISH)
    assert found.pair is not None
    assert found.pair.pair is not None
    assert found.threshold.threshold is not None
    assert found.pair.today.win_probability_min == 0.3
    assert found.pair.pair.win_probability_min == found.threshold.threshold.value == 0.2


def test_volumes_count_only_leads_that_have_it(
    training: Any, read: Readings, scoring: Scoring
) -> None:
    asked = asking(scoring, 0.3)
    found = choose_bars(training, read, asked, WISH)
    assert found.before_after is not None
    model = model_of(
        "", training.published.scorecard, {c.text: c.holds for c in scoring.fit}, scoring
    )
    paths = paths_of(read.histories, asked, training.table.horizon, read.until, model)
    for volume in (found.before_after.before, found.before_after.after):
        bars = volume.bars
        points = [
            number
            for number, _ in enumerate(read.histories)
            if np.any(
                (paths.lead == number)
                & (paths.fit >= bars.fit_min)
                & (paths.behaviour >= bars.behaviour_min)
                & (paths.p >= (bars.win_probability_min or 0))
            )
        ]
        assert volume.leads == len(points)
    without = crossings(paths, replace(found.before_after.before.bars, win_probability_min=None))
    assert found.before_after.before.leads < len(without.points)


def test_the_pair_is_chosen_without_looking_at_the_last_leads(
    training: Any, read: Readings, scoring: Scoring
) -> None:
    """Whatever becomes of the last fifth, the same pair is chosen for a value."""
    last = len(read.histories) * 4 // 5
    turned = tuple(
        replace(history, won=not history.won) if number >= last else history
        for number, history in enumerate(read.histories)
    )
    one, other = (
        choose_bars(training, replace(read, histories=histories), scoring, WISH).pair
        for histories in (read.histories, turned)
    )
    assert one is not None
    assert other is not None
    assert one.pair == other.pair
