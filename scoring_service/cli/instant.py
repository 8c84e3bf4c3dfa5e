"""An instant as people and tables write it."""

from datetime import UTC, datetime

SHOWN_MAX = 60
"""Characters that are shown of what is none."""


def instant_in(text: object) -> datetime:
    """In UTC, an ISO 8601 instant or date; one without an offset is taken as UTC.

    Raises ValueError where it is none, or lies outside of the years 1 to 9999 in UTC.

    >>> instant_in("2026-03-31T09:00+02:00").isoformat()
    '2026-03-31T07:00:00+00:00'
    """
    try:
        at = datetime.fromisoformat(text.strip() if isinstance(text, str) else "")
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        given = text[:SHOWN_MAX] if isinstance(text, str) else text
        raise ValueError(f"{given!r} is no instant; write it like 2026-03-31T09:00:00Z") from None
