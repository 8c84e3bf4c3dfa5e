"""Columns of a file as features: what each is taken for, and what is left out."""

from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.table import Kind
from scoring_service.domain.policy import Policy
from scoring_service.domain.schema import AttributeType


def one(files: Any, cells: list[str], name: str = "x", **asked: Any) -> Any:
    """The readings of a file with one attribute beside an outcome."""
    outcomes = ["won" if place % 2 else "lost" for place in range(len(cells))]
    rows = [f'{outcome},"{cell}"' for outcome, cell in zip(outcomes, cells, strict=True)]
    return files.read("\n".join([f"outcome,{name}", *rows]), **asked).table


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        pytest.param(["1", "2.5", "-3e2"], [1, 2.5, -300], id="numbers of every form"),
        pytest.param(["1", "", "2"], [1, np.nan, 2], id="an empty cell is missing"),
        pytest.param(["1", "NaN", "2"], [1, np.nan, 2], id="a number that is none is missing"),
        pytest.param(["3", "1", "1"], [3, 1, 1], id="whole numbers that are codes stay numbers"),
        pytest.param(["0", "1", "1"], [0, 1, 1], id="naught and one are numbers"),
    ],
)
def test_numbers(files: Any, cells: list[str], values: list[float]) -> None:
    column = one(files, cells).column("x")
    assert (column.kind, column.type) == (Kind.NUMBER, AttributeType.NUMBER)
    np.testing.assert_array_equal(column.values, values)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        pytest.param(["yes", "No", ""], [1, 0, -1], id="yes and no"),
        pytest.param(["TRUE", "false", "true"], [1, 0, 1], id="true and false"),
        pytest.param(["yes", "", "yes"], [1, -1, 1], id="only one of the two, or nothing"),
    ],
)
def test_truth_values(files: Any, cells: list[str], values: list[float]) -> None:
    column = one(files, cells).column("x")
    assert (column.kind, column.type) == (Kind.TEXT, AttributeType.BOOLEAN)
    assert column.levels == ("false", "true")
    assert column.values.tolist() == values


@pytest.mark.parametrize(
    ("cells", "levels", "values"),
    [
        pytest.param(["b", "a", "b", ""], ("a", "b"), [1, 0, 1, -1], id="texts, in their order"),
        pytest.param(["1", "2", "x"], ("1", "2", "x"), [0, 1, 2], id="one text makes all texts"),
        pytest.param(["yes", "no", "unknown"], ("no", "unknown", "yes"), [2, 0, 1], id="a third"),
        pytest.param(["1_000", "2", "3"], ("1_000", "2", "3"), [0, 1, 2], id="no number of ours"),
        pytest.param(["inf", "2", "3"], ("2", "3", "inf"), [2, 0, 1], id="infinity is no number"),
        pytest.param(["1e308", "2"], ("1e308", "2"), [0, 1], id="nor what has no finite double"),
    ],
)
def test_texts(files: Any, cells: list[str], levels: tuple[str, ...], values: list[float]) -> None:
    column = one(files, cells).column("x")
    assert (column.kind, column.type) == (Kind.TEXT, AttributeType.TEXT)
    assert column.levels == levels
    assert column.values.tolist() == values


DATES = (
    "'x' holds dates and is left out; one that says when leads came in or closed is named in the"
    " mapping file: columns: {...: created_at}"
)
COMMAS = (
    "'x' holds numbers with a comma and is left out; write decimals behind a point, and nothing"
    " between thousands"
)
LEFT_OUT = [
    pytest.param(["", "", ""], "'x' is empty and is left out", id="an empty column"),
    pytest.param(["2026-01-01", "2026-01-02", ""], DATES, id="dates"),
    pytest.param(
        ["2026-01-01T10:00:00Z", "2026-01-02 11:00", ""],
        DATES,
        id="instants",
    ),
    pytest.param(["31.12.2025", "1.1.2026", ""], DATES, id="dates in German"),
    pytest.param(
        ["12/31/2025 10:00", "1/1/2026", "1/2/2026"],
        DATES,
        id="dates in American",
    ),
    pytest.param(
        ["1,5", "12.000,75", "3"],
        COMMAS,
        id="a decimal comma",
    ),
    pytest.param(["1,234", "12,000,000", "3"], COMMAS, id="commas between thousands"),
    pytest.param(
        [f"id-{n}" for n in range(60)],
        "'x' has 60 different texts in 60 rows and is left out",
        id="ids",
    ),
    pytest.param(
        [f"word {n // 2} or so" for n in range(140)] + [f"again {n}" for n in range(40)],
        "'x' has 110 different texts in 180 rows and is left out",
        id="free text",
    ),
    pytest.param(
        [f"{n}.5" for n in range(60)] + ["unknown", "n/a"],
        "'x' would be a number but for 'unknown', 'n/a' and is left out; declare what stands for"
        " missing in the mapping file",
        id="numbers but for placeholders",
    ),
]


@pytest.mark.parametrize(("cells", "note"), LEFT_OUT)
def test_what_can_be_no_feature_is_left_out_with_a_note(
    files: Any, cells: list[str], note: str
) -> None:
    table = one(files, cells)
    assert table.columns == ()
    assert note in table.notes


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([f"t{n % 50}" for n in range(50)], id="fifty texts, though all differ"),
        pytest.param([f"t{n % 60}" for n in range(120)], id="two rows a text"),
        pytest.param(["10.0.1", "2.3.4", "2.3.4"], id="versions, which are no dates"),
        pytest.param(["a,5", "1,5", "1,5"], id="texts with a comma"),
        pytest.param(["a", "a", ""], id="one text and nothing"),
        pytest.param(["7", "", "7"], id="one number and nothing"),
    ],
)
def test_what_may_tell_something_stays(files: Any, cells: list[str]) -> None:
    assert [column.name for column in one(files, cells).columns] == ["x"]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(["7", "7.0", "7"], id="one number"),
        pytest.param(["a", "a", "a"], id="one text"),
        pytest.param(["yes", "yes", "yes"], id="yes, always"),
    ],
)
def test_what_is_the_same_in_every_row_stays_for_a_later_lead_may_differ(
    files: Any, cells: list[str]
) -> None:
    table = one(files, cells)
    assert len(np.unique(table.column("x").values)) == 1
    assert not table.column("x").missing.any()
    assert "'x' is the same in every row" in table.notes
    some = one(files, [*cells[:2], ""])
    assert not any("the same in every row" in note for note in some.notes)


