"""What became of a lead, as its stages tell it at an instant; and which leads teach nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from scoring_service.values.lead import Lead
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StageEntry, StoredLead

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
ENDED = {Stage.CUSTOMER, Stage.DISQUALIFIED, Stage.CLOSED_LOST}


def record(*stages: Stage, cause: str = "route", reason: str = "") -> LeadRecord:
    """A lead that entered a stage a day, from day 1 on; `reason` is the last one's."""
    names = ["", *stages]
    entries = tuple(
        StageEntry(
            "l", number, 1, str(names[number]), str(stage), BEGAN + (number + 1) * DAY, "tester",
            cause, "", "{}", "r", reason=reason if number == len(stages) - 1 else "",
        )
        for number, stage in enumerate(stages)
    )  # fmt: skip
    stage = stages[-1] if stages else Stage.ANONYMOUS
    return LeadRecord(StoredLead(Lead("l"), "p", stage, BEGAN, BEGAN, BEGAN), entries)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        pytest.param(record(), None, id="a lead without stages counts"),
        pytest.param(record(Stage.KNOWN), None, id="so does one on its way"),
        pytest.param(record(Stage.KNOWN, cause="merge"), LeftOut.MERGED, id="not one merged"),
        pytest.param(record(Stage.KNOWN, cause="merged"), LeftOut.MERGED, id="in either word"),
        pytest.param(record(Stage.KNOWN, reason="merged"), LeftOut.MERGED, id="or by its reason"),
        pytest.param(
            record(Stage.KNOWN, Stage.DISQUALIFIED, reason="duplicate"),
            LeftOut.DUPLICATE,
            id="nor a duplicate",
        ),
        pytest.param(
            record(Stage.KNOWN, Stage.DISQUALIFIED, reason="spam"), LeftOut.SPAM, id="nor spam"
        ),
        pytest.param(
            record(Stage.KNOWN, Stage.DISQUALIFIED, reason="no_need"),
            None,
            id="another reason teaches",
        ),
        pytest.param(
            record(Stage.KNOWN, Stage.RECYCLED, reason="spam"), None, id="another stage too"
        ),
        pytest.param(
            record(Stage.CUSTOMER, cause="import"), LeftOut.OUTCOME_ONLY, id="an outcome alone"
        ),
        pytest.param(
            record(Stage.CLOSED_LOST, Stage.RECYCLED, cause="imported"),
            LeftOut.OUTCOME_ONLY,
            id="whatever came then",
        ),
        pytest.param(record(Stage.MQL, cause="import"), None, id="an open one that was imported"),
        pytest.param(record(Stage.CUSTOMER), None, id="a win that was no import"),
    ],
)
def test_which_leads_teach_nothing(found: LeadRecord, why: LeftOut | None) -> None:
    assert left_out(found) is why


STAGES = st.lists(st.sampled_from(list(Stage)), max_size=7)
HALF_DAYS = st.integers(0, 20).map(lambda count: BEGAN + count * DAY / 2)


@FEW
@given(STAGES, HALF_DAYS)
def test_what_is_told_of_an_instant_is_what_its_stages_say(
    stages: list[Stage], at: datetime
) -> None:
    """The slow twin walks through the days."""
    found, been = record(*stages), list[Stage]()
    for number, stage in enumerate(stages):
        if BEGAN + (number + 1) * DAY <= at:
            been.append(stage)
    now = been[-1] if been else ""
    assert stage_at(found, at) == now
    assert is_open(found, at) is (now not in ENDED)
    assert won_at(found, at) is (now == Stage.CUSTOMER)
    assert recycled_by(found, at) is (Stage.RECYCLED in been)
    assert win_undone_by(found, at) is (Stage.CUSTOMER in been and now != Stage.CUSTOMER)


@FEW
@given(STAGES)
def test_a_lead_is_closed_since_the_first_of_its_last_ends(stages: list[Stage]) -> None:
    place = len(stages)
    while place and stages[place - 1] in ENDED:
        place -= 1
    wanted = None if place == len(stages) else BEGAN + (place + 1) * DAY
    assert closed_at(record(*stages)) == wanted


def test_a_lead_begins_when_the_store_knew_it() -> None:
    assert begun(record()) == BEGAN
    assert begun(record(Stage.KNOWN)) == BEGAN + DAY
    late = LeadRecord(
        StoredLead(Lead("l"), "p", Stage.KNOWN, BEGAN + 5 * DAY, BEGAN, BEGAN),
        record(Stage.KNOWN).entries,
    )
    assert begun(late) == BEGAN + 5 * DAY
