"""Files in and out: every row with its line, every bad row named."""

import io
from pathlib import Path

import click
import pytest

from scoring_service.cli.rows import RowWriter, is_csv, rows


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


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
            '\ufefflead_id,company_name\nx,"A, B\nand C"\n',
            [(3, {"lead_id": "x", "company_name": "A, B\nand C"})],
            id="a spreadsheet's byte order mark and a quoted line break are understood",
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
def test_rows_come_with_their_lines(
    tmp_path: Path, name: str, text: str, expected: list[tuple[int, dict[str, str]]]
) -> None:
    assert list(rows(_file(tmp_path, name, text))) == expected


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        pytest.param("a.csv", "a,b\n1,2,3\n", "a.csv:2: more cells", id="too many cells"),
        pytest.param("a.csv", 'a,b\n"1,2\n', "a.csv:", id="a quote that never closes"),
        pytest.param("a.jsonl", '{"a": 1}\n{"a":\n', "a.jsonl:2: not JSON", id="half an object"),
        pytest.param("a.jsonl", "[1]\n", "a.jsonl:1: a line must be", id="not an object"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(click.ClickException) as caught:
        list(rows(_file(tmp_path, name, text)))
    assert message in caught.value.message


def test_the_files_name_decides_how_it_is_read() -> None:
    assert is_csv("Leads.CSV")
    assert not is_csv("leads.jsonl")


def test_csv_out_has_the_columns_asked_for() -> None:
    out = io.StringIO()
    RowWriter(out, True, ["a", "b"]).write({"a": 1, "c": 3})
    assert out.getvalue().splitlines() == ["a,b", "1,"]


def test_json_lines_out_carry_the_whole_row() -> None:
    out = io.StringIO()
    RowWriter(out, False, ["a"]).write({"a": 1, "c": "ü"})
    assert out.getvalue() == '{"a":1,"c":"ü"}\n'
