"""What the model learned, term by term, and how the points written by hand compare."""

import math
from collections.abc import Iterator

from scoring_service.calibration.evaluation import Weight
from scoring_service.calibration.evaluation_curves import Z_90
from scoring_service.calibration.results import Interval
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    Term,
    TextTerm,
)
from scoring_service.domain.calibration.slots import bin_names
from scoring_service.domain.scoring.scoring import Scoring

FACTOR = 2.0
"""Points within this factor of the learned ones agree in size."""


def weights(scorecard: Scorecard, scoring: Scoring | None, scale: float) -> tuple[Weight, ...]:
    """Every learned weight, in the order of the scorecard.

    `scale` is points a unit of log-odds (K of the proposed points). Hand-written points of fit
    criteria are looked up in `scoring`; those of activity types come with the scorecard.
    """
    points = {criterion.name: criterion.points for criterion in scoring.fit} if scoring else {}
    return tuple(weight for term in scorecard.terms for weight in _of_term(term, points, scale))


def _of_term(term: Term, points: dict[str, float], scale: float) -> Iterator[Weight]:
    if isinstance(term, CriterionTerm):
        yield judged(term.name, "criterion", interval(term.holds), points.get(term.name), scale)
    elif isinstance(term, ActivityTerm):
        learned = interval(term.per_point)
        yield judged(term.type, "activity", learned, term.points, scale * term.points)
    elif isinstance(term, NumberTerm):
        for name, cell in zip(bin_names(term.edges), term.bins, strict=True):
            yield Weight(f"{term.attribute} {name}", "number", interval(cell))
        yield Weight(f"{term.attribute} (no value)", "number", interval(term.missing))
    else:
        yield from _of_text(term)


def _of_text(term: TextTerm) -> Iterator[Weight]:
    for level, cell in term.levels.items():
        yield Weight(f"{term.attribute} = {level}", "text", interval(cell))
    yield Weight(f"{term.attribute} (no value)", "text", interval(term.missing))


def interval(cell: Cell) -> Interval:
    """A weight with its 90 % interval, from its row of L."""
    half = Z_90 * math.sqrt(sum(part * part for part in cell.row) + cell.variance)
    return Interval(cell.weight, cell.weight - half, cell.weight + half)


def judged(name: str, kind: str, learned: Interval, points: float | None, scale: float) -> Weight:
    """A weight beside the points that were written for it.

    `scale` turns its log-odds into points; a weight a point, as activity types have, into those of
    one activity.
    """
    if points is None:
        return Weight(name, kind, learned)
    low, high = sorted((learned.low * scale, learned.high * scale))
    fair = Interval(learned.value * scale, low, high)
    return Weight(
        name, kind, learned, points, fair.value, _agrees(points, fair), _surprise(points, fair)
    )


def _agrees(points: float, fair: Interval) -> bool | None:
    """True, False, or None where the interval holds both nought and twice the points."""
    if points == 0:
        return fair.low <= 0 <= fair.high
    ratio = fair.value / points
    if 1 / FACTOR <= ratio <= FACTOR or fair.low <= points <= fair.high:
        return None if fair.low <= 0 <= fair.high else True
    return False


def _surprise(points: float, fair: Interval) -> str:
    if points * fair.value >= 0:
        return ""
    sure = not fair.low <= 0 <= fair.high
    way = "lowers" if points > 0 else "raises"
    told = f"{way} P(won), though its points are {points:+g}"
    return told if sure else f"{told}; the interval leaves the sign open"
