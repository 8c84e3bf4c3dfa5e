"""A whole proposal: points from the scorecard, bars chosen anew on them, and whom that changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec
import numpy as np

from scoring_service.calibration.learning.apply import log_odds
from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.results import Training
from scoring_service.calibration.table import Flags, Floats, Readings, Time, TrainingTable
from scoring_service.calibration.thresholds.bars_in_file import SCORING, Bars, Change, checked
from scoring_service.calibration.thresholds.crossings import Paths, crossings, paths_of
from scoring_service.calibration.thresholds.pair_of_bars import pair_of_bars
from scoring_service.calibration.thresholds.points_in_file import (
    replaced,
    with_points,
    with_points_and_bars,
)
from scoring_service.calibration.thresholds.proposed_points import (
    OFFSET,
    ProposedPoints,
    is_offset,
    proposed_points,
)
from scoring_service.calibration.thresholds.replay import Replay
from scoring_service.calibration.thresholds.threshold_results import (
    BeforeAfter,
    Pair,
    PairOfBars,
    Wish,
)
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    Term,
    TextTerm,
)
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.policy.load import load
from scoring_service.policy.mistake import Mistakes
from scoring_service.policy.source import source_of

QUARTER = timedelta(days=91)


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How near the points are to the model on the training rows: the largest error in points and
    its bound where no clip binds, the share of rows where one does, the rank correlation and the
    largest error of all.
    """

    error_largest: float
    error_bound: float
    clipped: float
    rank_correlation: float
    error_anywhere: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Points and bars as a change of scoring.yaml, and the last quarter's leads that become MQL by
    it, or stop. `before_after` is today's file beside the proposed one, each by its own points and
    bars; None where no pair keeps the wish.
    """

    points: ProposedPoints
    pair: PairOfBars
    change: Change
    fidelity: Fidelity
    becomes: tuple[str, ...]
    stops: tuple[str, ...]
    looked_at: int
    before_after: BeforeAfter | None = None


def proposal(
    training: Training,
    readings: Readings,
    policy: Policy,
    files: Mapping[str, bytes],
    wish: Wish,
    *,
    seed: int = 0,
) -> Proposal:
    """The proposal for a training that was not refused for too few outcomes.

    `files` are those of the policy. Raises CalibrationProblem where they would not load with it.
    """
    assert training.published is not None
    scorecard, table = training.published.scorecard, training.table
    eta = log_odds(scorecard, table).eta
    points = proposed_points(scorecard, policy.scoring, eta)
    learned = _scoring(files, with_points(files[SCORING], points), policy.scoring)
    today = Pair(policy.scoring.mql.fit_min, policy.scoring.mql.behaviour_min)
    dated = table.time is Time.INSTANTS
    after = paths_of(readings.histories, learned, table.horizon, readings.until)
    replay = Replay(after, dated, seed)
    pair = pair_of_bars(replay, wish, today, learned)
    content = with_points_and_bars(files[SCORING], points, Bars(pair.pair))
    before = paths_of(readings.histories, policy.scoring, table.horizon, readings.until)
    volume = Replay(before, dated, seed).volume(today)
    becomes, stops, looked_at = _effect(readings, before, today, after, pair.pair or today)
    return Proposal(
        points,
        pair,
        checked(files, content),
        fidelity(points, policy.scoring, scorecard, table),
        becomes,
        stops,
        looked_at,
        None if pair.pair is None else BeforeAfter(volume, replay.volume(pair.pair)),
    )


def _scoring(files: Mapping[str, bytes], content: bytes, today: Scoring) -> Scoring:
    """The scoring of the points before there are bars for them: by bars that any act may reach."""
    try:
        return load(source_of({**files, SCORING: content})).scoring
    except Mistakes:
        lax = content.decode("utf-8-sig")
        text = replaced(lax, ("mql", "behaviour_min"), "100")
        return replace(_loaded({**files, SCORING: text.encode()}), mql=today.mql)


def _loaded(files: Mapping[str, bytes]) -> Scoring:
    try:
        return load(source_of(files)).scoring
    except Mistakes as wrong:
        raise CalibrationProblem(
            "the rules do not load with the points proposed, so nothing was written: "
            f"{wrong.mistakes[0]}"
        ) from wrong


def _effect(
    readings: Readings, before: Paths, today: Pair, after: Paths, proposed: Pair
) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    since = readings.until - QUARTER
    recent = {n for n, h in enumerate(readings.histories) if h.created_at > since}
    was = set(before.lead[crossings(before, today).points].tolist()) & recent
    will = set(after.lead[crossings(after, proposed).points].tolist()) & recent
    named = readings.histories
    return (
        tuple(named[n].lead_id for n in sorted(will - was)),
        tuple(named[n].lead_id for n in sorted(was - will)),
        len(recent),
    )


def fidelity(
    points: ProposedPoints, scoring: Scoring, scorecard: Scorecard, table: TrainingTable
) -> Fidelity:
    """By the scorecard with points in place of weights, on the rows that the scale is of.

    A cap or clip binds where a group's cap does, where fit or behaviour leaves 0 to 100, and where
    a type counts that is proposed at 0.
    """
    learned = log_odds(scorecard, table)
    values = {c.name: c.points for c in points.criteria}
    shares = log_odds(replace_weights(scorecard, points, values), table).shares
    acts = np.array([isinstance(term, ActivityTerm) for term in scorecard.terms], dtype=bool)
    floored = ((shares == 0) & (np.abs(learned.shares) > 0))[:, acts].any(axis=1)
    offset = np.array([is_offset(term) for term in scorecard.terms], dtype=bool)
    base = next(c.points for c in points.criteria if c.name == OFFSET)
    fit = base + shares[:, ~acts & ~offset].sum(axis=1)
    behaviour, capped = _in_groups(points, scoring, scorecard, shares)
    clipped = floored | capped | (fit < 0) | (fit > 100) | (behaviour < 0) | (behaviour > 100)
    total = np.clip(fit, 0, 100) + np.clip(behaviour, 0, 100)
    low = float(np.quantile(learned.eta, 0.01))
    error = np.abs(total - points.scale * (learned.eta - low))
    return Fidelity(
        error_largest=float(error[~clipped].max(initial=0.0)),
        error_bound=0.5 * (len(scorecard.terms) + 1),
        clipped=float(clipped.mean()),
        rank_correlation=_rank_correlation(total, learned.eta),
        error_anywhere=float(error.max(initial=0.0)),
    )


def _in_groups(
    points: ProposedPoints, scoring: Scoring, scorecard: Scorecard, shares: Floats
) -> tuple[Floats, Flags]:
    """Behaviour points before the clip, and where a group's cap binds."""
    sums: dict[str | None, Floats] = {}
    for number, term in enumerate(scorecard.terms):
        if isinstance(term, ActivityTerm) and term.type in scoring.activities:
            group = scoring.activities[term.type].group
            sums[group] = sums.get(group, 0.0) + shares[:, number]
    total, capped = np.zeros(len(shares)), np.zeros(len(shares), dtype=np.bool_)
    for group, together in sums.items():
        cap = np.inf if group is None else points.groups[group]
        total += np.minimum(together, cap)
        capped |= together > cap + 1e-9
    return total, capped


