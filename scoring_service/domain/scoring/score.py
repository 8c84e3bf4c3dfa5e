"""The whole score of a lead at an instant: points, what they mean, and every point explained."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

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
from scoring_service.domain.scoring.scoring import Bars, Scoring
from scoring_service.values.activity import Activity, BehaviourState, Dated, dated
from scoring_service.values.condition import Symbols
from scoring_service.values.score import Bar, Contribution, HeldBar, Score, WinProbability


class _Subject(NamedTuple):
    """What a score is made of: symbols, behaviour, and what the lead has met before."""

    symbols: Symbols
    behaviour: Behaviour
    now: datetime
    won: Estimate | None
    held: Sequence[HeldBar] = ()
    past_bars: tuple[float, float] | None = None


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
    """The score from a lead's events, with a contribution for each; P(won) by the model, if any."""
    did = dated(activities)
    behaviour = of_dated(scoring, did, now)
    won = _won_by_events(model, symbols, behaviour, did, now)
    subject = _Subject(symbols, behaviour, now, won, held, past_bars)
    return _scores(scoring, (subject,), revision, model)[0]


def scores_dated(
    scoring: Scoring,
    leads: Sequence[tuple[Symbols, Dated, datetime]],
    revision: str,
    model: Model | None = None,
) -> list[Score]:
    """The scores of leads that have no past, as `score_activities` has them, each at its instant.

    Each step is taken for all of them: code that has just run costs less to run again.
    """
    behaviours = [of_dated(scoring, did, now) for _, did, now in leads]
    subjects = [
        _Subject(symbols, behaviour, now, _won_by_events(model, symbols, behaviour, did, now))
        for (symbols, did, now), behaviour in zip(leads, behaviours, strict=True)
    ]
    return _scores(scoring, subjects, revision, model)


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
    subject = _Subject(symbols, behaviour, now, won, held, past_bars)
    return _scores(scoring, (subject,), revision, model)[0]


def _won_by_events(
    model: Model | None, symbols: Symbols, behaviour: Behaviour, did: Dated, now: datetime
) -> Estimate | None:
    if model is None:
        return None
    return estimate(model, symbols, sums_of_events(model, behaviour, did, now))


def _scores(
    scoring: Scoring, subjects: Sequence[_Subject], revision: str, model: Model | None
) -> list[Score]:
    """Each step for all of them."""
    fits = [fit(scoring, subject.symbols) for subject in subjects]
    bars = [
        _bars(scoring.mql, subject, points)
        for subject, (points, _) in zip(subjects, fits, strict=True)
    ]
    until = [
        _qualified_until(scoring, subject) if behaviour.met else None
        for subject, (_, behaviour, *_) in zip(subjects, bars, strict=True)
    ]
    version = "" if model is None else model.version
    each = zip(subjects, fits, bars, until, strict=True)
    return [_score(scoring, *one, revision, version) for one in each]


def _bars(mql: Bars, subject: _Subject, fit_points: float) -> tuple[Bar, ...]:
    won, points = subject.won, subject.behaviour.points
    win = None if won is None else won.win
    return judged(mql, fit_points, points, win, subject.held, subject.past_bars, subject.now)


def _qualified_until(scoring: Scoring, subject: _Subject) -> datetime | None:
    behaviour_min = subject.past_bars[1] if subject.past_bars else scoring.mql.behaviour_min
    threshold = lowered(scoring.mql, BEHAVIOUR, behaviour_min)
    return lapse(scoring, subject.behaviour, threshold, subject.now)


def _score(
    scoring: Scoring,
    subject: _Subject,
    fit_found: tuple[float, list[Contribution]],
    bars: tuple[Bar, ...],
    until: datetime | None,
    revision: str,
    model_version: str,
) -> Score:
    fit_points, because = fit_found
    behaviour, won = subject.behaviour, subject.won
    win = None if won is None else won.win
    return Score(
        fit=fit_points,
        behaviour=behaviour.points,
        fit_grade=fit_grade(scoring.grades, fit_points),
        behaviour_level=behaviour_level(scoring.grades, behaviour.points),
        quadrant=quadrant(fit_high=bars[0].met, behaviour_high=bars[1].met),
        mql_ready=all(bar.met for bar in bars),
        bars=bars,
        contributions=(*because, *behaviour.contributions),
        as_of=subject.now,
        policy_revision=revision,
        qualified_until=until,
        win_probability=win,
        sql_ready=_sql_ready(scoring, win),
        model_version=model_version,
        model_contributions=() if won is None else won.contributions,
    )


def _sql_ready(scoring: Scoring, win: WinProbability | None) -> bool | None:
    """Whether the bar of sql is met; None where there is none, or nothing to hold to it."""
    if win is None or scoring.sql_win_probability_min is None:
        return None
    return win.value >= scoring.sql_win_probability_min
