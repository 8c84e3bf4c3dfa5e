"""The shape of scoring.yaml."""

from typing import Annotated

import msgspec

from scoring_service.policy.document import Document
from scoring_service.policy.files.reading import Name, Shape, read
from scoring_service.policy.files.spans import ElapsedSpan
from scoring_service.policy.mistake import Mistake

Points = Annotated[float, msgspec.Meta(ge=-1000, le=1000)]
Bar = Annotated[float, msgspec.Meta(ge=0, le=100)]
Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]


class CriterionEntry(Shape, frozen=True):
    """Points for who a lead is."""

    name: Name
    when: str
    points: Points


class DisqualifyEntry(Shape, frozen=True):
    """A condition that ends a lead, with its reason."""

    name: Name
    when: str
    reason: str


class GroupEntry(Shape, frozen=True):
    """An upper bound that several activity types share."""

    points_max: Annotated[float, msgspec.Meta(gt=0)]


class ActivityEntry(Shape, frozen=True):
    """Points of an activity type and how they fade."""

    points: Points
    half_life: ElapsedSpan
    group: str | None = None
    points_max: Annotated[float, msgspec.Meta(gt=0)] | None = None
    expires_after: ElapsedSpan | None = None
    once: bool = False
    high_intent: bool = False


class BehaviourEntry(Shape, frozen=True):
    """Groups and activity types by name."""

    groups: dict[Name, GroupEntry] = msgspec.field(default_factory=dict)
    activities: dict[str, ActivityEntry] = msgspec.field(default_factory=dict)


class FitGrades(Shape, frozen=True):
    """Cut-offs of fit; below C is D."""

    A: Bar = 75
    B: Bar = 50
    C: Bar = 25


class BehaviourLevels(Shape, frozen=True, rename={"one": "1", "two": "2", "three": "3"}):
    """Cut-offs of behaviour; below 3 is 4."""

    one: Bar = 60
    two: Bar = 35
    three: Bar = 15


class GradesEntry(Shape, frozen=True):
    """Both kinds of cut-offs."""

    fit: FitGrades = FitGrades()
    behaviour: BehaviourLevels = BehaviourLevels()


class MqlEntry(Shape, frozen=True):
    """The bars of an MQL."""

    fit_min: Bar
    behaviour_min: Bar
    win_probability_min: Probability | None = None
    hysteresis: Bar = 5
    for_model: str = ""


class SqlEntry(Shape, frozen=True):
    """The probability that marks a lead as ready for sales, and the model it was chosen for."""

    win_probability_min: Probability
    for_model: str = ""


class ScoringFile(Shape, frozen=True):
    """The whole file."""

    mql: MqlEntry
    fit: tuple[CriterionEntry, ...] = ()
    behaviour: BehaviourEntry = BehaviourEntry()
    grades: GradesEntry = GradesEntry()
    sql: SqlEntry | None = None
    disqualify: tuple[DisqualifyEntry, ...] = ()


def scoring_file(document: Document) -> tuple[ScoringFile | None, list[Mistake]]:
    """The file's shape alone: its activity types are needed before any condition is compiled."""
    return read(document, ScoringFile)
