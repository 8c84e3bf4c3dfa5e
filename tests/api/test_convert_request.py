"""Requests of the wire as values: every field arrives, everything wrong is found at once."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st
from leadscoring.v1 import routing_pb2, scoring_pb2, types_pb2

from scoring_service.api.convert_request import (
    check_count,
    route_lead,
    route_leads,
    score_lead,
    upsert_accounts,
)
from scoring_service.api.limits import (
    ACTIVITIES_MAX,
    ID_MAX,
    ITEMS_MAX,
    TEXT_MAX,
)
from scoring_service.values.activity import Activity, Dated, columns
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.instant import micros
from scoring_service.values.lead import Lead

REQUEST_ID = "0191d7a0-7c3a-7def-8123-0123456789ab"
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LEAD = types_pb2.Lead(employees=500)


def visit(**fields: Any) -> types_pb2.Activity:
    """A visit at a known instant."""
    message = types_pb2.Activity(**{"type": "visit", "activity_id": "a-1", **fields})
    message.occurred_at.FromDatetime(AT)
    return message


def route(**fields: Any) -> routing_pb2.RouteRequest:
    """A request to route a lead."""
    return routing_pb2.RouteRequest(**{"request_id": REQUEST_ID, "lead": LEAD, **fields})


def stored(**fields: Any) -> routing_pb2.RouteRequest:
    """A request to route a stored lead."""
    return routing_pb2.RouteRequest(**{"request_id": REQUEST_ID, "lead_id": "l-1", **fields})


def test_a_route_of_a_lead_arrives_whole() -> None:
    asked = route_lead(
        route(actor_id="web-form", reassign_reason="left", activities=[visit(source="mail")])
    )
    assert asked.request_id == REQUEST_ID
    assert (asked.actor_id, asked.reassign_reason) == ("web-form", "left")
    assert (asked.lead, asked.lead_id) == (Lead(employees=500), "")
    assert asked.activities == (Activity("visit", AT, "a-1", source="mail"),)
    assert (asked.dry_run, asked.violations) == (False, ())


def test_a_route_of_a_stored_lead_names_it_and_carries_none() -> None:
    asked = route_lead(stored())
    assert (asked.lead, asked.lead_id, asked.violations) == (None, "l-1", ())


def test_a_score_of_a_lead_arrives_whole() -> None:
    message = scoring_pb2.ScoreRequest(lead=LEAD, activities=[visit(source="mail")])
    message.as_of.FromDatetime(AT)
    asked = score_lead(message)
    assert (asked.lead, asked.lead_id, asked.as_of) == (Lead(employees=500), "", AT)
    assert asked.did == columns(["visit"], [micros(AT)]), "a score reads type and instant alone"
    assert asked.activities == ()
    assert asked.violations == ()


def test_a_score_of_a_stored_lead_has_its_new_activities_whole() -> None:
    asked = score_lead(scoring_pb2.ScoreRequest(lead_id="l-1", activities=[visit(source="mail")]))
    assert (asked.lead, asked.lead_id, asked.as_of, asked.did) == (None, "l-1", None, Dated())
    assert asked.activities == (Activity("visit", AT, "a-1", source="mail"),)


@pytest.mark.parametrize(
    ("request_id", "expected"),
    [
        pytest.param(REQUEST_ID, REQUEST_ID, id="a UUID"),
        pytest.param(REQUEST_ID.upper(), REQUEST_ID, id="in upper case it is the same one"),
        pytest.param("", "", id="whether it may be missing the workflow says"),
    ],
)
def test_a_request_id_is_kept_in_lower_case(request_id: str, expected: str) -> None:
    asked = route_lead(route(request_id=request_id))
    assert (asked.request_id, asked.violations) == (expected, ())


@pytest.mark.parametrize(
    "request_id",
    [
        pytest.param("order-17", id="a word"),
        pytest.param(REQUEST_ID.replace("-", ""), id="a UUID without hyphens"),
        pytest.param(f"{{{REQUEST_ID}}}", id="in braces"),
        pytest.param(f" {REQUEST_ID}", id="after a space"),
        pytest.param(f"{REQUEST_ID}0", id="a digit too many"),
        pytest.param(REQUEST_ID.replace("a", "g"), id="a letter beyond f"),
        pytest.param("é" * 500, id="far too long"),
    ],
)
def test_what_is_no_uuid_is_refused_and_not_quoted_in_full(request_id: str) -> None:
    asked = route_lead(route(request_id=request_id))
    [(field, remedy)] = asked.violations
    assert (asked.request_id, field) == ("", "request_id")
    assert remedy == f"{request_id[:60]!r} is no UUID; send one made for this call"
    with pytest.raises(InvalidArgument, match="is no UUID"):
        upsert_accounts(routing_pb2.UpsertAccountsRequest(request_id=request_id))


def test_a_dry_run_needs_no_request_id_and_has_no_digest() -> None:
    asked = route_lead(route(request_id="whatever", dry_run=True))
    assert (asked.dry_run, asked.request_id, asked.digest) == (True, "", "")
    assert asked.violations == ()


@pytest.mark.parametrize(
    ("message", "field"),
    [
        pytest.param(routing_pb2.RouteRequest(), "lead", id="neither a lead nor a lead_id"),
        pytest.param(routing_pb2.RouteRequest(lead_id=""), "lead_id", id="an empty lead_id"),
        pytest.param(stored(lead_id="x" * (ID_MAX + 1)), "lead_id", id="a lead_id too long"),
        pytest.param(route(actor_id="x" * (ID_MAX + 1)), "actor_id", id="an actor_id too long"),
        pytest.param(
            route(lead=types_pb2.Lead(employees=-1)), "lead.employees", id="a lead that is wrong"
        ),
        pytest.param(
            route(activities=[types_pb2.Activity(type="visit")]),
            "activities[0].occurred_at",
            id="an activity without its instant",
        ),
        pytest.param(
            route(activities=[visit()] * (ACTIVITIES_MAX + 1)), "activities", id="too many of them"
        ),
        pytest.param(route(reassign_reason="a\0b"), "reassign_reason", id="a NUL in the reason"),
        pytest.param(route(actor_id="a\0b"), "actor_id", id="a NUL in who asks"),
        pytest.param(
            route(reassign_reason="x" * (TEXT_MAX + 1)), "reassign_reason", id="an endless reason"
        ),
        pytest.param(stored(lead_id="a\0"), "lead_id", id="a NUL in the lead_id"),
    ],
)
def test_what_is_wrong_with_a_route_is_named(message: routing_pb2.RouteRequest, field: str) -> None:
    assert [where for where, _ in route_lead(message).violations] == [field]


@pytest.mark.parametrize(
    ("message", "field"),
    [
        pytest.param(scoring_pb2.ScoreRequest(), "lead", id="neither a lead nor a lead_id"),
        pytest.param(scoring_pb2.ScoreRequest(lead_id=""), "lead_id", id="an empty lead_id"),
        pytest.param(
            scoring_pb2.ScoreRequest(lead=types_pb2.Lead(country="UK")),
            "lead.country",
            id="a lead that is wrong",
        ),
        pytest.param(
            scoring_pb2.ScoreRequest(lead=LEAD, as_of=Timestamp(seconds=2**40)),
            "as_of",
            id="an instant that is none",
        ),
        pytest.param(
            scoring_pb2.ScoreRequest(lead_id="l", activities=[visit(source="a\0")]),
            "activities[0].source",
            id="a NUL in what a stored lead did",
        ),
    ],
)
def test_what_is_wrong_with_a_score_is_named(message: scoring_pb2.ScoreRequest, field: str) -> None:
    assert [where for where, _ in score_lead(message).violations] == [field]


@pytest.mark.parametrize("size", [ID_MAX - 1, ID_MAX])
def test_an_id_may_have_as_many_characters_as_the_limit_says(size: int) -> None:
    assert route_lead(stored(lead_id="é" * size, actor_id="x" * size)).violations == ()


def test_everything_wrong_comes_at_once() -> None:
    wrong = types_pb2.Lead(country="UK", employees=-1)
    message = route(request_id="x", lead=wrong, activities=[types_pb2.Activity()])
    assert [field for field, _ in route_lead(message).violations] == [
        "lead.country",
        "lead.employees",
        "activities[0].occurred_at",
        "request_id",
    ]


def test_of_a_route_with_a_bad_text_nothing_is_looked_at_any_further() -> None:
    asked = route_lead(route(lead=types_pb2.Lead(full_name="a\0"), activities=[visit()]))
    assert (asked.lead, asked.lead_id, asked.activities) == (Lead(), "", ())
    assert [field for field, _ in asked.violations] == ["lead.full_name"]


def test_long_texts_within_the_limit_are_taken_as_they_are() -> None:
    name = "x" * TEXT_MAX  # beyond the quick look, within the limit
    asked = route_lead(route(lead=types_pb2.Lead(full_name=name), activities=[visit()]))
    assert asked.lead == Lead(full_name=name)
    assert (len(asked.activities), asked.violations) == (1, ())


def test_requests_that_are_read_together_are_as_each_alone() -> None:
    asked = [
        route(activities=[visit()]),
        stored(lead_id="l-2", actor_id="x" * 201),
        route(lead=types_pb2.Lead(email="nobody"), request_id="no uuid"),
        route(lead=types_pb2.Lead(full_name="a\0"), activities=[visit()]),
        route(dry_run=True),
        routing_pb2.RouteRequest(),
    ]
    alone = [route_lead(message) for message in asked]
    assert route_leads(asked) == alone
    assert route_leads(asked) == alone, "what was read is not changed by that"
    assert [len(one.violations) for one in alone] == [0, 1, 2, 1, 0, 1]
    assert route_leads(()) == []


uuids = st.uuids().map(str)


@given(uuids, uuids)
def test_a_digest_is_of_all_but_the_request_id(one: str, other: str) -> None:
    digest = route_lead(route(request_id=one)).digest
    assert route_lead(route(request_id=other)).digest == digest
    assert len(digest) == 32
    assert int(digest, 16) >= 0


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda: route(actor_id="x"), id="who asks"),
        pytest.param(lambda: route(reassign_reason="x"), id="the reason"),
        pytest.param(lambda: route(lead=types_pb2.Lead(employees=501)), id="a field of the lead"),
        pytest.param(lambda: route(lead=types_pb2.Lead()), id="a field that is not there"),
        pytest.param(lambda: route(activities=[visit()]), id="an activity"),
        pytest.param(stored, id="a stored lead"),
    ],
)
def test_another_request_has_another_digest(
    other: Callable[[], routing_pb2.RouteRequest],
) -> None:
    assert route_lead(other()).digest != route_lead(route()).digest


def test_the_order_in_which_attributes_were_set_does_not_change_the_digest() -> None:
    digests = set()
    for names in (("a", "b", "c"), ("c", "a", "b")):
        attributes = {name: types_pb2.AttributeValue(text=name) for name in names}
        digests.add(route_lead(route(lead=types_pb2.Lead(attributes=attributes))).digest)
    assert len(digests) == 1


@given(st.integers(0, 3 * ITEMS_MAX))
def test_a_batch_has_at_most_as_many_items_as_a_page_has_rows(items: int) -> None:
    found: list[tuple[str, str]] = []
    check_count("requests", items, found)
    assert bool(found) == (items > 1000)
    assert found in ([], [("requests", f"{items} items; send at most 1000 at once")])


def test_request_ids_of_every_version_are_taken() -> None:
    for made in (uuid.uuid1(), uuid.uuid4(), uuid.uuid5(uuid.NAMESPACE_DNS, "x"), uuid.UUID(int=0)):
        assert route_lead(route(request_id=str(made))).request_id == str(made)
