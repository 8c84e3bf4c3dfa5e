"""A scorecard on many rows at once: the twin of the estimate for one lead."""

from dataclasses import dataclass

import numpy as np

from scoring_service.calibration.learning.encoder import Slots, cells_in
from scoring_service.calibration.results import Predictions
from scoring_service.calibration.table import Column, Floats, Kind, TrainingTable
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    Term,
    TextTerm,
)

P_LEAST, P_MOST = 0.0001, 0.9999
Z = 1.645
"""The half width of a 90 % interval of a normal, in standard deviations."""


@dataclass(frozen=True, slots=True, eq=False)
class LogOdds:
    """Of n rows: the log-odds, shape (n,); each term's share of them, (n, terms), without the
    intercept; and the standard deviation of the log-odds, (n,).
    """

    eta: Floats
    shares: Floats
    deviation: Floats

    @property
    def p(self) -> Floats:
        """P(won), kept in [0.0001, 0.9999]."""
        return _kept(self.eta)

    @property
    def interval(self) -> tuple[Floats, Floats]:
        """The 90 % interval of P(won)."""
        return _kept(self.eta - Z * self.deviation), _kept(self.eta + Z * self.deviation)


def log_odds(scorecard: Scorecard, table: TrainingTable) -> LogOdds:
    """The log-odds of every row.

    A column that the table has not counts as missing, a criterion or an activity type that it has
    not as absent. An activity type that the table scores with other points than the scorecard was
    trained with has them translated; where it fades otherwise there, it does here too.
    """
    known = {column.name: column for column in table.columns}
    shares = np.empty((len(table), len(scorecard.terms)))
    rows = np.full((len(table), len(scorecard.intercept.row)), scorecard.intercept.row)
    variance = np.zeros(len(table))
    for number, term in enumerate(scorecard.terms):
        shares[:, number], row, extra = _of_term(term, known, len(table))
        rows += row
        variance += extra
    deviation = np.sqrt(np.einsum("ij,ij->i", rows, rows) + variance)
    return LogOdds(scorecard.intercept.weight + shares.sum(axis=1), shares, deviation)


def predictions(scorecard: Scorecard, table: TrainingTable) -> Predictions:
    """The table with P(won) by the scorecard."""
    return Predictions(table, log_odds(scorecard, table).p)


def _of_term(term: Term, known: dict[str, Column], count: int) -> tuple[Floats, Floats, Floats]:
    """(share of the log-odds, row of L, extra variance) of every row."""
    match term:
        case CriterionTerm(name=name, holds=cell):
            column = known.get(name)
            there = column is not None and column.when == term.when
            return _times(cell, column.values if column is not None and there else np.zeros(count))
        case ActivityTerm(type=name, per_point=cell):
            column = known.get(name)
            return _times(cell, np.zeros(count) if column is None else _points(term, column))
        case NumberTerm(attribute=name, bins=bins, missing=missing):
            cells = [*bins, missing]
            slots = Slots(Kind.NUMBER, 0, edges=term.edges, missing=True)
        case TextTerm(attribute=name, levels=levels, missing=missing, unseen=unseen):
            cells = [*levels.values(), unseen, missing]
            slots = Slots(Kind.TEXT, 0, levels=(*range(len(levels)),), pooled=True, missing=True)
    column = known.get(name)
    if column is None:
        places = np.full(count, len(cells) - 1)
    else:
        places = cells_in(slots, _values(term, column))
    return _taken(cells, places)


def _points(term: ActivityTerm, column: Column) -> Floats:
    """Decayed points as the term's own scoring gives them, within its cap."""
    scored = column.scoring
    if scored is None or (scored.points, scored.points_max) == (term.points, term.points_max):
        return column.values
    most = np.inf if term.points_max is None else term.points_max
    times = term.points / scored.points if scored.points else 1.0
    return np.clip(column.values * times, -most, most)


def _values(term: NumberTerm | TextTerm, column: Column) -> Floats:
    """The column's values; a text's as numbers of the term's levels, -2 for one it has not."""
    if isinstance(term, NumberTerm):
        return column.values if column.kind is Kind.NUMBER else np.full(len(column.values), np.nan)
    if column.kind is not Kind.TEXT:
        return np.full(len(column.values), -1.0)
    numbers = {level: number for number, level in enumerate(term.levels)}
    codes = np.array([*(numbers.get(level, -2) for level in column.levels), -1], dtype=np.float64)
    return codes[column.values.astype(np.int64)]


def _taken(
    cells: list[Cell], places: "np.ndarray[tuple[int], np.dtype[np.int64]]"
) -> tuple[Floats, Floats, Floats]:
    weights = np.array([cell.weight for cell in cells])
    rows = np.array([cell.row for cell in cells])
    variance = np.array([cell.variance for cell in cells])
    return weights[places], rows[places], variance[places]


def _times(cell: Cell, values: Floats) -> tuple[Floats, Floats, Floats]:
    return cell.weight * values, np.outer(values, cell.row), cell.variance * values**2


def _kept(eta: Floats) -> Floats:
    p: Floats = np.clip(1 / (1 + np.exp(-np.clip(eta, -40, 40))), P_LEAST, P_MOST)
    return p
