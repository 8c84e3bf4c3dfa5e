"""What a file cannot be used for is one sentence: the place, and what to do."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.calibration.problem import CalibrationProblem

NINETY = timedelta(days=90)

REFUSALS = [
    pytest.param(
        "age,y\n1,yes\n2,no",
        {"outcome": "yy"},
        "leads.csv has no column 'yy' to take the outcome from; did you mean 'y'?",
        id="an outcome column with a slip in its name",
    ),
    pytest.param(
        "age,job\n1,a\n2,b",
        {"outcome": "won"},
        "leads.csv has no column 'won' to take the outcome from; known are: age, job",
        id="no outcome column of any such name",
    ),
    pytest.param(
        "outcome,scored_at\nwon,2026-01-01",
        {},
        "leads.csv has scored_at but neither closed_at nor a horizon, so nobody knows by when an"
        " outcome counts: name the column of closing times in the mapping file (columns: {...:"
        " closed_at}), or give a horizon (--horizon 90d)",
        id="scored_at with neither closed_at nor a horizon",
    ),
    pytest.param(
        "outcome,created_at\nwon,2026-01-01",
        {},
        "leads.csv has created_at but neither closed_at nor a horizon, so nobody knows by when an"
        " outcome counts: name the column of closing times in the mapping file (columns: {...:"
        " closed_at}), or give a horizon (--horizon 90d)",
        id="created_at with neither",
    ),
    pytest.param(
        "outcome,scored_at\nwon,2026-01-01",
        {"ordered": True},
        "leads.csv has scored_at, so its rows have times and their order counts for nothing: leave"
        " --ordered out, or give the column another name in the mapping file",
        id="an order beside times",
    ),
    pytest.param(
        "outcome,scored_at\nwon,2026-01-01\nlost,31.3.2026",
        {"horizon": NINETY},
        "leads.csv: row 2: scored_at: '31.3.2026' is no instant; write ISO 8601 such as 2026-03-31"
        " or 2026-03-31T10:00:00Z",
        id="an instant as only some read it",
    ),
    pytest.param(
        "outcome,scored_at,closed_at\nwon,2026-01-01,2026-02-30",
        {},
        "leads.csv: row 1: closed_at: '2026-02-30' is no instant; write ISO 8601 such as 2026-03-31"
        " or 2026-03-31T10:00:00Z",
        id="a day that is in no calendar",
    ),
    pytest.param(
        "outcome,scored_at\nwon,1767225600",
        {"horizon": NINETY},
        "leads.csv: row 1: scored_at: '1767225600' is no instant; write ISO 8601 such as 2026-03-31"
        " or 2026-03-31T10:00:00Z",
        id="seconds since an epoch",
    ),
    pytest.param(
        "outcome,age\nopen,1\n,2",
        {},
        "leads.csv: no row is left to learn from; left out: 2 rows (still open)",
        id="nothing but open leads",
    ),
    pytest.param(
        "outcome,scored_at\nwon,2026-01-01\nlost,2026-01-02",
        {"horizon": NINETY},
        "leads.csv: no row is left to learn from; 'scored_at' names no zone and is read as UTC;"
        " left out: 2 rows (their horizon ends after 2026-01-02, the latest instant of the file)",
        id="nothing but young leads",
    ),
    pytest.param(
        "outcome,age\nwon,1",
        {"mapping": "types: {agee: text}"},
        "the mapping file speaks of the column 'agee', which leads.csv has not; did you mean"
        " 'age'?",
        id="a mapping of a column that is not there",
    ),
    pytest.param(
        "outcome,a,b\nwon,1,2",
        {"mapping": "columns: {a: b}"},
        "leads.csv: 'a' and 'b' would both be called 'b'; change the name under 'columns' in the"
        " mapping file",
        id="a mapping that gives a name that is taken",
    ),
    pytest.param(
        "outcome,a\nwon,1",
        {"activities": "lead_id,type,occurred_at\nl1,visit,2026-01-01"},
        "activities.csv holds activities, whose points are in scoring.yaml: give the rules"
        " (--rules), or leave the activities out",
        id="activities without rules",
    ),
]


@pytest.mark.parametrize(("text", "asked", "said"), REFUSALS)
def test_a_refusal_names_the_place_and_the_remedy(
    files: Any, text: str, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(CalibrationProblem) as problem:
        files.read(text, **asked)
    assert str(problem.value) == said


ACTIVITY_REFUSALS = [
    pytest.param(
        "lead_id,outcome\nl1,won",
        "lead_id,type,occurred_at\nl1,visit,2026-01-01",
        "activities.csv has instants, so the leads need theirs: name the column of scored_at or"
        " created_at in the mapping file (columns: {...: scored_at})",
        id="leads without times",
    ),
    pytest.param(
        "scored_at,closed_at,outcome\n2026-01-01,2026-01-02,won",
        "lead_id,type,occurred_at\nl1,visit,2026-01-01",
        "activities.csv names leads by lead_id, which leads.csv has not; name the column of ids in"
        " the mapping file (columns: {...: lead_id})",
        id="leads without ids",
    ),
    pytest.param(
        "lead_id,scored_at,closed_at,outcome\nl1,2026-01-01,2026-01-02,won",
        "lead_id,kind,occurred_at\nl1,visit,2026-01-01",
        "activities.csv has no column 'type'; it needs lead_id, type, occurred_at, under these"
        " names or under 'columns' in the mapping file",
        id="activities without a type",
    ),
    pytest.param(
        "lead_id,scored_at,closed_at,outcome\nl1,2026-01-01,2026-01-02,won",
        "lead_id,type,occurred_at\nl1,visit,2026-01-01\nl1,visit,yesterday",
        "activities.csv: row 2: occurred_at: 'yesterday' is no instant; write ISO 8601 such as"
        " 2026-03-31 or 2026-03-31T10:00:00Z",
        id="an activity at no instant",
    ),
]


@pytest.mark.parametrize(("leads", "activities", "said"), ACTIVITY_REFUSALS)
def test_a_refusal_of_activities(
    files: Any, policy: Any, leads: str, activities: str, said: str
) -> None:
    with pytest.raises(CalibrationProblem) as problem:
        files.read(leads, activities=activities, policy=policy)
    assert str(problem.value) == said


def test_the_outcome_may_be_asked_for_by_either_name(files: Any) -> None:
    text, mapping = "stage,n\nwon,1\nlost,2", "columns: {stage: result}"
    by_file = files.read(text, mapping=mapping, outcome="stage").table
    by_mapping = files.read(text, mapping=mapping, outcome="result").table
    assert by_file.won.tolist() == by_mapping.won.tolist() == [True, False]
    assert [column.name for column in by_file.columns] == ["n"]


@pytest.mark.parametrize(
    ("mapping", "columns"),
    [
        pytest.param("types: {scored_at: ignore}", ["n"], id="ignored"),
        pytest.param("columns: {scored_at: hour}", ["n", "hour"], id="an attribute's"),
    ],
)
def test_a_column_that_only_happens_to_be_called_so_may_be_declared_otherwise(
    files: Any, mapping: str, columns: list[str]
) -> None:
    text = "n,scored_at,outcome\n1,9,won\n2,10,lost"
    table = files.read(text, mapping=mapping, ordered=True).table
    assert [column.name for column in table.columns] == columns
