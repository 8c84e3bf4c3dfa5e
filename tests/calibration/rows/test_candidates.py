"""Which rows are whose, how often a lead is scored, and what each row weighs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.calibration.rows.candidates import again_while_open, fingerprints
from scoring_service.calibration.rows.cells import cells_of
from scoring_service.calibration.rows.instants import NEVER
from scoring_service.calibration.rows.labels import Candidates
from scoring_service.calibration.rows.lead_numbers import numbered, weights
from scoring_service.calibration.rows.outcomes import Outcome
from scoring_service.calibration.rows.sheet import Sheet
from scoring_service.calibration.table import Time
from scoring_service.values.instant import instant

DAY = 86_400_000_000


def test_a_lead_that_is_there_twice_at_one_instant_counts_once(files: Any) -> None:
    table = files.read(
        """
        lead_id,n,scored_at,closed_at,outcome
        a,1,2026-01-01,2026-01-05,won
        a,2,2026-01-01,2026-01-05,won
        b,3,2026-01-01,2026-01-05,lost
        """
    ).table
    assert table.column("n").values.tolist() == [1, 3]
    assert "left out: 1 row (their lead is there already)" in table.notes


def test_repetitions_of_a_lead_with_another_outcome_are_counted(files: Any) -> None:
    table = files.read(
        """
        lead_id,n,created_at,closed_at,outcome
        a,1,2026-01-01,2026-01-05,won
        a,2,2026-01-01,2026-01-05,lost
        a,3,2026-01-01,2026-01-05,won
        b,4,2026-01-01,2026-01-05,lost
        """
    ).table
    assert table.column("n").values.tolist() == [1, 4]
    assert (
        "left out: 2 rows (their lead is there already); 1 of them with another outcome than the"
        " first, which counts" in table.notes
    )


def test_a_lead_scored_at_several_instants_weighs_one_in_all(files: Any) -> None:
    table = files.read(
        """
        lead_id,n,scored_at,closed_at,outcome
        a,1,2026-01-01,2026-02-05,won
        a,2,2026-01-08,2026-02-05,won
        b,3,2026-01-02,2026-01-05,lost
        """,
        horizon=timedelta(days=20),
    ).table
    assert table.column("n").values.tolist() == [1, 3, 2]
    assert table.leads.tolist() == [0, 1, 0]
    assert table.weights.tolist() == [0.5, 1.0, 0.5]


def test_without_ids_every_row_is_a_lead_and_equal_rows_are_only_pointed_out(files: Any) -> None:
    table = files.read("n,m,outcome\n1,a,won\n1,a,won\n2,a,lost\n1,b,won").table
    assert len(table) == 4
    assert table.leads.tolist() == [0, 1, 2, 3]
    assert (
        "1 row the same as another in every column; without lead_id nobody knows whether they are"
        " one lead, so they count" in table.notes
    )


def test_a_row_that_names_no_lead_is_a_lead_of_its_own(files: Any) -> None:
    table = files.read("lead_id,n,outcome\n,1,won\n,2,lost\na,3,won\na,4,won").table
    assert table.column("n").values.tolist() == [1, 2, 3]
    assert table.leads.tolist() == [0, 1, 2]


def test_in_a_file_in_order_a_lead_may_come_again_but_no_row_twice(files: Any) -> None:
    table = files.read(
        "lead_id,n,outcome\na,1,lost\na,2,won\na,1,lost\nb,1,lost", ordered=True
    ).table
    assert table.column("n").values.tolist() == [1, 2, 1]
    assert table.leads.tolist() == [0, 0, 1]
    assert table.scored_at.tolist() == [0, 1, 3]


def test_instants_with_a_zone_and_without_are_told_apart(files: Any) -> None:
    zoned = files.read(
        "n,scored_at,closed_at,outcome\n1,2026-01-01T00:30:00+01:00,2026-01-02T00:00:00Z,won"
    ).table
    assert instant(int(zoned.scored_at[0])) == datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert not any("names no zone" in note for note in zoned.notes)
    naive = files.read("n,scored_at,closed_at,outcome\n1,2026-01-01,2026-01-02T00:00:00Z,won").table
    assert instant(int(naive.scored_at[0])) == datetime(2026, 1, 1, tzinfo=UTC)
    assert [note for note in naive.notes if "names no zone" in note] == [
        "'scored_at' names no zone and is read as UTC"
    ]


def test_a_file_with_created_at_alone_scores_each_lead_at_its_creation(files: Any) -> None:
    table = files.read("n,created_at,closed_at,outcome\n1,2026-01-01,2026-03-01,won").table
    assert [instant(int(at)).date().isoformat() for at in table.scored_at] == ["2026-01-01"]
    assert "without scored_at each lead is scored at created_at" in table.notes


@pytest.mark.parametrize(
    ("closed", "outcome", "expected"),
    [
        pytest.param(3, Outcome.WON, [0], id="closed within a week: at its creation only"),
        pytest.param(7, Outcome.LOST, [0], id="closed at the end of the week"),
        pytest.param(8, Outcome.WON, [0, 7], id="open after a week"),
        pytest.param(30, Outcome.LOST, [0, 7], id="closed on the thirtieth day"),
        pytest.param(31, Outcome.WON, [0, 7, 30], id="open after thirty days"),
        pytest.param(None, Outcome.OPEN, [0, 7, 30], id="open still"),
        pytest.param(3, Outcome.OPEN, [0, 7, 30], id="open, whatever day was hoped for"),
        pytest.param(None, Outcome.LOST, [0], id="closed nobody knows when"),
    ],
)
def test_a_lead_is_scored_again_while_it_is_open(
    closed: int | None, outcome: Outcome, expected: list[int]
) -> None:
    base = Candidates(
        Time.INSTANTS,
        np.array([4]),
        np.array([9]),
        np.array([0]),
        np.array([outcome], dtype=np.int8),
        np.array([NEVER if closed is None else closed * DAY]),
    )
    every = again_while_open(base)
    assert (every.at // DAY).tolist() == expected
    assert set(every.row.tolist()) == {4}
    assert set(every.lead.tolist()) == {9}


def test_where_no_closing_time_is_known_nobody_is_scored_again() -> None:
    rows = np.array([0, 1])
    base = Candidates(Time.INSTANTS, rows, rows, rows * DAY, np.array([1, 2], dtype=np.int8))
    assert again_while_open(base) is base


@given(st.lists(st.integers(0, 6), min_size=1))
def test_weights_sum_to_one_a_lead(leads: list[int]) -> None:
    numbers = numbered(np.array(leads))
    assert numbers.tolist() == [list(dict.fromkeys(leads)).index(lead) for lead in leads]
    sums = np.bincount(numbers, weights(numbers))
    np.testing.assert_allclose(sums, 1.0, rtol=1e-12)


CELL = st.sampled_from(["", "a", "b", "c"])


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=30))
def test_fingerprints_are_equal_where_rows_are(rows: list[tuple[str, str, str]]) -> None:
    columns = {str(n): cells_of(c) for n, c in enumerate(zip(*rows, strict=True))}
    prints = fingerprints(Sheet("f", columns, "")).tolist()
    assert len(set(prints)) == len(set(rows))
    assert len(set(zip(rows, prints, strict=True))) == len(set(rows))
