"""CSV and JSON lines, in and out: each row with the line it began on."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

from scoring_service.cli.instant import SHOWN_MAX
from scoring_service.cli.problem import Problem

FIELD_CHARACTERS_MAX = 1 << 20
STDIN = STDOUT = "-"
OTHER_SEPARATORS = ";\t|"
"""What spreadsheets in other languages, and databases, put between columns."""


class BadRow(ValueError):
    """A row that cannot be taken; the message says what is wrong with it."""


def shown(value: object) -> str:
    """A value as a refusal shows it, not all of a long one."""
    said = repr(value)
    return said if len(said) <= SHOWN_MAX else f"{said[:SHOWN_MAX]}..."


Row = dict[str, Any]
Numbered = tuple[int, Row | BadRow]
"""The line a row began on, and the row or what is wrong with it."""

Raw = tuple[int, str | Row | BadRow]
"""The same, a line of JSON not looked at yet."""


def is_csv(path: str) -> bool:
    """Whether a file is read as CSV; any other name is read as JSON lines."""
    return path.lower().endswith(".csv")


def rows(path: str) -> Iterator[Numbered]:
    """The rows of a file (`-` is stdin, as JSON lines); blank cells of a CSV are left out.

    Raises Problem where the file as a whole cannot be read.
    """
    for number, raw in raw_rows(path):
        yield number, row_of(raw)


def row_of(raw: str | Row | BadRow) -> Row | BadRow:
    """A row that was read, or what is wrong with it."""
    return _of_line(raw) if isinstance(raw, str) else raw


def raw_rows(path: str) -> Iterator[Raw]:
    """The rows of a file as `rows` reads them, those of JSON still as lines: to be looked at by
    whoever has the time.
    """
    try:
        with _opened(path) as file:
            yield from csv_rows(file) if is_csv(path) else json_lines(file)
    except UnicodeDecodeError as error:
        raise Problem(f"{path} is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Problem(f"{path}: {error}") from error


def _opened(path: str) -> AbstractContextManager[IO[str]]:
    if path == STDIN:
        return nullcontext(utf8(sys.stdin, "utf-8-sig"))
    return Path(path).open(encoding="utf-8-sig", newline="")


def utf8(stream: IO[str], encoding: str = "utf-8") -> IO[str]:
    """A standard stream that carries rows: UTF-8 like every file of them, whatever the locale."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding=encoding)
    return stream


def csv_rows(file: Iterable[str]) -> Iterator[Numbered]:
    """The rows below the header. ValueError for a header that is not there or cannot be read, in
    which a column stands twice, or that has other signs between its columns than commas.
    """
    csv.field_size_limit(FIELD_CHARACTERS_MAX)
    reader = csv.reader(file, strict=True)
    header = _header(reader)
    began = reader.line_num + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield began, BadRow(str(error))
        else:
            if any(cells):  # spreadsheets end in rows of commas
                yield began, _of_cells(header, cells)
        began = reader.line_num + 1


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = [cell.strip() for cell in next(reader, [])]
    except csv.Error as error:
        raise ValueError(f"its header cannot be read: {error}") from error
    if not any(header):
        raise ValueError("there is no header; its first line names the columns")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise ValueError(f"the column {twice[0]!r} stands twice in the header")
    other = next((sign for sign in OTHER_SEPARATORS if sign in header[0]), "")
    if len(header) == 1 and other:
        raise ValueError(f"its columns stand between {other!r}; save it with commas")
    return header


def _of_cells(header: Sequence[str], cells: Sequence[str]) -> Row | BadRow:
    if len(cells) > len(header):
        return BadRow(f"{len(cells)} cells where the header has {len(header)} columns")
    row = {name: cell for name, cell in zip(header, cells, strict=False) if cell != ""}
    if "" in row:
        return BadRow(f"{shown(row[''])} stands in a column that the header does not name")
    return row


def json_lines(file: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines, each with its number; blank lines are passed over."""
    for number, line in enumerate(file, 1):
        if line.strip():
            yield number, line


def _of_line(line: str) -> Row | BadRow:
    try:
        row = json.loads(line)
        if "\\u" in line:
            json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        return BadRow(f"{error.object[error.start]!r} is half a letter; write both \\u of it")
    except (ValueError, RecursionError) as error:
        return BadRow(f"not JSON: {error}")
    return row if isinstance(row, dict) else BadRow("a line must be a JSON object")


class RowWriter:
    """Writes rows as CSV or as JSON lines."""

    def __init__(self, file: IO[str], columns: Sequence[str] | None) -> None:
        """`columns` are those of a CSV, dotted where a row is nested; None writes JSON lines."""
        self._file, self._columns = file, columns
        self._csv = csv.writer(file)
        if columns is not None:
            self._csv.writerow(columns)

    def write(self, row: Mapping[str, Any]) -> None:
        """One row; what a CSV has no column for is left out there."""
        if self._columns is not None:
            self._csv.writerow([_cell(row, column) for column in self._columns])
        else:
            self._file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def _cell(row: Mapping[str, Any], column: str) -> Any:
    value: Any = row
    for name in column.split("."):
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    if isinstance(value, bool):
        return str(value).lower()
    return "|".join(map(str, value)) if isinstance(value, list) else value
