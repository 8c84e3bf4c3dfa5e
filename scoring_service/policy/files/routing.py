"""routing.yaml and the tables it names: routes and rows in the order in which they are tried."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from scoring_service.domain.routing.guard import Guard
from scoring_service.domain.routing.routes import Assign, Route, ToQueue
from scoring_service.policy.conditions import Conditions
from scoring_service.policy.decision_table import MISTAKES_MAX, TableRow, render
from scoring_service.policy.document import Document, Path
from scoring_service.policy.files.assigning import (
    COLUMN,
    Assigning,
    Filled,
    Wrong,
    assign_of,
    path_of,
    texts_of,
)
from scoring_service.policy.files.names import Names
from scoring_service.policy.files.reading import read
from scoring_service.policy.files.routing_shape import (
    AssignEntry,
    GuardEntry,
    RouteEntry,
    RoutingFile,
)
from scoring_service.policy.files.tables import Tables
from scoring_service.policy.mistake import Mistake, did_you_mean
from scoring_service.policy.necessary import Necessary
from scoring_service.values.condition import Symbols

OTHERWISE = "otherwise"
"""The name of what always matches."""


@dataclass(frozen=True, slots=True)
class Routing:
    """Every route in order, the last is the `otherwise`; and what the index may know of each.

    `guard` is what a change of the rules is held against, None where there is no such limit.
    """

    routes: tuple[Route, ...]
    necessary: tuple[tuple[Necessary, ...], ...]
    exact: tuple[bool, ...]
    guard: Guard | None = None


def routing(
    document: Document, conditions: Conditions, names: Names, tables: Tables, intake: ToQueue
) -> tuple[Routing | None, list[Mistake]]:
    """The routes, and what is wrong with them; conditions and tables keep theirs. `intake` is the
    queue of leads that are not complete.
    """
    file, mistakes = read(document, RoutingFile)
    if file is None:
        return None, mistakes
    columns = columns_by_table(file)
    reader = _RoutesReader(document, conditions, names, tables, columns, Assigning(names, intake))
    for index, entry in enumerate(file.routes):
        reader.route(index, entry)
    reader.otherwise(file.otherwise)
    found = Routing(
        tuple(reader.routes), tuple(reader.necessary), tuple(reader.exact), _guard(file.guard)
    )
    return found, reader.mistakes


def _guard(entry: GuardEntry | None) -> Guard | None:
    if entry is None:
        return None
    return Guard(entry.share(), entry.leads, entry.swaps == "counted")


def columns_by_table(file: RoutingFile) -> dict[str, frozenset[str]]:
    """The result columns of each table: those that some route over it uses as `{column}`."""
    found: dict[str, frozenset[str]] = {}
    for entry in file.routes:
        if entry.table is not None:
            columns = frozenset(COLUMN.findall(" ".join(texts_of(entry.assign).values())))
            found[entry.table] = found.get(entry.table, frozenset()) | columns
    return found


def always(symbols: Symbols) -> bool:
    """The condition of the `otherwise`."""
    return True


@dataclass(slots=True)
class _RoutesReader:
    """Reads entries in order, collecting routes and what is wrong."""

    document: Document
    conditions: Conditions
    names: Names
    tables: Tables
    columns: Mapping[str, frozenset[str]]
    assigning: Assigning
    routes: list[Route] = field(default_factory=list)
    necessary: list[tuple[Necessary, ...]] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def route(self, index: int, entry: RouteEntry) -> None:
        """A written route, or every row of a table as one."""
        path: Path = ("routes", index)
        self._check_name(path, entry.name)
        self._check_references(path, entry)
        if entry.when is not None:
            compiled = self.conditions.route(self.document, (*path, "when"), entry.when)
            assign = self._written(path, entry.assign)
            place = f"{self.document.file}:{self.document.line(path)}"
            route = Route(
                len(self.routes), entry.name, entry.when, assign, compiled.condition,
                entry.sla, entry.during, entry.below_bar, place=place,
            )  # fmt: skip
            self._add(route, compiled.necessary, exact=compiled.exact)
        elif entry.table is not None:
            self._table(path, entry, entry.table)

    def otherwise(self, entry: AssignEntry) -> None:
        """The last route, which always matches."""
        assign = self._written((OTHERWISE,), entry)
        place = f"{self.document.file}:{self.document.line((OTHERWISE,))}"
        route = Route(len(self.routes), OTHERWISE, "true", assign, always, place=place)
        self._add(route, (), exact=True)

    def _add(self, route: Route, necessary: tuple[Necessary, ...], *, exact: bool) -> None:
        self.routes.append(route)
        self.necessary.append(necessary)
        self.exact.append(exact)

    def _wrong(self, path: Path, what: str, remedy: str) -> None:
        self.mistakes.append(self.document.mistake(path, what, remedy))

    def _check_name(self, path: Path, name: str) -> None:
        if name == OTHERWISE:
            self._wrong((*path, "name"), "'otherwise' is the name of the last", "rename this one")
        elif name in self._seen:
            self._wrong((*path, "name"), f"the name '{name}' is there twice", "rename one of them")
        self._seen.add(name)

    def _check_references(self, path: Path, entry: RouteEntry) -> None:
        if entry.sla not in self.names.slas:
            remedy = did_you_mean(entry.sla, self.names.slas)
            self._wrong((*path, "sla"), f"unknown SLA '{entry.sla}'", remedy)
        if entry.during is not None and entry.during not in self.names.calendars:
            remedy = did_you_mean(entry.during, self.names.calendars)
            self._wrong((*path, "during"), f"unknown calendar '{entry.during}'", remedy)

    def _written(self, path: Path, entry: AssignEntry) -> Assign:
        """The place of a route without a table; nothing in it may name a column."""
        below: Path = () if path == (OTHERWISE,) else ("assign",)
        for key, text in texts_of(entry).items():
            at = (*path, *below, *path_of(key)[1:])
            if COLUMN.search(text):
                what = f"'{text}' names a column, and there is no table here"
                self._wrong(at, what, f"name the {key}, or give the route a table")
            elif wrong := self.assigning.unknown(key, text):
                self._wrong(at, *wrong)
        assign = assign_of(entry)
        if wrong := self.assigning.other_owner(assign):
            self._wrong((*path, *below, "owner"), *wrong)
        return assign

    def _table(self, path: Path, entry: RouteEntry, table: str) -> None:
        rows = self.tables.rows(self.document, (*path, "table"), table, self.columns[table])
        filled: dict[int, Assign] = {}
        for row in rows:
            if (assign := filled.get(id(row.results))) is None:
                assign = filled[id(row.results)] = assign_of(entry.assign, Filled(row.results))
            self._add(
                _row_route(len(self.routes), entry, table, row, assign), row.tests, exact=True
            )
        texts = texts_of(entry.assign)
        columns = {key: found[1] for key in texts if (found := COLUMN.search(texts[key]))}
        if not columns:
            self._written(path, entry.assign)
            return
        for key in texts.keys() - columns:
            if wrong := self.assigning.unknown(key, texts[key]):
                self._wrong((*path, *path_of(key)), *wrong)
        wrong_rows = self._wrong_rows(entry.assign, columns, table, rows)
        self.mistakes.extend(islice(wrong_rows, MISTAKES_MAX))

    def _wrong_rows(
        self, entry: AssignEntry, columns: Mapping[str, str], table: str, rows: Sequence[TableRow]
    ) -> Iterator[Mistake]:
        """Names in rows that are wrong; `columns` are those that each key takes its name from."""
        texts, known = texts_of(entry), dict[tuple[str, str], Wrong | None]()
        for row in rows:
            fill = Filled(row.results)
            for key, column in columns.items():
                name = fill(texts[key])
                if (key, name) not in known:
                    known[key, name] = self.assigning.unknown(key, name)
                if wrong := known[key, name]:
                    yield Mistake(table, row.line, column, *wrong)
            if entry.queue and (wrong := self.assigning.other_owner(assign_of(entry, fill))):
                yield Mistake(table, row.line, columns.get("owner") or columns["queue"], *wrong)


def _row_route(
    position: int, entry: RouteEntry, table: str, row: TableRow, assign: Assign
) -> Route:
    return Route(
        position, entry.name, render(row), assign, row.condition,
        entry.sla, entry.during, entry.below_bar, row.number, f"{table}:{row.line}",
        row.cells,
    )  # fmt: skip
