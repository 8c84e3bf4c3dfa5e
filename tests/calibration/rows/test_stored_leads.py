"""Rows and histories of a stored lead, held against a diary of what was known and when."""

from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.calibration.rows.stored_leads import history_of, instants_of, scored_leads
from scoring_service.domain.policy import Policy
from scoring_service.domain.scoring.score import score_activities
from scoring_service.domain.symbols import lead_symbols
from scoring_service.values.account import AccountMatch
from scoring_service.values.activity import Activity
from scoring_service.values.instant import EPOCH
from scoring_service.values.lead import Lead
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StageEntry, StoredLead

DAY = timedelta(days=1)
HORIZON = 20 * DAY
SIZES = st.lists(st.tuples(st.integers(0, 45), st.integers(1, 900)), max_size=6)
STAGES = st.lists(st.tuples(st.integers(1, 60), st.sampled_from(list(Stage))), max_size=5)
DONE = st.lists(st.tuples(st.sampled_from(["visit", "demo", "reply"]), st.integers(0, 60)))


def record_of(sizes: Any, stages: Any, done: Any = ()) -> LeadRecord:
    """A lead whose size changed on days, that moved on days, and did things on days."""
    sizes, stages = dict(sorted(sizes)), dict(sorted(stages))
    lead, changes = Lead("l1"), []
    before: int | None = None
    for day, size in sizes.items():
        old: str | None = None if before is None else str(before)
        if size != before:
            changes.append((EPOCH + day * DAY, FieldChange("employees", old, str(size))))
        before = size
    lead = msgspec.structs.replace(lead, employees=before)
    entries, stage = [_entry(1, "", Stage.KNOWN, 0)], Stage.KNOWN
    for visit, (day, to) in enumerate(stages.items(), 2):
        entries.append(_entry(visit, stage, to, day))
        stage = to
    activities = [
        (EPOCH + day * DAY, Activity(kind, EPOCH + day * DAY, str(number)))
        for number, (kind, day) in enumerate(sorted(done, key=lambda one: one[1]))
    ]
    stored = StoredLead(lead, "p", stage, EPOCH, EPOCH, EPOCH)
    return LeadRecord(stored, tuple(entries), tuple(changes), tuple(activities))


def _entry(visit: int, before: str, to: str, day: int) -> StageEntry:
    where = ("l1", visit, 1, before, to, EPOCH + day * DAY, "me", "sales")
    return StageEntry(*where, "rep:ann", "{}", "r")


def latest(days: Any, until: int, nothing: Any) -> Any:
    """The last that was said by a day."""
    said = {day: what for day, what in dict(sorted(days)).items() if day <= until}
    return said[max(said)] if said else nothing


@given(SIZES, STAGES)
def test_rows_are_what_the_diary_says(policy: Policy, sizes: Any, stages: Any) -> None:
    record = record_of(sizes, stages)
    closed = (Stage.CUSTOMER, Stage.DISQUALIFIED, Stage.CLOSED_LOST)
    days = [0] + [day for day in (7, 30) if latest(stages, day, Stage.KNOWN) not in closed]
    rows = list(scored_leads(record, 3, policy.schema, HORIZON))
    assert [row.at for row in rows] == [EPOCH + day * DAY for day in days]
    assert [row.then.employees for row in rows] == [latest(sizes, day, None) for day in days]
    assert [row.symbols["employees"] for row in rows] == [row.then.employees for row in rows]
    assert [row.won for row in rows] == [
        latest(stages, day + 20, Stage.KNOWN) is Stage.CUSTOMER for day in days
    ]
    moves = dict(sorted(stages)).items()
    assert [row.recycled for row in rows] == [
        any(to is Stage.RECYCLED and at <= day + 20 for at, to in moves) for day in days
    ]


@given(SIZES, STAGES, SIZES, STAGES, st.integers(0, 40))
def test_nothing_that_happened_after_an_instant_changes_what_was_known_then(
    policy: Policy, sizes: Any, stages: Any, more: Any, moved: Any, day: int
) -> None:
    early = [step for step in sizes if step[0] <= day]
    record = record_of(early, [step for step in stages if step[0] <= day])
    later = record_of(
        [*early, *((at + day + 1, size) for at, size in more)],
        [*(step for step in stages if step[0] <= day), *((at + day, to) for at, to in moved)],
    )
    known = {
        row.at: (row.then, row.symbols) for row in scored_leads(record, 0, policy.schema, HORIZON)
    }
    for row in scored_leads(later, 0, policy.schema, HORIZON):
        if row.at <= EPOCH + day * DAY:
            assert known[row.at] == (row.then, row.symbols)


@given(SIZES, DONE, st.integers(0, 60))
def test_a_replayed_history_scores_the_lead_as_it_was(
    policy: Policy, sizes: Any, done: Any, day: int
) -> None:
    """What the service would have said at an instant is what the history says of it."""
    history = history_of(record_of(sizes, (), done), policy.schema)
    at = EPOCH + day * DAY
    symbols = [seen for since, seen in history.symbols if since <= at][-1]
    by_then = [activity for since, activity in history.activities if since <= at]
    replayed = score_activities(policy.scoring, symbols, by_then, at, "r")
    lead = Lead("l1", employees=latest(sizes, day, None))
    known = tuple(Activity(kind, EPOCH + then * DAY, "") for kind, then in done if then <= day)
    asked = lead_symbols(lead, policy.schema, AccountMatch())
    said = score_activities(policy.scoring, asked, known, at, "r")
    assert replayed.fit == said.fit
    assert abs(replayed.behaviour - said.behaviour) < 1e-9


def test_a_history_says_from_when_on_each_act_was_known(policy: Policy) -> None:
    """Not from when it happened: what a rep writes down at the end was not known before."""
    record = record_of([], [(40, Stage.CUSTOMER)], [("visit", 2), ("demo", 3), ("reply", 9)])
    logged = [40, 5, 1]
    acts = zip(logged, record.activities, strict=True)
    record = msgspec.structs.replace(
        record, activities=tuple((EPOCH + day * DAY, act) for day, (_, act) in acts)
    )
    history = history_of(record, policy.schema)
    found = [((known - EPOCH).days, act.type) for known, act in history.activities]
    assert found == [(5, "demo"), (9, "reply"), (40, "visit")]


def test_a_history_holds_no_symbols_twice_running(policy: Policy) -> None:
    record = record_of([(3, 5), (9, 8)], [(4, Stage.MQL)])
    changes = (*record.changes, (EPOCH + 20 * DAY, FieldChange("attributes.unknown", None, "1")))
    lead = msgspec.structs.replace(record.lead.lead, attributes={"unknown": 1})
    stored = msgspec.structs.replace(record.lead, lead=lead)
    record = msgspec.structs.replace(record, lead=stored, changes=changes)
    history = history_of(record, policy.schema)
    assert [(at - EPOCH).days for at, _ in history.symbols] == [0, 3, 9]


def test_instants_begin_with_the_lead() -> None:
    record = record_of([], [(10, Stage.CUSTOMER)])
    assert [(at - EPOCH).days for at in instants_of(record)] == [0, 7]
