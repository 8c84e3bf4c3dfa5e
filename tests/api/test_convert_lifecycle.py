"""Requests of the lifecycle as values: every field arrives, everything wrong is found at once."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from leadscoring.v1 import lifecycle_pb2 as pb
from leadscoring.v1 import types_pb2

from scoring_service.api import convert_lifecycle_intake as intake
from scoring_service.api import convert_lifecycle_sales as sales
from scoring_service.values.activity import Activity
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import (
    AcceptLead,
    Act,
    AssignLead,
    CloseLost,
    CloseWon,
    DisqualifyLead,
    InitialState,
    LogContact,
    MergeLeads,
    MoveLead,
    OpenOpportunity,
    QualifyLead,
    RecordActivities,
    RecycleLead,
    RejectLead,
    UpsertLead,
)

ID = "0191d7a0-7c3a-7def-8123-0123456789ab"
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
STAMP = Timestamp(seconds=int(AT.timestamp()))
VISIT = types_pb2.Activity(activity_id="a-1", type="visit", occurred_at=STAMP)
HEAD: dict[str, Any] = {"request_id": ID, "actor_id": "ann"}
REASONED: dict[str, Any] = {"lead_id": "l-1", "reason": "timing", "note": "next year"}

Convert = Callable[[Any], Act]


def _asked(convert: Convert, kind: type[Any], **fields: Any) -> Act:
    return convert(kind(**{**HEAD, **fields}))


@pytest.mark.parametrize(
    ("convert", "message", "expected"),
    [
        pytest.param(
            intake.upsert_lead,
            pb.UpsertLeadRequest(
                lead=types_pb2.Lead(email="a@b.de"),
                activities=[VISIT],
                batch_id="march",
                release_do_not_contact=True,
            ),
            UpsertLead(
                lead=Lead(email="a@b.de"),
                activities=(Activity("visit", AT, "a-1"),),
                batch_id="march",
                release_do_not_contact=True,
            ),
            id="a-lead-to-take-in",
        ),
        pytest.param(
            intake.record_activities,
            pb.RecordActivitiesRequest(lead_id="l-1", activities=[VISIT], batch_id="march"),
            RecordActivities(
                lead_id="l-1", activities=(Activity("visit", AT, "a-1"),), batch_id="march"
            ),
            id="what-a-stored-lead-did",
        ),
        pytest.param(
            intake.record_activities,
            pb.RecordActivitiesRequest(lead=types_pb2.Lead(email="a@b.de"), activities=[VISIT]),
            RecordActivities(lead=Lead(email="a@b.de"), activities=(Activity("visit", AT, "a-1"),)),
            id="what-a-lead-did-by-what-is-known-of-it",
        ),
        pytest.param(
            intake.merge_leads,
            pb.MergeLeadsRequest(lead_id="l-1", other_lead_id="l-2", reason="one desk"),
            MergeLeads(lead_id="l-1", other_lead_id="l-2", reason="one desk"),
            id="two-leads-to-merge",
        ),
        pytest.param(
            sales.accept_lead,
            pb.AcceptLeadRequest(lead_id="l-1"),
            AcceptLead(lead_id="l-1"),
            id="an-acceptance",
        ),
        pytest.param(
            sales.reject_lead,
            pb.RejectLeadRequest(criterion="industry", **REASONED),
            RejectLead(criterion="industry", **REASONED),
            id="a-rejection",
        ),
        pytest.param(
            sales.log_contact,
            pb.LogContactRequest(
                lead_id="l-1",
                channel="phone",
                direction="outbound",
                automatic=True,
                occurred_at=STAMP,
                outcome="voicemail",
                next_contact_at=STAMP,
            ),
            LogContact(
                lead_id="l-1",
                channel="phone",
                direction="outbound",
                automatic=True,
                occurred_at=AT,
                outcome="voicemail",
                next_contact_at=AT,
            ),
            id="a-contact",
        ),
        pytest.param(
            sales.log_contact,
            pb.LogContactRequest(lead_id="l-1"),
            LogContact(lead_id="l-1"),
            id="a-contact-of-now",
        ),
        pytest.param(
            sales.qualify_lead,
            pb.QualifyLeadRequest(lead_id="l-1", criteria={"need": "yes", "budget": "5k"}),
            QualifyLead(lead_id="l-1", criteria={"need": "yes", "budget": "5k"}),
            id="answers",
        ),
        pytest.param(
            sales.open_opportunity,
            pb.OpenOpportunityRequest(
                lead_id="l-1",
                product="crm",
                value=0.0,
                currency="EUR",
                expected_close="2026-03-31",
            ),
            OpenOpportunity(
                lead_id="l-1",
                product="crm",
                value=0.0,
                currency="EUR",
                expected_close=date(2026, 3, 31),
            ),
            id="an-opportunity-worth-nothing",
        ),
        pytest.param(
            sales.open_opportunity,
            pb.OpenOpportunityRequest(lead_id="l-1"),
            OpenOpportunity(lead_id="l-1"),
            id="an-opportunity-of-unknown-worth",
        ),
        pytest.param(
            sales.close_won,
            pb.CloseWonRequest(
                lead_id="l-1", value=7.5, currency="USD", closed_at=STAMP, product="crm"
            ),
            CloseWon(lead_id="l-1", value=7.5, currency="USD", closed_at=AT, product="crm"),
            id="a-win",
        ),
        pytest.param(
            sales.close_lost,
            pb.CloseLostRequest(criterion="industry", **REASONED),
            CloseLost(criterion="industry", **REASONED),
            id="a-loss",
        ),
        pytest.param(
            sales.disqualify_lead,
            pb.DisqualifyLeadRequest(**REASONED),
            DisqualifyLead(**REASONED),
            id="no-lead-of-ours",
        ),
        pytest.param(
            sales.recycle_lead,
            pb.RecycleLeadRequest(**REASONED),
            RecycleLead(**REASONED),
            id="not-now",
        ),
        pytest.param(
            sales.assign_lead,
            pb.AssignLeadRequest(lead_id="l-1", rep_id="bob", reason="knows them"),
            AssignLead(lead_id="l-1", rep_id="bob", reason="knows them"),
            id="a-lead-to-give",
        ),
        pytest.param(
            sales.move_lead,
            pb.MoveLeadRequest(stage=types_pb2.STAGE_NURTURE, **REASONED),
            MoveLead(stage=Stage.NURTURE, **REASONED),
            id="a-lead-to-move",
        ),
    ],
)
def test_a_request_arrives_whole(convert: Convert, message: Any, expected: Act) -> None:
    message.request_id, message.actor_id = ID.upper(), "ann"
    asked = convert(message)
    assert asked.digest
    known = msgspec.structs.replace(expected, request_id=ID, actor_id="ann", digest=asked.digest)
    assert asked == known


@pytest.mark.parametrize(
    ("named", "owner"),
    [
        pytest.param({"rep_id": "ann"}, RepOwner("ann"), id="a-rep"),
        pytest.param({"queue": "west"}, QueueOwner("west"), id="a-queue"),
        pytest.param({"track": "news"}, TrackOwner("news"), id="a-track"),
        pytest.param({}, None, id="nobody"),
    ],
)
def test_an_imported_lead_begins_where_it_was(named: dict[str, str], owner: Owner | None) -> None:
    began = pb.InitialState(
        stage=types_pb2.STAGE_SAL, entered_at=STAMP, outcome="lost", reason="budget", **named
    )
    asked = _asked(intake.upsert_lead, pb.UpsertLeadRequest, lead=types_pb2.Lead(), initial=began)
    assert isinstance(asked, UpsertLead)
    assert asked.initial == InitialState(Stage.SAL, owner, AT, "lost", "budget")
    assert asked.violations == ()


def _accepted(**fields: Any) -> Act:
    return _asked(sales.accept_lead, pb.AcceptLeadRequest, **{"lead_id": "l-1", **fields})


def test_the_digest_is_of_all_but_the_request_id() -> None:
    other = ID.replace("0", "1")
    assert _accepted().digest == _accepted(request_id=other).digest
    differing = [_accepted(), _accepted(actor_id="bob"), _accepted(lead_id="l-2")]
    assert len({asked.digest for asked in differing}) == 3
