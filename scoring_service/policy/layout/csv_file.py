"""A decision table laid out: the same rows and cells, written as a spreadsheet would have it."""

import csv
import re
from collections.abc import Collection, Iterator
from io import StringIO

from scoring_service.policy.decision_table import CSV_BYTES_MAX
from scoring_service.policy.decision_table_cell import BadCell, cell_items
from scoring_service.policy.document import decoded
from scoring_service.policy.mistake import Mistake, Mistakes

_QUOTED = re.compile(r'[",\r\n]')


def csv_laid_out(file: str, content: bytes, results: Collection[str] | None = None) -> bytes:
    """The table's canonical text; Mistakes where it is no CSV.

    In all columns but `results` a list such as `DE|AT` loses blanks and repetitions, and keeps its
    order; in none where `results` is None.

    >>> csv_laid_out("t.csv", b'country , pool\\r\\n"DE| AT |DE",  a \\r\\n,,\\r\\n', {"pool"})
    b'country,pool\\nDE|AT,a\\n'
    """
    if len(content) > CSV_BYTES_MAX:
        what = f"the file has {len(content):,} bytes, more than {CSV_BYTES_MAX:,}"
        raise Mistakes([Mistake(file, 1, "$", what, "split it into several tables")])
    rows = list(_trimmed(_rows(file, decoded(file, content))))
    if not rows:
        return b""
    known = rows[0] if results is None else results
    columns = [number for number, name in enumerate(rows[0]) if name not in known]
    for row in rows[1:]:
        for number in columns:
            if number < len(row):
                row[number] = _list(row[number])
    return "".join(f"{','.join(map(_written, row))}\n" for row in rows).encode()


def _written(cell: str) -> str:
    """The cell, in quotes where it needs some; csv.writer needs none around a lone CR, which ends
    the row for whoever reads it.
    """
    if not _QUOTED.search(cell):
        return cell
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def _rows(file: str, text: str) -> Iterator[list[str]]:
    """The rows, those without any text as empty ones."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            found = [cell.strip() for cell in cells]
            yield found if any(found) else []
            line = reader.line_num + 1
    except csv.Error as error:
        what, remedy = f"this is not CSV: {error}", "look at the quotes from this row on"
        raise Mistakes([Mistake(file, line, "$", what, remedy)]) from None


def _trimmed(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows from the header to the last with text, at most one empty between, none wider than
    the header for blank cells only.
    """
    width, waiting = 0, False
    for row in rows:
        if not row:
            waiting = width > 0
            continue
        if waiting:
            yield []
        waiting = False
        while row and not row[-1] and len(row) > width:
            row.pop()
        width = width or len(row)
        yield row


def _list(cell: str) -> str:
    """The cell with each value once; as it is where it holds none or cannot be read."""
    if "|" not in cell:
        return cell
    written: dict[str, str] = {}
    try:
        for value, text in cell_items(cell):
            written.setdefault(value, text)
    except BadCell:
        return cell
    return "|".join(written.values())
