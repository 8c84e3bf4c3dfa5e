"""Files in and out: every row with its line, every bad row named and the others read."""

import csv
import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.cli.files.rows import (
    FIELD_CHARACTERS_MAX,
    BadRow,
    RowWriter,
    csv_rows,
    is_csv,
    json_lines,
    row_of,
    rows,
    shown,
)
from scoring_service.cli.problem import Problem


def _file(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param(
            "a.csv",
            "lead_id,country\nx,DE\ny,\n",
            [(2, {"lead_id": "x", "country": "DE"}), (3, {"lead_id": "y"})],
            id="a blank cell is left out",
        ),
        pytest.param(
            "a.csv",
            '\ufefflead_id,company_name\nx,"A, B\nand C"\ny,D\n',
            [
                (2, {"lead_id": "x", "company_name": "A, B\nand C"}),
                (4, {"lead_id": "y", "company_name": "D"}),
            ],
            id="a spreadsheet's byte order mark and a quoted line break are understood",
        ),
        pytest.param(
            "a.csv",
            "lead_id\n\nx\n",
            [(3, {"lead_id": "x"})],
            id="blank lines of a CSV are passed over",
        ),
        pytest.param(
            "a.csv",
            "lead_id , country\nx,DE\n",
            [(2, {"lead_id": "x", "country": "DE"})],
            id="blanks around a column's name do not count",
        ),
        pytest.param(
            "a.csv",
            "lead_id,country\nx\n",
            [(2, {"lead_id": "x"})],
            id="cells missing at the end are blank",
        ),
        pytest.param(
            "a.jsonl",
            '{"leadId": "x"}\n\n{"leadId": "y"}\n',
            [(1, {"leadId": "x"}), (3, {"leadId": "y"})],
            id="blank lines of JSON lines are passed over",
        ),
        pytest.param(
            "a.csv",
            "lead_id,country\r\nx,DE\r\ny,US\r\n",
            [(2, {"lead_id": "x", "country": "DE"}), (3, {"lead_id": "y", "country": "US"})],
            id="lines end as another system ends them",
        ),
        pytest.param(
            "a.csv",
            'lead_id,company_name\nx,"Ann ""the"" Best"\ny,O\'Hara\n',
            [
                (2, {"lead_id": "x", "company_name": 'Ann "the" Best'}),
                (3, {"lead_id": "y", "company_name": "O'Hara"}),
            ],
            id="a quote in quotes stands twice",
        ),
        pytest.param(
            "a.csv",
            "lead_id,country\nx,DE\n,\n,\n",
            [(2, {"lead_id": "x", "country": "DE"})],
            id="the rows of commas that a spreadsheet ends in are passed over",
        ),
        pytest.param(
            "a.csv",
            "lead_id,,country,\nx,,DE,\n",
            [(2, {"lead_id": "x", "country": "DE"})],
            id="columns without a name and without a cell are passed over",
        ),
        pytest.param(
            "a.csv",
            "a;b,lead_id\n1,x\n",
            [(2, {"a;b": "1", "lead_id": "x"})],
            id="a semicolon in one of several names is part of it",
        ),
        pytest.param(
            "a.csv",
            'lead_id,note\nx,"a\r\nb"\ny,c',
            [(2, {"lead_id": "x", "note": "a\r\nb"}), (4, {"lead_id": "y", "note": "c"})],
            id="the last line needs no end, and a line break in a cell stays what it is",
        ),
        pytest.param(
            "a.csv",
            "lead_id,country\nx, DE \n",
            [(2, {"lead_id": "x", "country": " DE "})],
            id="blanks around a cell are left to whoever reads it",
        ),
        pytest.param(
            "a.jsonl",
            '\ufeff{"lead_id": "x"}\r\n{"lead_id": "y"}',
            [(1, {"lead_id": "x"}), (2, {"lead_id": "y"})],
            id="JSON lines may have a byte order mark and other ends of lines too",
        ),
        pytest.param(
            "a.jsonl",
            r'{"a": "\ud83d\ude00 \u00fc"}',
            [(1, {"a": "😀 ü"})],
            id="letters of a JSON line may be written as escapes",
        ),
        pytest.param("a.csv", "lead_id,country\n", [], id="a header alone has no rows"),
        pytest.param("a.jsonl", "", [], id="an empty JSON lines file has no rows"),
        pytest.param("a.jsonl", "\n \n\t\n", [], id="nor has one of blank lines"),
    ],
)
def test_rows_come_with_the_lines_they_began_on(
    tmp_path: Path, name: str, text: str, expected: list[tuple[int, dict[str, str]]]
) -> None:
    assert list(rows(_file(tmp_path, name, text))) == expected


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        pytest.param("a.csv", "a,b\n1,2,3\n4,5\n", 2, "3 cells", id="too many cells"),
        pytest.param("a.csv", 'a,b\n1,"2"x\n4,5\n', 2, "expected", id="text behind a quote"),
        pytest.param("a.jsonl", '{"a":\n{"a": 4}\n', 1, "not JSON", id="half an object"),
        pytest.param("a.jsonl", '[1]\n{"a": 4}\n', 1, "JSON object", id="a list"),
        pytest.param(
            "a.csv",
            "a,,\n1,,stray\n4,,\n",
            2,
            "^'stray' stands in a column that the header does not name$",
            id="a cell below no name",
        ),
        pytest.param(
            "a.csv",
            f"a\n{'x' * (FIELD_CHARACTERS_MAX + 1)}\n4\n",
            2,
            "field larger than field limit",
            id="a cell one letter beyond what is taken",
        ),
        pytest.param("a.jsonl", '"a"\n{"a": 4}\n', 1, "JSON object", id="a text"),
        pytest.param("a.jsonl", 'null\n{"a": 4}\n', 1, "JSON object", id="null"),
        pytest.param("a.jsonl", '{"a": 1},\n{"a": 4}\n', 1, "not JSON: Extra", id="a comma behind"),
        pytest.param("a.jsonl", "{'a': 1}\n{\"a\": 4}\n", 1, "not JSON", id="single quotes"),
        pytest.param(
            "a.jsonl", '{"b": "\\ud83d"}\n{"a": 4}\n', 1, "is half a letter", id="half a letter"
        ),
        pytest.param(
            "a.jsonl", '{"\\ude00": 1}\n{"a": 4}\n', 1, "half a letter", id="half a name's letter"
        ),
        pytest.param(
            "a.jsonl", f'{{"b": {"9" * 5000}}}\n{{"a": 4}}\n', 1, "digits", id="endless digits"
        ),
        pytest.param(
            "a.jsonl", "[" * 100_000 + '\n{"a": 4}\n', 1, "not JSON", id="brackets without end"
        ),
    ],
)
def test_a_bad_row_is_named_and_the_next_one_is_read(
    tmp_path: Path, name: str, text: str, line: int, message: str
) -> None:
    (where, bad), (_, good) = rows(_file(tmp_path, name, text))
    assert where == line
    assert isinstance(bad, BadRow)
    assert re.search(message, str(bad))
    assert not isinstance(good, BadRow)
    assert str(good["a"]) == "4"


