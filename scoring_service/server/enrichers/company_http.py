"""Companies of an address, by their domains: with a time-out, remembered, and left alone when it
fails again and again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec

from scoring_service.server.aside import aside
from scoring_service.server.enrichers.breaker import Breaker
from scoring_service.server.enrichers.company_fields import lead_of
from scoring_service.server.timed_http import TIMED
from scoring_service.values.lead import Lead

SECONDS_MAX = 2.0
"""How long an answer may take."""

BYTES_MAX = 65_536
KEPT_MAX = 10_000
"""Companies remembered."""

KEPT_SECONDS = 86_400.0
"""How long."""

PLACE = "{domain}"
"""Where the domain stands in an address."""

Fetch = Callable[[str, str], bytes | None]
"""The body of an address, asked with a token; None where nothing is known there. May raise."""


class EnricherFailed(Exception):
    """It was not asked, or gave no answer."""


class CompanyHttp:
    """Asks an address: an enricher. `clock` is in seconds, of any origin."""

    def __init__(
        self,
        name: str,
        url: str,
        clock: Callable[[], float],
        token: str = "",
        seconds: float = SECONDS_MAX,
        fetch: Fetch | None = None,
    ) -> None:
        self.name, self.url, self.token, self.seconds = name, url, token, seconds
        self.clock, self.breaker = clock, Breaker(clock)
        self.fetch = fetch or (lambda url, token: fetched(url, token, seconds))
        self.kept: OrderedDict[str, tuple[float, Lead | None]] = OrderedDict()

    async def known_of(self, domain: str) -> Lead | None:
        """The company of that domain, as it was said within a day. Raises EnricherFailed."""
        kept = self.kept.get(domain)
        if kept is not None and self.clock() - kept[0] < KEPT_SECONDS:
            return kept[1]
        if not self.breaker.lets_through():
            raise EnricherFailed("not asked: it failed again and again, and is left alone")
        try:
            known = await self._asked(domain)
        except BaseException:
            self.breaker.failed()
            raise
        self.breaker.succeeded()
        self._keep(domain, known)
        return known

    async def _asked(self, domain: str) -> Lead | None:
        url = self.url.replace(PLACE, quote(domain, safe=""))
        try:
            async with asyncio.timeout(self.seconds):
                body = await aside(partial(self.fetch, url, self.token))
            if body is None:
                return None
            return lead_of(msgspec.json.decode(body, type=dict[str, object]), strict=False)
        except TimeoutError as error:
            raise EnricherFailed(f"no answer within {self.seconds:g} s") from error
        except msgspec.MsgspecError as error:
            raise EnricherFailed(f"answered what is no company: {error}") from error

    def _keep(self, domain: str, known: Lead | None) -> None:
        self.kept[domain] = self.clock(), known
        self.kept.move_to_end(domain)
        if len(self.kept) > KEPT_MAX:
            self.kept.popitem(last=False)


def fetched(url: str, token: str, seconds: float) -> bytes | None:
    """The body of an address; None for 404. Raises EnricherFailed."""
    headers = {"accept": "application/json", "user-agent": "leadscoring"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    request = Request(url, headers=headers)  # noqa: S310 - checked when it was read
    try:
        with build_opener(_SameHost, *TIMED).open(request, timeout=seconds) as reply:
            body: bytes = reply.read(BYTES_MAX + 1)
    except HTTPError as error:
        with error:
            if error.code == 404:
                return None
            raise EnricherFailed(f"answered {error.code}") from error
    except URLError as error:
        raise EnricherFailed(f"cannot be reached: {error.reason}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise EnricherFailed(f"cannot be reached: {type(error).__name__}") from error
    if len(body) > BYTES_MAX:
        raise EnricherFailed(f"answered more than {BYTES_MAX} bytes")
    return body


class _SameHost(HTTPRedirectHandler):
    """Goes on where it is sent on the same host alone: the token is for nobody else."""

    def http_error_302(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage
    ) -> Any:
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except ValueError:  # sent to no address; the answer is closed as any other that is no yes
            return None

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)
