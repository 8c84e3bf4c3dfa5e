"""A scorecard made ready: every cell with its contribution, so that an estimate only picks and
adds.

Cells are shared between all leads; nothing here changes after a policy is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from scoring_service.domain.calibration.packed import Lengths, pack, times
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    TextTerm,
)
from scoring_service.domain.calibration.slots import bin_names
from scoring_service.domain.schema import AttributeType
from scoring_service.domain.scoring.scoring import ActivityScoring, Scoring, state_digest
from scoring_service.values.condition import Condition, ConditionError, Symbols
from scoring_service.values.score import ModelContribution


class Part(NamedTuple):
    """One cell, ready to be added: its contribution, its packed row of L, its log-odds, variance
    beyond that of the weights.
    """

    contribution: ModelContribution
    row: int
    log_odds: float
    variance: float


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is added where the condition holds."""

    holds: Condition
    part: Part

    def holds_for(self, symbols: Symbols) -> bool:
        """Whether it holds; one that cannot be evaluated for this lead does not."""
        try:
            return self.holds(symbols)
        except ConditionError:
            return False


class Number(NamedTuple):
    """A part for each bin of a number."""

    attribute: str
    edges: tuple[float, ...]
    bins: tuple[Part, ...]
    missing: Part


class Text(NamedTuple):
    """A part for each level of a text or a boolean; "" has the one of missing, and so has a value
    that is not of the type `kind`.
    """

    attribute: str
    levels: Mapping[Any, Part]
    missing: Part
    unseen: Part
    kind: type


@dataclass(frozen=True, slots=True)
class Points:
    """What an activity type adds, a point of its decayed sum; the sum is capped in magnitude."""

    type: str
    points_max: float | None
    per_point: float
    row: int

    def capped(self, total: float) -> float:
        """The decayed sum within the cap that the model was trained with."""
        if self.points_max is None:
            return total
        return min(max(total, -self.points_max), self.points_max)


@dataclass(frozen=True, slots=True)
class Model:
    """A published scorecard in a policy. `version` is the hash of its content.

    `lengths` measures sums of its rows of L. `own` holds the scoring of the activity types that the
    policy scores otherwise than the model was trained with, and no fit; for these a second
    behaviour state is kept, of scoring `own_digest`.
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
    own = {
        term.type: trained
        for term in terms
        if isinstance(term, ActivityTerm)
        and (trained := trained_scoring(term)).digest != _digest_in(scoring, term.type)
    }
    return Model(
        version=version,
        scorecard=scorecard,
        intercept=_part("base", scorecard.intercept),
        criteria=tuple(
            Criterion(criteria[t.when], _part(t.name, t.holds))
            for t in terms
            if isinstance(t, CriterionTerm)
        ),
        numbers=tuple(_number(t) for t in terms if isinstance(t, NumberTerm)),
        texts=tuple(_text(t) for t in terms if isinstance(t, TextTerm)),
        activities=tuple(
            Points(t.type, t.points_max, t.per_point.weight, pack(t.per_point.row))
            for t in terms
            if isinstance(t, ActivityTerm)
        ),
        lengths=Lengths(len(scorecard.intercept.row)),
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


def _number(term: NumberTerm) -> Number:
    name = term.attribute
    named = zip(bin_names(term.edges), term.bins, strict=True)
    bins = tuple(_part(f"{name} {called}", cell) for called, cell in named)
    return Number(name, term.edges, bins, _part(f"{name} missing", term.missing))


def _text(term: TextTerm) -> Text:
    name, missing = term.attribute, _part(f"{term.attribute} missing", term.missing)
    kind = bool if term.type is AttributeType.BOOLEAN else str
    levels: dict[Any, Part] = {"": missing}
    for level, cell in term.levels.items():
        value = level == "true" if kind is bool else level
        levels[value] = _part(f"{name} {level}", cell)
    return Text(name, levels, missing, _part(f"{name} other", term.unseen), kind)


def _part(name: str, cell: Cell) -> Part:
    row = pack(cell.row) * times(1.0)
    return Part(ModelContribution(name, cell.weight), row, cell.weight, cell.variance)
