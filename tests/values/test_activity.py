"""What a lead did: the digest by which it is known again, and the columns that a score reads."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.values.activity import Activity, Dated, activity_digest, columns, dated
from scoring_service.values.instant import micros
from scoring_service.values.stored import StoredActivity

FEW = settings(max_examples=40)
"""Enough to meet each branch: the tables have the edges."""

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
VISIT = Activity("visit", MONDAY)
FULL = Activity("visit", MONDAY, "a-1", "google", "cpc", "spring", "web")


@pytest.mark.parametrize(
    ("activity", "text", "digest"),
    [
        pytest.param(
            VISIT,
            '{"type":"visit","occurred_at":"2026-03-02T10:00:00Z"}',
            "d46e14ee4a31f694",
            id="no more than a type and an instant",
        ),
        pytest.param(
            FULL,
            '{"type":"visit","occurred_at":"2026-03-02T10:00:00Z","activity_id":"a-1",'
            '"source":"google","medium":"cpc","campaign":"spring","channel":"web"}',
            "f8c1211cded0a443",
            id="everything that can be told",
        ),
        pytest.param(
            Activity("besöök", MONDAY),
            '{"type":"besöök","occurred_at":"2026-03-02T10:00:00Z"}',
            "e03ba9059ce1c9bd",
            id="letters of any language",
        ),
    ],
)
def test_a_digest_that_is_stored_is_found_again_by_every_later_version(
    activity: Activity, text: str, digest: str
) -> None:
    assert activity_digest(activity) == digest
    assert blake2b(text.encode(), digest_size=8).hexdigest() == digest


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"type": "call"}, id="another type"),
        pytest.param({"occurred_at": MONDAY + timedelta(microseconds=1)}, id="a moment later"),
        pytest.param({"activity_id": "a-2"}, id="another id"),
        pytest.param({"source": "bing"}, id="another source"),
        pytest.param({"medium": "mail"}, id="another medium"),
        pytest.param({"campaign": "autumn"}, id="another campaign"),
        pytest.param({"channel": "phone"}, id="another channel"),
        pytest.param({"channel": ""}, id="an empty text is not an absent one"),
        pytest.param({"source": None, "medium": "google"}, id="the same text in another place"),
    ],
)
def test_whatever_differs_in_what_was_sent_the_digest_differs(other: dict[str, object]) -> None:
    plain = msgspec.structs.replace(FULL, channel=None)
    assert activity_digest(msgspec.structs.replace(plain, **other)) != activity_digest(plain)


def test_what_is_sent_as_absent_is_the_same_as_what_is_not_sent() -> None:
    told = Activity("visit", MONDAY, "", None, None, None, None)
    assert activity_digest(told) == activity_digest(VISIT)


@pytest.mark.parametrize(
    ("digest", "sent"),
    [
        pytest.param("0123456789abcdef", "0123456789abcdef", id="clamped: of what was sent"),
        pytest.param("", activity_digest(FULL), id="stored as it was sent: of itself"),
    ],
)
def test_a_stored_activity_tells_whose_it_is_and_what_was_sent(digest: str, sent: str) -> None:
    assert StoredActivity("l-1", FULL, digest, MONDAY).sent == ("l-1", sent)


EVENTS = st.lists(st.tuples(st.sampled_from(["visit", "call", "mail"]), st.integers(-50, 50)))
Events = list[tuple[str, int]]


def of(events: Sequence[tuple[str, int]]) -> Dated:
    return columns([type_ for type_, _ in events], [at for _, at in events])


def told(found: Dated) -> Events:
    return list(zip(found.types, found.instants, strict=True))


def plain(events: Events) -> dict[str, list[int]]:
    """The slow twin: one look at all of them for each type."""
    types = {type_ for type_, _ in events}
    return {type_: [at for one, at in events if one == type_] for type_ in types}


@FEW
@given(EVENTS)
def test_columns_hold_every_event_in_its_order_and_by_its_type(events: Events) -> None:
    found = of(events)
    assert told(found) == events
    assert {type_: list(each) for type_, each in found.by_type.items()} == plain(events)


@FEW
@given(EVENTS.filter(bool))
def test_the_latest_is_the_latest_of_all_wherever_it_stands(events: Events) -> None:
    assert of(events).latest == max(at for _, at in events)


@FEW
@given(EVENTS, st.integers(-60, 60))
def test_by_an_instant_only_what_had_happened_is_known(events: Events, until: int) -> None:
    then = of(events).by(until)
    had = [(type_, at) for type_, at in events if at <= until]
    assert told(then) == had
    assert {type_: list(each) for type_, each in then.by_type.items()} == plain(had)
    assert then.latest == max((at for _, at in had), default=0)


@FEW
@given(EVENTS, st.integers(-60, 60), st.integers(-60, 60))
def test_what_was_known_by_two_instants_is_what_was_known_by_the_earlier(
    events: Events, one: int, other: int
) -> None:
    assert told(of(events).by(one).by(other)) == told(of(events).by(min(one, other)))


@pytest.mark.parametrize(
    ("until", "known"),
    [
        pytest.param(1, [], id="before anything happened nothing is known"),
        pytest.param(2, [("call", 2)], id="what happens at that very instant is"),
        pytest.param(4, [("call", 2)], id="what happens later is not"),
        pytest.param(5, [("visit", 5), ("call", 2)], id="in the order in which it was told"),
    ],
)
def test_what_is_known_by_an_instant(until: int, known: Events) -> None:
    assert told(of([("visit", 5), ("call", 2)]).by(until)) == known


def test_who_did_nothing_has_no_columns_and_no_latest() -> None:
    assert of([]) == Dated() == dated(()) == of([("visit", 5)]).by(4)
    assert (Dated().by_type, Dated().latest) == ({}, 0)


@pytest.mark.parametrize(
    ("types", "instants"),
    [
        pytest.param(["visit"], [], id="a type without an instant"),
        pytest.param(["visit"], [1, 2], id="an instant without a type"),
    ],
)
def test_columns_of_two_lengths_are_refused(types: list[str], instants: list[int]) -> None:
    with pytest.raises(ValueError, match="argument"):
        columns(types, instants)


@FEW
@given(EVENTS)
def test_activities_become_columns_of_their_types_and_microseconds(events: Events) -> None:
    activities = [Activity(type_, MONDAY + timedelta(microseconds=at)) for type_, at in events]
    assert told(dated(activities)) == [(type_, micros(MONDAY) + at) for type_, at in events]
