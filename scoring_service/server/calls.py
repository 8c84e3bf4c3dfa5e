"""What is said of each call when it has ended: counted, and one line in the log."""

import asyncio
import re
from datetime import datetime

import msgspec

from scoring_service.server.logs import LEVELS, Log, written
from scoring_service.server.metrics import Metrics
from scoring_service.values.errors import InvalidArgument, Refusal, Unavailable

FIELDS_LOGGED_MAX = 20
FLUSH_SECONDS = 0.2
LINES_AT_ONCE = 64

_KEY = re.compile(r"\[[^\]]*[^\]\d][^\]]*\]?")
"""The name of an attribute in a field path: the caller's own word, so it is not logged."""

_encode = msgspec.json.Encoder().encode


class _Line(msgspec.Struct, frozen=True):
    """The line of a call that went well: written past the logger, which costs several times it."""

    at: str
    level: str
    method: str
    code: str
    ms: float
    request_id: str
    event: str = "call"


class CallLog:
    """Counts calls and logs them by method, code, time and request id; never what they hold.

    Lines of calls that went well are written many at a time, at the latest when it is flushed.
    """

    def __init__(self, metrics: Metrics, log: Log) -> None:
        self.metrics, self.log, self.stream, self.clock = metrics, *log
        self.says_all = self.log.is_enabled_for(LEVELS["info"])
        self._well: list[tuple[datetime, str, str, float, str]] = []

    def __call__(
        self, method: str, code: str, seconds: float, request_id: str, error: Exception | None
    ) -> None:
        """One call has ended."""
        self.metrics.call_ended(method, code, seconds)
        if error is not None:
            self._write()
            ms = round(seconds * 1000, 2)
            self._failed(
                error, {"method": method, "code": code, "ms": ms, "request_id": request_id}
            )
        elif self.says_all:
            self._well.append((self.clock(), method, code, seconds, request_id))
            if len(self._well) == LINES_AT_ONCE:
                self._write()

    def flush(self) -> None:
        """Have every line be where others see it."""
        self._write()
        self.stream.flush()

    async def keep_flushing(self) -> None:
        """Flush every moment, until cancelled, and then once more."""
        try:
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                self.flush()
        finally:
            self.flush()

    def _write(self) -> None:
        for at, method, code, seconds, request_id in self._well:
            line = _Line(written(at), "info", method, code, round(seconds * 1000, 2), request_id)
            self.stream.write(_encode(line) + b"\n")
        self._well.clear()

    def _failed(self, error: Exception, known: dict[str, object]) -> None:
        if isinstance(error, Unavailable) and error.__cause__ is not None:
            self.log.warning("call", **known, **_of_refusal(error))
        elif isinstance(error, Refusal):
            self.log.info("call", **known, **_of_refusal(error))
        elif isinstance(error, TimeoutError):
            self.log.warning("call", **known)
        else:
            self.log.error("call", **known, error=error)


def _of_refusal(refusal: Refusal) -> dict[str, object]:
    said: dict[str, object] = {"reason": refusal.reason}
    if isinstance(refusal, InvalidArgument):
        fields = (field for field, _ in refusal.violations[:FIELDS_LOGGED_MAX])
        said["fields"] = [_KEY.sub("[...]", field) for field in fields]
    elif refusal.__cause__ is not None:
        said["error"] = refusal.__cause__
    return said
