"""Each limit of the wire: as much as may be is welcome, one more is refused with the limit."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st
from leadscoring.v1 import lifecycle_pb2, routing_pb2, scoring_pb2, types_pb2

from scoring_service.api import limits
from scoring_service.api.convert_activity import activities_of, dated_of
from scoring_service.api.convert_lead import Found
from scoring_service.api.convert_lifecycle_sales import qualify_lead
from scoring_service.api.convert_request import check_count, route_lead, score_lead, upsert_accounts
from scoring_service.api.surround import STREAM_SECONDS_MAX, STREAMS_MAX
from scoring_service.server.grpc_server import CHANNEL_OPTIONS
from scoring_service.values.instant import EPOCH, instant

MIB = 1 << 20
ID = "6d1f9f0e-7a33-4c39-8f2f-3a1c0b6a9d10"


def test_the_limits_are_those_of_the_contract() -> None:
    assert (limits.MESSAGE_MAX, limits.BATCH_MESSAGE_MAX) == (MIB, 8 * MIB)
    assert (limits.ITEMS_MAX, limits.PAGE_DEFAULT) == (1000, 100)
    assert (limits.ACTIVITIES_MAX, limits.ATTRIBUTES_MAX) == (500, 200)
    assert (limits.TEXT_MAX, limits.ID_MAX) == (4096, 200)
    assert datetime(1900, 1, 1, tzinfo=UTC) == limits.EARLIEST
    assert datetime(2200, 1, 1, tzinfo=UTC) == limits.LATEST


def test_a_stream_ends_well_before_its_connection_is_closed() -> None:
    """As the page for ops says: half an hour, with two minutes of grace; 32 watchers."""
    options = dict(CHANNEL_OPTIONS)
    age = options["grpc.max_connection_age_ms"]
    assert (age, options["grpc.max_connection_age_grace_ms"]) == (30 * 60_000, 2 * 60_000)
    assert age - STREAM_SECONDS_MAX * 1000 >= 60_000
    assert STREAMS_MAX == 32
    assert options["grpc.max_receive_message_length"] == limits.BATCH_MESSAGE_MAX


def lead(**fields: Any) -> types_pb2.Lead:
    return types_pb2.Lead(employees=5, **fields)


def with_attributes(count: int) -> types_pb2.Lead:
    made = lead()
    for number in range(count):
        made.attributes[f"a{number:03}"].integer = number
    return made


def with_texts(count: int) -> types_pb2.Lead:
    made = lead()
    made.attributes["tags"].texts.values.extend(["x"] * count)
    return made


def did(count: int) -> list[types_pb2.Activity]:
    at = Timestamp(seconds=1_700_000_000)
    return [
        types_pb2.Activity(activity_id=f"a{number}", type="visit", occurred_at=at)
        for number in range(count)
    ]


Wrong = Callable[[int], tuple[tuple[str, str], ...]]


def scored(make: Callable[[int], types_pb2.Lead]) -> Wrong:
    return lambda size: score_lead(scoring_pb2.ScoreRequest(lead=make(size))).violations


def routed(**fields: Callable[[int], Any]) -> Wrong:
    def wrong(size: int) -> tuple[tuple[str, str], ...]:
        sent = {name: make(size) for name, make in fields.items()}
        known = {"request_id": ID, "lead": lead(), **sent}
        return route_lead(routing_pb2.RouteRequest(**known)).violations

    return wrong


def answered(size: int) -> tuple[tuple[str, str], ...]:
    criteria = {f"question {number}": "yes" for number in range(size)}
    asked = lifecycle_pb2.QualifyLeadRequest(request_id=ID, lead_id="l", criteria=criteria)
    return qualify_lead(asked).violations


def account_with(size: int) -> tuple[tuple[str, str], ...]:
    account = types_pb2.Account(account_id="a", domains=["a.example"] * size)
    asked = routing_pb2.UpsertAccountsRequest(request_id=ID, accounts=[account])
    return upsert_accounts(asked).items[0].violations


def counted(size: int) -> tuple[tuple[str, str], ...]:
    found: Found = []
    check_count("requests", size, found)
    return tuple(found)


@pytest.mark.parametrize(
    ("wrong", "most", "field", "said"),
    [
        pytest.param(
            scored(with_attributes), 200, "lead.attributes", "201 attributes", id="attributes"
        ),
        pytest.param(
            scored(with_texts), 200, "lead.attributes[tags]", "201 texts", id="texts-of-one"
        ),
        pytest.param(
            scored(lambda n: lead(technologies=["x"] * n)),
            200,
            "lead.technologies",
            "201 texts",
            id="technologies",
        ),
        pytest.param(
            scored(lambda n: lead(lead_id="x" * n)), 200, "lead.lead_id", "201 char", id="an-id"
        ),
        pytest.param(
            scored(lambda n: lead(lead_id="ü" * n)), 200, "lead.lead_id", "201 char", id="umlauts"
        ),
        pytest.param(
            scored(lambda n: lead(account_id="x" * n)),
            200,
            "lead.account_id",
            "201 char",
            id="the-id-of-an-account",
        ),
        pytest.param(
            scored(lambda n: lead(industry="x" * n)), 4096, "lead.industry", "4097 bytes", id="text"
        ),
        pytest.param(
            scored(lambda n: lead(industry="x" * (n - 3) + "€")),
            4096,
            "lead.industry",
            "4097 bytes",
            id="a-text-by-its-bytes",
        ),
        pytest.param(
            routed(reassign_reason=lambda n: "x" * n),
            4096,
            "reassign_reason",
            "4097 bytes",
            id="a-reason",
        ),
        pytest.param(
            routed(actor_id=lambda n: "x" * n), 200, "actor_id", "201 char", id="an-actor"
        ),
        pytest.param(routed(activities=did), 500, "activities", "501 activities", id="activities"),
        pytest.param(answered, 200, "criteria", "201 answers", id="answers"),
        pytest.param(account_with, 200, "domains", "201; send at most", id="domains"),
        pytest.param(counted, 1000, "requests", "1001 items", id="items-of-a-batch"),
    ],
)
def test_as_much_as_may_be_and_one_more(wrong: Wrong, most: int, field: str, said: str) -> None:
    assert wrong(most) == ()
    assert wrong(0 if "bytes" not in said else 4) == ()
    ((told, remedy),) = wrong(most + 1)
    assert told == field
    assert said in remedy
    assert str(most) in remedy


SECONDS = st.one_of(
    st.integers(-(1 << 62), 1 << 62),
    st.integers(-2_208_988_801, -2_208_988_799),  # about the first instant of 1900
    st.integers(7_258_118_399, 7_258_118_401),  # about the first of 2200
    st.integers(-2, 2),
    st.integers(1_600_000_000, 1_900_000_000),
)
NANOS = st.one_of(
    st.sampled_from([0, 1, 999, 1000, 999_999_999, 1_000_000_000, -1, (1 << 31) - 1, -(1 << 31)]),
    st.integers(0, 999_999_999),
)
STAMPS = st.one_of(st.none(), st.builds(Timestamp, seconds=SECONDS, nanos=NANOS))


def plainly(stamp: Timestamp | None) -> datetime | None:
    """The instant of a timestamp as the contract has it; None where it is none."""
    if stamp is None or not 0 <= stamp.nanos < 1_000_000_000:
        return None
    if abs(stamp.seconds) > 10_000_000_000:
        return None
    at = EPOCH + timedelta(seconds=stamp.seconds, microseconds=stamp.nanos // 1000)
    return at if limits.EARLIEST <= at < limits.LATEST else None


@given(st.lists(STAMPS, min_size=1, max_size=4))
def test_every_activity_has_its_instant_or_is_named_however_they_are_read(
    stamps: list[Timestamp | None],
) -> None:
    sent = [types_pb2.Activity(type="visit", activity_id=str(i)) for i in range(len(stamps))]
    for activity, stamp in zip(sent, stamps, strict=True):
        if stamp is not None:
            activity.occurred_at.CopyFrom(stamp)
    expected = [plainly(stamp) for stamp in stamps]
    wrong = [f"activities[{i}].occurred_at" for i, at in enumerate(expected) if at is None]
    found: Found = []
    read = activities_of(sent, found, [])
    assert [field for field, _ in found] == wrong
    assert [one.occurred_at for one in read] == [at or EPOCH for at in expected]
    found.clear()
    dated = dated_of(sent, found)
    assert [field for field, _ in found] == wrong
    assert [instant(at) for at in dated.instants] == [at or EPOCH for at in expected]


@pytest.mark.parametrize(
    ("stamp", "remedy"),
    [
        pytest.param(None, "is required: when it happened", id="not-sent"),
        pytest.param(Timestamp(seconds=1, nanos=-1), "is no instant from 1900", id="below-nought"),
        pytest.param(Timestamp(seconds=1, nanos=10**9), "is no instant from 1900", id="a-second"),
        pytest.param(Timestamp(seconds=7_258_118_400), "to 2200-01-01 UTC", id="beyond-the-last"),
    ],
)
def test_a_date_that_is_none_is_told_with_its_remedy(stamp: Timestamp | None, remedy: str) -> None:
    found: Found = []
    activities_of([*did(2), types_pb2.Activity(type="visit", occurred_at=stamp)], found, [])
    ((field, told),) = found
    assert field == "activities[2].occurred_at"
    assert remedy in told
