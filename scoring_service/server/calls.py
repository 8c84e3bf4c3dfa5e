"""What is said of each call when it has ended: counted, and one line in the log."""

import asyncio
import re

import msgspec

from scoring_service.server.logs import LEVELS, Log, written
from scoring_service.server.metrics import Metrics
from scoring_service.values.errors import InvalidArgument, Refusal, Unavailable

FIELDS_LOGGED_MAX = 20
FLUSH_SECONDS = 0.2

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
    """Counts calls and logs them by method, code, time and request id; never what they hold."""

    def __init__(self, metrics: Metrics, log: Log) -> None:
        self.metrics, self.log, self.stream, self.clock = metrics, *log
        self.says_all = self.log.is_enabled_for(LEVELS["info"])

    def __call__(
        self, method: str, code: str, seconds: float, request_id: str, error: Exception | None
    ) -> None:
        """One call has ended."""
        self.metrics.call_ended(method, code, seconds)
        ms = round(seconds * 1000, 2)
        if error is not None:
            self._failed(
                error, {"method": method, "code": code, "ms": ms, "request_id": request_id}
            )
        elif self.says_all:
            line = _Line(written(self.clock()), "info", method, code, ms, request_id)
            self.stream.write(_encode(line) + b"\n")

    def flush(self) -> None:
        """Have every line be where others see it."""
        self.stream.flush()

    async def keep_flushing(self) -> None:
        """Flush every moment, until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            self.flush()

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
