"""Rows of a table that overlap without one being an exception of the other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from scoring_service.domain.routing.routes import Assign, Route
from scoring_service.policy.checking.places import at_route, called, limited
from scoring_service.policy.checking.ranges import Ranges, Values
from scoring_service.policy.examples.shown import Examples
from scoring_service.policy.load import Folder
from scoring_service.policy.mistake import Finding
from scoring_service.policy.necessary import Between, Necessary, OneOf
from scoring_service.policy.necessary_logic import all_implied

COMPARED_MAX = 5_000_000
"""Pairs looked at a table: beyond them it is said that the rest was not."""

_Row = tuple[Route, Sequence[Necessary]]


def overlap_findings(folder: Folder, examples: Examples) -> Iterator[Finding]:
    """Pairs of rows that send the same lead to different places, by nothing but their order.

    A row that is wholly inside a later one is its exception, as tables are meant to be written; so
    is one that fills the same cells and more.
    """
    routing = folder.routing
    assert routing is not None
    pairs = zip(routing.routes, routing.necessary, strict=True)
    rows = ((route, tests) for route, tests in pairs if route.row is not None)
    for _, table in groupby(rows, key=lambda row: row[0].name):
        yield from limited(_Table(list(table), examples).overlaps())


class _Table:
    """The rows of one table, as bits: which ask for a value or a range of each symbol."""

    def __init__(self, rows: Sequence[_Row], examples: Examples) -> None:
        self._rows, self._examples = rows, examples
        self._left = COMPARED_MAX
        self._met: dict[Necessary, int] = {}
        self._same: dict[Assign, int] = defaultdict(int)
        asked: dict[str, int] = defaultdict(int)
        values: dict[str, dict[object, int]] = defaultdict(lambda: defaultdict(int))
        ranges: dict[str, dict[Between, int]] = defaultdict(lambda: defaultdict(int))
        for place, (route, tests) in enumerate(rows):
            for test in tests:
                asked[test.symbol] |= 1 << place
                for value in test.values if isinstance(test, OneOf) else ():
                    values[test.symbol][value] |= 1 << place
                if isinstance(test, Between):
                    ranges[test.symbol][test] |= 1 << place
            self._same[route.assign] |= 1 << place
        every = (1 << len(rows)) - 1
        self._silent = {symbol: every & ~bits for symbol, bits in asked.items()}
        self._values = {symbol: Values(dict(values[symbol])) for symbol in asked}
        self._ranges = {symbol: Ranges(dict(ranges[symbol])) for symbol in asked}

    def overlaps(self) -> Iterator[Finding]:
        """For each row the first before it with which it overlaps, and that decides otherwise."""
        for place, (route, tests) in enumerate(self._rows):
            bits = ((1 << place) - 1) & ~self._same[route.assign] if tests else 0
            for test in tests:
                bits &= self._possible(test)
            before = self._first(bits, tests)
            if self._left <= 0:
                yield at_route(route, "from here on overlaps are not looked for", "split the table")
                return
            if before is not None:
                yield self._said(route, *before, tests)

    def _possible(self, test: Necessary) -> int:
        """The rows that some value meeting the test meets, those that do not ask among them."""
        if (known := self._met.get(test)) is None:
            known = self._met[test] = self._silent[test.symbol] | self._meeting(test)
        return known

    def _meeting(self, test: Necessary) -> int:
        values, ranges = self._values[test.symbol], self._ranges[test.symbol]
        if isinstance(test, Between):
            return ranges.sharing(test) | values.inside(test)
        met = 0
        for value in test.values if isinstance(test, OneOf) else ():
            met |= values.at(value)
            if isinstance(value, int | float):
                met |= ranges.at(value)
        return met

    def _first(self, bits: int, tests: Sequence[Necessary]) -> _Row | None:
        while bits and self._left > 0:
            lowest = bits & -bits
            bits ^= lowest
            self._left -= 1
            other, theirs = self._rows[lowest.bit_length() - 1]
            if not _is_exception(theirs, tests) and not all_implied(theirs, tests):
                return other, theirs
        return None

    def _said(
        self, route: Route, other: Route, theirs: Sequence[Necessary], tests: Sequence[Necessary]
    ) -> Finding:
        only = sorted({test.symbol for test in theirs} ^ {test.symbol for test in tests})
        why = f" (only one of them gives {', '.join(only)})" if only else ""
        what = f"this row and {called(other)} overlap, and send leads to different places{why}"
        remedy = "make the cells exclude each other, or put the exception first"
        return at_route(route, what, remedy, self._examples.shared(route, other))


def _is_exception(theirs: Sequence[Necessary], tests: Sequence[Necessary]) -> bool:
    """Whether an earlier row is inside `tests`, or asks all that they ask about and more."""
    more = {test.symbol for test in theirs} > {test.symbol for test in tests}
    return more or all_implied(tests, theirs)
