"""What the model learned, term by term, and how the points written by hand compare."""

import math
from collections.abc import Iterator, Mapping

from scoring_service.calibration.reporting.evaluation import Weight
from scoring_service.calibration.results import Interval
from scoring_service.calibration.thresholds.wilson import Z
from scoring_service.domain.calibration.baseline import MISSING, OTHER
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    TextTerm,
)
from scoring_service.domain.calibration.slots import bin_names
from scoring_service.domain.scoring.scoring import Scoring

FACTOR = 2.0
"""Points within this factor of the learned ones agree in size."""


def weights(
    scorecard: Scorecard,
    scoring: Scoring | None,
    scale: float,
    shares: Mapping[str, Mapping[str, float]],
) -> tuple[Weight, ...]:
    """Every learned weight, in the order of the scorecard.

    `scale` is points a unit of log-odds (K of the proposed points). Hand-written points of fit
    criteria are looked up in `scoring`; those of activity types come with the scorecard. `shares`
    are the training rows' by term and slot: levels and bins are told against the average of their
    attribute, since only differences between them are learned; those without rows are left out.
    """
    points = {criterion.name: criterion.points for criterion in scoring.fit} if scoring else {}
    found: list[Weight] = []
    for term in scorecard.terms:
        if isinstance(term, CriterionTerm):
            learned = interval(term.holds)
            found.append(judged(term.name, "criterion", learned, points.get(term.name), scale))
        elif isinstance(term, ActivityTerm):
            learned = interval(term.per_point)
            found.append(judged(term.type, "activity", learned, term.points, scale * term.points))
        else:
            found += _against_average(term, shares.get(term.attribute, {}))
    return tuple(found)


def _against_average(term: NumberTerm | TextTerm, shares: Mapping[str, float]) -> Iterator[Weight]:
    cells = _cells(term)
    there = [(shares[slot], cell) for slot, (_, cell) in cells.items() if shares.get(slot, 0) > 0]
    whole = math.fsum(share for share, _ in there)
    if not whole:
        return
    mean = math.fsum(share * cell.weight for share, cell in there) / whole
    rows = zip(*(cell.row for _, cell in there), strict=True)
    row = [math.fsum(s * r for (s, _), r in zip(there, parts, strict=True)) for parts in rows]
    kind = "number" if isinstance(term, NumberTerm) else "text"
    for slot, (name, cell) in cells.items():
        if shares.get(slot, 0) > 0:
            apart = tuple(a - b / whole for a, b in zip(cell.row, row, strict=True))
            learned = interval(Cell(cell.weight - mean, apart, cell.variance))
            yield Weight(f"{term.attribute}{name}", kind, learned)


def _cells(term: NumberTerm | TextTerm) -> dict[str, tuple[str, Cell]]:
    """The cells by slot, with what is written behind the attribute's name."""
    if isinstance(term, NumberTerm):
        names = bin_names(term.edges)
        found = {n: (f" {n}", cell) for n, cell in zip(names, term.bins, strict=True)}
    else:
        found = {f"={level}": (f" = {level}", cell) for level, cell in term.levels.items()}
        found[OTHER] = (" (other levels)", term.unseen)
    return found | {MISSING: (" (no value)", term.missing)}


def interval(cell: Cell) -> Interval:
    """A weight with its 90 % interval, from its row of L."""
    half = Z * math.sqrt(sum(part * part for part in cell.row) + cell.variance)
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
