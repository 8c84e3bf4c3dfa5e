"""The mapping file: what an analyst declares, and what is said of a slip in it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.mapping import (
    NO_MAPPING,
    ColumnType,
    Mapping,
    content_of,
    mapping_of,
)

WHOLE = """
outcome: {won: [signed, 3], lost: [gone], open: [in talks]}
columns: {opportunity_id: lead_id, emp.var.rate: emp_var_rate}
types: {branch: text, notes: ignore}
missing: {"*": [unknown], pdays: [999, -1.5]}
arrives: {rating: rated_on}
horizon: 90d
"""


def test_everything_that_can_be_declared(files: Any) -> None:
    mapping = mapping_of(files.write(WHOLE, "mapping.yaml"))
    assert mapping.outcome.won == ("signed", 3)
    assert mapping.name("opportunity_id") == "lead_id"
    assert mapping.name("age") == "age"
    assert mapping.types == {"branch": ColumnType.TEXT, "notes": ColumnType.IGNORE}
    assert mapping.missing == {"*": ("unknown",), "pdays": (999, -1.5)}
    assert mapping.horizon_span == timedelta(days=90)
    assert set(mapping.named()) == {
        "opportunity_id", "emp.var.rate", "branch", "notes", "rating", "rated_on", "pdays",
    }  # fmt: skip


def test_an_empty_mapping_declares_nothing(files: Any) -> None:
    mapping = mapping_of(files.write("{}", "mapping.yaml"))
    assert mapping == NO_MAPPING
    assert mapping.horizon_span is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "outcome: {won: [yes]}",
            "mapping.yaml:1: $.outcome.won[0]: yes is read as true where a text is meant; put it in"
            " quotes: 'yes'",
            id="a word that YAML takes for a truth value is put in quotes",
        ),
        pytest.param(
            "\nhorizont: 90d",
            "mapping.yaml:2: $.horizont: unknown key 'horizont'; did you mean 'horizon'?",
            id="an unknown key is refused by file and line",
        ),
        pytest.param(
            "types: {a: txt}",
            "mapping.yaml:1: $.types.a: unknown value 'txt'; did you mean 'text'?",
            id="an unknown type is refused",
        ),
        pytest.param(
            "missing: {pdays: 999}",
            "mapping.yaml:1: $.missing.pdays: 999 is read as a whole number where a list is meant;"
            " write a list",
            id="missing values are a list",
        ),
        pytest.param(
            "horizon: 3bd",
            "mapping.yaml:1: $.horizon: 3bd is business time; elapsed time is meant here: 15m, 4h"
            " or 7d",
            id="a horizon is elapsed time",
        ),
        pytest.param(
            "columns: {a: x, b: x}",
            "mapping.yaml:1: $.columns.b: 'a' is called 'x' already; give it another name",
            id="two columns of one name are refused",
        ),
        pytest.param(
            "outcome: {won: [Signed], lost: [' signed ']}",
            "mapping.yaml:1: $.outcome.lost: 'signed' is under 'won' too; remove it from one of"
            " them",
            id="a word has one meaning, whatever its case and blanks",
        ),
        pytest.param(
            "columns: {rated_on: scored_at}\ntypes: {rated_on: ignore}\n"
            "arrives: {rating: rated_on}",
            "mapping.yaml:3: $.arrives.rating: 'rated_on' is ignored; take it from 'types', or"
            " 'rating' from 'arrives'",
            id="an instant of ours that is ignored dates nothing",
        ),
        pytest.param(
            "columns: {opened: created_at}\narrives: {opened: rated_on}",
            "mapping.yaml:2: $.arrives.opened: 'opened' holds no value of a lead; name a column"
            " that does",
            id="an instant of ours is no value that arrives",
        ),
        pytest.param(
            "arrives: {rating: rating}",
            "mapping.yaml:1: $.arrives.rating: 'rating' cannot say itself when it arrives; name the"
            " column that does",
            id="a value does not date itself",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_remedy(files: Any, text: str, said: str) -> None:
    path = files.folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CalibrationProblem) as problem:
        mapping_of(path)
    assert str(problem.value) == said


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "types: {rated_on: ignore}\narrives: {rating: rated_on}",
            id="a date that is no feature says when another arrives",
        ),
        pytest.param(
            "types: {created_at: ignore}\narrives: {rating: scored_at}",
            id="another instant of ours may be ignored",
        ),
    ],
)
def test_what_dates_a_value_may_be_any_other_column(files: Any, text: str) -> None:
    assert mapping_of(files.write(text, "mapping.yaml")).arrives.keys() == {"rating"}


def test_a_list_that_mixes_texts_and_numbers_is_no_mistake_beside_a_true_one(files: Any) -> None:
    path = files.write('missing: {"*": [unknown, 999]}\nhorizont: 1d', "mapping.yaml")
    with pytest.raises(CalibrationProblem) as problem:
        mapping_of(path)
    assert str(problem.value).count("\n") == 0


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CalibrationProblem, match=r"mapping\.yaml cannot be read: No such file"):
        mapping_of(tmp_path / "mapping.yaml")


def test_what_says_the_same_has_the_same_content() -> None:
    one = Mapping(types={"a": ColumnType.TEXT, "b": ColumnType.NUMBER})
    other = Mapping(types={"b": ColumnType.NUMBER, "a": ColumnType.TEXT})
    assert content_of(one) == content_of(other)
    assert content_of(one) != content_of(NO_MAPPING)
