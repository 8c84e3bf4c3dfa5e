"""Files of rows: CSV in its varieties, gzip, Parquet; and what cannot be read."""

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.cells import cells_of
from scoring_service.calibration.rows.sheet import Limits, Sheet, read_sheet
from scoring_service.calibration.table import MISSING


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Sheet]:
    def of(content: bytes) -> Sheet:
        path = tmp_path / "leads.csv"
        path.write_bytes(content)
        return read_sheet(path)

    return of


def texts(sheet: Sheet) -> dict[str, list[str | None]]:
    return {
        name: [None if code == MISSING else cells.levels[code] for code in cells.codes]
        for name, cells in sheet.columns.items()
    }


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"a,b\n1,x\n2,\n", id="commas"),
        pytest.param(b"a;b\n1;x\n2;\n", id="semicolons"),
        pytest.param(b"a\tb\n1\tx\n2\t\n", id="tabs"),
        pytest.param(b"a|b\r\n1|x\r\n2|\r\n", id="bars, and lines as Windows ends them"),
        pytest.param(b'"a","b"\n"1","x"\n"2",""\n', id="quotes"),
        pytest.param(b"\xef\xbb\xbfa,b\n1,x\n2,\n", id="a byte order mark"),
        pytest.param(b" a , b\n 1,x \n2,  \n", id="outer blanks, which count for nothing"),
        pytest.param(b"a,b\n1,x\n\n2,\n\n", id="empty lines"),
        pytest.param(b"a,b\r1,x\r2,\r", id="lines as an old Mac ends them"),
        pytest.param(gzip.compress(b"a,b\n1,x\n2,\n"), id="gzip"),
        pytest.param(gzip.compress(b"a,b\n1,x") + gzip.compress(b"\n2,\n"), id="gzip in parts"),
    ],
)
def test_the_same_rows_however_they_are_written(
    read: Callable[[bytes], Sheet], content: bytes
) -> None:
    assert texts(read(content)) == {"a": ["1", "2"], "b": ["x", None]}


def test_a_quoted_cell_may_hold_separators_quotes_and_lines(
    read: Callable[[bytes], Sheet],
) -> None:
    found = read(b'a,b\n"x, ""y""\nz",1\n')
    assert texts(found) == {"a": ['x, "y"\nz'], "b": ["1"]}


def test_a_name_in_brackets_is_no_json(read: Callable[[bytes], Sheet]) -> None:
    assert texts(read(b"[a],[b]\n1,2\n")) == {"[a]": ["1"], "[b]": ["2"]}


def test_a_row_may_be_longer_than_what_is_read_at_a_time_by_default(
    read: Callable[[bytes], Sheet],
) -> None:
    long = "x" * 900_000
    content = "a,b,c\n" + "\n".join([f"{long},{long},{long}", "1,2,3"])
    assert [len(cell or "") for cell in texts(read(content.encode()))["c"]] == [900_000, 1]


def test_a_column_without_a_name_is_left_out_with_a_note(read: Callable[[bytes], Sheet]) -> None:
    found = read(b",a\n0,x\n1,y\n")
    assert texts(found) == {"a": ["x", "y"]}
    assert found.notes == ("column 1 has no name and is left out",)


def test_parquet_as_the_texts_that_a_csv_would_have(tmp_path: Path) -> None:
    table = pa.table(
        {
            "whole": pa.array([1, None], pa.int64()),
            "number": [1.5, 2.0],
            "truth": [True, None],
            "word": pa.array(["x", "x"]).dictionary_encode(),
            "day": [date(2026, 1, 2), None],
            "at": pa.array([datetime(2026, 1, 2, 3, tzinfo=UTC), None]),
            "list": [[1], [2]],
        }
    )
    path = tmp_path / "leads.parquet"
    pyarrow.parquet.write_table(table, path)
    found = read_sheet(path)
    assert texts(found) == {
        "whole": ["1", None],
        "number": ["1.5", "2"],
        "truth": ["true", None],
        "word": ["x", "x"],
        "day": ["2026-01-02", None],
        "at": ["2026-01-02 03:00:00.000000Z", None],
    }
    assert found.notes == ("'list' holds lists or records and is left out",)