def test_a_quote_that_never_closes_is_named_where_it_opens(tmp_path: Path) -> None:
    ((line, bad),) = rows(_file(tmp_path, "a.csv", 'a,b\n"1,2\n3,4\n'))
    assert line == 2
    assert isinstance(bad, BadRow)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("a.csv", b"a,a\n1,2\n", "'a' stands twice", id="a column that stands twice"),
        pytest.param("a.csv", b"a;b\n1;2\n", "between ';'; save it with commas", id="semicolons"),
        pytest.param("a.csv", b"a\tb\n1\t2\n", "save it with commas", id="tabs"),
        pytest.param("a.csv", b"a|b\n1|2\n", "between '|'; save it with commas", id="bars"),
        pytest.param("a.csv", "a\nMünchen\n".encode("latin-1"), "UTF-8", id="another encoding"),
        pytest.param("a.csv", "a,b\n".encode("utf-16"), "save it as UTF-8", id="a sheet's Unicode"),
        pytest.param("a.jsonl", b'{"a": "\xff"}\n', "save it as UTF-8", id="bytes in JSON lines"),
        pytest.param("a.csv", b"", "no header; its first line names the columns", id="nothing"),
        pytest.param("a.csv", b"\nlead_id\nx\n", "no header", id="a blank line for a header"),
        pytest.param("a.csv", b",,\n1,2,3\n", "no header", id="a header of commas"),
        pytest.param("a.csv", b'"a,b\n1,2\n', "its header cannot be read: ", id="an open quote"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_a_problem(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(Problem, match=message):
        list(rows(str(file)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b'{"a": "1"}\n', {"a": "1"}, id="as it is"),
        pytest.param(b'\xef\xbb\xbf{"a": "1"}\n', {"a": "1"}, id="behind a byte order mark"),
        pytest.param('{"a": "Zoë"}\n'.encode(), {"a": "Zoë"}, id="in UTF-8, whatever the locale"),
    ],
)
def test_stdin_is_json_lines(
    monkeypatch: pytest.MonkeyPatch, content: bytes, said: dict[str, str]
) -> None:
    monkeypatch.setitem(vars(sys), "stdin", io.TextIOWrapper(io.BytesIO(content), "ascii"))
    assert list(rows("-")) == [(1, said)]


def test_stdin_that_is_no_utf8_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b'{"a": "\xff"}\n'), errors="surrogateescape")
    monkeypatch.setitem(vars(sys), "stdin", stdin)
    with pytest.raises(Problem, match="- is not UTF-8 text; save it as UTF-8"):
        list(rows("-"))


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
TABLE = st.lists(st.lists(TEXT, min_size=3, max_size=3).filter(any), max_size=5)


