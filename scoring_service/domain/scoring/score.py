"""The whole score of a lead at an instant: points, what they mean, and every point explained."""

from collections.abc import Sequence
from datetime import datetime

from scoring_service.domain.scoring.bars import BEHAVIOUR, judged, lowered
from scoring_service.domain.scoring.behaviour import Behaviour, of_events, of_states
from scoring_service.domain.scoring.fit import fit
from scoring_service.domain.scoring.grades import behaviour_level, fit_grade, quadrant
from scoring_service.domain.scoring.lapse import lapse
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.values.activity import Activity, BehaviourState
from scoring_service.values.condition import Symbols
from scoring_service.values.score import HeldBar, Score


def score_activities(
    scoring: Scoring,
    symbols: Symbols,
    activities: Sequence[Activity],
    now: datetime,
    revision: str,
    held: Sequence[HeldBar] = (),
    past_bars: tuple[float, float] | None = None,
) -> Score:
    """The score from a lead's events, with a contribution for each."""
    behaviour = of_events(scoring, activities, now)
    return _score(scoring, symbols, behaviour, now, revision, held, past_bars)


def score_state(
    scoring: Scoring,
    symbols: Symbols,
    states: Sequence[BehaviourState],
    now: datetime,
    revision: str,
    held: Sequence[HeldBar] = (),
    past_bars: tuple[float, float] | None = None,
) -> Score:
    """The score from the state that is kept of a stored lead, with a contribution for each type."""
    behaviour = of_states(scoring, states, now)
    return _score(scoring, symbols, behaviour, now, revision, held, past_bars)


def _score(
    scoring: Scoring,
    symbols: Symbols,
    behaviour: Behaviour,
    now: datetime,
    revision: str,
    held: Sequence[HeldBar],
    past_bars: tuple[float, float] | None,
) -> Score:
    fit_points, because = fit(scoring, symbols)
    bars = judged(scoring.mql, fit_points, behaviour.points, None, held, past_bars, now)
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
    )
