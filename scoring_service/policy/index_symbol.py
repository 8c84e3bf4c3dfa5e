"""What one symbol's value leaves possible among all routes: bits by value and by range of values.

Every test is read generously (a superset), since candidates are confirmed by their own condition;
`known` and the loose positions say where the reading is exact.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from types import NoneType
from typing import Any

from scoring_service.policy.index_bits import Entry, bits_of, bytes_of, few_of
from scoring_service.policy.index_cells import EXACT_MAX, Cells, Span, cells_of, span_of
from scoring_service.policy.necessary import Between, Necessary, OneOf, together

BYTES_MAX = 32 * 1024 * 1024
"""Memory that the bits of all cells may take, and again those of all values."""


@dataclass(frozen=True, slots=True)
class SymbolIndex:
    """The routes left by each value of a symbol.

    A value in `by_value` (None among them, if it is null) leaves its entry; any other leaves
    `cells[bisect_right(cuts, value)]`, and where there are no cuts `others`. An entry of positions
    leaves those and `others`. For values of the types in `known` no more is left than the tests
    allow, loose positions aside.
    """

    symbol: str
    by_value: dict[Any, Entry]
    cuts: Sequence[float]
    cells: Sequence[Entry]
    others: int
    known: frozenset[type]


def symbol_indexes(
    necessary: Sequence[Sequence[Necessary]], bytes_max: int = BYTES_MAX
) -> tuple[list[SymbolIndex], frozenset[int]]:
    """An index of each symbol that any route tests, the most tested first: they leave least; and
    the loose positions, of which more is left than their tests allow.
    """
    by_symbol: dict[str, _Tests] = defaultdict(_Tests)
    loose: set[int] = set()
    for position, tests in enumerate(necessary):
        joined, whole = together(tests)
        if not whole:
            loose.add(position)
        for test in joined:
            by_symbol[test.symbol].add(position, test)
    ordered = sorted(by_symbol.items(), key=lambda item: (-len(item[1].tested), item[0]))
    ranged = sum(bool(tested.spans) for _, tested in ordered) or 1
    shares = bytes_max // ranged, bytes_max // (len(ordered) or 1)
    for _, tested in ordered:
        loose.update(tested.loosened())
    indexes = [_index(symbol, tested, len(necessary), *shares) for symbol, tested in ordered]
    return indexes, frozenset(loose)


@dataclass(slots=True)
class _Tests:
    """The positions that test one symbol, by kind of test."""

    tested: list[int] = field(default_factory=list)
    values: dict[Any, list[int]] = field(default_factory=lambda: defaultdict(list))
    spans: list[Span] = field(default_factory=list)
    null: list[int] = field(default_factory=list)
    not_null: list[int] = field(default_factory=list)
    kinds: set[type] = field(default_factory=set)
    loose: set[int] = field(default_factory=set)

    def add(self, position: int, test: Necessary) -> None:
        self.tested.append(position)
        if isinstance(test, OneOf):
            self.kinds.update(map(type, test.values))
            for value in test.values:
                self.values[value].append(position)
        elif isinstance(test, Between):
            self._add_span(span_of(test, position))
        else:
            (self.not_null if test.negated else self.null).append(position)

    def _add_span(self, span: Span) -> None:
        bounded = span.low > -inf or span.high < inf
        if bounded:
            self.spans.append(span)
        else:
            self.not_null.append(span.position)
        if span.loose or not bounded:
            self.loose.add(span.position)

    def loosened(self) -> set[int]:
        """Takes out the values that a hash may not find, and gives all that is loose."""
        large = [value for value in self.values if _is_number(value) and abs(value) >= EXACT_MAX]
        positions = {position for value in large for position in self.values.pop(value)}
        self.not_null.extend(positions)
        return positions | self.loose

    def known(self, cells: Cells) -> frozenset[type]:
        """The types of which equal values are found, and no others: 1 == True in a hash."""
        found: set[type] = {str, NoneType, datetime}
        if bool not in self.kinds and not cells.coarse:
            found |= {int, float}
        if not self.spans and self.kinds.isdisjoint((int, float)):
            found.add(bool)
        return frozenset(found)


def _index(
    symbol: str, tests: _Tests, count: int, cell_bytes: int, value_bytes: int
) -> SymbolIndex:
    alone = ((1 << count) - 1) ^ bits_of(tests.tested, count)
    others = alone | bits_of(tests.not_null, count)
    cells = cells_of(tests.spans, count, others, cell_bytes) if tests.spans else Cells()
    entries = _Entries(count, others, cells, _few(tests.values, count, value_bytes))
    by_value = {value: entries.of(value, places) for value, places in tests.values.items()}
    by_value[None] = alone | bits_of(tests.null, count)
    return SymbolIndex(symbol, by_value, cells.cuts, cells.cells, others, tests.known(cells))


@dataclass(frozen=True, slots=True)
class _Entries:
    """Entries of single values; at most `few` positions stay numbers."""

    count: int
    others: int
    cells: Cells
    few: int

    def of(self, value: Any, positions: list[int]) -> Entry:
        """What a value leaves: those that name it, and of numbers those with a range around it."""
        if self.cells.cuts and _is_number(value):
            within = self.cells.cells[bisect_right(self.cells.cuts, value)]
            if isinstance(within, int):
                return within | bits_of(positions, self.count)
            positions = sorted({*positions, *within})
        if len(positions) <= self.few:
            return tuple(positions)
        return self.others | bits_of(positions, self.count)


def _few(values: dict[Any, list[int]], count: int, bytes_max: int) -> int:
    """How many positions a value may keep as numbers: more than usual where bits take too much."""
    few = few_of(count)
    lengths = [len(positions) for positions in values.values()]
    while sum(length > few for length in lengths) * bytes_of(count) > bytes_max:
        few = few * 2 or 1
    return few


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
