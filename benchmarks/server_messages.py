"""The messages that the server is measured with: a lead of 20 attributes that did 20 things."""

import uuid
from datetime import UTC, datetime, timedelta

from leadscoring.v1 import routing_pb2, scoring_pb2, types_pb2

ACTIVITIES = 20
TYPES = (
    "page_view", "pricing_page_view", "content_download", "email_click", "webinar_attended",
    "trial_started",
)  # fmt: skip


def lead(key: str = "") -> types_pb2.Lead:
    """A lead with 19 typed fields and one declared attribute; `key` makes it another one."""
    message = types_pb2.Lead(
        lead_id=f"lead-{key}" if key else "",
        email=f"ann.weber{key}@mail.acme.example.com",
        full_name="Ann Weber",
        job_title="CFO",
        phone="+49 30 1234567",
        company_name="Acme GmbH",
        company_domain="www.acme.de",
        account_id="acme",
        country="DE",
        region="EMEA",
        postal_code="10115",
        industry="software",
        employees=1200,
        annual_revenue=5e7,
        currency="EUR",
        technologies=["python", "salesforce"],
        product_interest="platform",
        source="webinar",
        campaign="spring",
        do_not_contact=False,
    )
    message.attributes["seniority"].text = "c_level"
    return message


def activities(key: str = "") -> list[types_pb2.Activity]:
    """Twenty activities of six types, of the last six days."""
    now = datetime.now(UTC)
    made = []
    for i in range(ACTIVITIES):
        message = types_pb2.Activity(
            activity_id=f"activity-{key}-{i}" if key else "",
            type=TYPES[i % len(TYPES)],
            source="google",
            channel="web",
        )
        message.occurred_at.FromDatetime(now - timedelta(hours=7 * i + 1))
        made.append(message)
    return made


def score_request() -> scoring_pb2.ScoreRequest:
    return scoring_pb2.ScoreRequest(lead=lead(), activities=activities())


def batch_request(leads: int) -> scoring_pb2.BatchScoreRequest:
    return scoring_pb2.BatchScoreRequest(requests=[score_request()] * leads)


def route_request() -> routing_pb2.RouteRequest:
    """A lead that nobody has seen, under a request_id of its own."""
    request_id = str(uuid.uuid4())
    key = request_id[:13]
    return routing_pb2.RouteRequest(
        request_id=request_id, actor_id="web-form", lead=lead(key), activities=activities(key)
    )


def framed(message: bytes) -> bytes:
    """A message as gRPC sends it in HTTP/2: not compressed, its length, its bytes."""
    return b"\0" + len(message).to_bytes(4, "big") + message
