"""Training rows from a real store: each lead as it was known at its instants.

What depends on the store's statements is read on both engines.
"""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.read_store import HORIZON, PAGE, read_store
from scoring_service.calibration.table import Readings, Time
from scoring_service.domain.policy import Policy
from scoring_service.domain.schema import AttributeType
from scoring_service.values.instant import micros
from scoring_service.values.stage import Stage

DAY = timedelta(days=1)

both = pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)


@pytest.fixture
def read(stored: Any, policy: Policy) -> Any:
    def after(days: float = 400, **asked: Any) -> Readings:
        return read_store(stored.reader, policy, stored.start + days * DAY, **asked)

    return after


def values(readings: Readings, name: str) -> list[float]:
    return [round(value, 3) for value in readings.table.column(name).values.tolist()]


def day_of(stored: Any, readings: Readings) -> list[tuple[int, int]]:
    """Lead and day of each row."""
    table = readings.table
    days = (table.scored_at - micros(stored.start)) // (DAY // timedelta(microseconds=1))
    return list(zip(table.leads.tolist(), days.tolist(), strict=True))


def test_an_open_lead_is_scored_at_creation_and_7_and_30_days_later(stored: Any, read: Any) -> None:
    stored.create("a", source="fair")
    stored.create("b", stored.start + 2 * DAY, source="web")
    stored.move("b", stored.start + 12 * DAY, Stage.CUSTOMER)
    readings = read()
    table = readings.table
    assert day_of(stored, readings) == [(0, 0), (1, 2), (0, 7), (1, 9), (0, 30)]
    assert table.won.tolist() == [False, True, False, True, False]
    np.testing.assert_allclose(table.weights, [1 / 3, 1 / 2, 1 / 3, 1 / 2, 1 / 3])
    assert (table.time, table.horizon, HORIZON) == (Time.INSTANTS, HORIZON, 180 * DAY)
    assert (table.known_at - table.scored_at == HORIZON // timedelta(microseconds=1)).all()


@both
def test_fields_are_those_of_the_instant_and_what_came_later_is_marked(
    stored: Any, read: Any
) -> None:
    stored.create("a", employees=500, source="fair", attributes={"team_size": 3})
    stored.create("b", employees=20, source="web")
    stored.change("a", stored.start + 10 * DAY, employees=50, seniority="owner", team_size=9)
    readings = read()
    assert values(readings, "employees") == [500, 20, 500, 20, 50, 20]
    assert values(readings, "large") == [1, 0, 1, 0, 0, 0]
    assert values(readings, "decides") == [0, 0, 0, 0, 1, 0]
    team = readings.table.column("team_size")
    np.testing.assert_array_equal(team.values, [3, np.nan, 3, np.nan, 9, np.nan])
    assert (team.type, team.later) == (AttributeType.INTEGER, None)
    later = readings.table.column("seniority").later
    assert later is not None
    assert later.tolist() == [True, False, True, False, False, False]


@both
def test_activities_count_from_when_they_happened_and_were_recorded(stored: Any, read: Any) -> None:
    stored.create("a", source="fair")
    stored.create("b", source="web")
    stored.did("a", "visit", stored.start)
    stored.did("a", "visit", stored.start + 7 * DAY)
    stored.did("a", "demo", stored.start + 3 * DAY, recorded_at=stored.start + 20 * DAY)
    readings = read()
    assert values(readings, "visit") == [10, 0, 15, 0, pytest.approx(1.539, abs=1e-3), 0]
    left = round(40 * 0.5 ** (27 / 14), 3)
    assert values(readings, "demo") == [0, 0, 0, 0, left, 0]


def test_an_event_or_a_change_after_the_last_instant_changes_no_row(stored: Any, read: Any) -> None:
    stored.create("a", employees=500, source="fair")
    stored.create("b", employees=20, source="web")
    stored.did("a", "visit", stored.start)
    before = read()
    stored.did("a", "demo", stored.start + 31 * DAY)
    stored.change("b", stored.start + 31 * DAY, employees=900, seniority="owner")
    after = read()
    assert [column.name for column in after.table.columns] == [
        column.name for column in before.table.columns
    ]
    for one, other in zip(before.table.columns, after.table.columns, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
    assert before.table.digest != after.table.digest
    assert [one.type for _, one in after.histories[0].activities] == ["visit", "demo"]


@both
def test_the_account_is_the_one_that_a_decision_knew_at_the_time(stored: Any, read: Any) -> None:
    """An account that is made of the winner must not tell that it was won."""
    stored.create("a", source="fair")
    stored.create("b", source="web", account="acme")
    stored.decide("a", stored.start + 10 * DAY, "acme")
    assert values(read(), "we know it") == [0, 1, 0, 1, 1, 1]


@both
def test_a_decision_whose_facts_are_no_longer_kept_knows_no_account(stored: Any, read: Any) -> None:
    stored.create("a", source="fair", account="acme")
    stored.create("b", source="web")
    assert not any("account of then" in note for note in read().table.notes)
    stored.forget_facts("a")
    table = read().table
    assert "we know it" not in {column.name for column in table.columns}
    (note,) = [note for note in table.notes if "account of then" in note]
    assert note.startswith("1 lead whose account of then is not known any more")


@both
def test_the_outcome_is_that_of_the_horizon(stored: Any, read: Any) -> None:
    late, undone, lost = stored.start + 200 * DAY, stored.start + 90 * DAY, stored.start + DAY
    for name in ("late", "undone", "won", "lost"):
        stored.create(name, source=name)
    stored.move("late", late, Stage.CUSTOMER)
    stored.move("undone", undone, Stage.CUSTOMER)
    stored.move("undone", undone + DAY, Stage.CLOSED_LOST)
    stored.move("won", undone, Stage.CUSTOMER)
    stored.move("won", late, Stage.CLOSED_LOST)
    stored.move("lost", lost, Stage.DISQUALIFIED, reason="no_need")
    readings = read()
    table = readings.table
    ids = [history.lead_id for history in readings.histories]
    rows = zip(day_of(stored, readings), table.won.tolist(), strict=True)
    by_lead = {(ids[lead], day): won for (lead, day), won in rows}
    assert [by_lead["late", day] for day in (0, 7, 30)] == [False, False, True]
    assert [by_lead["won", day] for day in (0, 7, 30)] == [True, True, False]
    assert [by_lead["undone", day] for day in (0, 7, 30)] == [False] * 3
    assert [day for name, day in by_lead if name == "lost"] == [0]
    assert "4 rows won, but no longer at the horizon: not won" in table.notes


def test_recycled_leads_count_and_are_marked(stored: Any, read: Any) -> None:
    stored.create("a", source="fair")
    stored.create("b", source="web")
    stored.move("a", stored.start + 185 * DAY, Stage.RECYCLED)
    table = read().table
    assert table.recycled.tolist() == [False, False, True, False, True, False]
    assert not table.won.any()
    assert "2 rows of leads recycled by the horizon: they count" in table.notes


def test_merged_duplicate_spam_and_outcome_only_leads_are_left_out_and_counted(
    stored: Any, read: Any
) -> None:
    for name, cause, reason in [
        ("m", "merge", ""), ("d", "sales", "duplicate"), ("s", "sales", "spam"),
    ]:  # fmt: skip
        stored.create(name, source="fair")
        stored.move(name, stored.start + DAY, Stage.DISQUALIFIED, cause=cause, reason=reason)
    stored.create("i", stage=Stage.CUSTOMER, cause="import", source="web")
    stored.create("a", source="fair")
    readings = read()
    assert [history.lead_id for history in readings.histories] == ["a"]
    assert set(readings.table.notes) >= {
        "left out: 1 lead (merged into another)",
        "left out: 1 lead (duplicates)",
        "left out: 1 lead (spam)",
        "left out: 1 lead (imported with their outcome only)",
    }


def test_only_rows_older_than_the_horizon_count_whatever_the_stage(stored: Any, read: Any) -> None:
    stored.create("a", source="fair")
    stored.move("a", stored.start + DAY, Stage.CUSTOMER)
    stored.create("b", source="web")
    table = read(days=190).table
    assert table.won.tolist() == [True, False, False]
    assert "left out: 1 row (younger than the horizon of 180 d)" in table.notes
    assert len(read(days=180).table) == 2
    assert read(days=40, horizon=10 * DAY).table.known_at.tolist() == sorted(
        micros(stored.start + days * DAY) for days in (10, 10, 17, 40)
    )


def test_without_any_row_it_says_why(stored: Any, read: Any) -> None:
    with pytest.raises(CalibrationProblem) as problem:
        read()
    assert str(problem.value) == "the store has no row to learn from: it has no leads"
    stored.create("a")
    with pytest.raises(CalibrationProblem) as problem:
        read(days=3)
    assert str(problem.value) == (
        "the store has no row to learn from: left out: 3 rows (younger than the horizon of 180 d)"
    )


def test_an_imported_lead_is_scored_from_its_import_on(stored: Any, read: Any) -> None:
    stored.create(
        "a", stored.start + 50 * DAY, cause="import", created_at=stored.start, source="fair"
    )
    assert day_of(stored, read()) == [(0, 50), (0, 57), (0, 80)]


def test_histories_hold_what_was_seen_from_each_instant_on(stored: Any, read: Any) -> None:
    stored.create("a", employees=500, source="fair")
    stored.change("a", stored.start + 10 * DAY, employees=50)
    stored.decide("a", stored.start + 20 * DAY, "acme")
    stored.decide("a", stored.start + 25 * DAY, "acme")
    stored.did("a", "visit", stored.start + 40 * DAY)
    stored.move("a", stored.start + 60 * DAY, Stage.CUSTOMER)
    stored.create("young", stored.start + 390 * DAY)
    history, young = read().histories
    seen = [
        ((at - stored.start).days, symbols["employees"], symbols["account"]["account_id"])
        for at, symbols in history.symbols
    ]
    assert seen == [(0, 500, None), (10, 50, None), (20, 50, "acme")]
    assert (history.created_at, history.closed_at) == (stored.start, stored.start + 60 * DAY)
    assert history.won
    assert [one.type for _, one in history.activities] == ["visit"]
    assert (young.lead_id, young.closed_at, young.won) == ("young", None, False)


def test_who_a_lead_is_and_what_no_lead_has_makes_no_feature(stored: Any, read: Any) -> None:
    stored.create("a", email="ann@firm.example", company_name="Firm", source="fair")
    stored.create("b", email="bob@corp.example", company_name="Corp", source="web")
    readings = read()
    assert {column.name for column in readings.table.columns} == {"source", "from the fair"}


def test_a_value_of_another_type_than_today_is_missing(stored: Any, read: Any) -> None:
    stored.create("a", source="fair", attributes={"team_size": "many", "budget_approved": True})
    stored.create("b", source="web", attributes={"team_size": 4, "budget_approved": False})
    readings = read()
    np.testing.assert_array_equal(readings.table.column("team_size").values[:2], [np.nan, 4])
    assert values(readings, "budget_approved")[:2] == [1, 0]
    assert readings.table.column("budget_approved").type is AttributeType.BOOLEAN


@both
def test_leads_come_in_pages(stored: Any, read: Any) -> None:
    count = PAGE + 3
    for number in range(0, count, 50):
        names = [f"l{n:04}" for n in range(number, min(number + 50, count))]
        stored.create_many(names, source="web")
    readings = read()
    assert len(readings.histories) == count
    assert len(readings.table) == 3 * count


@both
def test_two_readings_are_equal(stored: Any, read: Any) -> None:
    stored.create("a", source="fair", employees=5)
    stored.create("b", source="web", employees=7)
    one, other = read(), read()
    assert one.table.digest == other.table.digest
    assert one.histories == other.histories
    assert read(days=401).table.digest != one.table.digest
