"""Activities and instants of the wire: to the microsecond, and refused outside two centuries."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st
from leadscoring.v1 import types_pb2

from scoring_service.api.convert_activity import activities_of, dated_of, instant_of
from scoring_service.api.convert_lead import Found
from scoring_service.api.convert_score import instant_into
from scoring_service.api.limits import ACTIVITIES_MAX, EARLIEST, LATEST
from scoring_service.values.activity import Activity, columns, dated
from scoring_service.values.instant import instant, micros

AT = datetime(2026, 3, 2, 10, 0, 0, 123_456, tzinfo=UTC)
INSTANTS = st.datetimes(
    EARLIEST.replace(tzinfo=None), (LATEST - timedelta(microseconds=1)).replace(tzinfo=None)
).map(lambda naive: naive.replace(tzinfo=UTC))


def stamp(instant: datetime) -> Timestamp:
    message = Timestamp()
    instant_into(message, instant)
    return message


def activity(**fields: str) -> types_pb2.Activity:
    return types_pb2.Activity(type="visit", occurred_at=stamp(AT), **fields)


@given(INSTANTS)
def test_an_instant_goes_over_the_wire_and_back_unchanged(instant: datetime) -> None:
    found: list[tuple[str, str]] = []
    assert instant_of(stamp(instant), "as_of", found) == instant
    assert found == []


@given(INSTANTS)
def test_an_instant_is_written_as_the_protobuf_library_writes_it(instant: datetime) -> None:
    library = Timestamp()
    library.FromDatetime(instant)
    assert stamp(instant) == library


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(Timestamp(seconds=-2_208_988_801), id="the-second-before-1900"),
        pytest.param(Timestamp(seconds=7_258_118_400), id="2200"),
        pytest.param(Timestamp(seconds=2**62), id="far-out"),
        pytest.param(Timestamp(seconds=-(2**63)), id="the-least-there-is"),
        pytest.param(Timestamp(seconds=1, nanos=-1), id="negative-nanos"),
        pytest.param(Timestamp(seconds=1, nanos=1_000_000_000), id="a-second-of-nanos"),
        pytest.param(Timestamp(seconds=7_258_118_400, nanos=5), id="2200-and-a-bit"),
    ],
)
def test_what_is_no_instant_is_a_violation(message: Timestamp) -> None:
    found: list[tuple[str, str]] = []
    assert instant_of(message, "as_of", found) is None
    [(field, remedy)] = found
    assert field == "as_of"
    assert "1900-01-01 to 2200-01-01" in remedy


def test_less_than_a_microsecond_is_cut_off() -> None:
    assert instant_of(Timestamp(seconds=1, nanos=1_999), "as_of", []) == datetime(
        1970, 1, 1, 0, 0, 1, 1, tzinfo=UTC
    )


def test_an_activity_arrives_whole() -> None:
    message = activity(
        activity_id="a-1", source="google", medium="cpc", campaign="spring", channel="web"
    )
    assert activities_of([message], [], []) == (
        Activity("visit", AT, "a-1", "google", "cpc", "spring", "web"),
    )


def test_a_text_that_an_activity_does_not_have_is_unknown() -> None:
    [arrived] = activities_of([activity(activity_id="a-1", medium="cpc")], [], [])
    assert arrived == Activity("visit", AT, "a-1", None, "cpc", None, None)


def test_a_score_reads_no_more_than_type_and_instant() -> None:
    sent = [activity(activity_id="a-1", source="google")]
    assert dated_of(sent, []) == columns(["visit"], [micros(AT)])


stamps = st.builds(
    Timestamp, seconds=st.integers(-(2**31), 2**31), nanos=st.integers(-1, 1_000_000_000)
)


@given(st.lists(st.builds(types_pb2.Activity, type=st.text(max_size=3), occurred_at=stamps)))
def test_columns_are_the_activities_one_by_one(messages: list[types_pb2.Activity]) -> None:
    wrong: list[tuple[str, str]] = []
    wrong_in_columns: list[tuple[str, str]] = []
    whole = activities_of(messages, wrong, [])
    columns = dated_of(messages, wrong_in_columns)
    assert columns == dated(whole)
    assert wrong_in_columns == wrong


def _dates(messages: Sequence[types_pb2.Activity], found: Found) -> list[datetime]:
    return [one.occurred_at for one in activities_of(messages, found, [])]


def _columns(messages: Sequence[types_pb2.Activity], found: Found) -> list[datetime]:
    return [*map(instant, dated_of(messages, found).instants)]


@pytest.mark.parametrize("convert", [_dates, _columns])
class TestBothWays:
    def test_an_activity_without_a_date_is_refused(self, convert) -> None:  # type: ignore[no-untyped-def]
        found: list[tuple[str, str]] = []
        convert([activity(), types_pb2.Activity(type="visit")], found)
        assert found == [("activities[1].occurred_at", "is required: when it happened")]

    def test_an_activity_of_the_first_instant_of_1970_is_welcome(self, convert) -> None:  # type: ignore[no-untyped-def]
        found: list[tuple[str, str]] = []
        message = types_pb2.Activity(type="visit", occurred_at=Timestamp())
        [arrived] = convert([message], found)
        assert arrived == datetime(1970, 1, 1, tzinfo=UTC)
        assert found == []

    def test_an_activity_with_a_wrong_date_is_named_by_its_place(self, convert) -> None:  # type: ignore[no-untyped-def]
        found: list[tuple[str, str]] = []
        wrong = types_pb2.Activity(type="visit", occurred_at=Timestamp(seconds=2**60))
        convert([activity(), activity(), wrong], found)
        assert [field for field, _ in found] == ["activities[2].occurred_at"]

    def test_501_activities_are_refused_with_the_limit(self, convert) -> None:  # type: ignore[no-untyped-def]
        found: list[tuple[str, str]] = []
        assert convert([activity()] * (ACTIVITIES_MAX + 1), found) == []
        assert found == [("activities", "501 activities; send at most 500")]

    def test_500_activities_are_welcome(self, convert) -> None:  # type: ignore[no-untyped-def]
        found: list[tuple[str, str]] = []
        assert len(convert([activity()] * ACTIVITIES_MAX, found)) == ACTIVITIES_MAX
        assert found == []


def test_a_long_activity_id_is_refused() -> None:
    found: list[tuple[str, str]] = []
    activities_of([activity(activity_id="x" * 201)], found, [])
    assert found == [
        ("activities[0].activity_id", "201 characters; an id has at most 200"),
    ]


def test_every_text_of_an_activity_is_handed_on_for_its_limits() -> None:
    seen: list[str | None] = []
    message = activity(activity_id="id", source="s", medium="m", campaign="c", channel="h")
    activities_of([message], [], seen)
    assert {"id", "visit", "s", "m", "c", "h"} == set(seen)
