"""Columns that tell the outcome suspiciously well, each mark by itself and what becomes of it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.judging.leaks import leaks, named
from scoring_service.calibration.results import Leak, Severity
from scoring_service.calibration.table import Column, Flags, Floats, Kind, TrainingTable

ROWS = 2_000
EXCLUDED, ASKED = Severity.EXCLUDED, Severity.ASKED


class Made:
    """2,000 rows, a quarter won, and columns that tell of it by as much as is asked for."""

    def __init__(self, tables: Any, seed: int = 0) -> None:
        self.tables, self.chance = tables, np.random.default_rng(seed)
        self.won: Flags = np.arange(ROWS) % 4 == 0

    def telling(self, shift: float) -> Floats:
        """Normal, by `shift` higher where won: its AUC is Phi(shift / sqrt(2))."""
        return self.chance.normal(size=ROWS) + shift * self.won

    def filled(self, won: float, lost: float) -> Floats:
        """A number of no meaning, filled for such shares of the won and of the others."""
        there = self.chance.random(ROWS) < np.where(self.won, won, lost)
        return np.where(there, self.chance.normal(size=ROWS), np.nan)

    def column(self, name: str, values: Floats, **more: Any) -> Column:
        column: Column = self.tables.number(name, values, **more)
        return column

    def table(self, *columns: Column) -> TrainingTable:
        table: TrainingTable = self.tables.table(self.won, *columns)
        return table

    def found(self, *columns: Column, allow: str = "") -> dict[str, Leak]:
        return {k.column: k for k in leaks(self.table(*columns), frozenset(allow.split()))}


@pytest.fixture
def made(tables: Any) -> Made:
    return Made(tables)


NAMES = [
    ("status", True),
    ("lead_status", True),
    ("Close Date", True),
    ("closeDate", True),
    ("HTTPStatus", True),
    ("CLOSED-BY", True),
    ("stage2", True),
    ("call.duration", True),
    ("lossAdjuster", False),
    ("disclosed", False),
    ("wonderful", False),
    ("backstage", False),
    ("éstage", False),
    ("reasons", False),
    ("", False),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_a_name_is_looked_at_by_whole_tokens(name: str, expected: bool) -> None:
    assert named(name) is expected


def test_an_honest_column_bears_no_mark(made: Made) -> None:
    assert (
        made.found(
            made.column("size", made.telling(0.5)),
            made.column("age", made.telling(0)),
            made.column("revenue", made.filled(0.6, 0.5)),
        )
        == {}
    )


STRONG = [
    pytest.param(1.1, ASKED, ("strong",), id="an AUC of .78 is asked about"),
    pytest.param(0.8, None, (), id="an AUC of .71 beside others that tell as much"),
    pytest.param(2.2, EXCLUDED, ("strong", "one-sided"), id="an AUC of .94 is out"),
]


@pytest.mark.parametrize(("shift", "severity", "marks"), STRONG)
def test_strong(made: Made, shift: float, severity: Severity | None, marks: Any) -> None:
    others = [made.column(f"other {k}", made.telling(0.6)) for k in range(4)]
    leak = made.found(made.column("it", made.telling(shift)), *others).get("it")
    assert (leak.severity if leak else None) is severity
    assert leak is None or leak.marks[:1] == marks[:1]


def test_a_column_of_070_that_tells_nearly_as_much_as_all_others_together(made: Made) -> None:
    others = [made.column(f"other {k}", made.telling(0.3)) for k in range(3)]
    leak = made.found(made.column("it", made.telling(0.88)), *others)["it"]
    assert 0.70 <= leak.lone_auc < 0.75
    assert (leak.severity, leak.marks) == (ASKED, ("strong",))


FILLED = [
    pytest.param(0.60, 0.40, None, id="a gap of .2 is honest"),
    pytest.param(0.70, 0.40, ASKED, id="a gap of .3 is asked about"),
    pytest.param(0.40, 0.70, ASKED, id="a gap the other way round too"),
    pytest.param(0.90, 0.30, EXCLUDED, id="a gap of .6 is out by itself"),
    pytest.param(0.30, 0.90, EXCLUDED, id="filled for the lost only"),
]


@pytest.mark.parametrize(("won", "lost", "severity"), FILLED)
def test_filled(made: Made, won: float, lost: float, severity: Severity | None) -> None:
    leak = made.found(made.column("it", made.filled(won, lost))).get("it")
    assert (leak.severity if leak else None) is severity
    if leak is not None:
        assert "filled" in leak.marks
        assert leak.filled_gap == pytest.approx(abs(won - lost), abs=0.05)


@pytest.mark.parametrize("kind", ["number", "text"])
def test_a_level_that_holds_hardly_any_of_an_outcome_is_one_sided(made: Made, kind: str) -> None:
    """A tenth of all rows, of which one in a hundred was won where a quarter were to be."""
    here = (np.arange(ROWS) % 10 == 1) & (~made.won | (np.arange(ROWS) % 200 == 0))
    if kind == "number":
        column = made.column("it", here.astype(float))
    else:
        column = made.tables.text("it", ["a" if it else "b" for it in here])
    leak = made.found(column)["it"]
    assert (leak.severity, leak.marks) == (ASKED, ("one-sided",))


def test_few_rows_of_one_outcome_are_chance(made: Made) -> None:
    """76 rows, none of them won: 19 were to be expected."""
    here = np.zeros(ROWS, dtype=bool)
    here[np.flatnonzero(~made.won)[:76]] = True
    assert made.found(made.column("it", here.astype(float))) == {}
    here[np.flatnonzero(~made.won)[:84]] = True
    assert made.found(made.column("it", here.astype(float)))["it"].marks == ("one-sided",)


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_what_a_column_of_zeros_has_beside_them_is_seen(made: Made, spread: float) -> None:
    """Four rows of a hundred, all of them lost, be they alike or all different."""
    here = np.arange(ROWS) % 25 == 1
    here &= ~made.won
    here[np.flatnonzero(~made.won & ~here)[:25]] = True
    values = np.where(here, 5 + spread * made.chance.random(ROWS), 0.0)
    assert made.found(made.column("it", values))["it"].marks == ("one-sided",)


def test_later(made: Made) -> None:
    late = np.zeros(ROWS, dtype=bool)
    assert made.found(made.column("it", made.telling(0), later=late)) == {}
    late[7] = True
    leak = made.found(made.column("it", made.telling(0), later=late))["it"]
    assert (leak.severity, leak.marks) == (ASKED, ("later",))


def test_two_marks_exclude(made: Made) -> None:
    leak = made.found(made.column("close_value", made.filled(0.7, 0.4)))["close_value"]
    assert (leak.severity, leak.marks) == (EXCLUDED, ("filled", "named"))


def test_what_is_filled_only_where_a_field_of_winners_is_goes_with_it(made: Made) -> None:
    """Rarely filled, its own gap is small: it is known by the company it keeps."""
    deal = made.filled(0.95, 0.02)
    some = np.where(made.chance.random(ROWS) < 0.15, deal, np.nan)
    rare = np.where(made.chance.random(ROWS) < 0.15, made.telling(0), np.nan)
    found = made.found(
        made.column("deal", deal), made.column("part", some), made.column("rare", rare)
    )
    assert set(found) == {"deal", "part"}
    assert (found["part"].severity, found["part"].marks) == (EXCLUDED, ("filled along",))
    assert found["part"].filled_gap < 0.25
    assert found["part"].lone_auc > 0.5


def test_a_column_is_kept_by_name_only(made: Made) -> None:
    deal = made.filled(0.95, 0.02)
    some = np.where(made.chance.random(ROWS) < 0.15, deal, np.nan)
    columns = made.column("deal", deal), made.column("part", some)
    allowed = made.found(*columns, allow="part other")
    assert (allowed["deal"].allowed, allowed["part"].allowed) == (False, True)
    assert allowed["part"].severity is EXCLUDED, "what is allowed is still told"


def test_a_leak_is_found_beside_noisy_copies_of_itself(made: Made) -> None:
    """That others tell the same makes none of them honest."""
    value = made.telling(1.6)
    copies = [made.column(f"copy {k}", value + made.chance.normal(0, 0.2, ROWS)) for k in (1, 2)]
    found = made.found(made.column("it", value), *copies)
    assert {name: leak.severity for name, leak in found.items()} == dict.fromkeys(
        ("it", "copy 1", "copy 2"), EXCLUDED
    )


def test_criteria_and_points_are_taken_as_of_the_scoring_instant(made: Made) -> None:
    """Only what came later, and what is too good to be true, is told of them."""
    held = (made.telling(1.4) > 0.7).astype(float)
    strong = Column("stage", Kind.CRITERION, held)
    points = Column("won", Kind.ACTIVITY, made.telling(1.2))
    perfect = Column("it", Kind.ACTIVITY, made.telling(3.0))
    found = made.found(strong, points, perfect)
    assert {k: (v.severity, v.marks) for k, v in found.items()} == {
        "it": (EXCLUDED, ("too good to be true",))
    }


def test_of_the_store_all_is_taken_as_of_the_scoring_instant(made: Made) -> None:
    late = np.zeros(ROWS, dtype=bool)
    late[3] = True
    columns = [
        made.column("close_value", made.filled(0.9, 0.2)),
        made.column("status", made.telling(1.2), later=late),
        made.column("told", made.telling(3.0)),
    ]
    table = replace(made.table(*columns), as_known=True)
    found = {k.column: (k.severity, k.marks) for k in leaks(table, frozenset())}
    assert found == {
        "status": (ASKED, ("later",)),
        "told": (EXCLUDED, ("too good to be true",)),
    }


def _some(made: Made) -> list[Column]:
    return [
        made.column("a", made.telling(1.1)),
        made.column("b", made.filled(0.7, 0.4)),
        made.column("c", made.telling(0.4)),
        made.column("d", made.telling(2.4)),
        made.tables.text("e", ["x" if it > 0.9 else "y" for it in made.telling(1.2)]),
    ]


def test_what_a_column_is_called_changes_no_mark_but_its_names(made: Made) -> None:
    columns = _some(made)
    called = [replace(c, name=f"field {place}") for place, c in enumerate(columns)]
    plain, renamed = made.found(*columns), made.found(*called)
    assert [replace(leak, column="") for leak in plain.values()] == [
        replace(leak, column="") for leak in renamed.values()
    ]
    assert plain


def test_neither_the_order_of_rows_nor_of_columns_changes_a_mark(made: Made) -> None:
    columns = _some(made)
    table = made.table(*columns)
    rows = table.rows(np.random.default_rng(5).permutation(ROWS))
    turned = replace(table, columns=table.columns[::-1])
    found = [
        {k.column: (k.severity, k.marks, round(k.lone_auc, 12)) for k in leaks(t, frozenset())}
        for t in (table, rows, turned)
    ]
    assert found[0] == found[1] == found[2]
    assert found[0]


def test_a_long_table_is_looked_at_in_part_and_always_the_same(tables: Any) -> None:
    won = np.arange(25_000) % 4 == 0
    column = np.random.default_rng(1).normal(size=25_000) + 1.1 * won
    table = tables.table(won, tables.number("it", column))
    assert leaks(table, frozenset()) == leaks(table, frozenset())
    assert [leak.marks[0] for leak in leaks(table, frozenset())] == ["strong"]


def test_a_column_that_names_each_lead_tells_nothing_out_of_fold(made: Made) -> None:
    """In the sample it would be perfect."""
    assert made.found(made.tables.text("id", [str(n) for n in range(ROWS)])) == {}


@pytest.mark.parametrize("seed", range(12))
def test_honest_tables_lose_no_column(tables: Any, seed: int) -> None:
    strengths = {f"column {k}": s for k, s in enumerate((0.6, 0.4, 0.3, 0.2, 0.1, 0.0, 0.0, 0.0))}
    table = tables.drawn(1_500, seed, strengths)
    assert [k for k in leaks(table, frozenset()) if k.severity is EXCLUDED] == []
