"""Instants are aware UTC datetimes; at the rims (wire, store) they are integer microseconds."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
"""The least time between two instants."""


def micros(instant: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z.

    >>> micros(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC))
    1000005
    """
    return (instant - EPOCH) // MICROSECOND


def instant(micros_since_epoch: int) -> datetime:
    """The aware UTC instant of a count of microseconds.

    >>> instant(1000005).isoformat()
    '1970-01-01T00:00:01.000005+00:00'
    """
    return EPOCH + timedelta(microseconds=micros_since_epoch)
