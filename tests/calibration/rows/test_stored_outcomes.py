"""What became of a stored lead, told by its stages."""

from datetime import timedelta

import pytest

from scoring_service.domain.calibration.stored_outcomes import (
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
from scoring_service.values.instant import EPOCH
from scoring_service.values.lead import Lead
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StageEntry, StoredLead

DAY = timedelta(days=1)


def path(text: str, created: int = 0) -> LeadRecord:
    """A lead's stages as `day stage cause/reason`, one after another: `0 mql, 5 sal, 9 customer`"""
    stored = StoredLead(Lead("l1"), "p", Stage.KNOWN, EPOCH + created * DAY, EPOCH, EPOCH)
    entries, before = [], ""
    for visit, step in enumerate(filter(None, text.split(", ")), 1):
        day, stage, *why = step.split()
        cause, _, reason = (why[0] if why else "sales").partition("/")
        where = ("l1", visit, 1, before, stage, EPOCH + int(day) * DAY, "me", cause)
        entries.append(StageEntry(*where, "rep:ann", "{}", "r", reason=reason))
        before = stage
    return LeadRecord(stored, tuple(entries))


@pytest.mark.parametrize(
    ("stages", "won"),
    [
        pytest.param("0 mql, 9 customer", True, id="a customer by the day"),
        pytest.param("0 mql, 10 customer", True, id="a customer on the day"),
        pytest.param("0 mql, 11 customer", False, id="a customer the day after"),
        pytest.param("0 mql, 5 customer, 8 closed_lost", False, id="a win undone is none"),
        pytest.param("0 mql, 5 customer, 11 closed_lost", True, id="a win undone later stands"),
        pytest.param("0 mql, 5 closed_lost", False, id="lost"),
        pytest.param("0 mql, 5 recycled", False, id="recycled counts, as not won"),
        pytest.param("0 mql, 5 recycled, 7 mql, 9 customer", True, id="recycled and then won"),
        pytest.param("0 mql", False, id="still open"),
        pytest.param("", False, id="without any stage"),
    ],
)
def test_won_on_the_tenth_day(stages: str, won: bool) -> None:
    assert won_at(path(stages), EPOCH + 10 * DAY) is won


def test_a_win_undone_is_told_apart_from_one_that_never_was() -> None:
    undone, lost = path("0 mql, 5 customer, 8 closed_lost"), path("0 mql, 8 closed_lost")
    assert win_undone_by(undone, EPOCH + 10 * DAY)
    assert not win_undone_by(undone, EPOCH + 6 * DAY)
    assert not win_undone_by(lost, EPOCH + 10 * DAY)


@pytest.mark.parametrize(
    ("stages", "why"),
    [
        pytest.param("0 mql, 5 disqualified sales/duplicate", LeftOut.DUPLICATE, id="a duplicate"),
        pytest.param("0 mql, 5 disqualified sales/spam", LeftOut.SPAM, id="spam"),
        pytest.param("0 mql, 5 disqualified merge", LeftOut.MERGED, id="merged, by its cause"),
        pytest.param("0 mql, 5 disqualified ops/merged", LeftOut.MERGED, id="or by its reason"),
        pytest.param("0 customer import", LeftOut.OUTCOME_ONLY, id="imported as a customer"),
        pytest.param("0 closed_lost imported", LeftOut.OUTCOME_ONLY, id="imported as lost"),
        pytest.param("0 mql import, 9 customer", None, id="imported on its way"),
        pytest.param("0 customer sales", None, id="a customer from the beginning, not imported"),
        pytest.param("0 mql, 5 disqualified sales/no_need", None, id="disqualified otherwise"),
        pytest.param(
            "0 mql, 5 disqualified sales/spam, 9 mql ops", None, id="spam, and brought back"
        ),
        pytest.param("", None, id="without any stage"),
    ],
)
def test_which_leads_teach_nothing(stages: str, why: LeftOut | None) -> None:
    assert left_out(path(stages)) is why


@pytest.mark.parametrize(
    ("stages", "open_"),
    [
        pytest.param("0 mql", True, id="on its way"),
        pytest.param("0 mql, 5 recycled", True, id="recycled: it may come back"),
        pytest.param("0 mql, 5 customer", False, id="a customer"),
        pytest.param("0 mql, 5 disqualified", False, id="disqualified"),
        pytest.param("0 mql, 5 closed_lost", False, id="lost"),
        pytest.param("0 mql, 8 customer", True, id="won later"),
        pytest.param("0 mql, 5 closed_lost, 6 mql", True, id="lost and back"),
    ],
)
def test_open_after_a_week(stages: str, open_: bool) -> None:
    assert is_open(path(stages), EPOCH + 7 * DAY) is open_


@pytest.mark.parametrize(
    ("stages", "day"),
    [
        pytest.param("0 mql", None, id="open"),
        pytest.param("0 mql, 5 customer", 5, id="won"),
        pytest.param("0 mql, 5 closed_lost, 9 disqualified", 5, id="since it was lost"),
        pytest.param("0 mql, 5 closed_lost, 9 recycled", None, id="recycled is open"),
        pytest.param("0 mql, 5 customer, 9 mql, 12 closed_lost", 12, id="since it closed last"),
        pytest.param("", None, id="without any stage"),
    ],
)
def test_since_when_it_is_closed(stages: str, day: int | None) -> None:
    assert closed_at(path(stages)) == (None if day is None else EPOCH + day * DAY)


def test_recycled_by_an_instant() -> None:
    record = path("0 mql, 5 recycled, 7 mql")
    assert [recycled_by(record, EPOCH + day * DAY) for day in (4, 5, 9)] == [False, True, True]


def test_an_imported_lead_begins_with_its_import() -> None:
    """What was known before we had it nobody can tell."""
    assert begun(path("20 mql import", created=3)) == EPOCH + 20 * DAY
    assert begun(path("3 mql", created=3)) == EPOCH + 3 * DAY
    assert begun(path("", created=3)) == EPOCH + 3 * DAY


def test_before_its_first_stage_it_has_none() -> None:
    record = path("2 known, 4 mql")
    assert [stage_at(record, EPOCH + day * DAY) for day in (1, 2, 3, 4)] == [
        "", "known", "known", "mql",
    ]  # fmt: skip
