"""The learned scorecard as points: a proposal for scoring.yaml, shown against today's.

K = 100 / (q99 - q01 of the log-odds) points a unit of log-odds, so that the middle 98 % of leads
span the scale. A criterion gets K x its weight, an activity type's points and cap K x its weight a
point; an always-true criterion carries the offset. Where no cap or clip binds, fit and behaviour
together are K x (log-odds - q01) to within half a step a term.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring_service.calibration.table import Floats
from scoring_service.domain.calibration.scorecard import (
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    Term,
    TextTerm,
)
from scoring_service.domain.schema import AttributeType
from scoring_service.domain.scoring.scoring import Scoring

SPAN = 100.0
OFFSET = "every lead"
ACTIVITY_DECIMALS = 2
"""An act may be worth less than a point, and there are many of it."""


@dataclass(frozen=True, slots=True)
class ProposedCriterion:
    """A fit criterion with its points; `today` None where it is new, `flag` why it surprises."""

    name: str
    when: str
    points: float
    today: float | None = None
    flag: str = ""


@dataclass(frozen=True, slots=True)
class ProposedActivity:
    """Points and cap of an activity type; today's beside them."""

    type: str
    points: float
    points_max: float | None
    today: float
    flag: str = ""


@dataclass(frozen=True, slots=True)
class ProposedPoints:
    """All points. `scale` is K; `groups` the caps of the groups."""

    scale: float
    criteria: tuple[ProposedCriterion, ...]
    activities: tuple[ProposedActivity, ...]
    groups: Mapping[str, float]


def proposed_points(scorecard: Scorecard, scoring: Scoring, eta: Floats) -> ProposedPoints:
    """The points for a scorecard. `eta` are the log-odds of the rows that the scale is of."""
    low, high = (float(value) for value in np.quantile(eta, (0.01, 0.99)))
    scale = SPAN / max(high - low, 1e-9)
    today = {criterion.name: criterion for criterion in scoring.fit}
    criteria = [_offset(scorecard, scoring, scale, low)]
    for term in scorecard.terms:
        criteria += [] if is_offset(term) else _criteria(term, scale, today)
    learned = {term.name for term in scorecard.terms if isinstance(term, CriterionTerm)} | {OFFSET}
    gone = "the model did not learn it: no row, or left out as a leak"
    criteria += [
        ProposedCriterion(c.name, c.text, 0.0, c.points, gone)
        for c in scoring.fit
        if c.name not in learned
    ]
    weights = {t.type: t for t in scorecard.terms if isinstance(t, ActivityTerm)}
    activities = tuple(_activities(weights, scoring, scale))
    return ProposedPoints(scale, tuple(criteria), activities, _groups(activities, scoring))


def is_offset(term: Term) -> bool:
    """Whether a term is the offset of an earlier proposal: it is there in every lead."""
    return isinstance(term, CriterionTerm) and term.name == OFFSET and term.when == "true"


def _offset(scorecard: Scorecard, scoring: Scoring, scale: float, low: float) -> ProposedCriterion:
    always = sum(term.cells[0].weight for term in scorecard.terms if is_offset(term))
    points = float(round(scale * (scorecard.intercept.weight + always - low)))
    today = next((c.points for c in scoring.fit if c.name == OFFSET), None)
    return ProposedCriterion(OFFSET, "true", points, today)


def _criteria(
    term: CriterionTerm | ActivityTerm | NumberTerm | TextTerm,
    scale: float,
    today: Mapping[str, "object"],
) -> list[ProposedCriterion]:
    match term:
        case CriterionTerm(name=name, when=when, holds=cell):
            points = float(round(scale * cell.weight))
            known = today.get(name)
            before = None if known is None else float(getattr(known, "points"))  # noqa: B009
            flag = "its sign is not the one of today's points" if _turned(before, points) else ""
            return [ProposedCriterion(name, when, points, before, flag)]
        case ActivityTerm():
            return []
        case NumberTerm():
            return list(_kept(_number(term), scale))
        case TextTerm():
            return list(_kept(_text(term), scale))


Condition = tuple[str, str, Cell]
"""(name, condition, cell)."""


def _kept(found: Iterator[Condition], scale: float) -> Iterator[ProposedCriterion]:
    """Those that are worth a point."""
    for name, when, cell in found:
        points = float(round(scale * cell.weight))
        if points:
            yield ProposedCriterion(name, when, points)


def _number(term: NumberTerm) -> Iterator[Condition]:
    name, edges = term.attribute, [f"{edge:.15g}" for edge in term.edges]
    yield f"{name} missing", f"{name} == null", term.missing
    if not edges:
        yield f"{name} known", f"{name} != null", term.bins[0]
        return
    yield f"{name} below {edges[0]}", f"{name} < {_literal(edges[0])}", term.bins[0]
    for low, high, cell in zip(edges, edges[1:], term.bins[1:], strict=False):
        when = f"{name} >= {_literal(low)} and {name} < {_literal(high)}"
        yield f"{name} {low} to below {high}", when, cell
    yield f"{name} from {edges[-1]}", f"{name} >= {_literal(edges[-1])}", term.bins[-1]


def _text(term: TextTerm) -> Iterator[Condition]:
    name = term.attribute
    yield f"{name} missing", f"{name} == null", term.missing
    if term.type is AttributeType.BOOLEAN:
        for level, cell in term.levels.items():
            yield f"{name} {level}", f"{name} == {level}", cell
        return
    for level, cell in term.levels.items():
        yield f"{name} {level}"[:200], f"{name} == {_quoted(level)}", cell
    others = ", ".join(_quoted(level) for level in term.levels)
    beside = f" and not ({name} in [{others}])" if others else ""
    yield f"{name} other", f"{name} != null{beside}", term.unseen


def _literal(number: str) -> str:
    """A number as conditions are written: without an exponent."""
    return f"{float(number):.15f}".rstrip("0").rstrip(".") if "e" in number else number


def _quoted(level: str) -> str:
    escaped = level.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _activities(
    weights: Mapping[str, ActivityTerm], scoring: Scoring, scale: float
) -> Iterator[ProposedActivity]:
    for name, scored in scoring.activities.items():
        term = weights.get(name)
        factor = 0.0 if term is None else scale * term.per_point.weight
        if term is None or factor <= 0:
            flag = (
                "the model did not learn it"
                if term is None
                else "its learned weight is not above 0"
            )
            yield ProposedActivity(name, 0.0, scored.points_max, scored.points, flag)
            continue
        points = round(term.points * factor, ACTIVITY_DECIMALS)
        cap = None if term.points_max is None else max(round(term.points_max * factor, 1), 0.1)
        yield ProposedActivity(name, points, cap, scored.points)


def _groups(activities: Sequence[ProposedActivity], scoring: Scoring) -> Mapping[str, float]:
    """A group's cap becomes the largest scaled cap in it; as it is where nothing in it has one."""
    found = {}
    for group, cap in scoring.groups.items():
        caps = [
            activity.points_max
            for activity in activities
            if scoring.activities[activity.type].group == group
            and activity.points > 0
            and activity.points_max is not None
        ]
        found[group] = max(caps, default=cap)
    return found


def _turned(before: float | None, points: float) -> bool:
    return before is not None and before * points < 0
