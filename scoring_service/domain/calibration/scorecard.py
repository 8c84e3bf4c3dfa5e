"""scorecard.json as values: all that an estimate needs, without scikit-learn.

The log-odds of a lead are the intercept and one cell a term; each cell carries its row of the
factor L, with L L' the covariance of the weights, so that an estimate has its interval.
"""

import hashlib

import msgspec

from scoring_service.domain.schema import AttributeType

FORMAT = 1


class Cell(msgspec.Struct, frozen=True, array_like=True):
    """Log-odds, their row of L, and variance beyond it (of a level that was never seen)."""

    weight: float
    row: tuple[float, ...]
    variance: float = 0.0


class CriterionTerm(msgspec.Struct, frozen=True, tag="criterion", tag_field="kind"):
    """A fit criterion with its own condition: `holds` is added only where it holds."""

    name: str
    when: str
    holds: Cell

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of the term."""
        return (self.holds,)


class ActivityTerm(msgspec.Struct, frozen=True, tag="activity", tag_field="kind"):
    """An activity type's decayed points, capped at `points_max` in magnitude: `per_point` times
    them.

    The scoring is that of training (durations in seconds), never today's.
    """

    type: str
    points: float
    half_life: float
    per_point: Cell
    points_max: float | None = None
    expires_after: float | None = None
    once: bool = False

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of the term."""
        return (self.per_point,)


class NumberTerm(msgspec.Struct, frozen=True, tag="number", tag_field="kind"):
    """A number in bins [-inf, e1), [e1, e2), ... [en, inf): one cell a bin."""

    attribute: str
    type: AttributeType
    edges: tuple[float, ...]
    bins: tuple[Cell, ...]
    missing: Cell

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of the term."""
        return (*self.bins, self.missing)


class TextTerm(msgspec.Struct, frozen=True, tag="text", tag_field="kind"):
    """A text, or a boolean as "true" and "false": one cell a level; rare levels share a cell.

    `unseen` is for a level that training never saw.
    """

    attribute: str
    type: AttributeType
    levels: dict[str, Cell]
    missing: Cell
    unseen: Cell

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell of the term."""
        return (*self.levels.values(), self.missing, self.unseen)


Term = CriterionTerm | ActivityTerm | NumberTerm | TextTerm


class Scorecard(msgspec.Struct, frozen=True):
    """The whole model. `horizon_days` is None where the rows had no times; `base_rate` is the share
    of won rows it was trained on.
    """

    intercept: Cell
    terms: tuple[Term, ...]
    base_rate: float
    rows: int
    won: int
    horizon_days: float | None = None
    format: int = FORMAT


def version_of(content: bytes) -> str:
    """The version of a scorecard.json: the hash of its bytes, 16 hex digits.

    >>> version_of(b"")
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()[:16]
