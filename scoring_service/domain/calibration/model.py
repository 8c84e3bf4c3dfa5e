"""A scorecard made ready: every cell with its contribution, so that an estimate only picks and
adds.

Cells are shared between all leads; nothing here changes after a policy is made.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite

from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    TextTerm,
)
from scoring_service.domain.calibration.slots import bin_names
from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring, state_digest
from scoring_service.values.condition import Condition, ConditionError, Symbols
from scoring_service.values.score import ModelContribution

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One cell, ready to be added: its contribution, its row of L, variance beyond it."""

    contribution: ModelContribution
    row: Row
    variance: float


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is added where the condition holds."""

    holds: Condition
    part: Part

    def part_of(self, symbols: Symbols) -> Part | None:
        """The part, None where the condition does not hold or cannot be evaluated."""
        try:
            return self.part if self.holds(symbols) else None
        except ConditionError:
            return None


@dataclass(frozen=True, slots=True)
class Number:
    """A part for each bin of a number."""

    attribute: str
    edges: tuple[float, ...]
    bins: tuple[Part, ...]
    missing: Part

    def part_of(self, symbols: Symbols) -> Part:
        """That of the value's bin; what is no finite number is missing."""
        value = symbols.get(self.attribute)
        if isinstance(value, int | float) and type(value) is not bool and isfinite(value):
            return self.bins[bisect_right(self.edges, value)]
        return self.missing


@dataclass(frozen=True, slots=True)
class Text:
    """A part for each level of a text or a boolean."""

    attribute: str
    levels: Mapping[str, Part]
    missing: Part
    unseen: Part

    def part_of(self, symbols: Symbols) -> Part:
        """That of the value's level; what is neither text nor boolean is missing."""
        value = symbols.get(self.attribute)
        if type(value) is bool:
            value = "true" if value else "false"
        if type(value) is not str or not value:
            return self.missing
        return self.levels.get(value, self.unseen)


@dataclass(frozen=True, slots=True)
class Points:
    """What an activity type adds, a point of its decayed sum; the sum is capped in magnitude."""

    type: str
    points_max: float | None
    per_point: float
    row: Row

    def capped(self, total: float) -> float:
        """The decayed sum within the cap that the model was trained with."""
        if self.points_max is None:
            return total
        return min(max(total, -self.points_max), self.points_max)


@dataclass(frozen=True, slots=True)
class Model:
    """A published scorecard in a policy. `version` is the hash of its content.

    `own` holds the scoring of the activity types that the policy scores otherwise than the model
    was trained with, and no fit; for these a second behaviour state is kept, of scoring
    `own_digest`.
    """

    version: str
    scorecard: Scorecard
    intercept: Part
    terms: tuple[Criterion | Number | Text, ...]
    activities: tuple[Points, ...]
    own: Scoring
    own_digest: str = ""


def model_of(
    version: str, scorecard: Scorecard, criteria: Mapping[str, Condition], scoring: Scoring
) -> Model:
    """The model of a scorecard beside a policy's scoring; `criteria` are its conditions by text."""
    own = {
        term.type: trained
        for term in scorecard.terms
        if isinstance(term, ActivityTerm)
        and (trained := trained_scoring(term)).digest != _digest_in(scoring, term.type)
    }
    return Model(
        version=version,
        scorecard=scorecard,
        intercept=_part("base", scorecard.intercept),
        terms=tuple(
            _ready(term, criteria) for term in scorecard.terms if not isinstance(term, ActivityTerm)
        ),
        activities=tuple(
            Points(t.type, t.points_max, t.per_point.weight, t.per_point.row)
            for t in scorecard.terms
            if isinstance(t, ActivityTerm)
        ),
        own=Scoring((), own, {}, scoring.grades, scoring.mql),
        own_digest="-".join(f"{name}:{own[name].digest}" for name in sorted(own)),
    )


def trained_scoring(term: ActivityTerm) -> ActivityScoring:
    """The scoring of an activity type that the model was trained with."""
    expires = None if term.expires_after is None else timedelta(seconds=term.expires_after)
    half_life = timedelta(seconds=term.half_life)
    return ActivityScoring(
        type=term.type,
        points=term.points,
        half_life=half_life,
        points_max=term.points_max,
        expires_after=expires,
        once=term.once,
        digest=state_digest(term.points, half_life, expires, once=term.once),
    )


def _digest_in(scoring: Scoring, name: str) -> str:
    scored = scoring.activities.get(name)
    return "" if scored is None else scored.digest


def _ready(
    term: CriterionTerm | NumberTerm | TextTerm, criteria: Mapping[str, Condition]
) -> Criterion | Number | Text:
    match term:
        case CriterionTerm(name=name, when=when, holds=cell):
            return Criterion(criteria[when], _part(name, cell))
        case NumberTerm(attribute=name, edges=edges):
            named = zip(bin_names(edges), term.bins, strict=True)
            bins = tuple(_part(f"{name} {called}", cell) for called, cell in named)
            return Number(name, edges, bins, _part(f"{name} missing", term.missing))
        case TextTerm(attribute=name, levels=levels):
            return Text(
                name,
                {level: _part(f"{name} {level}", cell) for level, cell in levels.items()},
                _part(f"{name} missing", term.missing),
                _part(f"{name} other", term.unseen),
            )


def _part(name: str, cell: Cell) -> Part:
    return Part(ModelContribution(name, cell.weight), cell.row, cell.variance)
