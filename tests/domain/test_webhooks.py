"""How events are signed, when they are sent again, and what is no secret."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.webhooks import (
    PAUSE_AFTER,
    PAUSE_MAX,
    PAUSE_MIN,
    PREFIX,
    RETRIES,
    SECRET_BYTES_MAX,
    SECRET_BYTES_MIN,
    next_attempt,
    pause,
    secret_of,
    signature,
)

FEW = settings(max_examples=25)
"""Enough to meet each branch: the tables have the edges."""

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def written(key: bytes) -> str:
    """A key as receivers know it."""
    return PREFIX + b64encode(key).decode()


@FEW
@given(st.binary(min_size=SECRET_BYTES_MIN, max_size=SECRET_BYTES_MAX))
def test_a_secret_is_the_key_that_it_says(key: bytes) -> None:
    assert secret_of(written(key)) == key


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "is no signing secret; it begins with whsec_", id="nothing"),
        pytest.param("WHSEC_AAAA", "is no signing secret", id="the prefix in capitals"),
        pytest.param("AAAA" * 8, "is no signing secret", id="a key without its prefix"),
        pytest.param("whsec_*", "is no base64 behind whsec_; copy it anew", id="other signs"),
        pytest.param("whsec_AAA", "is no base64 behind whsec_", id="a letter too few"),
        pytest.param(written(bytes(32)) + "\n", "is no base64 behind", id="with its line end"),
        pytest.param("whsec_\u00fc" + "A" * 40, "is no base64 behind", id="a letter of no ASCII"),
        pytest.param("whsec_", "is a key of 0 bytes; make one of 24 to 64", id="no key"),
        pytest.param(written(bytes(23)), "is a key of 23 bytes", id="a byte too few"),
        pytest.param(written(bytes(65)), "is a key of 65 bytes", id="a byte too many"),
    ],
)
def test_what_is_no_secret_is_told_with_its_remedy(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        secret_of(text)
    assert "; " in str(refused.value)
    assert "AAAA" not in str(refused.value)


@FEW
@given(st.text(max_size=30))
def test_whatever_the_text_what_is_wrong_with_it_is_told_in_our_words(text: str) -> None:
    with pytest.raises(ValueError, match="; "):
        secret_of(PREFIX + text)


@FEW
@given(
    st.binary(min_size=24, max_size=64),
    st.text(min_size=1, max_size=9),
    st.datetimes(min_value=datetime(1971, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.binary(max_size=40),
)
def test_a_receiver_finds_the_signature_by_the_scheme(
    key: bytes, event_id: str, at: datetime, body: bytes
) -> None:
    """Three parts, joined by dots: the id, whole seconds, the body."""
    seconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    parts = b".".join([event_id.encode(), str(seconds).encode(), body])
    version, _, told = signature(key, event_id, at, body).partition(",")
    assert version == "v1"
    assert b64decode(told) == hmac.digest(key, parts, hashlib.sha256)


@pytest.mark.parametrize("attempts", range(1, len(RETRIES) + 1))
def test_each_failure_has_a_further_attempt(attempts: int) -> None:
    assert next_attempt(attempts, NOW) == NOW + RETRIES[attempts - 1]


def test_after_the_last_attempt_an_event_is_dead() -> None:
    assert len(RETRIES) == 9
    assert next_attempt(len(RETRIES) + 1, NOW) is None
    with pytest.raises(AssertionError):
        next_attempt(0, NOW)


def test_attempts_are_ever_further_apart_and_last_some_days() -> None:
    assert list(RETRIES) == sorted(set(RETRIES))
    assert timedelta(days=3) < sum(RETRIES, timedelta(0)) < timedelta(days=4)


@FEW
@given(st.integers(0, 100))
def test_a_receiver_that_is_away_is_asked_half_as_often_each_time(failures: int) -> None:
    slow = timedelta(0)
    for number in range(PAUSE_AFTER, failures + 1):
        slow = PAUSE_MIN if number == PAUSE_AFTER else min(slow * 2, PAUSE_MAX)
    assert pause(failures) == slow
