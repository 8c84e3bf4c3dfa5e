"""What one symbol's value leaves possible among all routes: bits by value and by range of values.

Positions are places in the list of routes; bit `p` of an integer stands for position `p`. Every
test is read generously (a superset), since candidates are confirmed by their own condition.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scoring_service.policy.index_cells import (
    FEW,
    Cells,
    Span,
    bits_of,
    bytes_of_bits,
    cells_of,
    span_of,
)
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf

BYTES_MAX = 32 * 1024 * 1024
"""Memory that the bits of all cells may take, and again those of all values."""

EXACT_MAX = 2**53
"""Beyond it not every whole number is a float, and neighbours compare equal by one of two ways."""

Entry = int | tuple[int, ...]
"""Bits with the routes that leave the symbol alone folded in; or positions, without those."""


@dataclass(frozen=True, slots=True)
class SymbolIndex:
    """The routes left by each value of a symbol.

    A value in `by_value` (None among them, if it is null) leaves its entry; any other leaves
    `cells[bisect_right(cuts, value)]`, and where there are no cuts `others`. An entry of positions
    leaves those and `others`.
    """

    symbol: str
    by_value: dict[Any, Entry]
    cuts: Sequence[float]
    cells: Sequence[Entry]
    others: int


@dataclass(slots=True)
class _Tests:
    """The positions that test one symbol, by kind of test."""

    tested: list[int] = field(default_factory=list)
    values: dict[Any, list[int]] = field(default_factory=lambda: defaultdict(list))
    spans: list[Span] = field(default_factory=list)
    null: list[int] = field(default_factory=list)
    not_null: list[int] = field(default_factory=list)

    def add(self, position: int, test: Necessary) -> None:
        self.tested.append(position)
        match test:
            case OneOf(values=values):
                for value in values:
                    self.values[value].append(position)
            case IsNull(negated=False):
                self.null.append(position)
            case Between() if (span := span_of(test, position)) is not None:
                self.spans.append(span)
            case _:
                self.not_null.append(position)


def symbol_indexes(
    necessary: Sequence[Sequence[Necessary]], bytes_max: int = BYTES_MAX
) -> list[SymbolIndex]:
    """An index of each symbol that any route tests, the most tested first: they leave least."""
    by_symbol: dict[str, _Tests] = defaultdict(_Tests)
    for position, tests in enumerate(necessary):
        for test in _merged(tests):
            by_symbol[test.symbol].add(position, test)
    ordered = sorted(by_symbol.items(), key=lambda item: (-len(item[1].tested), item[0]))
    ranged = sum(bool(tests.spans) for _, tests in ordered) or 1
    shares = bytes_max // ranged, bytes_max // (len(ordered) or 1)
    return [_index(symbol, tests, len(necessary), *shares) for symbol, tests in ordered]


def _index(
    symbol: str, tests: _Tests, count: int, cell_bytes: int, value_bytes: int
) -> SymbolIndex:
    alone = ((1 << count) - 1) ^ bits_of(tests.tested, count)
    others = alone | bits_of(tests.not_null, count)
    cells = cells_of(tests.spans, count, others, cell_bytes)
    entries = _Entries(count, others, cells, _few(tests.values, count, value_bytes))
    by_value = {value: entries.of(value, places) for value, places in tests.values.items()}
    by_value[None] = alone | bits_of(tests.null, count)
    return SymbolIndex(symbol, by_value, cells.cuts, cells.cells, others)


@dataclass(frozen=True, slots=True)
class _Entries:
    """Entries of single values; at most `few` positions stay numbers."""

    count: int
    others: int
    cells: Cells
    few: int

    def of(self, value: Any, positions: list[int]) -> Entry:
        """What a value leaves: those that name it, and of numbers those with a range around it."""
        if self.cells.cuts and isinstance(value, int | float):
            within = self.cells.cells[bisect_right(self.cells.cuts, value)]
            if isinstance(within, int):
                return within | bits_of(positions, self.count)
            positions = sorted({*positions, *within})
        if len(positions) <= self.few:
            return tuple(positions)
        return self.others | bits_of(positions, self.count)


def _few(values: dict[Any, list[int]], count: int, bytes_max: int) -> int:
    """How many positions a value may keep as numbers: 16, or more where bits take too much."""
    few = FEW
    lengths = [len(positions) for positions in values.values()]
    while sum(length > few for length in lengths) * bytes_of_bits(count) > bytes_max:
        few *= 2
    return few


def _merged(tests: Sequence[Necessary]) -> Iterator[Necessary]:
    """At most one test a symbol: what several of one route have in common, or the telling one."""
    if len(tests) <= 1:
        yield from filter(_is_exact, tests)
        return
    by_symbol: dict[str, Necessary] = {}
    for test in filter(_is_exact, tests):
        known = by_symbol.get(test.symbol)
        by_symbol[test.symbol] = test if known is None else _both(known, test)
    yield from by_symbol.values()


def _is_exact(test: Necessary) -> bool:
    """Whether equality of numbers here is that of the language, so that a hash finds it."""
    return not isinstance(test, OneOf) or not any(
        isinstance(value, int | float) and abs(value) >= EXACT_MAX for value in test.values
    )


def _both(one: Necessary, other: Necessary) -> Necessary:
    match one, other:
        case OneOf(), OneOf():
            return OneOf(one.symbol, one.values & other.values)
        case Between(), Between():
            return _narrower(one, other)
        case (OneOf(), _) | (Between(), IsNull()):
            return one
        case _:
            return other


def _narrower(one: Between, other: Between) -> Between:
    """Bounds of both; of two equal bounds the generous one will do."""
    lows = [(b.low, b.low_included) for b in (one, other) if b.low is not None]
    highs = [(b.high, b.high_included) for b in (one, other) if b.high is not None]
    low, low_included = max(lows) if lows else (None, True)
    high, high_included = min(highs, key=lambda h: (h[0], not h[1])) if highs else (None, True)
    return Between(one.symbol, low, high, low_included, high_included)
