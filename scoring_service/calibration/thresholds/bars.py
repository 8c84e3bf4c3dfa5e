"""The bars of a calibration: on P(won) and, where there are rules, on points, with what they
bring.
"""

from dataclasses import dataclass

from scoring_service.calibration.results import Training
from scoring_service.calibration.table import LeadHistory, Readings, Time
from scoring_service.calibration.thresholds.crossings import paths_of
from scoring_service.calibration.thresholds.pair_of_bars import pair_of_bars
from scoring_service.calibration.thresholds.replay import Replay, before_after
from scoring_service.calibration.thresholds.threshold_results import (
    BeforeAfter,
    Pair,
    PairOfBars,
    Threshold,
    Wish,
)
from scoring_service.calibration.thresholds.thresholds import threshold
from scoring_service.domain.calibration.model import Model, model_of
from scoring_service.domain.scoring.scoring import Scoring


@dataclass(frozen=True, slots=True)
class ChosenBars:
    """What was chosen for a wish. `pair` and `before_after` are None without rules; the latter also
    where no pair keeps the wish.
    """

    threshold: Threshold
    pair: PairOfBars | None = None
    before_after: BeforeAfter | None = None


def choose_bars(
    training: Training,
    readings: Readings,
    scoring: Scoring | None,
    wish: Wish,
    *,
    window: float = 0.2,
    seed: int = 0,
) -> ChosenBars:
    """The bars for a wish, the pair chosen on the leads before the last window and, where it keeps
    its promise there, told for all of them. Where scoring.yaml asks for a win probability beside
    the points, the bar on it is the one chosen on P, by the new model; so is today's judged.

    Raises CalibrationProblem where leads a week cannot be counted and are not said.
    """
    on_p = threshold(training, wish, seed=seed)
    histories = readings.histories
    if scoring is None or not histories:
        return ChosenBars(on_p)
    table, model = training.table, _model(training, scoring)
    p_min = None if model is None or on_p.threshold is None else on_p.threshold.value
    dated = table.time is Time.INSTANTS
    earlier, later = _parts(histories, window)
    whole, first, last = (
        Replay(paths_of(part, scoring, table.horizon, readings.until, model), dated, seed)
        for part in (histories, earlier, later)
    )
    mql = scoring.mql
    today = Pair(mql.fit_min, mql.behaviour_min, mql.win_probability_min)
    pair = pair_of_bars(first, wish, today, scoring, last, p_min)
    both = None if pair.pair is None else before_after(whole, today, pair.pair)
    return ChosenBars(on_p, pair, both)


def _model(training: Training, scoring: Scoring) -> Model | None:
    """The new model, where scoring.yaml has a bar on its P; its criteria are those of the rules."""
    if scoring.mql.win_probability_min is None:
        return None
    assert training.published is not None
    card = training.published.scorecard
    return model_of("", card, {c.text: c.holds for c in scoring.fit}, scoring)


def _parts(
    histories: tuple[LeadHistory, ...], window: float
) -> tuple[tuple[LeadHistory, ...], tuple[LeadHistory, ...]]:
    """The leads before the last window and those in it, by when they were created."""
    place = len(histories) - max(1, round(len(histories) * window))
    return histories[:place], histories[place:]
