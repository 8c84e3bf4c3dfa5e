"""What an analyst knows of a file and the file does not say, in a file of its own."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import msgspec

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.policy.document import Document, compose
from scoring_service.policy.files.reading import Shape, read
from scoring_service.policy.files.spans import ElapsedSpan
from scoring_service.policy.mistake import Mistake, Mistakes

LEAD_ID, SCORED_AT, CREATED_AT, CLOSED_AT = "lead_id", "scored_at", "created_at", "closed_at"
KNOWN_COLUMNS = (LEAD_ID, SCORED_AT, CREATED_AT, CLOSED_AT)
"""Columns that are no attributes: whose row it is, and when."""

EVERYWHERE = "*"
"""Stands for every column where missing values are declared."""

Word = str | int | float


class ColumnType(StrEnum):
    """How the cells of a column are read, where they should not speak for themselves."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    IGNORE = "ignore"


class OutcomeWords(Shape, frozen=True):
    """Words of the outcome column beside those that everybody uses."""

    won: tuple[Word, ...] = ()
    lost: tuple[Word, ...] = ()
    open: tuple[Word, ...] = ()


class Mapping(Shape, frozen=True):
    """A mapping file. Every key that names a column names it as the file does:

        outcome: {won: [signed], lost: [gone], open: [in talks]}
        columns: {opportunity_id: lead_id, engage_date: scored_at, emp.var.rate: emp_var_rate}
        types: {branch_code: text, notes: ignore}       # text, number, boolean or ignore
        missing: {"*": [unknown, Select], pdays: [999]} # "*" is every column
        arrives: {credit_rating: rated_on}  # a value counts from the instant in another column on
        horizon: 90d

    `columns` gives a column another name: lead_id, scored_at, created_at, closed_at, or that of an
    attribute. Words are compared without regard to case and outer blanks.
    """

    outcome: OutcomeWords = OutcomeWords()
    columns: dict[str, str] = msgspec.field(default_factory=dict)
    types: dict[str, ColumnType] = msgspec.field(default_factory=dict)
    missing: dict[str, tuple[Word, ...]] = msgspec.field(default_factory=dict)
    arrives: dict[str, str] = msgspec.field(default_factory=dict)
    horizon: ElapsedSpan | None = None

    @property
    def horizon_span(self) -> timedelta | None:
        """The horizon on the wall clock."""
        return None if self.horizon is None else self.horizon.elapsed

    def name(self, column: str) -> str:
        """What a column of the file is called here."""
        return self.columns.get(column, column)

    def ours(self, column: str) -> bool:
        """Whether a column is no attribute: it says whose row it is, or when."""
        return not {column, self.name(column)}.isdisjoint(KNOWN_COLUMNS)

    def named(self) -> Iterator[str]:
        """Every column that the mapping speaks of."""
        yield from (*self.columns, *self.types, *self.arrives, *self.arrives.values())
        yield from (name for name in self.missing if name != EVERYWHERE)


NO_MAPPING = Mapping()


def mapping_of(path: Path) -> Mapping:
    """The mapping file at `path`; CalibrationProblem with every mistake, file and line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CalibrationProblem(f"{path} cannot be read: {error.strerror}") from None
    try:
        document = compose(path.name, content)
        mapping, mistakes = read(document, Mapping)
        if mapping is not None:
            mistakes.extend((*_twice(document, mapping), *_arrivals(document, mapping)))
        if mapping is None or mistakes:
            raise Mistakes(mistakes)
    except Mistakes as wrong:
        raise CalibrationProblem(str(wrong)) from None
    return mapping


def _twice(document: Document, mapping: Mapping) -> Iterator[Mistake]:
    """Two columns of one name, and words that mean two outcomes."""
    names: dict[str, str] = {}
    for column, name in mapping.columns.items():
        if name in names:
            what = f"'{names[name]}' is called '{name}' already"
            yield document.mistake(("columns", column), what, "give it another name")
        names.setdefault(name, column)
    meanings: dict[str, str] = {}
    for meaning in OutcomeWords.__struct_fields__:
        for word in map(folded, getattr(mapping.outcome, meaning)):
            if meanings.setdefault(word, meaning) != meaning:
                what = f"'{word}' is under '{meanings[word]}' too"
                yield document.mistake(("outcome", meaning), what, "remove it from one of them")


def _arrivals(document: Document, mapping: Mapping) -> Iterator[Mistake]:
    """What cannot arrive, and what cannot say when something does."""
    for column, when in mapping.arrives.items():
        wrong = None
        if mapping.ours(column):
            wrong = f"'{column}' holds no value of a lead", "name a column that does"
        elif column == when:
            wrong = f"'{column}' cannot say itself when it arrives", "name the column that does"
        elif mapping.ours(when) and mapping.types.get(when) is ColumnType.IGNORE:
            wrong = f"'{when}' is ignored", f"take it from 'types', or '{column}' from 'arrives'"
        if wrong is not None:
            yield document.mistake(("arrives", column), *wrong)


def folded(word: Word) -> str:
    """A word as it is compared.

    >>> folded(" Closed Won ")
    'closed won'
    """
    return str(word).strip().casefold()


def content_of(mapping: Mapping) -> bytes:
    """All that the mapping says, the same for what says the same: part of a digest."""
    horizon = mapping.horizon_span
    plain = msgspec.structs.replace(mapping, horizon=None)
    return msgspec.json.encode([plain, str(horizon)], order="sorted")