CSV_REFUSALS = [
    pytest.param(b"", "leads.csv is empty; a header and rows are needed", id="an empty file"),
    pytest.param(b" \n", "leads.csv is empty; a header and rows are needed", id="a blank file"),
    pytest.param(b"a,b\n", "leads.csv has no rows below its header", id="a header alone"),
    pytest.param(
        b"a,b\n1,2\n3\n",
        "leads.csv:3: the row has 1 cells where the header has 2; mend the row, or quote what holds"
        " a ','",
        id="a short row",
    ),
    pytest.param(
        b'a,b\n1,2\n"3,4\n5,6\n7,8\n',
        "leads.csv:3: the row has 1 cells where the header has 2; a quote in it spans 3 lines:"
        " close the quote, or mend the row",
        id="a quote that is not closed, at the line where it begins",
    ),
    pytest.param(
        b'a,b\n1,2\n3,"4\n5,6\n7,8\n',
        "leads.csv:3: a quote is opened in the last cell and never closed; close it",
        id="one in the last column, which would take all rows that follow",
    ),
    pytest.param(
        b'a,b\n1,2\n3,"4\n5,6',
        "leads.csv:3: a quote is opened in the last cell and never closed; close it",
        id="the same in a file without a last line's end",
    ),
    pytest.param(
        b"\xef\xbb\xbf\n", "leads.csv is empty; a header and rows are needed", id="a mark alone"
    ),
    pytest.param(
        b"ARROW1\0\0\xff", "leads.csv is an Arrow file; CSV or Parquet is read here", id="Arrow"
    ),
    pytest.param(
        b'a;b\n"x\ny";1\n1;2;3\n',
        "leads.csv:4: the row has 3 cells where the header has 2; mend the row, or quote what holds"
        " a ';'",
        id="a long row, by its line even after a cell of two lines",
    ),
    pytest.param(
        b"a,b,a,c,a\n1,2,3,4,5\n",
        "leads.csv: the columns 1 and 3 and 5 are all called 'a'; give each its own name",
        id="columns of one name",
    ),
    pytest.param(
        "a,b\n1,é\n".encode("latin-1"),
        "leads.csv is not UTF-8 text; save it as UTF-8",
        id="another encoding",
    ),
    pytest.param(
        "a,b\n1,2\n".encode("utf-16"),
        "leads.csv is not UTF-8 text; save it as UTF-8",
        id="UTF-16, as spreadsheets write it",
    ),
    pytest.param(
        b"\x1f\x8b\x08 no gzip",
        "leads.csv is no gzip file that can be read:",
        id="what only begins like gzip",
    ),
    pytest.param(
        gzip.compress(b"a,b\n1,2\n")[:-9],
        "leads.csv ends in the middle; fetch it again",
        id="half a gzip file",
    ),
    pytest.param(
        b"PK\x03\x04 workbook",
        "leads.csv is a spreadsheet or an archive; save it as CSV (UTF-8)",
        id="a workbook",
    ),
    pytest.param(
        b'{"lead_id": "a"}\n', "leads.csv is JSON; CSV or Parquet is read here", id="JSON lines"
    ),
    pytest.param(
        b"PAR1 no parquet",
        "leads.csv is no Parquet file that can be read:",
        id="what only begins like Parquet",
    ),
]


@pytest.mark.parametrize(("content", "said"), CSV_REFUSALS)
def test_what_cannot_be_read_is_told_with_its_place(
    read: Callable[[bytes], Sheet], content: bytes, said: str
) -> None:
    with pytest.raises(CalibrationProblem) as problem:
        read(content)
    assert str(problem.value).startswith(said)


def test_a_file_that_is_not_there_and_one_that_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CalibrationProblem, match=r"there is no file .*nowhere\.csv"):
        read_sheet(tmp_path / "nowhere.csv")
    with pytest.raises(CalibrationProblem, match="cannot be read: Is a directory"):
        read_sheet(tmp_path)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        pytest.param(
            Limits(rows=1), "has 2 rows, more than 1; take a sample by lead", id="of rows"
        ),
        pytest.param(
            Limits(columns=1), "has 2 columns, more than 1; leave some out", id="of columns"
        ),
        pytest.param(Limits(bytes=11), "has more than 11 bytes; take fewer rows", id="of bytes"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_limits_are_told(
    tmp_path: Path, pack: Callable[[bytes], bytes], limits: Limits, said: str
) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(pack(b"a,b\n1,2\n3,4\n"))
    assert len(read_sheet(path)) == 2
    with pytest.raises(CalibrationProblem, match=said):
        read_sheet(path, limits)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=6)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8))
def test_any_text_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("sheet") / "leads.csv"
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path.write_text("\n".join(["a,b", *quoted]), encoding="utf-8", newline="")
    stripped = [[cell.strip() or None for cell in column] for column in zip(*rows, strict=True)]
    assert list(texts(read_sheet(path)).values()) == stripped


def test_the_digest_is_that_of_the_bytes(read: Callable[[bytes], Sheet]) -> None:
    assert read(b"a\n1\n").digest == read(b"a\n1\n").digest != read(b"a\n2\n").digest


@given(st.lists(st.none() | st.sampled_from(["a", "b", " a", "", "c"]), min_size=1))
def test_cells_count_blank_and_lose_what_they_are_told(cells: list[str | None]) -> None:
    plain = [(text or "").strip() for text in cells]
    found = cells_of(cells)
    assert found.filled.tolist() == [bool(text) for text in plain]
    counts = dict(zip(found.levels, found.counts.tolist(), strict=True))
    assert counts == {text: plain.count(text) for text in plain if text}
    left = found.without(lambda text: text == "a")
    assert left.filled.tolist() == [text not in ("", "a") for text in plain]
    every_second = np.arange(len(cells)) % 2 == 0
    assert found.blanked(every_second).filled.tolist() == [
        bool(text) and place % 2 == 1 for place, text in enumerate(plain)
    ]
    assert set(left.used()) == {text for text in plain if text not in ("", "a")}


def test_a_level_that_no_cell_holds_is_not_used() -> None:
    cells: Any = cells_of(["a", "b", "a"]).rows(np.array([0, 2]))
    assert (cells.levels, cells.used(), cells.counts.tolist()) == (("a", "b"), ("a",), [2, 0])
