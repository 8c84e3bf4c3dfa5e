"""Files in and out: every row with its line, every bad row named and the others read."""

import io
from pathlib import Path

import pytest

from scoring_service.cli.files.rows import BadRow, RowWriter, is_csv, rows
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
        pytest.param("a.csv", "", [], id="an empty CSV has no rows"),
        pytest.param("a.jsonl", "", [], id="an empty JSON lines file has no rows"),
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
    assert message in str(bad)
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
        pytest.param("a.csv", "a\nMünchen\n".encode("latin-1"), "UTF-8", id="another encoding"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_a_problem(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(Problem, match=message):
        list(rows(str(file)))


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