def test_a_whole_number_of_its_own_in_every_row_may_be_an_id(files: Any) -> None:
    table = one(files, [str(n) for n in range(100, 160)])
    assert [column.name for column in table.columns] == ["x"]
    assert (
        "'x' is another whole number in every row: if it is an id, call it lead_id or declare it"
        " ignore in the mapping file" in table.notes
    )
    amounts = one(files, [f"{n}.5" for n in range(60)])
    assert not any("another whole number" in note for note in amounts.notes)


@pytest.mark.parametrize("name", ["email", "full_name", "phone", "company_name", "account_id"])
def test_who_a_lead_is_makes_no_feature(files: Any, name: str) -> None:
    table = one(files, ["a", "b", "a"], name=name)
    assert table.columns == ()
    assert f"{name} say who a lead is, so no feature is made of them" in table.notes


def test_only_rows_that_count_say_what_a_column_is(files: Any) -> None:
    """A text in a row that is left out does not make a text of a column of numbers."""
    table = files.read("x,outcome\n1,won\n2,lost\nx,open").table
    assert table.column("x").kind is Kind.NUMBER


def test_the_mapping_gives_types_and_names(files: Any) -> None:
    table = one(files, ["1", "2", "1"], name="a.b", mapping="{columns: {a.b: ab}}")
    assert [column.name for column in table.columns] == ["ab"]
    text = one(files, ["1", "2", "1"], mapping="types: {x: text}").column("x")
    assert (text.kind, text.levels) == (Kind.TEXT, ("1", "2"))
    truth = one(files, ["1", "0", "y"], mapping="types: {x: boolean}").column("x")
    assert (truth.type, truth.values.tolist()) == (AttributeType.BOOLEAN, [1, 0, 1])
    assert one(files, ["1", "2", "1"], mapping="types: {x: ignore}").columns == ()


def test_texts_that_are_declared_are_texts_whatever_they_look_like(files: Any) -> None:
    column = one(files, ["1,5", "2", "31.12.2025"], mapping="types: {x: text}").column("x")
    assert column.levels == ("1,5", "2", "31.12.2025")


def test_a_declared_number_that_is_none_is_refused_by_its_row(files: Any) -> None:
    with pytest.raises(CalibrationProblem) as problem:
        one(files, ["1", "2", "many"], mapping="types: {x: number}")
    assert str(problem.value) == (
        "leads.csv: row 3: x: 'many' is not of the type number, as the mapping file has it; mend"
        " the cell, or declare it missing in the mapping file"
    )


def test_the_row_that_is_named_is_that_of_the_file_not_of_what_is_left(files: Any) -> None:
    with pytest.raises(CalibrationProblem, match="row 3: x: 'many' is not of the type boolean"):
        files.read("x,outcome\n1,open\n0,won\nmany,lost", mapping="types: {x: boolean}")


def test_attributes_yaml_gives_the_types_of_what_it_declares(files: Any, policy: Policy) -> None:
    table = files.read(
        """
        team_size,employees,budget_approved,seniority,decision_by,technologies,other,outcome
        3,200,1,10,2026-01-01,a|b,1,won
        4,,0,20,,,2,lost
        5,10,y,10,2026-02-01,b,3,won
        """,
        policy=policy,
    ).table
    kinds = {c.name: (c.kind, c.type) for c in table.columns if c.kind is not Kind.CRITERION}
    assert kinds == {
        "team_size": (Kind.NUMBER, AttributeType.INTEGER),
        "employees": (Kind.NUMBER, AttributeType.INTEGER),
        "budget_approved": (Kind.TEXT, AttributeType.BOOLEAN),
        "seniority": (Kind.TEXT, AttributeType.TEXT),
        "other": (Kind.NUMBER, AttributeType.NUMBER),
    }
    assert "'decision_by' is of type date, which no feature is made of" in table.notes
    assert "'technologies' is of type texts, which no feature is made of" in table.notes
    assert any(
        note.startswith("attributes.yaml does not declare other: a server with these rules")
        for note in table.notes
    )


@pytest.mark.parametrize(
    ("column", "cell", "kind"),
    [
        pytest.param("team_size", "many", "number", id="a word for a number"),
        pytest.param("team_size", "2.5", "integer", id="a part of a person"),
        pytest.param("budget_approved", "perhaps", "boolean", id="neither yes nor no"),
        pytest.param("decision_by", "soon", "date", id="no date"),
        pytest.param("decision_by", "2026-02-30", "date", id="a date that is not in the calendar"),
    ],
)
def test_a_cell_that_is_not_what_attributes_yaml_declares_is_refused(
    files: Any, policy: Policy, column: str, cell: str, kind: str
) -> None:
    text = f"{column},outcome\n,won\n{cell},lost\n,won"
    with pytest.raises(CalibrationProblem) as problem:
        files.read(text, policy=policy)
    assert str(problem.value) == (
        f"leads.csv: row 2: {column}: '{cell}' is not of the type {kind}, as attributes.yaml has"
        " it; mend the cell, or declare it missing in the mapping file"
    )
