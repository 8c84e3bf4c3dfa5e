"""A file of rows: CSV, plain or gzip, or Parquet, read as columns of texts."""

import csv
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.cells import Cells, encoded

FIELD_CHARACTERS_MAX = 1 << 20
BLOCK_BYTES = 1 << 24
"""Read at a time: more than a row may have."""

SEPARATORS = ",;\t|"

_PARQUET, _GZIP, _ZIP, _MARK = b"PAR1", b"\x1f\x8b", b"PK\x03\x04", b"\xef\xbb\xbf"
_ARROW = (b"ARROW1", b"FEA1")
_JSON = re.compile(rb"\s*(\{|\[\s*[\[{])")
_TEXTS = pa.dictionary(pa.int32(), pa.string())


class Limits(NamedTuple):
    """The most that is read; `bytes` of a file, and of what a compressed one holds."""

    rows: int = 2_000_000
    columns: int = 1_000
    bytes: int = 1 << 30


LIMITS = Limits()


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A file's n rows by column, in the file's order. `digest` is the sha256 of its bytes."""

    file: str
    columns: Mapping[str, Cells]
    digest: str
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


def read_sheet(path: Path, limits: Limits = LIMITS) -> Sheet:
    """The rows of a file; CalibrationProblem where it is none, or more than we take.

    The separator of a CSV is the one of `,` `;` tab `|` that parts its header into most columns.
    """
    content = _content(path, limits)
    digest = sha256(content).hexdigest()
    _refuse_others(path.name, content)
    if content.startswith(_PARQUET):
        columns, notes = _parquet(path.name, content, limits)
    else:
        text = _unpacked(path.name, content, limits).removeprefix(_MARK)
        columns, notes = _csv(path.name, text, limits)
    sheet = Sheet(path.name, columns, digest, notes)
    if not columns or not len(sheet):
        raise CalibrationProblem(f"{path.name} has no rows below its header")
    return sheet


def _content(path: Path, limits: Limits) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CalibrationProblem(f"there is no file {path}") from None
    except OSError as error:
        raise CalibrationProblem(f"{path} cannot be read: {error.strerror}") from None
    if not content.removeprefix(_MARK).strip():
        raise CalibrationProblem(f"{path.name} is empty; a header and rows are needed")
    return _within(path.name, content, limits)


def _refuse_others(file: str, content: bytes) -> None:
    """What people often give instead of what is read."""
    if content.startswith(_ZIP):
        raise CalibrationProblem(f"{file} is a spreadsheet or an archive; save it as CSV (UTF-8)")
    if content.startswith(_ARROW):
        raise CalibrationProblem(f"{file} is an Arrow file; CSV or Parquet is read here")
    if _JSON.match(content):
        raise CalibrationProblem(f"{file} is JSON; CSV or Parquet is read here")


def _within(file: str, content: bytes, limits: Limits) -> bytes:
    if len(content) > limits.bytes:
        raise CalibrationProblem(f"{file} has more than {limits.bytes:,} bytes; take fewer rows")
    return content


def _unpacked(file: str, content: bytes, limits: Limits) -> bytes:
    if not content.startswith(_GZIP):
        return content
    parts, left = [], content
    room = limits.bytes + 1
    try:
        while left and room > 0:
            reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
            parts.append(reader.decompress(left, room))
            room -= len(parts[-1])
            if not reader.eof and room > 0:
                raise CalibrationProblem(f"{file} ends in the middle; fetch it again")
            left = reader.unused_data
    except zlib.error as error:
        raise CalibrationProblem(f"{file} is no gzip file that can be read: {error}") from None
    return _within(file, b"".join(parts), limits)


def _csv(file: str, content: bytes, limits: Limits) -> tuple[dict[str, Cells], tuple[str, ...]]:
    separator = _separator(content)
    try:
        header: list[str] = next(_rows(content, separator), [])
    except (UnicodeDecodeError, csv.Error):
        raise _wrong_csv(file, content, separator, "its header cannot be read") from None
    names = _named(file, header, limits)
    places = [str(place) for place in range(len(names))]
    try:
        table = pyarrow.csv.read_csv(
            BytesIO(content),
            pyarrow.csv.ReadOptions(
                column_names=places, skip_rows_after_names=1, block_size=BLOCK_BYTES
            ),
            pyarrow.csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(places, _TEXTS), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        raise _wrong_csv(file, content, separator, str(error)) from None
    _refuse_open_quote(file, content, table)
    return _columns(file, names, table, limits)


def _refuse_open_quote(file: str, content: bytes, table: Any) -> None:
    """A quote in a last column that is never closed: it takes the rest of the file for one cell."""
    last: str = table.column(table.num_columns - 1)[-1].as_py() if table.num_rows else ""
    if "\n" in last and not content.rstrip().endswith(b'"'):
        line = content.count(b"\n") - last.count("\n") + 1
        raise CalibrationProblem(
            f"{file}:{line}: a quote is opened in the last cell and never closed; close it"
        )


def _separator(content: bytes) -> str:
    header = content.partition(b"\n")[0]
    return max(SEPARATORS, key=lambda separator: header.count(separator.encode()))


def _rows(content: bytes, separator: str) -> Any:
    csv.field_size_limit(FIELD_CHARACTERS_MAX)
    text = TextIOWrapper(BytesIO(content), encoding="utf-8", newline="")
    return csv.reader(text, delimiter=separator)


def _wrong_csv(file: str, content: bytes, separator: str, said: str) -> CalibrationProblem:
    """What is wrong with a CSV that could not be read, found by reading it row by row."""
    reader = _rows(content, separator)
    try:
        header: list[str] = next(reader, [])
        begins = reader.line_num + 1
        for row in reader:
            if row and len(row) != len(header):
                return CalibrationProblem(
                    f"{file}:{begins}: the row has {len(row)} cells where the header has"
                    f" {len(header)}; {_mend_row(row, separator)}"
                )
            begins = reader.line_num + 1
    except UnicodeDecodeError:
        return CalibrationProblem(f"{file} is not UTF-8 text; save it as UTF-8")
    except csv.Error as error:
        return CalibrationProblem(f"{file}:{reader.line_num}: {error}; mend the row")
    said = said.partition(": Row")[0]
    return CalibrationProblem(f"{file} cannot be read as CSV ({said}); save it as CSV (UTF-8)")


def _mend_row(row: Sequence[str], separator: str) -> str:
    if lines := max((cell.rstrip("\n").count("\n") for cell in row), default=0):
        return f"a quote in it spans {lines + 1:,} lines: close the quote, or mend the row"
    return f"mend the row, or quote what holds a '{separator}'"


def _named(file: str, header: Sequence[str], limits: Limits) -> list[str]:
    """The names of the columns; two of one name are refused."""
    names = [name.strip() for name in header]
    if len(names) > limits.columns:
        raise CalibrationProblem(
            f"{file} has {len(names):,} columns, more than {limits.columns:,}; leave some out"
        )
    for name, times in Counter(filter(None, names)).items():
        if times > 1:
            places = " and ".join(str(at + 1) for at, known in enumerate(names) if known == name)
            raise CalibrationProblem(
                f"{file}: the columns {places} are all called '{name}'; give each its own name"
            )
    return names


def _columns(
    file: str, names: Sequence[str], table: Any, limits: Limits
) -> tuple[dict[str, Cells], tuple[str, ...]]:
    if table.num_rows > limits.rows:
        raise CalibrationProblem(
            f"{file} has {table.num_rows:,} rows, more than {limits.rows:,}; take a sample by lead"
        )
    columns: dict[str, Cells] = {}
    notes = []
    for place, name in enumerate(names):
        if not name:
            notes.append(f"column {place + 1} has no name and is left out")
        elif pa.types.is_nested(table.schema.field(place).type):
            notes.append(f"'{name}' holds lists or records and is left out")
        else:
            columns[name] = _cells(table.column(place))
    return columns, tuple(notes)


def _cells(column: Any) -> Cells:
    if column.type != _TEXTS:
        column = column.cast(pa.string()).dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], _TEXTS)
    codes = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return encoded(codes, whole.dictionary.to_pylist())


def _parquet(file: str, content: bytes, limits: Limits) -> tuple[dict[str, Cells], tuple[str, ...]]:
    try:
        table = pyarrow.parquet.ParquetFile(BytesIO(content)).read()
    except (pa.ArrowException, OSError) as error:
        raise CalibrationProblem(f"{file} is no Parquet file that can be read: {error}") from None
    return _columns(file, _named(file, table.column_names, limits), table, limits)
