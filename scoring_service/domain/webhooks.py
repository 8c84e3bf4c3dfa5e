"""How events are signed, and when one that was not taken is sent again."""

from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import new

PREFIX = "whsec_"
SECRET_BYTES_MIN, SECRET_BYTES_MAX = 24, 64

RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each failed attempt the next one comes; after the last the event is dead."""

PAUSE_AFTER = 3
"""Failures in a row after which a receiver counts as away."""

PAUSE_MIN, PAUSE_MAX = timedelta(seconds=5), timedelta(minutes=5)


def secret_of(text: str) -> bytes:
    """The key of a secret as receivers know it, `whsec_` and base64; ValueError "what; remedy"."""
    if not text.startswith(PREFIX):
        raise ValueError(f"is no signing secret; it begins with {PREFIX}")
    try:
        key = b64decode(text.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise ValueError(f"is no base64 behind {PREFIX}; copy it anew") from None
    if not SECRET_BYTES_MIN <= len(key) <= SECRET_BYTES_MAX:
        sizes = f"{SECRET_BYTES_MIN} to {SECRET_BYTES_MAX}"
        raise ValueError(f"is a key of {len(key)} bytes; make one of {sizes}")
    return key


def signature(key: bytes, event_id: str, at: datetime, body: bytes) -> str:
    """The signature of a message by the Standard Webhooks scheme, version 1.

    >>> from datetime import UTC
    >>> key = secret_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    >>> at = datetime.fromtimestamp(1614265330, UTC)
    >>> signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = b"%b.%d.%b" % (event_id.encode(), int(at.timestamp()), body)
    return "v1," + b64encode(new(key, signed, sha256).digest()).decode()


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When an event that failed `attempts` times is sent again; None when it is dead."""
    assert attempts > 0, attempts
    return now + RETRIES[attempts - 1] if attempts <= len(RETRIES) else None


def pause(failures: int) -> timedelta:
    """How long a receiver that failed so often in a row is left alone; nothing at first.

    >>> [str(pause(failures)) for failures in (2, 3, 4, 60)]
    ['0:00:00', '0:00:05', '0:00:10', '0:05:00']
    """
    if failures < PAUSE_AFTER:
        return timedelta(0)
    doubled: timedelta = PAUSE_MIN * 2 ** min(failures - PAUSE_AFTER, 16)
    return min(PAUSE_MAX, doubled)
