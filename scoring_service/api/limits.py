"""What a message may hold. Over a limit a request is refused with the limit in the message."""

from datetime import UTC, datetime

MESSAGE_MAX = 1024 * 1024
"""Bytes of a message."""

BATCH_MESSAGE_MAX = 8 * MESSAGE_MAX
"""Bytes of a message that holds a batch."""

ITEMS_MAX = 1000
"""Items of a batch, and rows of a page."""

PAGE_DEFAULT = 100
"""Rows of a page where none are asked for."""

ACTIVITIES_MAX = 500
"""Activities a lead a request."""

ATTRIBUTES_MAX = 200
"""Attributes of a lead or an account, and texts of a list."""

TEXT_MAX = 4096
"""Bytes of UTF-8 of a text."""

ID_MAX = 200
"""Characters of an id of the caller's."""

CALLS_MAX = 512
"""Calls that a server answers at once, where it is not told otherwise."""

SECONDS_MAX = 60.0
"""The longest a call may take, where it is not told otherwise."""

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Instants lie in [EARLIEST, LATEST)."""
