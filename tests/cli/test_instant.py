"""An instant as people and tables write it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.cli.instant import SHOWN_MAX, instant_in

AT = datetime(2026, 3, 31, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-03-31T07:00:00Z", id="in UTC"),
        pytest.param("2026-03-31T09:00:00+02:00", id="elsewhere"),
        pytest.param("2026-03-31T07:00:00", id="without an offset"),
        pytest.param("2026-03-31 07:00", id="without a T and seconds"),
        pytest.param("  2026-03-31T07:00:00.000000Z \n", id="with blanks around it"),
        pytest.param("20260331T070000Z", id="without signs between"),
    ],
)
def test_an_instant_is_read_in_utc(text: str) -> None:
    assert instant_in(text) == AT
    assert instant_in(text).tzinfo is UTC


def test_a_date_is_its_first_instant() -> None:
    assert instant_in("2026-03-31") == AT.replace(hour=0)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("", "''"),
        ("soon", "'soon'"),
        ("31.3.2026", "'31.3.2026'"),
        ("2026-02-29", "'2026-02-29'"),
        ("2026-03-31T25:00", "'2026-03-31T25:00'"),
        ("0001-01-01T00:00+00:01", "'0001-01-01T00:00+00:01'"),
        ("9999-12-31T23:59-00:01", "'9999-12-31T23:59-00:01'"),
        ("x" * (SHOWN_MAX + 1), f"'{'x' * SHOWN_MAX}'"),
        (20260331, "20260331"),
        (None, "None"),
        (AT, repr(AT)),
    ],
)
def test_what_is_none_is_shown_with_how_to_write_one(given: object, shown: str) -> None:
    with pytest.raises(ValueError, match="write it like") as refused:
        instant_in(given)
    assert str(refused.value) == f"{shown} is no instant; write it like 2026-03-31T09:00:00Z"


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
INSTANTS = st.datetimes(timezones=OFFSETS).filter(lambda at: 1 < at.year < 9999)


@given(at=INSTANTS)
def test_what_is_written_anywhere_is_the_same_instant(at: datetime) -> None:
    assert instant_in(at.isoformat()) == at
    assert instant_in(at.replace(tzinfo=None).isoformat()) == at.replace(tzinfo=UTC)
