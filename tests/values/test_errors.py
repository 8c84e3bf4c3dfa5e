"""Refusals: a message for people, a reason for programs, and when to come again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.values.errors import (
    AlreadyExists,
    DeadlineExceeded,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    Refusal,
    ResourceExhausted,
    Unavailable,
)

PLAIN = (
    AlreadyExists,
    DeadlineExceeded,
    FailedPrecondition,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unavailable,
)


@pytest.mark.parametrize("kind", PLAIN)
def test_a_refusal_has_its_message_and_its_reason(kind: type[Refusal]) -> None:
    refusal = kind("two leads have this address", "LEAD_CONFLICT")
    assert refusal.message == str(refusal) == "two leads have this address"
    assert refusal.reason == "LEAD_CONFLICT"
    assert isinstance(refusal, Refusal)


@pytest.mark.parametrize("kind", PLAIN)
def test_without_a_reason_there_is_none(kind: type[Refusal]) -> None:
    assert kind("no").reason == ""


@pytest.mark.parametrize("kind", PLAIN)
def test_no_refusal_passes_for_another_one(kind: type[Refusal]) -> None:
    assert [one for one in (*PLAIN, InvalidArgument) if isinstance(kind("x"), one)] == [kind]


violations = st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=5).map(tuple)


@given(violations)
def test_a_wrong_request_names_every_field_in_order(found: tuple[tuple[str, str], ...]) -> None:
    refusal = InvalidArgument(found)
    assert refusal.violations == found
    assert refusal.message == "; ".join(": ".join(pair) for pair in found)
    assert refusal.reason == "INVALID"


def test_who_is_told_nothing_else_comes_again_after_a_second() -> None:
    assert Unavailable("away").retry_after == 1.0
    assert Unavailable("away", "STORE_UNAVAILABLE", 0.25).retry_after == 0.25
