"""Labels: won by the horizon, as things stand at the horizon; what is younger does not count."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.instants import NEVER
from scoring_service.calibration.rows.labels import Candidates, derived_horizon, labels_of
from scoring_service.calibration.rows.outcomes import Outcome
from scoring_service.calibration.table import Time

DAY = 86_400_000_000


NINETY = timedelta(days=90)
LABELS = [
    pytest.param("2026-01-01,2026-02-01,won", True, id="won within the horizon is won"),
    pytest.param("2026-01-01,2026-04-01,won", True, id="won at the horizon is won"),
    pytest.param("2026-01-01,2026-04-02,won", False, id="won after the horizon is not won by it"),
    pytest.param("2026-01-01,2026-02-01,lost", False, id="lost is not won"),
    pytest.param("2026-01-01,,open", False, id="open and older than the horizon is not won"),
    pytest.param("2026-01-01,2026-02-01,open", False, id="an open lead's closing day is a hope"),
    pytest.param("2026-01-01,,lost", False, id="lost nobody knows when is not won"),
    pytest.param("2026-01-01,,won", None, id="won nobody knows when is left out"),
    pytest.param("2026-02-01,2026-01-01,won", None, id="closed before it was scored is left out"),
    pytest.param("2026-01-01,2026-01-01,won", True, id="won on the day it was scored is won"),
    pytest.param(",2026-02-01,won", None, id="never scored is left out"),
    pytest.param("2026-10-03,,open", None, id="open and younger than the horizon is left out"),
    pytest.param("2026-10-03,2026-10-04,won", None, id="a win too is left out while it is young"),
    pytest.param("2026-10-02,2026-10-04,won", True, id="as old as the horizon is old enough"),
]
OTHERS = """old,2026-01-01,2026-01-02,lost,7
older,2026-01-01,2026-01-02,lost,8
latest,2026-12-31,2026-12-31,lost,9"""


@pytest.mark.parametrize(("row", "expected"), LABELS)
def test_the_label_of_a_row_with_times(files: Any, row: str, expected: bool | None) -> None:
    readings = files.read(
        f"lead_id,scored_at,closed_at,outcome,number\nit,{row},1\n{OTHERS}", horizon=NINETY
    )
    table = readings.table
    numbers = table.column("number").values.tolist()
    found = dict(zip(numbers, table.won.tolist(), strict=True))
    assert found.get(1.0) == expected
    assert found[7.0] is False
    assert np.array_equal(table.known_at, table.scored_at + 90 * DAY)


@pytest.mark.parametrize(
    ("row", "note"),
    [
        pytest.param(",2026-02-01,won", "left out: 1 row (no scored_at)", id="without an instant"),
        pytest.param(
            "2026-02-01,2026-01-01,won",
            "left out: 1 row (closed before they were scored)",
            id="closed before",
        ),
        pytest.param(
            "2026-01-01,,won",
            "left out: 1 row (won, but the file does not say when)",
            id="won nobody knows when",
        ),
        pytest.param(
            "2026-01-01,2026-06-01,won", "1 row won after the horizon: not won by it", id="late"
        ),
        pytest.param(
            "2026-01-01,,open", "1 open row older than the horizon: not won", id="open and old"
        ),
        pytest.param(
            "2026-12-01,,open",
            "left out: 2 rows (their horizon ends after 2026-12-31, the latest instant of the"
            " file)",
            id="young",
        ),
    ],
)
def test_what_becomes_of_rows_is_counted(files: Any, row: str, note: str) -> None:
    readings = files.read(
        f"lead_id,scored_at,closed_at,outcome,number\nit,{row},1\n{OTHERS}", horizon=NINETY
    )
    assert note in readings.table.notes


def test_without_times_the_outcome_stands_and_open_rows_are_left_out(files: Any) -> None:
    table = files.read("n,outcome\n1,won\n2,lost\n3,open\n4,\n5,won").table
    assert table.time is Time.NONE
    assert table.column("n").values.tolist() == [1, 2, 5]
    assert table.won.tolist() == [True, False, True]
    assert table.scored_at.tolist() == table.known_at.tolist() == [0, 0, 0]
    assert table.horizon is None
    assert "left out: 2 rows (still open)" in table.notes


def test_with_ordered_the_row_number_is_the_time(files: Any) -> None:
    table = files.read("n,outcome\n5,won\n4,open\n3,lost\n1,won", ordered=True).table
    assert table.time is Time.ORDER
    assert table.column("n").values.tolist() == [5, 3, 1]
    assert table.scored_at.tolist() == table.known_at.tolist() == [0, 2, 3]


def test_rows_come_oldest_first_with_times(files: Any) -> None:
    table = files.read(
        """
        n,scored_at,closed_at,outcome
        3,2026-03-01,2026-03-02,won
        1,2026-01-01,2026-01-02,lost
        2,2026-02-01,2026-02-02,won
        """
    ).table
    assert table.column("n").values.tolist() == [1, 2, 3]
    assert table.won.tolist() == [False, True, True]


def test_without_a_horizon_it_is_the_quantile_of_the_closing_times_and_is_printed(
    files: Any,
) -> None:
    rows = [
        f"{n},2026-01-01,{datetime(2026, 1, 1 + n, tzinfo=UTC).date()},lost" for n in range(1, 21)
    ]
    table = files.read("\n".join(["n,scored_at,closed_at,outcome", *rows])).table
    assert table.horizon == timedelta(days=20)
    assert (
        "no horizon was given: it is 20 d, by which 95% of the closed rows had closed"
        in table.notes
    )


def test_the_mapping_gives_a_horizon_and_an_option_goes_before_it(files: Any) -> None:
    text = "n,scored_at,closed_at,outcome\n1,2026-01-01,2026-01-02,won\n2,2026-06-01,,open"
    mapped = files.read(text, mapping="horizon: 30d").table
    asked = files.read(text, mapping="horizon: 30d", horizon=timedelta(days=10)).table
    assert (mapped.horizon, asked.horizon) == (timedelta(days=30), timedelta(days=10))
    assert not any("no horizon was given" in note for note in mapped.notes)


def test_a_horizon_without_times_is_said_to_be_unused(files: Any) -> None:
    table = files.read("n,outcome\n1,won\n2,lost", horizon=NINETY).table
    assert table.horizon is None
    assert "the rows have no times, so the horizon is not used" in table.notes


def test_without_closing_times_a_given_horizon_censors_and_the_outcome_stands(files: Any) -> None:
    table = files.read(
        "n,scored_at,outcome\n1,2026-01-01,won\n2,2026-02-01,\n3,2026-04-01,won\n4,2026-05-02,won",
        horizon=timedelta(days=60),
    ).table
    assert table.column("n").values.tolist() == [1, 2]
    assert table.won.tolist() == [True, False]


def test_closing_times_alone_are_no_times(files: Any) -> None:
    table = files.read("n,closed_at,outcome\n1,2026-01-01,won\n2,2026-02-01,lost").table
    assert table.time is Time.NONE
    assert [column.name for column in table.columns] == ["n"]
    assert (
        "closed_at without scored_at or created_at tells nothing of when a row was scored: it is"
        " not used" in table.notes
    )


def _leads(first_win: int, step: int) -> str:
    """A lead every two days, every other one won ten days later, no win before a day."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = ["n,scored_at,closed_at,outcome"]
    for n in range(100):
        closes = 2 * n + 10
        word = "won" if n % step == 0 and closes >= first_win else "lost"
        scored, closed = start + timedelta(days=2 * n), start + timedelta(days=closes)
        rows.append(f"{n},{scored.date()},{closed.date()},{word}")
    return "\n".join(rows)


