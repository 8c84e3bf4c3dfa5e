"""territories.csv: a decision table whose rows are routes, tried in file order.

Rows become tests and conditions directly, never rule text; `render` writes a row as text, for
explanations and for tests against the language.
"""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import StringIO

import msgspec

from scoring_service.domain.routing.routes import Cell
from scoring_service.domain.schema import Attribute, AttributeType
from scoring_service.policy.decision_table_cell import (
    BadCell,
    CellTest,
    cell_test,
    condition_of,
    text_of,
)
from scoring_service.policy.document import decoded
from scoring_service.policy.mistake import Mistake, Mistakes, did_you_mean
from scoring_service.values.condition import Condition, Symbols

CSV_BYTES_MAX = 64 * 1024 * 1024
ROWS_MAX = 200_000
MISTAKES_MAX = 100
"""More are not listed: one wrong column is wrong in every row."""


class TableRow(msgspec.Struct, frozen=True, gc=False):
    """One data row, `number` from 1, at `line` of the file.

    `tests` are necessary and together sufficient; `condition` is their conjunction, `cells` are
    what each was written as. `results` are the row's result columns.
    """

    number: int
    line: int
    tests: tuple[CellTest, ...]
    condition: Condition
    results: Mapping[str, str]
    cells: tuple[Cell, ...] = ()


def render(row: TableRow) -> str:
    """The row as a condition in the language of conditions."""
    return " and ".join(map(text_of, row.tests)) or "true"


def read_table(
    file: str, content: bytes, results: Collection[str], symbols: Mapping[str, Attribute]
) -> tuple[TableRow, ...]:
    """The rows of a table; Mistakes, each with line and column, where it cannot be read.

    `results` are the columns that routes use as `{column}`; every other header is one of `symbols`,
    which has dotted symbols under their dotted names.
    """
    if len(content) > CSV_BYTES_MAX:
        what = f"the file has {len(content):,} bytes, more than {CSV_BYTES_MAX:,}"
        raise Mistakes([Mistake(file, 1, "$", what, "split it into several tables")])
    reader = _TableReader(file, results, symbols)
    rows = reader.rows(decoded(file, content))
    if reader.mistakes:
        raise Mistakes(reader.mistakes)
    return rows


@dataclass(frozen=True, slots=True)
class _Column:
    """A condition column, with the cells read before: equal cells share one test and condition."""

    attribute: Attribute
    read: dict[str, tuple[CellTest, Cell] | None] = field(default_factory=dict)

    def test(self, cell: str) -> tuple[CellTest, Cell] | None:
        """The cell as the index reads it and as a lead is asked; None for a blank one; BadCell."""
        try:
            return self.read[cell]
        except KeyError:
            self.read[cell] = found = self._read(cell.strip())
            return found

    def _read(self, cell: str) -> tuple[CellTest, Cell] | None:
        if not cell:
            return None
        test = cell_test(cell, self.attribute)
        return test, Cell(self.attribute.name, cell, condition_of(test, self.attribute.type))


