"""What is wrong with requests of the lifecycle: each violation by its field, with its remedy."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from leadscoring.v1 import lifecycle_pb2 as pb
from leadscoring.v1 import types_pb2

from scoring_service.api import convert_lifecycle_intake as intake
from scoring_service.api import convert_lifecycle_sales as sales
from scoring_service.api.limits import ACTIVITIES_MAX, ATTRIBUTES_MAX, ID_MAX, TEXT_MAX
from scoring_service.values.lead import Lead
from scoring_service.workflows.lifecycle_requests import AcceptLead, Act, UpsertLead

ID = "0191d7a0-7c3a-7def-8123-0123456789ab"
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATE = Timestamp(seconds=2**40)
VISIT = types_pb2.Activity(
    activity_id="a-1", type="visit", occurred_at=Timestamp(seconds=int(AT.timestamp()))
)
HEAD: dict[str, Any] = {"request_id": ID, "actor_id": "ann"}

Convert = Callable[[Any], Act]


def _asked(convert: Convert, kind: type[Any], **fields: Any) -> Act:
    return convert(kind(**{**HEAD, **fields}))


def _upsert(**fields: Any) -> Act:
    return _asked(intake.upsert_lead, pb.UpsertLeadRequest, **{"lead": types_pb2.Lead(), **fields})


def _recorded(**fields: Any) -> Act:
    known = {"lead_id": "l-1", "activities": [VISIT], **fields}
    return _asked(intake.record_activities, pb.RecordActivitiesRequest, **known)


def _merged(**fields: Any) -> Act:
    known = {"lead_id": "l-1", "other_lead_id": "l-2", **fields}
    return _asked(intake.merge_leads, pb.MergeLeadsRequest, **known)


def _accepted(**fields: Any) -> Act:
    return _asked(sales.accept_lead, pb.AcceptLeadRequest, **{"lead_id": "l-1", **fields})


def _contacted(**fields: Any) -> Act:
    return _asked(sales.log_contact, pb.LogContactRequest, **{"lead_id": "l-1", **fields})


def _qualified(**fields: Any) -> Act:
    return _asked(sales.qualify_lead, pb.QualifyLeadRequest, **{"lead_id": "l-1", **fields})


def _opened(**fields: Any) -> Act:
    return _asked(sales.open_opportunity, pb.OpenOpportunityRequest, **{"lead_id": "l-1", **fields})


def _won(**fields: Any) -> Act:
    return _asked(sales.close_won, pb.CloseWonRequest, **{"lead_id": "l-1", **fields})


def _assigned(**fields: Any) -> Act:
    known = {"lead_id": "l-1", "rep_id": "bob", **fields}
    return _asked(sales.assign_lead, pb.AssignLeadRequest, **known)


def _moved(**fields: Any) -> Act:
    known = {"lead_id": "l-1", "stage": types_pb2.STAGE_MQL, **fields}
    return _asked(sales.move_lead, pb.MoveLeadRequest, **known)


def _began(**fields: Any) -> dict[str, Any]:
    return {"initial": pb.InitialState(**fields)}


LONG_ID, LONG_TEXT = "x" * (ID_MAX + 1), "x" * (TEXT_MAX + 1)
MANY = {f"q{n}": "yes" for n in range(ATTRIBUTES_MAX + 1)}
NO_STAGE = "99 is no stage; send one of anonymous, known"


@pytest.mark.parametrize(
    ("asked", "fields", "field", "remedy"),
    [
        pytest.param(_accepted, {"request_id": ""}, "request_id", "is required", id="no-name"),
        pytest.param(
            _accepted, {"request_id": "once"}, "request_id", "'once' is no UUID", id="no-uuid"
        ),
        pytest.param(
            _accepted, {"actor_id": LONG_ID}, "actor_id", "at most 200", id="a-long-actor"
        ),
        pytest.param(_accepted, {"lead_id": ""}, "lead_id", "is required", id="no-lead"),
        pytest.param(_accepted, {"lead_id": LONG_ID}, "lead_id", "at most 200", id="a-long-id"),
        pytest.param(_accepted, {"lead_id": "a\0"}, "lead_id", "NUL", id="a-nul-in-an-id"),
        pytest.param(_accepted, {"actor_id": "a\0"}, "actor_id", "NUL", id="a-nul-in-an-actor"),
        pytest.param(_upsert, {"lead": None}, "lead", "is required", id="an-upsert-of-nothing"),
        pytest.param(
            _upsert,
            {"lead": types_pb2.Lead(country="UK")},
            "lead.country",
            "did you mean 'GB'",
            id="a-country-that-is-none",
        ),
        pytest.param(
            _upsert,
            {"lead": types_pb2.Lead(full_name=LONG_TEXT)},
            "lead.full_name",
            "at most 4096",
            id="a-long-text-of-a-lead",
        ),
        pytest.param(
            _upsert,
            {"activities": [VISIT] * (ACTIVITIES_MAX + 1)},
            "activities",
            "at most 500",
            id="many-activities-of-an-upsert",
        ),
        pytest.param(_upsert, {"batch_id": LONG_ID}, "batch_id", "at most", id="a-long-batch"),
        pytest.param(_upsert, {"batch_id": "b\0"}, "batch_id", "NUL", id="a-nul-in-a-batch"),
        pytest.param(_upsert, _began(stage=99), "initial.stage", NO_STAGE, id="began-nowhere"),
        pytest.param(
            _upsert, _began(rep_id=""), "initial.rep_id", "is empty", id="began-with-nobody"
        ),
        pytest.param(
            _upsert, _began(queue=LONG_ID), "initial.queue", "at most", id="began-in-a-long-queue"
        ),
        pytest.param(
            _upsert, _began(reason="r\0"), "initial.reason", "NUL", id="a-nul-in-how-it-began"
        ),
        pytest.param(
            _upsert,
            _began(entered_at=LATE),
            "initial.entered_at",
            "is no instant",
            id="began-beyond-all-time",
        ),
        pytest.param(
            _upsert, _began(outcome="win"), "initial.outcome", "won or lost", id="ended-somehow"
        ),
        pytest.param(
            _recorded, {"lead_id": ""}, "lead_id", "is empty", id="activities-of-an-empty-id"
        ),
        pytest.param(
            _recorded, {"lead_id": None}, "lead", "is required", id="activities-of-nobody"
        ),
        pytest.param(
            _recorded, {"activities": []}, "activities", "at least one", id="no-activities"
        ),
        pytest.param(
            _recorded,
            {"activities": [types_pb2.Activity(type="visit", activity_id="a")]},
            "activities[0].occurred_at",
            "is required",
            id="an-activity-without-a-date",
        ),
        pytest.param(
            _recorded, {"batch_id": LONG_ID}, "batch_id", "at most", id="activities-of-a-long-batch"
        ),
        pytest.param(
            _merged, {"other_lead_id": ""}, "other_lead_id", "is required", id="merged-with-nobody"
        ),
        pytest.param(
            _merged,
            {"other_lead_id": "l-1"},
            "other_lead_id",
            "is the same lead",
            id="merged-with-itself",
        ),
        pytest.param(_merged, {"reason": LONG_TEXT}, "reason", "at most 4096", id="a-long-reason"),
        pytest.param(
            _contacted,
            {"occurred_at": LATE},
            "occurred_at",
            "is no instant",
            id="contacted-beyond-all-time",
        ),
        pytest.param(
            _contacted,
            {"next_contact_at": LATE},
            "next_contact_at",
            "is no instant",
            id="to-be-contacted-beyond-all-time",
        ),
        pytest.param(_contacted, {"outcome": "\0"}, "outcome", "NUL", id="a-nul-in-an-outcome"),
        pytest.param(_qualified, {"criteria": MANY}, "criteria", "at most 200", id="many-answers"),
        pytest.param(
            _qualified,
            {"criteria": {"need": LONG_TEXT}},
            "criteria[need]",
            "at most 4096",
            id="a-long-answer",
        ),
        pytest.param(_opened, {"value": -1.0}, "value", "0 or more", id="worth-less-than-nothing"),
        pytest.param(_opened, {"value": float("nan")}, "value", "nan is no", id="worth-no-number"),
        pytest.param(_opened, {"value": float("inf")}, "value", "inf is no", id="worth-everything"),
        pytest.param(_opened, {"currency": "euro"}, "currency", "ISO 4217", id="no-currency"),
        pytest.param(_opened, {"currency": "ÄÖÜ"}, "currency", "ISO 4217", id="no-letters-of-ours"),
        pytest.param(_opened, {"currency": "eur"}, "currency", "ISO 4217", id="small-letters"),
        pytest.param(
            _opened,
            {"expected_close": "31.3.2026"},
            "expected_close",
            "such as 2026-03-31",
            id="no-date",
        ),
        pytest.param(
            _opened,
            {"expected_close": "2026-02-30"},
            "expected_close",
            "is no date",
            id="a-day-that-is-none",
        ),
        pytest.param(_won, {"value": -0.01}, "value", "0 or more", id="won-at-a-loss"),
        pytest.param(_won, {"currency": "E"}, "currency", "ISO 4217", id="won-in-no-currency"),
        pytest.param(_won, {"closed_at": LATE}, "closed_at", "is no instant", id="won-never"),
        pytest.param(_assigned, {"rep_id": ""}, "rep_id", "is required", id="given-to-nobody"),
        pytest.param(_assigned, {"rep_id": LONG_ID}, "rep_id", "at most", id="given-to-a-long-id"),
        pytest.param(_moved, {"stage": 0}, "stage", "is required: one of anon", id="moved-nowhere"),
        pytest.param(_moved, {"stage": 99}, "stage", NO_STAGE, id="moved-to-no-stage"),
        pytest.param(_moved, {"note": "\0"}, "note", "NUL", id="a-nul-in-a-note"),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(
    asked: Callable[..., Act], fields: dict[str, Any], field: str, remedy: str
) -> None:
    (found,) = asked(**fields).violations
    assert found[0] == field
    assert remedy in found[1]


def test_everything_wrong_is_found_at_once() -> None:
    asked = _opened(
        request_id="once", lead_id="", value=-1.0, currency="euro", expected_close="soon"
    )
    assert {field for field, _ in asked.violations} == {
        "request_id",
        "lead_id",
        "value",
        "currency",
        "expected_close",
    }


def test_what_holds_a_text_over_the_limits_is_looked_at_no_further() -> None:
    upsert = _upsert(lead=types_pb2.Lead(lead_id="l\0"), activities=[VISIT])
    accept = _accepted(lead_id="l\0")
    assert isinstance(upsert, UpsertLead)
    assert isinstance(accept, AcceptLead)
    assert (upsert.lead, upsert.activities, accept.lead_id) == (Lead(), (), "")
