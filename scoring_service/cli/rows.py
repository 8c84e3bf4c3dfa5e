"""CSV and JSON lines, in and out: each row with the line it began on."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import click

FIELD_CHARACTERS_MAX = 1 << 20


def is_csv(path: str) -> bool:
    """Whether a file is read as CSV; any other name is read as JSON lines."""
    return path.lower().endswith(".csv")


def rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a file with their line numbers; blank cells of a CSV are left out.

    Raises click.ClickException naming file and line where a row cannot be read.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from _csv_rows(path, file) if is_csv(path.name) else _json_rows(path, file)


def _csv_rows(path: Path, file: IO[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(FIELD_CHARACTERS_MAX)
    reader = csv.DictReader(file, strict=True)
    try:
        for row in reader:
            if None in row:
                raise click.ClickException(
                    f"{path}:{reader.line_num}: more cells than the header has columns"
                )
            yield reader.line_num, {k: v for k, v in row.items() if v not in ("", None)}
    except csv.Error as error:
        raise click.ClickException(f"{path}:{reader.line_num}: {error}") from error


def _json_rows(path: Path, file: IO[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise click.ClickException(f"{path}:{number}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise click.ClickException(f"{path}:{number}: a line must be a JSON object")
        yield number, row


class RowWriter:
    """Writes rows as CSV (by the file's name) or JSON lines."""

    def __init__(self, file: IO[str], as_csv: bool, columns: Sequence[str]) -> None:
        """`columns` are those of the CSV; JSON lines carry whatever a row has."""
        self._file = file
        self._csv = csv.DictWriter(file, columns, extrasaction="ignore") if as_csv else None
        if self._csv:
            self._csv.writeheader()

    def write(self, row: Mapping[str, Any]) -> None:
        """One row; what a CSV has no cell for is left out there."""
        if self._csv:
            self._csv.writerow(row)
        else:
            self._file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
