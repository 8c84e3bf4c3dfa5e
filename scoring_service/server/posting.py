"""One event sent to its receiver over HTTP, within a time that the receiver cannot stretch."""

from collections.abc import Callable
from datetime import datetime
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec

from scoring_service.domain.webhooks import signature
from scoring_service.server.timed_http import TIMED
from scoring_service.values.stored import Event
from scoring_service.values.webhook import Endpoint

SECONDS_MAX = 10.0
"""How long a receiver may take to answer."""

Post = Callable[[Endpoint, Event, datetime], str]
"""Sends an event; why it was not taken, "" where it was."""


def post(endpoint: Endpoint, event: Event, now: datetime, seconds: float = SECONDS_MAX) -> str:
    """Send a signed event, and wait for its receiver to take it. Any 2xx is a yes."""
    body = body_of(event)
    headers = {
        "content-type": "application/json",
        "user-agent": "leadscoring",
        "webhook-id": event.event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(endpoint.secret, event.event_id, now, body),
    }
    request = Request(endpoint.url, body, headers, method="POST")  # noqa: S310 - checked when read
    try:
        with build_opener(_Stays, *TIMED).open(request, timeout=seconds):
            return ""
    except HTTPError as error:
        with error:
            return f"answered {error.code}"
    except TimeoutError:
        return late(seconds)
    except URLError as error:
        silent = isinstance(error.reason, TimeoutError)
        return late(seconds) if silent else f"cannot be reached: {error.reason}"
    except (OSError, HTTPException, ValueError) as error:
        return f"cannot be reached: {type(error).__name__}"


def late(seconds: float) -> str:
    """Why an event counts as not taken whose receiver was silent, or slow, for so long."""
    return f"did not answer within {seconds:g} s"


def body_of(event: Event) -> bytes:
    """What a receiver is sent of an event."""
    return msgspec.json.encode(
        {
            "type": event.type,
            "timestamp": event.at,
            "lead_id": event.lead_id,
            "data": msgspec.Raw(event.payload),
        }
    )


class _Stays(HTTPRedirectHandler):
    """A receiver that has moved is told to its operator, not followed; where to is not read."""

    def http_error_302(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage
    ) -> None:
        return None

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302
