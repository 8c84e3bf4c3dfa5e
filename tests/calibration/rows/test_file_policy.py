"""What the rules make of a file's leads: criteria that held, points, and histories to replay."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scoring_service.calibration.table import Kind
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.behaviour import of_events
from scoring_service.domain.scoring.fit import fit
from scoring_service.domain.symbols import lead_symbols
from scoring_service.values.account import AccountMatch
from scoring_service.values.instant import EPOCH, instant
from scoring_service.values.lead import Lead

LEADS = """
lead_id,scored_at,closed_at,outcome,employees,seniority,source,technologies
a,2026-01-10,2026-01-20,won,500,owner,fair,crm|mail
b,2026-01-11,2026-01-21,lost,10,staff,web,
c,2026-01-12,,open,,,fair,
d,2026-03-30,2026-03-31,won,900,owner,web,
"""
ACTIVITIES = """
lead_id,type,occurred_at
a,visit,2026-01-03
a,visit,2026-01-10
a,demo,2026-01-15
b,demo,2026-01-01
d,visit,2026-03-01
"""
NINETY = timedelta(days=60)


def values(readings: Any, name: str) -> list[float]:
    found: list[float] = readings.table.column(name).values.tolist()
    return found


def test_criteria_that_held_are_features_with_their_text(files: Any, policy: Policy) -> None:
    readings = files.read(LEADS, policy=policy, horizon=NINETY)
    assert values(readings, "large") == [1, 0, 0]
    assert values(readings, "decides") == [1, 0, 0]
    assert values(readings, "from the fair") == [1, 0, 1]
    column = readings.table.column("large")
    assert (column.kind, column.when) == (Kind.CRITERION, "employees >= 200")


def test_a_criterion_that_never_holds_is_left_out_and_one_that_always_does_is_told(
    files: Any, policy: Policy
) -> None:
    text = "n,employees,source,outcome\n1,500,fair,won\n2,900,web,lost"
    readings = files.read(text, policy=policy)
    criteria = [c.name for c in readings.table.columns if c.kind is Kind.CRITERION]
    assert criteria == ["large", "from the fair"]
    assert values(readings, "large") == [1, 1]
    assert "the criterion 'large' holds in every row" in readings.table.notes
    assert "the criterion 'we know it' holds in no row and is left out" in readings.table.notes


def test_points_are_those_of_the_instant(files: Any, policy: Policy) -> None:
    readings = files.read(LEADS, activities=ACTIVITIES, policy=policy, horizon=NINETY)
    assert values(readings, "visit") == [pytest.approx(15.0), 0, 0]
    assert values(readings, "demo") == [0, pytest.approx(40 * 0.5 ** (10 / 14)), 0]
    visit = readings.table.column("visit")
    assert visit.halved is not None
    assert visit.doubled is not None
    assert visit.halved[0] == pytest.approx(10 + 10 * 0.25)
    assert visit.doubled[0] == pytest.approx(10 + 10 * 0.5**0.5)


def test_a_row_scores_as_the_domain_scores_its_lead(files: Any, policy: Policy) -> None:
    """One truth: criteria and points of a row add up to the score of the same lead."""
    readings = files.read(LEADS, activities=ACTIVITIES, policy=policy, horizon=NINETY)
    lead = Lead("a", employees=500, source="fair", attributes={"seniority": "owner"})
    symbols = lead_symbols(lead, policy.schema, AccountMatch())
    points, _ = fit(policy.scoring, symbols)
    by_name = {criterion.name: criterion.points for criterion in policy.scoring.fit}
    criteria = [c for c in readings.table.columns if c.kind is Kind.CRITERION]
    assert sum(by_name[c.name] * c.values[0] for c in criteria) == points
    history = next(one for one in readings.histories if one.lead_id == "a")
    now = datetime(2026, 1, 10, tzinfo=UTC)
    behaviour = of_events(policy.scoring, [done for _, done in history.activities], now)
    done = [c for c in readings.table.columns if c.kind is Kind.ACTIVITY]
    assert sum(c.values[0] for c in done) == pytest.approx(behaviour.points)


def test_histories_are_of_every_lead_the_young_and_the_open_too(files: Any, policy: Policy) -> None:
    readings = files.read(LEADS, activities=ACTIVITIES, policy=policy, horizon=NINETY)
    assert len(readings.table) == 3
    a, b, c, d = readings.histories
    assert [one.lead_id for one in (a, b, c, d)] == ["a", "b", "c", "d"]
    assert a.created_at == datetime(2026, 1, 10, tzinfo=UTC)
    assert a.symbols[0][0] == a.created_at
    assert a.symbols[0][1]["technologies"] == ("crm", "mail")
    assert a.symbols[0][1]["employees"] == 500
    assert c.symbols[0][1]["employees"] is None
    assert [one.type for _, one in a.activities] == ["visit", "visit", "demo"]
    assert (a.closed_at, a.won) == (datetime(2026, 1, 20, tzinfo=UTC), True)
    assert (b.closed_at, b.won) == (datetime(2026, 1, 21, tzinfo=UTC), False)
    assert (c.closed_at, c.won) == (None, False)
    assert (d.closed_at, d.won) == (datetime(2026, 3, 31, tzinfo=UTC), True)


def test_without_times_every_instant_of_a_history_is_the_same_one(
    files: Any, policy: Policy
) -> None:
    text = "lead_id,employees,outcome\na,500,won\nb,10,lost\nc,9,open"
    for ordered in (False, True):
        histories = files.read(text, policy=policy, ordered=ordered).histories
        assert [one.lead_id for one in histories] == ["a", "b"]
        for one in histories:
            assert one.created_at == one.closed_at == one.symbols[0][0] == EPOCH


def test_a_lead_that_closed_nobody_knows_when_counts_as_closed_at_the_horizon(
    files: Any, policy: Policy
) -> None:
    text = "lead_id,scored_at,outcome\na,2026-01-01,won\nb,2026-06-01,open"
    first, second = files.read(text, policy=policy, horizon=NINETY).histories
    assert first.closed_at == datetime(2026, 1, 1, tzinfo=UTC) + NINETY
    assert second.closed_at is None


def test_a_history_begins_when_the_lead_was_created(files: Any, policy: Policy) -> None:
    text = """
        lead_id,created_at,scored_at,closed_at,outcome
        a,2026-01-01,2026-01-05,2026-01-20,won
        b,,2026-01-06,2026-01-20,won
        """
    a, b = files.read(text, policy=policy).histories
    assert a.created_at == a.symbols[0][0] == datetime(2026, 1, 1, tzinfo=UTC)
    assert b.created_at == datetime(2026, 1, 6, tzinfo=UTC)


def test_rows_without_an_id_are_called_by_their_number(files: Any, policy: Policy) -> None:
    found = files.read("employees,outcome\n500,won\n10,lost", policy=policy).histories
    assert [one.lead_id for one in found] == ["row 1", "row 2"]


def test_with_created_at_and_activities_a_lead_is_scored_again_while_it_is_open(
    files: Any, policy: Policy
) -> None:
    readings = files.read(
        """
        lead_id,created_at,closed_at,outcome
        a,2026-01-01,2026-01-20,won
        b,2026-01-01,2026-03-20,lost
        z,2026-12-01,2026-12-31,lost
        """,
        activities="lead_id,type,occurred_at\na,visit,2026-01-01\na,visit,2026-01-08",
        policy=policy,
        horizon=NINETY,
    )
    table = readings.table
    days = [(instant(int(at)) - datetime(2026, 1, 1, tzinfo=UTC)).days for at in table.scored_at]
    rows = zip(table.leads.tolist(), days, table.won.tolist(), table.weights, strict=True)
    assert [(lead, day, won, round(weight, 3)) for lead, day, won, weight in rows] == [
        (0, 0, True, 0.5), (1, 0, False, 0.333), (0, 7, True, 0.5), (1, 7, False, 0.333),
        (1, 30, False, 0.333),
    ]  # fmt: skip
    assert values(readings, "visit") == pytest.approx([10, 0, 15, 0, 0])
    assert len(readings.histories) == 3
    assert len(readings.histories[0].symbols) == 1
    assert any(note.endswith("and 7 d and 30 d later while open") for note in table.notes)


def test_what_activities_are_not_used_is_told(files: Any, policy: Policy) -> None:
    readings = files.read(
        LEADS,
        activities="""
        lead_id,type,occurred_at,activity_id
        a,visit,2026-01-05,1
        a,visit,2026-01-05,1
        a,visit,2026-01-05,2
        a,vist,2026-01-06,3
        x,visit,2026-01-06,4
        y,visit,2026-01-06,5
        ,visit,2026-01-06,6
        a,,2026-01-06,7
        a,visit,,8
        """,
        policy=policy,
        horizon=NINETY,
    )
    of_activities = [note for note in readings.table.notes if note.startswith("activities.csv")]
    assert of_activities == [
        "activities.csv: 'occurred_at' names no zone and is read as UTC",
        "activities.csv: left out: 3 activities (no lead_id, type or occurred_at)",
        "activities.csv: left out: 2 activities (of 2 unknown leads)",
        "activities.csv: left out: 1 activity (their activity_id is there already)",
        "activities.csv: scoring.yaml scores no activities of type 'vist' (1); they are not used",
    ]
    assert values(readings, "visit")[0] == pytest.approx(20 * 0.5 ** (5 / 7))


def test_the_mapping_names_the_columns_of_both_files(files: Any, policy: Policy) -> None:
    readings = files.read(
        "id,when,closed_at,outcome\na,2026-01-10,2026-01-20,won",
        activities="id,kind,at\na,visit,2026-01-10",
        mapping="columns: {id: lead_id, when: scored_at, kind: type, at: occurred_at}",
        policy=policy,
    )
    assert values(readings, "visit") == [10.0]


def test_activities_under_their_own_names_need_no_mapping(files: Any, policy: Policy) -> None:
    """The leads' id column is called as the activities' number is."""
    readings = files.read(
        "id,when,closed_at,outcome\na,2026-01-10,2026-01-20,won",
        activities="id,lead_id,type,occurred_at\n1,a,visit,2026-01-10",
        mapping="columns: {id: lead_id, when: scored_at}",
        policy=policy,
    )
    assert values(readings, "visit") == [10.0]