def replace_weights(
    scorecard: Scorecard, points: ProposedPoints, values: Mapping[str, float]
) -> Scorecard:
    """The scorecard with each cell's points as its weight; `values` are the criteria's."""
    acts = {a.type: a.points for a in points.activities}
    scale = points.scale

    def pointed(cell: Cell) -> Cell:
        return Cell(float(round(scale * cell.weight)), cell.row)

    def of(term: Term) -> Term:
        match term:
            case CriterionTerm(name=name, holds=cell):
                weight = values.get(name, float(round(scale * cell.weight)))
                return msgspec.structs.replace(term, holds=Cell(weight, cell.row))
            case ActivityTerm(type=name, per_point=cell):
                per_point = acts.get(name, 0.0) / term.points if term.points else 0.0
                return msgspec.structs.replace(term, per_point=Cell(per_point, cell.row))
            case NumberTerm(bins=bins, missing=missing):
                return msgspec.structs.replace(
                    term, bins=tuple(pointed(cell) for cell in bins), missing=pointed(missing)
                )
            case TextTerm(levels=levels, missing=missing, unseen=unseen):
                return msgspec.structs.replace(
                    term,
                    levels={name: pointed(cell) for name, cell in levels.items()},
                    missing=pointed(missing),
                    unseen=pointed(unseen),
                )

    return msgspec.structs.replace(scorecard, terms=tuple(of(term) for term in scorecard.terms))


def _rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's, ties ranked by their mean."""
    ranks = [_ranks(values) for values in (one, other)]
    if ranks[0].std() == 0 or ranks[1].std() == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(values: Floats) -> Floats:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    found: Floats = (last - (count - 1) / 2)[place]
    return found
