"""Entries that stand below each other as the rows of a table: columns that their author aligned
stay aligned, all others have one blank.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scoring_service.policy.layout.flow import WIDTH, brackets, entry_text, key_text, one_line
from scoring_service.policy.layout.tree import Collection, Entry

CELL_MAX = 64
"""A cell that is wider is not aligned, and neither is what stands behind it in its line."""

_WIDE = re.compile(r",?(?: {2,}| *\t[ \t]*)")


@dataclass(frozen=True, slots=True)
class Row:
    """An entry on one line in cells. `gaps` says behind which of them its author left more than a
    blank; `head` is the number of cells that stay where the row takes several lines.
    """

    cells: tuple[str, ...]
    gaps: tuple[bool, ...]

    @property
    def length(self) -> int:
        """Characters of the row with single blanks."""
        return len(" ".join(self.cells))


def row_of(source: str, entry: Entry) -> Row | None:
    """The entry of a block as a row; None where it has several lines by itself."""
    head = "-" if entry.key is None else key_text(entry.key)
    text = one_line(entry.value)
    if head is None or not text:
        return None
    end = entry.start + 1 if entry.key is None else source.index(":", entry.key.end) + 1
    cells, gaps = [head], [_is_wide(source, end)]
    if isinstance(entry.value, Collection) and entry.value.mapping and entry.value.entries:
        cells, gaps = [*cells, *_cells(entry.value)], [*gaps, *_gaps(source, entry.value)]
    else:
        cells.append(text)
    if entry.key is None:
        return Row((f"- {cells[1]}", *cells[2:]), tuple(gaps[1:]))
    return Row(tuple(cells), tuple(gaps))


def _cells(node: Collection) -> Iterator[str]:
    opening, closing = brackets(node)
    last = len(node.entries) - 1
    for number, entry in enumerate(node.entries):
        end = closing if number == last else ","
        yield f"{'' if number else opening}{entry_text(entry)}{end}"


def _gaps(source: str, node: Collection) -> Iterator[bool]:
    for entry in node.entries[:-1]:
        yield _is_wide(source, entry.value.end)


def _is_wide(source: str, at: int) -> bool:
    found = _WIDE.match(source, at)
    return found is not None and source[found.end() : found.end() + 1] not in ("", "\n", "#")


def aligned(rows: Sequence[Row], indent: int, keyed: bool) -> list[str | int]:
    """Each row as the text of its line, or the width of its first cell where it takes several.

    `keyed` is whether the first cells are keys: those are aligned in rows of several lines too.
    """
    first = _width(rows, 0) if keyed else 0
    fits = [indent + max(first - len(row.cells[0]), 0) + row.length <= WIDTH for row in rows]
    inner = [row for row, fit in zip(rows, fits, strict=True) if fit]
    widths = [first] if keyed else []
    deepest = max((len(row.cells) for row in inner), default=0)
    widths += [_width(inner, column) for column in range(len(widths), deepest - 1)]
    return [
        _joined(row, widths, indent) if fit else first for row, fit in zip(rows, fits, strict=True)
    ]


def _width(rows: Sequence[Row], column: int) -> int:
    """How wide a column is; 0 where nobody aligned it."""
    having = [row for row in rows if len(row.cells) > column + 1]
    if not any(row.gaps[column] for row in having):
        return 0
    narrow = [row for row in having if max(map(len, row.cells[: column + 1])) <= CELL_MAX]
    return max((len(row.cells[column]) for row in narrow), default=0)


def _joined(row: Row, widths: Sequence[int], indent: int) -> str:
    text = _padded(row, widths)
    return text if indent + len(text) <= WIDTH else _padded(row, widths[:1])


def _padded(row: Row, widths: Sequence[int]) -> str:
    made, wide = [], False
    for column, cell in enumerate(row.cells):
        wide = wide or len(cell) > CELL_MAX
        last = column == len(row.cells) - 1
        width = 0 if last or wide or column >= len(widths) else widths[column]
        made.append(cell.ljust(width))
    return " ".join(made)