@settings(max_examples=40)
@given(TABLE)
def test_a_csv_is_read_as_it_was_written(table: list[list[str]]) -> None:
    """Whatever stands in the cells; blank ones are left out, and lines are those cells begin on."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["a", "b", "c"], *table])
    file.seek(0)
    found = list(csv_rows(file))
    assert [row for _, row in found] == [
        {name: cell for name, cell in zip("abc", cells, strict=True) if cell} for cells in table
    ]
    assert [line for line, _ in found] == sorted({line for line, _ in found}), "one a line"


VALUE = st.none() | st.booleans() | st.integers() | TEXT


@settings(max_examples=40)
@given(st.lists(st.dictionaries(TEXT, VALUE, max_size=3), max_size=3))
def test_json_lines_are_read_as_they_are_written(written: list[dict[str, Any]]) -> None:
    out = io.StringIO(newline="")
    for row in written:
        RowWriter(out, None).write(row)
    out.seek(0)
    assert [row_of(raw) for _, raw in json_lines(out)] == written


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"):
        list(rows(str(tmp_path / "none.csv")))


def test_the_files_name_decides_how_it_is_read() -> None:
    assert is_csv("Leads.CSV")
    assert not is_csv("leads.jsonl")
    assert not is_csv("-")


def test_a_json_line_keeps_its_types(tmp_path: Path) -> None:
    file = tmp_path / "leads.jsonl"
    file.write_text('{"employees": 5, "loan": false}\n')
    ((_, row),) = rows(str(file))
    assert row == {"employees": 5, "loan": False}


def test_csv_out_has_the_columns_asked_for() -> None:
    out = io.StringIO()
    RowWriter(out, ["a", "score.fit", "met", "names", "none"]).write(
        {"a": 1, "score": {"fit": 2.5}, "met": True, "names": ["x", "y"], "other": 3}
    )
    assert out.getvalue().splitlines() == ["a,score.fit,met,names,none", "1,2.5,true,x|y,"]


def test_json_lines_out_carry_the_whole_row() -> None:
    out = io.StringIO()
    RowWriter(out, None).write({"a": 1, "c": "ü"})
    assert out.getvalue() == '{"a":1,"c":"ü"}\n'


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param("many", "'many'", id="a text"),
        pytest.param(5, "5", id="a number"),
        pytest.param("x" * 58, f"'{'x' * 58}'", id="the longest that is shown whole"),
        pytest.param("x" * 59, f"'{'x' * 59}...", id="one letter more is cut"),
        pytest.param("a\nb\x1b", "'a\\nb\\x1b'", id="what would steer a terminal does not"),
    ],
)
def test_a_value_in_a_refusal_is_short_and_harmless(value: object, said: str) -> None:
    assert shown(value) == said


@pytest.mark.parametrize(
    ("row", "line"),
    [
        pytest.param({}, ",,", id="nothing"),
        pytest.param({"a": None}, ",,", id="null"),
        pytest.param({"a": 0, "b": False}, "0,,false", id="zero and false are said"),
        pytest.param({"a": {"x": 1}, "b": [1, "y"]}, "{'x': 1},1,1|y", id="within and lists"),
        pytest.param({"a": 'say "x", y'}, '"say ""x"", y",,', id="quotes and commas"),
        pytest.param({"a": "5", "a.x": "no"}, "5,,", id="a text has nothing within"),
    ],
)
def test_a_row_as_a_line_of_a_csv(row: dict[str, Any], line: str) -> None:
    out = io.StringIO()
    RowWriter(out, ["a", "a.x", "b"]).write(row)
    assert out.getvalue().splitlines()[1] == line
