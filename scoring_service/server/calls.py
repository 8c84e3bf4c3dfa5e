"""What is said of each call when it has ended: counted, and one line in the log."""

import re

from structlog.typing import FilteringBoundLogger

from scoring_service.server.metrics import Metrics
from scoring_service.values.errors import InvalidArgument, Refusal

FIELDS_LOGGED_MAX = 20

_KEY = re.compile(r"\[[^\]]*[^\]\d][^\]]*\]?")
"""The name of an attribute in a field path: the caller's own word, so it is not logged."""


class CallLog:
    """Counts calls and logs them by method, code, time and request id; never what they hold."""

    def __init__(self, metrics: Metrics, log: FilteringBoundLogger) -> None:
        self.metrics, self.log = metrics, log

    def __call__(
        self, method: str, code: str, seconds: float, request_id: str, error: Exception | None
    ) -> None:
        """One call has ended."""
        self.metrics.call_ended(method, code, seconds)
        known = {
            "method": method,
            "code": code,
            "ms": round(seconds * 1000, 2),
            "request_id": request_id,
        }
        if error is None:
            self.log.info("call", **known)
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
