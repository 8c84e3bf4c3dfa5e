"""The current model beside the rule files: its scorecard read, typed and compiled with them."""

from collections.abc import Iterator, Sequence

import msgspec

from scoring_service.domain.calibration.model import Model, model_of
from scoring_service.domain.calibration.packed import ROW_MAX
from scoring_service.domain.calibration.scorecard import (
    FORMAT,
    ActivityTerm,
    Cell,
    CriterionTerm,
    NumberTerm,
    Scorecard,
    Term,
    version_of,
)
from scoring_service.domain.schema import AttributeType, Schema
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.policy.conditions import Conditions
from scoring_service.policy.document import Document
from scoring_service.policy.mistake import Mistake, did_you_mean

SCORECARD = "scorecard.json"
DOCUMENT = Document(SCORECARD, {}, None)
ANEW = "publish it anew with calibrate"
AGAIN = "calibrate again with these rules, or have another model be current"
NUMBERS = {AttributeType.INTEGER, AttributeType.NUMBER}
"""A file without rules does not tell the one from the other, and bins take either."""

DAYS_MAX, DAY = 36_600, 86_400.0
"""Days of the longest span that a rule file can say, and the seconds of a day."""

SHORTEST = 1e-6
"""Seconds of the shortest span there is."""


def scorecard_in(content: bytes) -> tuple[Scorecard | None, list[Mistake]]:
    """The scorecard of a published file; and what is wrong with it."""
    try:
        found = msgspec.json.decode(content, type=Scorecard)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what = f"this is no scorecard: {error}"
        return None, [DOCUMENT.mistake((), what, ANEW)]
    wrong = list(_wrong_shape(found))
    return (None if wrong else found), wrong


def model(
    content: bytes, found: Scorecard, schema: Schema, conditions: Conditions, scoring: Scoring
) -> tuple[Model, list[Mistake]]:
    """The model of a scorecard among these rules; and what of it they lack."""
    wrong = list(_lacking(found, schema))
    criteria = {
        term.when: conditions.fit(DOCUMENT, ("terms", number, "when"), term.when).condition
        for number, term in enumerate(found.terms)
        if isinstance(term, CriterionTerm)
    }
    return model_of(version_of(content), found, criteria, scoring), wrong


def _wrong_shape(found: Scorecard) -> Iterator[Mistake]:
    """A format of another version; cells whose rows do not fit together; edges out of order."""
    if found.format != FORMAT:
        what = f"the scorecard has format {found.format}, this version reads {FORMAT}"
        yield DOCUMENT.mistake(("format",), what, AGAIN)
    for what in _wrong_cells((found.intercept,), len(found.intercept.row)):
        yield DOCUMENT.mistake(("intercept",), what, ANEW)
    if found.horizon_days is not None and not 0 < found.horizon_days <= DAYS_MAX:
        what = f"a horizon of {found.horizon_days:g} days is none"
        yield DOCUMENT.mistake(("horizon_days",), what, ANEW)
    for number, term in enumerate(found.terms):
        for what in _wrong_term(term, len(found.intercept.row)):
            yield DOCUMENT.mistake(("terms", number), what, ANEW)


def _wrong_term(term: Term, width: int) -> Iterator[str]:
    yield from _wrong_cells(term.cells, width)
    if isinstance(term, NumberTerm):
        edges = list(term.edges)
        if edges != sorted(set(edges)) or len(term.bins) != len(edges) + 1:
            yield "its bins do not fit its edges"
    if isinstance(term, ActivityTerm):
        for seconds in (term.half_life, term.expires_after):
            if seconds is not None and not SHORTEST <= seconds <= DAYS_MAX * DAY:
                yield f"a time of {seconds:g} seconds is none"


def _wrong_cells(cells: Sequence[Cell], width: int) -> Iterator[str]:
    if any(len(cell.row) != width for cell in cells):
        yield f"its rows are not all of length {width}"
    if any(abs(value) > ROW_MAX for cell in cells for value in cell.row):
        yield f"a number of its rows is beyond {ROW_MAX:g}"
    if any(cell.variance < 0 for cell in cells):
        yield "a variance of its cells is below 0"


def _lacking(found: Scorecard, schema: Schema) -> Iterator[Mistake]:
    """Attributes that the model reads and the rules have not, or have with another type."""
    for number, term in enumerate(found.terms):
        if isinstance(term, CriterionTerm | ActivityTerm):
            continue
        declared = schema.get(term.attribute)
        if declared is None:
            what = f"the model reads '{term.attribute}' ({term.type}), which no lead may carry"
            remedy = did_you_mean(term.attribute, schema)
            yield DOCUMENT.mistake(("terms", number, "attribute"), what, f"{remedy}; or {AGAIN}")
        elif declared.type is not term.type and {declared.type, term.type} != NUMBERS:
            what = f"the model reads '{term.attribute}' as {term.type}, it is {declared.type} here"
            yield DOCUMENT.mistake(("terms", number, "attribute"), what, AGAIN)