def test_wins_that_begin_long_after_leads_do_are_pointed_out(files: Any) -> None:
    notes = files.read(_leads(first_win=80, step=2)).table.notes
    assert any(
        note.startswith("the first win closes on 2026-03-24, and 36 rows older than it by more")
        for note in notes
    ), notes


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(_leads(first_win=0, step=2), id="wins from the beginning"),
        pytest.param(_leads(first_win=80, step=20), id="wins so rare that chance explains it"),
        pytest.param(_leads(first_win=1_000, step=2), id="no wins at all"),
    ],
)
def test_no_truncation_is_seen_where_there_is_none(files: Any, text: str) -> None:
    assert not any("first win" in note for note in files.read(text).table.notes)


AT = st.integers(0, 40)
LEAD = st.tuples(AT, st.none() | AT, st.sampled_from(list(Outcome)))


@given(st.lists(LEAD, min_size=1, max_size=30), st.integers(1, 20), st.integers(20, 60))
def test_labels_are_those_of_a_plain_reading(
    leads: list[tuple[int, int | None, Outcome]], horizon: int, latest: int
) -> None:
    """A twin that knows one row at a time."""
    expected = {}
    for number, (at, closed, outcome) in enumerate(leads):
        ended = outcome is not Outcome.OPEN and closed is not None
        if at + horizon > latest or (ended and closed is not None and closed < at):
            continue
        if outcome is Outcome.WON and closed is None:
            continue
        in_time = closed is not None and closed <= at + horizon
        expected[number] = outcome is Outcome.WON and in_time
    found = labels_of(_candidates(leads), latest * DAY, timedelta(days=horizon))
    assert dict(zip(found.kept.tolist(), found.won.tolist(), strict=True)) == expected
    scored = [leads[number][0] for number in found.kept]
    assert scored == sorted(scored)
    assert found.known_at.tolist() == [(at + horizon) * DAY for at in scored]


