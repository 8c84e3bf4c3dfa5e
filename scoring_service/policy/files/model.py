"""The current model beside the rule files: its scorecard read, typed and compiled with them."""

from collections.abc import Iterator

import msgspec

from scoring_service.domain.calibration.model import Model, model_of
from scoring_service.domain.calibration.packed import ROW_MAX
from scoring_service.domain.calibration.scorecard import (
    FORMAT,
    ActivityTerm,
    CriterionTerm,
    Scorecard,
    version_of,
)
from scoring_service.domain.schema import AttributeType, Schema
from scoring_service.domain.scoring.scoring import Scoring
from scoring_service.policy.conditions import Conditions
from scoring_service.policy.document import Document
from scoring_service.policy.mistake import Mistake, did_you_mean

SCORECARD = "scorecard.json"
DOCUMENT = Document(SCORECARD, {}, None)
AGAIN = "calibrate again with these rules, or have another model be current"
NUMBERS = {AttributeType.INTEGER, AttributeType.NUMBER}
"""A file without rules does not tell the one from the other, and bins take either."""


def scorecard_in(content: bytes) -> tuple[Scorecard | None, list[Mistake]]:
    """The scorecard of a published file; and what is wrong with it."""
    try:
        found = msgspec.json.decode(content, type=Scorecard)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        what = f"this is no scorecard: {error}"
        return None, [DOCUMENT.mistake((), what, "publish it anew with calibrate")]
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
    width = len(found.intercept.row)
    for number, term in enumerate(found.terms):
        if any(len(cell.row) != width for cell in term.cells):
            what = f"its rows are not all of length {width}"
            yield DOCUMENT.mistake(("terms", number), what, "publish it anew with calibrate")
        if any(abs(value) > ROW_MAX for cell in term.cells for value in cell.row):
            what = f"a number of its rows is beyond {ROW_MAX:g}"
            yield DOCUMENT.mistake(("terms", number), what, "publish it anew with calibrate")
        edges = getattr(term, "edges", ())
        bins = getattr(term, "bins", ())
        if list(edges) != sorted(set(edges)) or (bins and len(bins) != len(edges) + 1):
            what = "its bins do not fit its edges"
            yield DOCUMENT.mistake(("terms", number), what, "publish it anew with calibrate")


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