class _TableReader:
    """Reads one file, collecting what is wrong."""

    def __init__(
        self, file: str, results: Collection[str], symbols: Mapping[str, Attribute]
    ) -> None:
        self.mistakes: list[Mistake] = []
        self._file, self._results, self._symbols = file, results, symbols
        self._names: list[str] = []
        self._tested: list[tuple[int, _Column]] = []
        self._given: list[tuple[int, str]] = []
        self._shared: dict[tuple[str, ...], Mapping[str, str]] = {}

    def rows(self, text: str) -> tuple[TableRow, ...]:
        """The data rows: what was found, where there are no mistakes."""
        lines = self._lines(text)
        self._header(*next(lines, (1, [])))
        if self.mistakes:
            return ()
        found: list[TableRow] = []
        for line, cells in lines:
            if len(found) == ROWS_MAX or len(self.mistakes) >= MISTAKES_MAX:
                self._stopped(line)
                break
            if row := self._row(len(found) + 1, line, cells):
                found.append(row)
        if not found and not self.mistakes:
            self._add(1, "$", "the table has no rows", "add one, or remove the routes that use it")
        return tuple(found)

    def _lines(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not blank, with the line on which it begins."""
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        line = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            self._add(line, "$", f"this is not CSV: {error}", "look at the quotes from this row on")

    def _header(self, line: int, cells: Sequence[str]) -> None:
        self._names = [cell.strip() for cell in cells]
        while self._names and not self._names[-1]:
            self._names.pop()
        for at, name in enumerate(self._names):
            if name in self._names[:at]:
                self._add(line, name, f"the column '{name}' is there twice", "remove one of them")
            elif name in self._results:
                self._given.append((at, name))
            else:
                self._condition(line, at, name)
        for name in sorted(set(self._results).difference(self._names)):
            what = f"a route uses {{{name}}}, and the table has no such column"
            self._add(line, name, what, f"add a column '{name}'")

    def _condition(self, line: int, at: int, name: str) -> None:
        attribute = self._symbols.get(name)
        if attribute is None:
            what = f"the column '{name}' is no symbol, and no route uses {{{name}}}"
            remedy = did_you_mean(name, {*self._symbols, *self._results})
            if set(name) & set(";\t"):
                remedy = "save the file with commas between the cells"
            self._add(line, name or f"column {at + 1}", what, remedy)
        elif attribute.type is AttributeType.TEXTS:
            what = f"{name} holds several texts, which no cell can equal"
            self._add(line, name, what, f"write a route with when: '\"...\" in {name}'")
        else:
            self._tested.append((at, _Column(attribute)))

    def _row(self, number: int, line: int, cells: Sequence[str]) -> TableRow | None:
        width, before = len(self._names), len(self.mistakes)
        if len(cells) != width and (len(cells) < width or any(map(str.strip, cells[width:]))):
            what = f"the row has {len(cells)} cells, and the header {width}"
            self._add(line, "$", what, "leave a cell blank, or quote one that has a comma")
            return None
        tests = [
            found for at, column in self._tested if (found := self._test(line, at, column, cells))
        ]
        results = tuple(cells[at].strip() for at, _ in self._given)
        for (_, name), result in zip(self._given, results, strict=True):
            if not result:
                self._add(line, name, f"the row gives no {name}", "fill the cell in every row")
        if len(self.mistakes) > before:
            return None
        return TableRow(
            number,
            line,
            tuple(test for test, _ in tests),
            _all(tuple(cell.condition for _, cell in tests)),
            self._share(results),
            tuple(cell for _, cell in tests),
        )

    def _test(
        self, line: int, at: int, column: _Column, cells: Sequence[str]
    ) -> tuple[CellTest, Cell] | None:
        try:
            return column.test(cells[at])
        except BadCell as bad:
            self._add(line, self._names[at], bad.what, bad.remedy)
            return None

    def _share(self, results: tuple[str, ...]) -> Mapping[str, str]:
        """One map for all rows that give the same: most tables name few pools."""
        shared = self._shared.get(results)
        if shared is None:
            names = (name for _, name in self._given)
            shared = self._shared[results] = dict(zip(names, results, strict=True))
        return shared

    def _stopped(self, line: int) -> None:
        if self.mistakes:
            what = f"{MISTAKES_MAX} mistakes up to here, the rest is not looked at"
            self._add(line, "$", what, "mend those first")
        else:
            what = f"the table has more than {ROWS_MAX:,} rows"
            self._add(line, "$", what, "split it into several tables, or join rows by lists")

    def _add(self, line: int, column: str, what: str, remedy: str) -> None:
        self.mistakes.append(Mistake(self._file, line, column, what, remedy))


def _all(conditions: tuple[Condition, ...]) -> Condition:
    """The conjunction; the one condition itself where there is no other."""
    return conditions[0] if len(conditions) == 1 else partial(_each, conditions)


def _each(conditions: tuple[Condition, ...], symbols: Symbols) -> bool:
    for condition in conditions:  # noqa: SIM110 - a generator costs as much as the tests
        if not condition(symbols):
            return False
    return True
