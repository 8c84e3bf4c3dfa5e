"""Routes and members' conditions asked, for one lead, why they do or do not hold."""

from collections.abc import Collection, Mapping

from scoring_service.domain.routing.routes import Cell, Route
from scoring_service.domain.schema import Schema
from scoring_service.policy.conditions import Compiled
from scoring_service.policy.failed.by_tests import failed_test
from scoring_service.policy.failed.finding import Came, Finding, found_in, value_text
from scoring_service.policy.failed.parts import Part, leaves, taken_apart
from scoring_service.policy.language.refusal import Refused
from scoring_service.policy.language.symbols import scope, table_symbols
from scoring_service.values.condition import Symbols

FURTHER_MAX = 500
"""Further conditions that are taken apart, because no single value says why they failed."""

Saw = tuple[tuple[str, str], ...]
"""Symbols and their values as a condition writes them, each once."""


class Asking:
    """Asks the conditions of one policy, each once: the first `at_most` written ones are taken
    apart. Of further ones the tests that the index works with are asked, as `compiled` (by text)
    has them; only where all of those hold they are taken apart, at most FURTHER_MAX.

    Cells of tables are not counted; equal ones are asked once.
    """

    def __init__(
        self,
        schema: Schema,
        activity_types: Collection[str],
        symbols: Symbols,
        at_most: int = 1000,
        compiled: Mapping[str, Mapping[str, object]] | None = None,
    ) -> None:
        self._scope = scope(table_symbols(schema, activity_types))
        self._compiled = (compiled or {}).get(self._scope.digest, {})
        self._symbols, self._at_most = symbols, at_most
        self._parts: dict[str, Part | None] = {}
        self._values: dict[str, tuple[str, str]] = {}
        self._cells: dict[int, Finding | None] = {}

    def of_route(self, route: Route) -> tuple[Saw, Finding | None]:
        """What a route's condition saw, and what decided it; nothing of one too many."""
        return self.of_text(route.text) if route.row is None else self._of_cells(route.cells)

    def of_text(self, text: str) -> tuple[Saw, Finding | None]:
        """What a written condition saw, and what decided it; nothing of one too many."""
        if text not in self._parts and len(self._parts) >= self._at_most:
            by_tests = self._of_tests(text)
            if by_tests is not None:
                return by_tests
        part = self._part(text)
        if part is None:
            return (), None
        names = dict.fromkeys(name for leaf in leaves(part) for name in leaf.symbols)
        return tuple(map(self._value, names)), found_in(part, self._symbols)

    def _of_tests(self, text: str) -> tuple[Saw, Finding] | None:
        compiled = self._compiled.get(text)
        if not isinstance(compiled, Compiled):
            return None
        return failed_test(compiled.necessary, self._symbols)

    def _part(self, text: str) -> Part | None:
        if text not in self._parts and len(self._parts) < self._at_most + FURTHER_MAX:
            try:
                self._parts[text] = taken_apart(text, self._scope)
            except Refused:  # of another version's language
                self._parts[text] = None
        return self._parts.get(text)

    def _of_cells(self, cells: tuple[Cell, ...]) -> tuple[Saw, Finding | None]:
        """The first cell that failed, None where all held."""
        saw = tuple([self._value(cell.column) for cell in cells])
        for cell in cells:
            failed = self._of_cell(cell)
            if failed is not None:
                return saw, failed
        return saw, None

    def _of_cell(self, cell: Cell) -> Finding | None:
        key = id(cell)  # the policy keeps it alive
        if key not in self._cells:
            value = (self._value(cell.column),)
            failed = Finding(cell.text, Came.FAILED, value, column=cell.column, cell=cell.text)
            self._cells[key] = None if cell.condition(self._symbols) else failed
        return self._cells[key]

    def _value(self, symbol: str) -> tuple[str, str]:
        found = self._values.get(symbol)
        if found is None:
            found = self._values[symbol] = (symbol, value_text(symbol, self._symbols))
        return found
