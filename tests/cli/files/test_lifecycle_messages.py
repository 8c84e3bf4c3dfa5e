"""Rows as messages of the lifecycle: where a lead begins, what one did, and what is wrong."""

from datetime import UTC, datetime
from typing import Any

import pytest
from leadscoring.v1 import types_pb2

from scoring_service.cli.files.lifecycle_messages import (
    activity_of,
    initial_of,
    instant_of,
    subject_of,
)
from scoring_service.cli.files.rows import BadRow
from scoring_service.values.stage import Stage

AT = datetime(2026, 3, 31, 7, 0, tzinfo=UTC)


def test_a_row_says_where_its_lead_begins() -> None:
    row = {
        "lead_id": "a",
        "stage": "sal",
        "owner": "rep:ann",
        "entered_at": "2026-03-31T09:00+02:00",
        "outcome": "lost",
        "reason": "budget",
    }
    began = initial_of(row)
    assert began is not None
    assert (began.stage, began.rep_id) == (types_pb2.STAGE_SAL, "ann")
    assert (began.outcome, began.reason) == ("lost", "budget")
    assert began.entered_at.ToDatetime(UTC) == AT


@pytest.mark.parametrize("row", [{}, {"lead_id": "a"}, {"stage": None, "owner": None}])
def test_a_row_that_does_not_say_lets_its_lead_be_evaluated(row: dict[str, Any]) -> None:
    assert initial_of(row) is None


@pytest.mark.parametrize(
    ("cell", "field", "owner_id"),
    [
        pytest.param("rep:ann", "rep_id", "ann", id="a-rep"),
        pytest.param("ann", "rep_id", "ann", id="without-a-kind-a-rep"),
        pytest.param("queue:west: first", "queue", "west: first", id="a-queue"),
        pytest.param("track:news", "track", "news", id="a-track"),
    ],
)
def test_an_owner_is_told_with_its_kind(cell: str, field: str, owner_id: str) -> None:
    began = initial_of({"owner": cell})
    assert began is not None
    assert began.WhichOneof("owner") == field
    assert getattr(began, field) == owner_id


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_can_be_begun_in(stage: Stage) -> None:
    for cell in (stage.value, stage.value.upper()):
        began = initial_of({"stage": cell})
        assert began is not None
        assert types_pb2.Stage.Name(began.stage) == f"STAGE_{stage.name}"


def test_an_activity_has_all_that_its_row_says() -> None:
    texts = {name: name for name in ("activity_id", "type", "source", "medium", "campaign")}
    row = {**texts, "channel": "web", "occurred_at": "2026-03-31T07:00:00Z", "lead_id": "a"}
    activity = activity_of(row)
    assert {field.name for field, _ in activity.ListFields()} == {
        *texts,
        "channel",
        "occurred_at",
    }
    assert activity.occurred_at.ToDatetime(UTC) == AT
    assert (activity.campaign, activity.channel) == ("campaign", "web")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param({"lead_id": "a"}, ("lead_id", "a"), id="a-stored-lead"),
        pytest.param({"email": "a@b.de"}, ("email", "a@b.de"), id="a-person"),
        pytest.param({"lead_id": "a", "email": "x"}, ("lead_id", "a"), id="the-id-comes-first"),
        pytest.param({"lead_id": "", "email": "x"}, ("email", "x"), id="an-empty-id-is-none"),
    ],
)
def test_a_row_says_whose_activity_it_is(row: dict[str, Any], expected: tuple[str, str]) -> None:
    assert subject_of(row) == expected


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-31T07:00:00Z", AT),
        ("2026-03-31 07:00", AT),
        ("2026-03-31T12:30:00+05:30", AT),
        (" 2026-03-31 ", datetime(2026, 3, 31, tzinfo=UTC)),
        ("1969-12-31T23:59:59.5Z", datetime(1969, 12, 31, 23, 59, 59, 500_000, UTC)),
    ],
)
def test_an_instant_without_an_offset_is_utc(text: str, at: datetime) -> None:
    assert instant_of("occurred_at", text).ToDatetime(UTC) == at


@pytest.mark.parametrize(
    ("read", "row", "message"),
    [
        pytest.param(initial_of, {"stage": "slq"}, "stage: 'slq' is no stage", id="no-stage"),
        pytest.param(initial_of, {"stage": "opportunit"}, "did you mean 'opp", id="nearly-one"),
        pytest.param(initial_of, {"owner": "team:x"}, "write rep:ID, queue:NAME", id="no-owner"),
        pytest.param(initial_of, {"owner": 7}, "owner: 7 is no text", id="an-owner-of-a-number"),
        pytest.param(
            initial_of, {"entered_at": "31.3.2026"}, "entered_at: '31.3.2026' is no", id="no-date"
        ),
        pytest.param(subject_of, {"type": "visit"}, "lead_id: says nobody's", id="nobody's"),
        pytest.param(activity_of, {"kind": "visit"}, "kind: is no column", id="no-column"),
        pytest.param(activity_of, {"typ": "visit"}, "did you mean 'type'", id="nearly-a-column"),
        pytest.param(activity_of, {"type": 7}, "type: 7 is no text", id="a-type-of-a-number"),
        pytest.param(
            activity_of, {"occurred_at": "soon"}, "like 2026-03-31T09:00:00Z", id="some-day"
        ),
        pytest.param(
            activity_of, {"occurred_at": "9999-12-31T23:00-09:00"}, "is no instant", id="too-late"
        ),
        pytest.param(
            activity_of,
            {"occurred_at": 7},
            "occurred_at: 7 is no text",
            id="an-instant-of-a-number",
        ),
    ],
)
def test_what_is_wrong_names_the_column_and_what_would_do(
    read: Any, row: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadRow) as bad:
        read(row)
    assert message in str(bad.value)
