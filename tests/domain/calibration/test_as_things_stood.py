"""What had become of a lead by an instant: each stage at the instant it was entered and beside."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring_service.domain.calibration.stored_outcomes import (
    CLOSED,
    LeftOut,
    begun,
    closed_at,
    is_open,
    left_out,
    recycled_by,
    stage_at,
    win_undone_by,
    won_at,
)
from scoring_service.values.stage import Stage

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def ago(recorded: Any, days: float) -> datetime:
    found: datetime = recorded.now - days * DAY
    return found


UNDONE = [
    pytest.param(30, SECOND, False, False, id="not yet won"),
    pytest.param(30, 0 * SECOND, True, False, id="won at that very instant"),
    pytest.param(20, SECOND, True, False, id="won until the second before it was undone"),
    pytest.param(20, 0 * SECOND, False, True, id="undone at that very instant"),
    pytest.param(10, SECOND, False, True, id="undone until it is won again"),
    pytest.param(10, 0 * SECOND, True, False, id="won again is no win undone"),
    pytest.param(0, 0 * SECOND, True, False, id="and stays so"),
]


@pytest.mark.parametrize(("days", "before", "won", "undone"), UNDONE)
def test_a_win_that_is_undone_and_won_again(
    recorded: Any, days: float, before: timedelta, won: bool, undone: bool
) -> None:
    path = [(Stage.CUSTOMER, 30), (Stage.CLOSED_LOST, 20), (Stage.CUSTOMER, 10)]
    lead, at = recorded.lead(90, *path), ago(recorded, days) - before
    assert (won_at(lead, at), win_undone_by(lead, at)) == (won, undone)


def test_a_lead_that_was_never_won_has_no_win_undone(recorded: Any) -> None:
    lead = recorded.lead(90, (Stage.OPPORTUNITY, 30), (Stage.CLOSED_LOST, 20))
    assert not win_undone_by(lead, recorded.now)


RECYCLED = [
    pytest.param(20, SECOND, False, id="not before it was"),
    pytest.param(20, 0 * SECOND, True, id="from the instant on at which it was"),
    pytest.param(5, 0 * SECOND, True, id="and when it has come back, too"),
]


@pytest.mark.parametrize(("days", "before", "expected"), RECYCLED)
def test_whether_a_lead_had_been_recycled(
    recorded: Any, days: float, before: timedelta, expected: bool
) -> None:
    lead = recorded.lead(90, (Stage.RECYCLED, 20), (Stage.MQL, 10))
    assert recycled_by(lead, ago(recorded, days) - before) is expected


OPEN = [
    pytest.param(Stage.RECYCLED, True, id="recycled may come back"),
    pytest.param(Stage.NURTURE, True, id="nurture"),
    pytest.param(Stage.OPPORTUNITY, True, id="opportunity"),
    pytest.param(Stage.CLOSED_LOST, False, id="lost, though its reason is not applied yet"),
    pytest.param(Stage.CUSTOMER, False, id="won"),
    pytest.param(Stage.DISQUALIFIED, False, id="disqualified"),
]


@pytest.mark.parametrize(("stage", "expected"), OPEN)
def test_a_lead_is_open_while_it_is_neither_won_lost_nor_disqualified(
    recorded: Any, stage: Stage, expected: bool
) -> None:
    lead, entered = recorded.lead(90, (stage, 20)), ago(recorded, 20)
    assert is_open(lead, entered - SECOND)
    assert is_open(lead, entered) is expected
    assert closed_at(lead) == (None if expected else entered)


def test_a_lead_is_closed_since_the_first_of_the_stages_that_close_it(recorded: Any) -> None:
    path = [(Stage.CLOSED_LOST, 60), (Stage.MQL, 50), (Stage.CLOSED_LOST, 40)]
    lead = recorded.lead(90, *path, (Stage.DISQUALIFIED, 30))
    assert closed_at(lead) == ago(recorded, 40)


def test_before_its_first_entry_a_lead_has_no_stage(recorded: Any) -> None:
    lead = recorded.lead(90, (Stage.MQL, 20))
    assert stage_at(lead, ago(recorded, 90) - SECOND) == ""
    assert stage_at(lead, ago(recorded, 90)) == Stage.KNOWN


IMPORTED = [
    pytest.param("import", "", Stage.CUSTOMER, LeftOut.OUTCOME_ONLY, id="won"),
    pytest.param("imported", "", Stage.CLOSED_LOST, LeftOut.OUTCOME_ONLY, id="lost"),
    pytest.param("import", "", Stage.DISQUALIFIED, LeftOut.OUTCOME_ONLY, id="disqualified"),
    pytest.param("import", "", Stage.RECYCLED, None, id="recycled may still be won"),
    pytest.param("import", "", Stage.MQL, None, id="open"),
    pytest.param("sales", "", Stage.CUSTOMER, None, id="won by sales at once is no import"),
    pytest.param(
        "import", Stage.SQL.value, Stage.CUSTOMER, None, id="one that was there before its import"
    ),
]


@pytest.mark.parametrize(("cause", "before", "stage", "expected"), IMPORTED)
def test_what_was_imported_with_its_outcome_only_teaches_nothing(
    recorded: Any, cause: str, before: str, stage: Stage, expected: LeftOut | None
) -> None:
    lead = recorded.lead(90)
    (entry,) = lead.entries
    first = msgspec.structs.replace(entry, cause=cause, stage_from=before, stage_to=stage.value)
    assert left_out(msgspec.structs.replace(lead, entries=(first,))) is expected


def test_a_lead_imported_open_counts_though_an_import_closed_it_later(recorded: Any) -> None:
    lead = recorded.lead(90, (Stage.CUSTOMER, 20))
    imported = tuple(msgspec.structs.replace(e, cause="import") for e in lead.entries)
    assert left_out(msgspec.structs.replace(lead, entries=imported)) is None


BEGUN = [
    pytest.param(90, 90, 90, id="created where it was first seen"),
    pytest.param(400, 90, 90, id="created elsewhere long before: from its import on"),
    pytest.param(90, 95, 90, id="never before it was created"),
]


@pytest.mark.parametrize(("created", "entered", "expected"), BEGUN)
def test_the_store_knows_a_lead_from_its_first_entry_on(
    recorded: Any, created: int, entered: int, expected: int
) -> None:
    lead = recorded.lead(entered)
    stored = msgspec.structs.replace(lead.lead, created_at=ago(recorded, created))
    assert begun(msgspec.structs.replace(lead, lead=stored)) == ago(recorded, expected)


def test_a_lead_without_entries_is_known_from_its_creation_on_and_open(recorded: Any) -> None:
    bare = msgspec.structs.replace(recorded.lead(90), entries=())
    assert begun(bare) == ago(recorded, 90)
    assert is_open(bare, recorded.now)
    assert left_out(bare) is None
    assert closed_at(bare) is None


PATHS = st.lists(st.tuples(st.sampled_from(list(Stage)), st.integers(1, 80)), max_size=6).map(
    lambda path: sorted(path, key=lambda step: -step[1])
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PATHS, st.integers(0, 100))
def test_what_happens_later_changes_nothing_of_what_stood(
    recorded: Any, path: list[tuple[Stage, int]], days: int
) -> None:
    """The law against leaks: a label of then reads entries until then only."""
    at = ago(recorded, days)
    whole = recorded.lead(95, *path)
    until = recorded.lead(95, *(step for step in path if step[1] >= days))
    for asked in (stage_at, is_open, won_at, recycled_by, win_undone_by):
        assert asked(whole, at) == asked(until, at)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PATHS)
def test_a_closed_lead_stays_as_it_closed(recorded: Any, path: list[tuple[Stage, int]]) -> None:
    lead = recorded.lead(95, *path)
    closed, stages = closed_at(lead), [stage for stage, _ in path]
    assert (closed is None) is (not stages or stages[-1] not in CLOSED)
    if closed is not None:
        assert not is_open(lead, closed)
        assert not is_open(lead, recorded.now)
