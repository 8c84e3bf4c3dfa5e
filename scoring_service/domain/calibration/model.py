"""A scorecard made ready: every cell with its contribution, so that an estimate only picks and
adds.

Cells are shared between all leads; nothing here changes after a policy is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from typing import Any

from scoring_service.domain.calibration.packed import TIMES_MAX, Lengths, lengths, pack, times
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
from scoring_service.domain.schema import AttributeType
from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring, state_digest
from scoring_service.values.condition import Condition, ConditionError, Symbols
from scoring_service.values.score import ModelContribution

Part = tuple[ModelContribution, int, float, float]
"""One cell, ready to be added: its contribution, its packed row of L, its log-odds, variance beyond
that of the weights. A bare tuple, as Number and Text are: Python takes others apart item by item.
"""

Number = tuple[str, tuple[float, ...], tuple[Part, ...], Part]
"""An attribute, its edges, a part for each of its bins, the part of missing."""

Text = tuple[str, Mapping[Any, Part], Part, Part, type]
"""An attribute, a part for each level of the text or boolean, the parts of missing and of unseen;
"" has the part of missing, and so has a value that is not of the type that comes last.
"""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is added where the condition holds."""

    holds: Condition
    part: Part

    @property
    def name(self) -> str:
        """What it is called."""
        return self.part[0].name

    def holds_for(self, symbols: Symbols) -> bool:
        """Whether it holds; one that cannot be evaluated for this lead does not."""
        try:
            return self.holds(symbols)
        except ConditionError:
            return False


@dataclass(frozen=True, slots=True)
class Points:
    """What an activity type adds, a point of its decayed sum; the sum is capped in magnitude, at
    `most`. Nothing is cut off one `within` that: neither its points nor how often its row counts.
    """

    type: str
    most: float
    within: float
    per_point: float
    row: int

    def capped(self, total: float) -> float:
        """The decayed sum within the cap that the model was trained with."""
        return min(max(total, -self.most), self.most)


@dataclass(frozen=True, slots=True)
class Model:
    """A published scorecard in a policy. `version` is the hash of its content.

    `lengths` measures sums of its rows of L; the intercept's has their start in it. `own` holds the
    scoring of the activity types that the policy scores otherwise than the model was trained with,
    and no fit; for these a second behaviour state is kept, of scoring `own_digest`.
    """

    version: str
    scorecard: Scorecard
    intercept: Part
    criteria: tuple[Criterion, ...]
    numbers: tuple[Number, ...]
    texts: tuple[Text, ...]
    activities: tuple[Points, ...]
    lengths: Lengths
    own: Scoring
    own_digest: str = ""


def model_of(
    version: str, scorecard: Scorecard, criteria: Mapping[str, Condition], scoring: Scoring
) -> Model:
    """The model of a scorecard beside a policy's scoring; `criteria` are its conditions by text."""
    terms = scorecard.terms
    measure = lengths(len(scorecard.intercept.row), _reach(scorecard))
    own = {
        term.type: trained
        for term in terms
        if isinstance(term, ActivityTerm)
        and (trained := trained_scoring(term)).digest != _digest_in(scoring, term.type)
    }
    return Model(
        version=version,
        scorecard=scorecard,
        intercept=_part("base", scorecard.intercept, measure.start),
        criteria=tuple(
            Criterion(criteria[t.when], _part(t.name, t.holds))
            for t in terms
            if isinstance(t, CriterionTerm)
        ),
        numbers=tuple(_number(t) for t in terms if isinstance(t, NumberTerm)),
        texts=tuple(_text(t) for t in terms if isinstance(t, TextTerm)),
        activities=tuple(_points(t) for t in terms if isinstance(t, ActivityTerm)),
        lengths=measure,
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


def _points(term: ActivityTerm) -> Points:
    most = inf if term.points_max is None else term.points_max
    per_point = term.per_point
    return Points(term.type, most, min(most, TIMES_MAX), per_point.weight, pack(per_point.row))


def _number(term: NumberTerm) -> Number:
    name = term.attribute
    named = zip(bin_names(term.edges), term.bins, strict=True)
    bins = tuple(_part(f"{name} {called}", cell) for called, cell in named)
    return name, term.edges, bins, _part(f"{name} missing", term.missing)


def _text(term: TextTerm) -> Text:
    name, missing = term.attribute, _part(f"{term.attribute} missing", term.missing)
    kind = bool if term.type is AttributeType.BOOLEAN else str
    levels: dict[Any, Part] = {"": missing}
    for level, cell in term.levels.items():
        value = level == "true" if kind is bool else level
        levels[value] = _part(f"{name} {level}", cell)
    return name, levels, missing, _part(f"{name} other", term.unseen), kind


def _part(name: str, cell: Cell, start: int = 0) -> Part:
    row = start + pack(cell.row) * times(1.0)
    return ModelContribution(name, cell.weight), row, cell.weight, cell.variance


def _reach(scorecard: Scorecard) -> float:
    """What no number of a sum of a lead's rows of L is beyond, whatever the lead."""
    most = [_most(scorecard.intercept), *map(_most_of, scorecard.terms)]
    return max(map(sum, zip(*most, strict=True)), default=0.0)


def _most_of(term: Term) -> tuple[float, ...]:
    """How far each place of the row goes that a lead has of a term."""
    if isinstance(term, ActivityTerm):
        factor = _points(term).within
        return tuple(value * factor for value in _most(term.per_point))
    return tuple(map(max, zip(*map(_most, term.cells), strict=True)))


def _most(cell: Cell) -> tuple[float, ...]:
    return tuple(map(abs, cell.row))
