"""Routes and members' conditions asked why they do not hold, for one lead after the other."""

from collections.abc import Collection

from scoring_service.domain.routing.routes import Cell, Route
from scoring_service.domain.schema import Schema
from scoring_service.policy.failed.finding import Came, Finding, found_in, value_text
from scoring_service.policy.failed.parts import Part, leaves, taken_apart
from scoring_service.policy.language.refusal import Refused
from scoring_service.policy.language.symbols import scope, table_symbols
from scoring_service.values.condition import Symbols

Saw = tuple[tuple[str, str], ...]
"""Symbols and their values as a condition writes them, each once."""


class Asking:
    """Takes conditions of one policy apart, at most `at_most` of them, each once."""

    def __init__(
        self, schema: Schema, activity_types: Collection[str], at_most: int = 1000
    ) -> None:
        self._scope = scope(table_symbols(schema, activity_types))
        self._known: dict[str, Part | None] = {}
        self._at_most = at_most

    def of_route(self, route: Route, symbols: Symbols) -> tuple[Saw, Finding | None]:
        """What a route's condition saw, and what decided it; nothing of one too many."""
        if route.row is not None:
            return _of_cells(route.cells, symbols)
        return self.of_text(route.text, symbols)

    def of_text(self, text: str, symbols: Symbols) -> tuple[Saw, Finding | None]:
        """What a written condition saw, and what decided it; nothing of one too many."""
        part = self._part(text)
        if part is None:
            return (), None
        names = dict.fromkeys(name for leaf in leaves(part) for name in leaf.symbols)
        saw = tuple((name, value_text(name, symbols)) for name in names)
        return saw, found_in(part, symbols)

    def _part(self, text: str) -> Part | None:
        if text not in self._known and len(self._known) < self._at_most:
            try:
                self._known[text] = taken_apart(text, self._scope)
            except Refused:  # of another version's language
                self._known[text] = None
        return self._known.get(text)


def _of_cells(cells: tuple[Cell, ...], symbols: Symbols) -> tuple[Saw, Finding | None]:
    saw = tuple((cell.column, value_text(cell.column, symbols)) for cell in cells)
    for cell, value in zip(cells, saw, strict=True):
        if not cell.condition(symbols):
            failed = Finding(cell.text, Came.FAILED, (value,), column=cell.column, cell=cell.text)
            return saw, failed
    return saw, None
