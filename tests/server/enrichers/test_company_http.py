"""Companies of an address: remembered for a day, and left alone when it fails again and again."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from scoring_service.server.enrichers.company_http import BYTES_MAX, CompanyHttp, EnricherFailed
from scoring_service.values.lead import Lead


class Provider(BaseHTTPRequestHandler):
    """A provider of companies: what it answers is set by its server."""

    server: Any

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("authorization")))
        if self.server.waits is not None:
            self.server.waits.wait(5)
        at_home = self.path.startswith("/companies")
        self.send_response(self.server.status if at_home else 200)
        if self.server.location and at_home:
            self.send_header("location", self.server.location)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *said: Any) -> None:
        pass


@pytest.fixture
def provider() -> Iterator[Any]:
    """A provider that listens, and knows a large company."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.asked, server.status, server.waits, server.location = [], 200, None, ""
    server.body = b'{"employees": "500", "industry": "software", "rank": 7}'
    serving = threading.Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    yield server
    if server.waits is not None:
        server.waits.set()
    server.shutdown()
    server.server_close()
    serving.join()


class Seconds:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    """A clock that stands still."""
    return Seconds()


@pytest.fixture
def enricher(provider: Any, seconds: Seconds) -> CompanyHttp:
    """Asks the provider."""
    url = f"http://127.0.0.1:{provider.server_address[1]}/companies/{{domain}}"
    return CompanyHttp("provider", url, seconds, token="secret")


async def test_a_company_is_asked_for_once_a_day(
    enricher: CompanyHttp, provider: Any, seconds: Seconds
) -> None:
    for hours in (0, 23, 2):
        seconds.now += hours * 3600
        assert await enricher.known_of("a.example") == Lead(employees=500, industry="software")
    assert provider.asked == [("/companies/a.example", "Bearer secret")] * 2


async def test_a_company_nobody_knows_is_remembered_too(
    enricher: CompanyHttp, provider: Any
) -> None:
    provider.status = 404
    assert [await enricher.known_of("a.example") for _ in range(2)] == [None, None]
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        pytest.param(500, b"", "answered 500", id="an error"),
        pytest.param(200, b"<html>", "no company", id="no JSON"),
        pytest.param(200, b'{"employees": "many"}', "no company", id="a text for a number"),
        pytest.param(200, b" " * (BYTES_MAX + 1), "more than 65536", id="too much"),
    ],
)
async def test_an_answer_that_is_none_is_named_and_not_remembered(
    enricher: CompanyHttp, provider: Any, status: int, body: bytes, why: str
) -> None:
    good = provider.body
    provider.status, provider.body = status, body
    with pytest.raises(EnricherFailed, match=why):
        await enricher.known_of("a.example")
    provider.status, provider.body = 200, good
    assert await enricher.known_of("a.example") is not None


async def test_a_slow_answer_is_not_waited_for(enricher: CompanyHttp, provider: Any) -> None:
    provider.waits = threading.Event()
    enricher.seconds = 0.05
    with pytest.raises(EnricherFailed, match=r"within 0\.05 s"):
        await enricher.known_of("a.example")


async def test_providers_that_hang_leave_threads_for_everything_else(seconds: Seconds) -> None:
    """As in a look-up of a name that nobody answers, which no time-out ends."""
    ends = threading.Event()
    for name in "abcdefghijkl":
        hangs = CompanyHttp(
            name, "http://x/{domain}", seconds, seconds=0.01, fetch=lambda *_: bytes(ends.wait())
        )
        with pytest.raises(EnricherFailed, match="no answer"):
            await hangs.known_of("a.example")
    assert await asyncio.to_thread(lambda: "done") == "done"
    ends.set()


async def test_a_provider_that_is_away_is_left_alone_and_tried_again(
    enricher: CompanyHttp, provider: Any, seconds: Seconds
) -> None:
    provider.status = 503
    for name in "abcde":
        with pytest.raises(EnricherFailed, match="503"):
            await enricher.known_of(f"{name}.example")
    with pytest.raises(EnricherFailed, match="left alone"):
        await enricher.known_of("f.example")
    assert len(provider.asked) == 5
    seconds.now += 60
    with pytest.raises(EnricherFailed, match="503"):
        await enricher.known_of("f.example")
    with pytest.raises(EnricherFailed, match="left alone"):
        await enricher.known_of("f.example")
    seconds.now += 60
    provider.status = 200
    assert [await enricher.known_of(f"{name}.example") for name in "fg"] != [None, None]


async def test_an_address_where_nobody_listens_is_named(seconds: Seconds) -> None:
    enricher = CompanyHttp("provider", "http://127.0.0.1:1/{domain}", seconds)
    with pytest.raises(EnricherFailed, match="cannot be reached"):
        await enricher.known_of("a.example")


async def test_it_is_followed_on_its_own_host(provider: Any, enricher: CompanyHttp) -> None:
    provider.status, provider.location = 302, "/moved/acme.de"
    known = await enricher.known_of("acme.de")
    assert known is not None
    assert known.employees == 500
    assert provider.asked[-1] == ("/moved/acme.de", "Bearer secret")


async def test_its_token_is_taken_to_no_other_host(provider: Any, enricher: CompanyHttp) -> None:
    port = provider.server_address[1]
    provider.status, provider.location = 302, f"http://localhost:{port}/elsewhere"
    with pytest.raises(EnricherFailed, match="answered 302"):
        await enricher.known_of("acme.de")
    assert provider.asked == [("/companies/acme.de", "Bearer secret")]


@pytest.mark.parametrize("location", ["http://[::nowhere/", "ftp://127.0.0.1/x"])
async def test_a_move_to_no_address_is_a_failure(
    provider: Any, enricher: CompanyHttp, location: str
) -> None:
    provider.status, provider.location = 302, location
    with pytest.raises(EnricherFailed, match="answered 302"):
        await enricher.known_of("acme.de")