CLOSED = LEAD.filter(lambda lead: lead[2] is not Outcome.OPEN and (lead[1] or -1) >= lead[0])


@given(st.lists(LEAD, max_size=30), CLOSED)
def test_by_the_derived_horizon_as_many_closed_rows_had_closed_as_is_said(
    others: list[tuple[int, int | None, Outcome]], closed: tuple[int, int | None, Outcome]
) -> None:
    leads = [*others, closed]
    horizon, _ = derived_horizon(_candidates(leads), "leads.csv")
    times = [
        closed - at
        for at, closed, outcome in leads
        if outcome is not Outcome.OPEN and closed is not None and closed >= at
    ]
    days = horizon / timedelta(days=1)
    by_then = sum(time <= days for time in times)
    assert by_then >= 0.95 * len(times)
    assert horizon == timedelta(seconds=1) or days in times


def _candidates(leads: list[tuple[int, int | None, Outcome]]) -> Candidates:
    rows = np.arange(len(leads))
    return Candidates(
        Time.INSTANTS,
        rows,
        rows,
        np.array([at * DAY for at, _, _ in leads]),
        np.array([outcome for *_, outcome in leads], dtype=np.int8),
        np.array([NEVER if closed is None else closed * DAY for _, closed, _ in leads]),
    )


def test_where_no_row_closed_no_horizon_is_made_up(files: Any) -> None:
    with pytest.raises(CalibrationProblem, match="no row closed after it was scored, so that no"):
        files.read("n,created_at,closed_at,outcome\n1,2026-01-01,2026-02-01,open")


def test_a_date_to_close_by_that_was_only_planned_does_not_age_open_leads(files: Any) -> None:
    text = """
        n,created_at,closed_at,outcome
        1,2026-01-01,2026-01-11,won
        2,2026-01-02,2026-01-12,lost
        3,2026-01-20,2031-01-01,open
        """
    table = files.read(text, horizon=timedelta(days=5)).table
    assert table.column("n").values.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("created", "kept", "ahead"),
    [
        pytest.param("2035-01-01", [1, 2], True, id="a year mistyped"),
        pytest.param("2026-01-20", [1, 2, 3], False, id="all before now"),
    ],
)
def test_what_is_dated_after_now_does_not_age_open_leads(
    files: Any, created: str, kept: list[int], ahead: bool
) -> None:
    text = f"""
        n,created_at,closed_at,outcome
        1,2026-01-01,2026-01-11,won
        2,2026-01-02,2026-01-12,lost
        3,2026-01-12,,open
        4,{created},,open
        """
    now = datetime(2026, 2, 1, tzinfo=UTC)
    read = files.read(text, horizon=timedelta(days=5), now=now).table
    assert read.column("n").values.tolist() == kept
    said = "'created_at' is later than today in 1 row, the first of them row 4: the file is taken"
    assert any(note.startswith(said) for note in read.notes) is ahead
