"""Logs: one JSON object a line, without personal data."""

import re
import sqlite3
import sys
import traceback
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from datetime import datetime
from typing import Any, BinaryIO, NamedTuple, cast

import msgspec
import structlog

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}

_EMAIL = re.compile(r"[^\s@<>\"'(),;:=\[\]{}]+@[^\s@<>\"'(),;:=\[\]{}]+")
_SAID = (OSError, sqlite3.Error)
"""Errors whose texts speak of machines; those of others may quote what a lead said."""

_encode = msgspec.json.Encoder(enc_hook=str).encode


class Lines:
    """Where lines go. One for which there is no place, as on a full disk or where whoever read them
    has gone, is `lost` and counted: no call fails for want of its line.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.lost = stream, 0

    def write(self, line: bytes) -> None:
        """Write a whole line."""
        try:
            self._stream.write(line)
        except OSError:
            self.lost += 1

    def flush(self) -> None:
        """Have every line be where others see it; what finds no place is tried again later."""
        with suppress(OSError):
            self._stream.flush()


class Log(NamedTuple):
    """A logger, and where its lines go, for lines that are written faster."""

    logger: structlog.typing.FilteringBoundLogger
    stream: Lines
    clock: Callable[[], datetime]


def open_log(
    clock: Callable[[], datetime], level: str = "info", stream: BinaryIO | None = None
) -> Log:
    """A log of JSON lines to a stream, by default the error output."""
    out = Lines(stream if stream is not None else sys.stderr.buffer)

    def line(_: Any, method: str, event: MutableMapping[str, Any]) -> bytes:
        shown: dict[str, Any] = {"at": written(clock()), "level": method}
        shown.update((name, _shown(value)) for name, value in event.items())
        return _encode(shown)

    made: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
        structlog.BytesLogger(cast(BinaryIO, out)),
        processors=[line],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        cache_logger_on_first_use=True,
    )
    return Log(made, out, clock)


def written(instant: datetime) -> str:
    """An instant as the log has it: UTC to the millisecond."""
    return instant.isoformat(timespec="milliseconds")


def masked(text: str) -> str:
    """The text with its e-mail addresses masked.

    >>> masked("bounced: ann.weber@acme.de, twice")
    'bounced: a***@acme.de, twice'
    """
    return _EMAIL.sub(_mask, text) if "@" in text else text


def trace_of(error: BaseException) -> str:
    """Where an error and its causes were raised, without what they quote of a lead."""
    lines: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        said = f": {cause}" if isinstance(cause, _SAID) else ""
        where = "".join(traceback.format_tb(cause.__traceback__))
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}{said}\n{where}")
        cause = cause.__cause__ or cause.__context__
    return "caused by ".join(lines)


def _mask(address: re.Match[str]) -> str:
    local, _, domain = address[0].partition("@")
    return f"{local[0]}***@{domain}"


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, BaseException):
        return masked(trace_of(value))
    if isinstance(value, list | tuple):
        return [_shown(item) for item in value]
    return value
