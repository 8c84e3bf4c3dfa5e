"""The whole score of a lead at an instant: points, what they mean, and every point explained."""

from collections.abc import Sequence
from datetime import datetime

from scoring_service.domain.calibration.estimate import (
    Estimate,
    estimate,
    sums_of_events,
    sums_of_states,
)
from scoring_service.domain.calibration.model import Model
from scoring_service.domain.scoring.bars import BEHAVIOUR, judged, lowered
from scoring_service.domain.scoring.behaviour import Behaviour, of_dated, of_states
from scoring_service.domain.scoring.fit import fit
from scoring_service.domain.scoring.grades import behaviour_level, fit_grade, quadrant
from scoring_service.domain.scoring.lapse import lapse
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.values.activity import Activity, BehaviourState, Dated, dated
from scoring_service.values.condition import Symbols
from scoring_service.values.score import HeldBar, Score, WinProbability


def score_activities(
    scoring: Scoring,
    symbols: Symbols,
    activities: Sequence[Activity],
    now: datetime,
    revision: str,
    held: Sequence[HeldBar] = (),
    past_bars: tuple[float, float] | None = None,
    model: Model | None = None,
) -> Score:
    """The score from a lead's events, as `score_dated` has it."""
    did = dated(activities)
    return score_dated(scoring, symbols, did, now, revision, held, past_bars, model)


def score_dated(
    scoring: Scoring,
    symbols: Symbols,
    did: Dated,
    now: datetime,
    revision: str,
    held: Sequence[HeldBar] = (),
    past_bars: tuple[float, float] | None = None,
    model: Model | None = None,
) -> Score:
    """The score from a lead's events, with a contribution for each; P(won) by the model, if any."""
    behaviour = of_dated(scoring, did, now)
    won = None
    if model is not None:
        sums = sums_of_events(model, behaviour, did, now)
        won = estimate(model, symbols, sums)
    return _score(scoring, symbols, behaviour, now, revision, held, past_bars, model, won)


def score_state(
    scoring: Scoring,
    symbols: Symbols,
    states: Sequence[BehaviourState],
    now: datetime,
    revision: str,
    held: Sequence[HeldBar] = (),
    past_bars: tuple[float, float] | None = None,
    model: Model | None = None,
    model_states: Sequence[BehaviourState] = (),
) -> Score:
    """The score from the state that is kept of a stored lead, with a contribution for each type.

    `model_states` are those of the types that the model was trained with another scoring of.
    """
    behaviour = of_states(scoring, states, now)
    won = None
    if model is not None:
        sums = sums_of_states(model, behaviour, model_states, now)
        won = estimate(model, symbols, sums)
    return _score(scoring, symbols, behaviour, now, revision, held, past_bars, model, won)


def _score(
    scoring: Scoring,
    symbols: Symbols,
    behaviour: Behaviour,
    now: datetime,
    revision: str,
    held: Sequence[HeldBar],
    past_bars: tuple[float, float] | None,
    model: Model | None,
    won: Estimate | None,
) -> Score:
    fit_points, because = fit(scoring, symbols)
    win = None if won is None else won.win
    bars = judged(scoring.mql, fit_points, behaviour.points, win, held, past_bars, now)
    until = None
    if bars[1].met:
        behaviour_min = past_bars[1] if past_bars else scoring.mql.behaviour_min
        until = lapse(scoring, behaviour, lowered(scoring.mql, BEHAVIOUR, behaviour_min), now)
    because += behaviour.contributions
    return Score(
        fit=fit_points,
        behaviour=behaviour.points,
        fit_grade=fit_grade(scoring.grades, fit_points),
        behaviour_level=behaviour_level(scoring.grades, behaviour.points),
        quadrant=quadrant(fit_high=bars[0].met, behaviour_high=bars[1].met),
        mql_ready=all(bar.met for bar in bars),
        bars=bars,
        contributions=tuple(because),
        as_of=now,
        policy_revision=revision,
        qualified_until=until,
        win_probability=win,
        sql_ready=_sql_ready(scoring, win),
        model_version="" if model is None else model.version,
        model_contributions=() if won is None else won.contributions,
    )


def _sql_ready(scoring: Scoring, win: WinProbability | None) -> bool | None:
    """Whether the bar of sql is met; None where there is none, or nothing to hold to it."""
    if win is None or scoring.sql_win_probability_min is None:
        return None
    return win.value >= scoring.sql_win_probability_min
