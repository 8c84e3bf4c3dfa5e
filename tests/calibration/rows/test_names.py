"""Which column of a file is which: by the file's name, by the mapping's, and where both collide."""

from typing import Any

import pytest

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.file_features import attribute_names
from scoring_service.calibration.rows.mapping import ColumnType, Mapping
from scoring_service.calibration.rows.names import (
    called,
    check_mapping,
    outcome_column,
    with_known_names,
    with_needed_names,
)
from scoring_service.calibration.rows.sheet import Sheet, read_sheet


@pytest.fixture
def sheet(files: Any) -> Any:
    """A sheet of one row with these columns."""

    def made(*columns: str) -> Sheet:
        row = ",".join(str(number) for number in range(len(columns)))
        return read_sheet(files.write(f"{','.join(columns)}\n{row}"))

    return made


CALLED = [
    pytest.param("age", {}, "age", id="an attribute keeps the file's name"),
    pytest.param("age", {"age": "years"}, "age", id="under another name, too"),
    pytest.param("came", {"came": "created_at"}, "created_at", id="an instant has ours"),
    pytest.param("id", {"id": "lead_id"}, "lead_id", id="so has the lead's id"),
    pytest.param("closed_at", {}, "closed_at", id="which may be the file's"),
    pytest.param("closed_at", {"closed_at": "till"}, "till", id="unless it is declared another's"),
]


@pytest.mark.parametrize(("column", "names", "expected"), CALLED)
def test_what_a_column_is_called(
    sheet: Any, column: str, names: dict[str, str], expected: str
) -> None:
    mapping = Mapping(columns=names)
    assert called(column, mapping) == expected
    assert list(with_known_names(sheet(column), mapping).columns) == [expected]


def test_columns_keep_their_order_and_their_cells(sheet: Any) -> None:
    mapping = Mapping(columns={"b": "lead_id", "c": "scored_at"})
    known = with_known_names(sheet("a", "b", "c", "d"), mapping)
    assert {name: cells.levels for name, cells in known.columns.items()} == {
        "a": ("0",), "lead_id": ("1",), "scored_at": ("2",), "d": ("3",),
    }  # fmt: skip
    assert list(known.columns) == ["a", "lead_id", "scored_at", "d"]


TWICE = [
    pytest.param({"id": "lead_id"}, "'id' and 'lead_id' would both be called 'lead_id'", id="ours"),
    pytest.param({"id": "age"}, "'id' and 'age' would both be called 'age'", id="an attribute's"),
]


@pytest.mark.parametrize(("names", "said"), TWICE)
def test_two_columns_of_one_name_are_refused(sheet: Any, names: dict[str, str], said: str) -> None:
    with pytest.raises(CalibrationProblem) as problem:
        with_known_names(sheet("id", "lead_id", "age"), Mapping(columns=names))
    assert str(problem.value) == (
        f"leads.csv: {said}; change the name under 'columns' in the mapping file"
    )


def test_two_columns_may_change_their_names_with_each_other(sheet: Any) -> None:
    mapping = Mapping(columns={"scored_at": "created_at", "created_at": "scored_at"})
    known = with_known_names(sheet("scored_at", "created_at"), mapping)
    assert {name: cells.levels for name, cells in known.columns.items()} == {
        "created_at": ("0",),
        "scored_at": ("1",),
    }


IGNORED = [
    pytest.param("closed_at", {}, [], id="one of our names is not there"),
    pytest.param("ended", {"ended": "closed_at"}, [], id="by whatever name it came"),
    pytest.param("age", {}, ["age"], id="an attribute is, and makes no feature later"),
]


@pytest.mark.parametrize(("column", "names", "left"), IGNORED)
def test_what_the_mapping_ignores(
    sheet: Any, column: str, names: dict[str, str], left: list[str]
) -> None:
    mapping = Mapping(columns=names, types={column: ColumnType.IGNORE})
    assert list(with_known_names(sheet(column), mapping).columns) == left


NEEDED = [
    pytest.param(["kind", "at"], {"kind": "type", "at": "when"}, ["type", "when"], id="given"),
    pytest.param(["type", "at"], {"type": "kind"}, ["type", "at"], id="there already"),
    pytest.param(["type", "kind"], {"kind": "type"}, ["type", "kind"], id="there and given: stays"),
    pytest.param(["kind"], {"kind": "other"}, ["kind"], id="not one that is needed"),
]


@pytest.mark.parametrize(("columns", "names", "expected"), NEEDED)
def test_names_that_a_sheet_needs(
    sheet: Any, columns: list[str], names: dict[str, str], expected: list[str]
) -> None:
    found = with_needed_names(sheet(*columns), Mapping(columns=names), ("type", "when"))
    assert list(found.columns) == expected


ATTRIBUTES = [
    pytest.param({}, {}, ["rating", "came", "till"], id="all but the outcome and what is ours"),
    pytest.param({"came": "created_at"}, {}, ["rating", "till"], id="instants are none"),
    pytest.param({}, {"rating": "till"}, ["rating", "came"], id="nor when another one arrives"),
    pytest.param(
        {"till": "closed_at"}, {"rating": "till"}, ["rating", "came"], id="be it an instant of ours"
    ),
]


@pytest.mark.parametrize(("names", "arrives", "expected"), ATTRIBUTES)
def test_which_columns_are_attributes(
    sheet: Any, names: dict[str, str], arrives: dict[str, str], expected: list[str]
) -> None:
    mapping = Mapping(columns=names, arrives=arrives)
    known = with_known_names(sheet("lead_id", "rating", "came", "till", "won"), mapping)
    assert list(attribute_names(known, mapping, "won")) == expected


SPOKEN_OF = [
    pytest.param(Mapping(columns={"agee": "x"}), id="under columns"),
    pytest.param(Mapping(types={"agee": ColumnType.TEXT}), id="under types"),
    pytest.param(Mapping(missing={"agee": ("n/a",)}), id="under missing"),
    pytest.param(Mapping(arrives={"agee": "age"}), id="what arrives"),
    pytest.param(Mapping(arrives={"age": "agee"}), id="when it arrives"),
]


@pytest.mark.parametrize("mapping", SPOKEN_OF)
def test_a_column_that_is_not_there_is_refused_wherever_it_is_spoken_of(mapping: Mapping) -> None:
    with pytest.raises(CalibrationProblem) as problem:
        check_mapping(mapping, "leads.csv", ["age", "won"])
    assert str(problem.value) == (
        "the mapping file speaks of the column 'agee', which leads.csv has not; did you mean 'age'?"
    )


def test_every_column_need_not_be_there() -> None:
    check_mapping(Mapping(missing={"*": ("n/a",)}), "leads.csv", [])


def test_the_outcome_is_the_first_column_of_either_name(sheet: Any) -> None:
    mapping = Mapping(columns={"stage": "result"})
    leads = sheet("age", "stage")
    assert outcome_column(leads, mapping, "stage") == "stage"
    assert outcome_column(leads, mapping, "result") == "stage"
    with pytest.raises(CalibrationProblem, match="no column 'state' to take the outcome from"):
        outcome_column(leads, mapping, "state")
