"""A row is a lead as it was known at its instant: nothing later changes it, nor does any order."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.mapping import mapping_of
from scoring_service.calibration.rows.read_file import read_file
from scoring_service.calibration.table import Column, Readings, TrainingTable
from scoring_service.domain.policy import Policy

DAY = st.integers(1, 28)
LEAD = st.tuples(
    DAY, DAY, st.sampled_from(["won", "lost", "open"]), st.sampled_from(["", "1", "2", "9"]),
    st.sampled_from(["", "fair", "web"]),
)  # fmt: skip
DONE = st.tuples(st.integers(0, 9), st.sampled_from(["visit", "demo", "reply", "odd"]), DAY)
HORIZON = timedelta(days=10)

many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)


def leads_of(rows: list[tuple[int, int, str, str, str]]) -> list[str]:
    return [
        f"l{n},2026-01-{scored:02},2026-01-{scored:02}T{closed:02}:00,{outcome},{size},{source}"
        if closed < 24
        else f"l{n},2026-01-{scored:02},,{outcome},{size},{source}"
        for n, (scored, closed, outcome, size, source) in enumerate(rows)
    ]


class Folder:
    """Writes leads and activities anew and reads them."""

    def __init__(self, folder: Path, policy: Policy) -> None:
        self.folder, self.policy = folder, policy

    def read(self, leads: list[str], done: list[str]) -> Readings:
        header = "lead_id,scored_at,closed_at,outcome,employees,source"
        last = "end,2026-02-20,,open,1,fair"
        paths = self.folder / "leads.csv", self.folder / "activities.csv"
        paths[0].write_text("\n".join([header, *leads, last]))
        paths[1].write_text("\n".join(["lead_id,type,occurred_at", *done, "end,visit,2026-02-19"]))
        return read_file(
            paths[0],
            outcome="outcome",
            activities=paths[1],
            policy=self.policy,
            horizon=HORIZON,
        )


@pytest.fixture
def folder(tmp_path: Path, policy: Policy) -> Folder:
    return Folder(tmp_path, policy)


def same(one: TrainingTable, other: TrainingTable) -> bool:
    arrays = ("leads", "won", "weights", "scored_at", "known_at", "recycled")
    return (
        all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)
        and [column.name for column in one.columns] == [column.name for column in other.columns]
        and all(map(_same_column, one.columns, other.columns))
    )


def _same_column(one: Column, other: Column) -> bool:
    pairs = [(one.values, other.values), (one.halved, other.halved), (one.doubled, other.doubled)]
    return one.levels == other.levels and all(
        np.array_equal(a, b, equal_nan=True) for a, b in pairs if a is not None and b is not None
    )


@many
@given(st.lists(LEAD, min_size=2, max_size=8), st.lists(DONE, max_size=12), st.randoms())
def test_the_order_of_rows_with_times_and_of_activities_changes_nothing(
    folder: Folder, rows: list[tuple[int, int, str, str, str]], done: Any, random: Any
) -> None:
    leads = leads_of([(1, 1, "lost", "3", "fair"), *rows])
    acts = [f"l{lead},{kind},2026-01-{day:02}" for lead, kind, day in done]
    before = folder.read(leads, acts)
    random.shuffle(leads)
    random.shuffle(acts)
    after = folder.read(leads, acts)
    assert same(before.table, after.table)
    assert {one.lead_id: one for one in before.histories} == {
        one.lead_id: one for one in after.histories
    }


@many
@given(st.lists(LEAD, min_size=2, max_size=8), st.lists(DONE, max_size=8), st.lists(DONE))
def test_events_after_the_instant_change_no_row_but_are_there_to_be_replayed(
    folder: Folder, rows: list[tuple[int, int, str, str, str]], done: Any, later: Any
) -> None:
    leads = leads_of([(1, 1, "lost", "3", "fair"), *rows])
    acts = [f"l{lead},{kind},2026-01-{day:02}" for lead, kind, day in done]
    after = [f"l{lead},{kind},2026-02-{day:02}" for lead, kind, day in later]
    before = folder.read(leads, acts)
    with_later = folder.read(leads, [*acts, *after])
    assert same(before.table, with_later.table)
    known = {lead.partition(",")[0] for lead in leads}
    more = sum(act.partition(",")[0] in known for act in after)
    count = [sum(len(one.activities) for one in r.histories) for r in (before, with_later)]
    assert count[1] == count[0] + more


ARRIVES = """
lead_id,rating,rated_on,employees,scored_at,closed_at,outcome
a,good,2026-01-01,500,2026-01-05,2026-01-06,won
b,good,2026-01-05,500,2026-01-05,2026-01-06,won
c,good,2026-01-06,500,2026-01-05,2026-01-07,lost
d,bad,,10,2026-01-05,2026-01-07,lost
e,,2026-01-01,10,2026-01-05,2026-01-07,lost
f,bad,2026-01-02,10,2026-01-05,2026-01-07,lost
"""


def test_a_value_that_arrived_later_is_missing_and_marked(files: Any) -> None:
    table = files.read(ARRIVES, mapping="arrives: {rating: rated_on}").table
    rating = table.column("rating")
    texts = [rating.levels[int(code)] if code >= 0 else None for code in rating.values]
    assert texts == ["good", "good", None, None, None, "bad"]
    assert rating.later is not None
    assert rating.later.tolist() == [False, False, True, True, False, False]
    assert "rated_on" not in {column.name for column in table.columns}


def test_no_criterion_sees_a_value_that_arrived_later(files: Any, policy: Policy) -> None:
    text = ARRIVES.replace("rated_on", "seen_on")
    table = files.read(text, mapping="arrives: {employees: seen_on}", policy=policy).table
    assert table.column("large").values.tolist() == [1, 1, 0, 0, 0, 0]
    np.testing.assert_array_equal(
        table.column("employees").values, [500, 500, np.nan, np.nan, 10, 10]
    )


def test_without_times_what_arrives_when_is_not_used_and_that_is_said(files: Any) -> None:
    text = "a,b,outcome\n1,2026-01-01,won\n2,2026-01-01,lost"
    table = files.read(text, mapping="arrives: {a: b}").table
    assert table.column("a").values.tolist() == [1, 2]
    assert table.column("a").later is None
    assert table.notes[0] == (
        "the rows have no times, so when values arrive is not used: every value counts as known"
        " when the lead was scored"
    )


CLOSING = """
lead_id,reason,came,ended,outcome
a,price,2026-01-05,2026-01-06,won
b,,2026-01-05,2026-01-07,lost
c,fit,2026-01-05,2026-01-05,lost
"""


@pytest.mark.parametrize(
    ("arrives", "known"),
    [
        pytest.param("reason: ended", [None, None, "fit"], id="the closing's: not before it"),
        pytest.param("reason: came", ["price", None, "fit"], id="the creation's: at once"),
    ],
)
def test_a_value_may_arrive_with_one_of_the_lead_s_own_instants(
    files: Any, arrives: str, known: list[str | None]
) -> None:
    mapping = f"columns: {{came: created_at, ended: closed_at}}\narrives: {{{arrives}}}"
    table = files.read(CLOSING, mapping=mapping, horizon=timedelta(days=1)).table
    reason = table.column("reason")
    assert [reason.levels[int(code)] if code >= 0 else None for code in reason.values] == known
    assert [column.name for column in table.columns] == ["reason"]


def test_an_arrival_at_no_instant_is_named_by_its_row_in_the_file(files: Any) -> None:
    """Row 3, however the rows are ordered and whichever are left out."""
    text = """
    lead_id,x,seen,scored_at,closed_at,outcome
    a,1,2026-01-01,,2026-01-09,won
    b,2,2026-01-01,2026-01-05,2026-01-09,lost
    c,3,soon,2026-01-02,2026-01-09,won
    """
    with pytest.raises(CalibrationProblem, match=r"leads\.csv: row 3: seen: 'soon' is no instant"):
        files.read(text, mapping="arrives: {x: seen}")


def test_the_closing_time_feeds_no_feature(files: Any) -> None:
    """A month of closing alone would tell the winners of a file without signal."""
    rows = [f"{n},2026-01-{n + 1:02},2026-01-{n + 3:02},won" for n in range(9)]
    table = files.read("\n".join(["n,scored_at,closed_at,outcome", *rows])).table
    assert [column.name for column in table.columns] == ["n"]


def test_the_digest_changes_with_whatever_the_table_depends_on(
    files: Any, policy: Policy, tmp_path: Path
) -> None:
    text = "lead_id,x,y,scored_at,closed_at,outcome\na,1,won,2026-01-01,2026-01-05,won"
    done = "lead_id,type,occurred_at\na,visit,2026-01-01"
    readings = [
        files.read(text),
        files.read(text + "\n"),
        files.read(text, outcome="y"),
        files.read(text, mapping="types: {x: text}"),
        files.read(text, horizon=timedelta(days=4)),
        files.read(text, policy=policy),
        files.read(text, policy=policy, activities=done),
        files.read(text, policy=policy, activities=done + "\na,visit,2026-02-01"),
    ]
    digests = [one.table.digest for one in readings]
    assert digests[0] == digests[1]
    assert len(set(digests)) == len(digests) - 1
    mapping = mapping_of(files.write("types: {x: text}", "m.yaml"))
    again = read_file(files.write(text, "leads.csv"), outcome="outcome", mapping=mapping)
    assert again.table.digest == digests[3]


def test_the_day_of_reading_counts_only_while_the_file_goes_beyond_it(files: Any) -> None:
    """What is dated later than today is not there yet; once it is past the table is the same."""
    text = """
    lead_id,x,scored_at,closed_at,outcome
    a,1,2026-01-01,2026-01-05,won
    b,2,2026-01-03,2026-01-09,lost
    """
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (4, 10, 20)]
    readings = [files.read(text, horizon=timedelta(days=1), now=now) for now in days]
    early, later, latest = (one.table.digest for one in readings)
    assert [one.until.day for one in readings] == [3, 9, 9]
    assert early != later == latest
