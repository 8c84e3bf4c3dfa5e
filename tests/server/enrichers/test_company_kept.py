"""What is remembered of companies: for a day, so many of them, the newest; and what is sent."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from scoring_service.server.enrichers.company_http import (
    BYTES_MAX,
    KEPT_MAX,
    KEPT_SECONDS,
    CompanyHttp,
    EnricherFailed,
    fetched,
)
from scoring_service.values.lead import Lead


class Bench:
    """An enricher whose clock and answers are the test's, and what it asked."""

    def __init__(self, at: float = 0.0) -> None:
        self.at, self.asked = at, list[str]()
        self.answer: bytes | None = b'{"employees": 5}'
        self.enricher = CompanyHttp(
            "provider", "https://x/{domain}?d={domain}", lambda: self.at, fetch=self.fetch
        )

    def fetch(self, url: str, token: str) -> bytes | None:
        self.asked.append(url)
        return self.answer

    async def asks(self, domain: str) -> bool:
        """Whether anybody is asked about a company."""
        before = len(self.asked)
        await self.enricher.known_of(domain)
        return len(self.asked) > before


@pytest.mark.parametrize("origin", [-1e6, 0.0, 1e6])
@pytest.mark.parametrize("answer", [b'{"employees": 5}', None], ids=["a-company", "nobody"])
@pytest.mark.parametrize(
    ("after", "asked"),
    [
        pytest.param(0.0, False, id="at-once"),
        pytest.param(KEPT_SECONDS - 1, False, id="within-the-day"),
        pytest.param(KEPT_SECONDS, True, id="after-it"),
        pytest.param(10 * KEPT_SECONDS, True, id="long-after"),
    ],
)
async def test_what_was_said_is_remembered_for_a_day(
    origin: float, answer: bytes | None, after: float, asked: bool
) -> None:
    bench = Bench(origin)
    bench.answer = answer
    assert await bench.asks("a.example")
    bench.at += after
    assert await bench.asks("a.example") is asked
    assert not await bench.asks("a.example"), "then it is remembered anew"


def test_ten_thousand_are_remembered_for_a_day() -> None:
    assert (KEPT_MAX, KEPT_SECONDS) == (10_000, 24 * 3600)


async def test_of_more_companies_than_are_remembered_the_oldest_is_forgotten() -> None:
    bench = Bench()
    for number in range(KEPT_MAX - 1):
        bench.enricher.kept[f"c{number}.example"] = (0.0, None)
    assert await bench.asks("last.example")
    assert len(bench.enricher.kept) == KEPT_MAX
    assert not await bench.asks("c0.example")
    assert await bench.asks("more.example")
    assert len(bench.enricher.kept) == KEPT_MAX
    assert not await bench.asks("c1.example")
    assert not await bench.asks("last.example")
    assert await bench.asks("c0.example"), "the oldest went"


async def test_one_that_was_asked_anew_is_not_the_oldest_any_more() -> None:
    bench = Bench()
    for number in range(KEPT_MAX):
        bench.enricher.kept[f"c{number}.example"] = (0.0, None)
    bench.at = KEPT_SECONDS
    assert await bench.asks("c0.example")
    assert await bench.asks("more.example")
    assert "c0.example" in bench.enricher.kept
    assert "c1.example" not in bench.enricher.kept


async def test_a_domain_stands_wherever_the_address_says_and_can_end_no_part_of_it() -> None:
    bench = Bench()
    await bench.asks("a.example")
    await bench.asks("a/../b?c#d.example")
    assert bench.asked[0] == "https://x/a.example?d=a.example"
    assert bench.asked[1] == "https://x/{0}?d={0}".format("a%2F..%2Fb%3Fc%23d.example")


async def test_a_failure_is_not_remembered_as_a_company_that_nobody_knows() -> None:
    bench = Bench()
    bench.answer = b"["
    with pytest.raises(EnricherFailed, match="answered what is no company"):
        await bench.enricher.known_of("a.example")
    bench.answer = b'{"employees": 5}'
    assert await bench.enricher.known_of("a.example") == Lead(employees=5)


class Provider(BaseHTTPRequestHandler):
    """Answers with as many bytes as it is asked for, and keeps the headers it was sent."""

    server: Any

    def do_GET(self) -> None:
        self.server.headers.append({name.lower(): text for name, text in self.headers.items()})
        known = json.dumps({"employees": 5}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(known.ljust(int(self.path[1:])))

    def log_message(self, *said: object) -> None:
        pass


@pytest.fixture
def provider() -> Any:
    server: Any = HTTPServer(("127.0.0.1", 0), Provider)
    server.headers = []
    serving = Thread(target=server.serve_forever, args=(0.01,))
    serving.start()
    yield server
    server.shutdown()
    server.server_close()
    serving.join()


@pytest.mark.parametrize(("size", "fits"), [(20, True), (BYTES_MAX, True), (BYTES_MAX + 1, False)])
def test_an_answer_has_at_most_its_bytes(provider: Any, size: int, fits: bool) -> None:
    url = f"http://127.0.0.1:{provider.server_port}/{size}"
    if fits:
        body = fetched(url, "", 5.0)
        assert body is not None
        assert len(body) == size
    else:
        with pytest.raises(EnricherFailed, match="answered more than 65536 bytes"):
            fetched(url, "", 5.0)


@pytest.mark.parametrize(
    ("token", "sent"),
    [
        pytest.param("", None, id="nobody-to-be"),
        pytest.param("abc", "Bearer abc", id="whoever-bears-it"),
    ],
)
def test_a_token_is_borne_where_there_is_one(provider: Any, token: str, sent: str | None) -> None:
    fetched(f"http://127.0.0.1:{provider.server_port}/20", token, 5.0)
    (headers,) = provider.headers
    assert headers.get("authorization") == sent
    assert (headers["accept"], headers["user-agent"]) == ("application/json", "leadscoring")
