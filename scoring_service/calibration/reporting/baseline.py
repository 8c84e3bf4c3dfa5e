"""The shares of a training's leads by slot, kept with the version for its health."""

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from scoring_service.calibration.table import Column, Flags, Floats, Kind, TrainingTable
from scoring_service.domain.calibration.baseline import MISSING, SCORE, Baseline, Shares
from scoring_service.domain.calibration.drift import shares
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    Term,
    TextTerm,
)
from scoring_service.domain.calibration.slots import (
    activity_slot,
    criterion_slot,
    number_slot,
    score_slot,
    text_slot,
)

SCORE_SLOTS = 10


def baseline(table: TrainingTable, p: Floats, scorecard: Scorecard) -> Baseline:
    """Shares of the first row of each lead: as a later lead is seen when it comes in.

    `p` is P(won) of the table's rows, shape (n,), by the same scorecard.
    """
    first = first_rows(table)
    seen, chance = table.rows(first), p[first]
    edges = score_edges(chance)
    return Baseline(
        rows=len(seen),
        base_rate=float(seen.won.mean()),
        features=tuple(
            Shares(name, kind, shares(counts))
            for name, kind, counts in (counted(term, seen) for term in scorecard.terms)
        ),
        score_edges=edges,
        score=Shares(SCORE, SCORE, shares(score_counts(chance, edges))),
    )


def shares_by_term(scorecard: Scorecard, table: TrainingTable) -> dict[str, dict[str, float]]:
    """The shares of the table's rows by term and slot."""
    found = (counted(term, table) for term in scorecard.terms)
    return {name: shares(counts) for name, _, counts in found}


def first_rows(table: TrainingTable) -> Flags:
    """Where a lead's earliest row is, shape (n,)."""
    order = np.lexsort((np.arange(len(table)), table.scored_at))
    _, at = np.unique(table.leads[order], return_index=True)
    flags = np.zeros(len(table), dtype=np.bool_)
    flags[order[at]] = True
    return flags


def score_edges(p: Floats) -> tuple[float, ...]:
    """Cuts of P into slots of about equal shares, each once."""
    cuts = np.quantile(p, np.arange(1, SCORE_SLOTS) / SCORE_SLOTS)
    return tuple(sorted({round(float(cut), 6) for cut in cuts}))


def score_counts(p: Floats, edges: tuple[float, ...]) -> Mapping[str, float]:
    """How many rows are in which slot of P."""
    return Counter(score_slot(value, edges) for value in p.tolist())


def counted(term: Term, table: TrainingTable) -> tuple[str, str, Mapping[str, float]]:
    """A term's name, its kind, and its rows by slot; a column that is not there, or of another
    kind, is missing.
    """
    known = {(column.name, column.kind): column for column in table.columns}
    match term:
        case CriterionTerm(name=name):
            held = _values(known.get((name, Kind.CRITERION)), table, 0.0)
            return name, "criterion", _by_slot(held, lambda value: criterion_slot(value > 0))
        case ActivityTerm(type=name):
            done = _values(known.get((name, Kind.ACTIVITY)), table, 0.0)
            return name, "activity", _by_slot(done, lambda v: activity_slot(v, term.points))
        case NumberTerm(attribute=name):
            numbers = _values(known.get((name, Kind.NUMBER)), table, np.nan)
            return name, "number", _by_slot(numbers, lambda v: number_slot(v, term.edges))
        case TextTerm(attribute=name):
            return name, "text", _levels(term, known.get((name, Kind.TEXT)), len(table))


def _values(column: Column | None, table: TrainingTable, absent: float) -> Floats:
    return np.full(len(table), absent) if column is None else column.values


def _levels(term: TextTerm, column: Column | None, rows: int) -> Mapping[str, float]:
    if column is None:
        return {MISSING: rows}
    levels: tuple[str | None, ...] = (None, *column.levels)
    return _by_slot(column.values, lambda code: text_slot(levels[int(code) + 1], term.levels))


def _by_slot(values: Floats, slot: Callable[[float], str]) -> Mapping[str, float]:
    """How many rows are in which slot, by the slot's first row. Equal values are looked at once."""
    different, first, times = np.unique(values, return_index=True, return_counts=True)
    counts: Counter[str] = Counter()
    for place in np.argsort(first):
        counts[slot(float(different[place]))] += int(times[place])
    return counts
