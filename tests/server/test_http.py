"""The HTTP port: three paths, and no patience with what is no request."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

import pytest
import pytest_asyncio

from scoring_service.server.http import JSON, REQUEST_BYTES_MAX, Page, page_of, serve_pages


def failing() -> Page:
    raise ValueError("secret")


PAGES = {
    "/ok": lambda: Page(HTTPStatus.OK, b"fine\n"),
    "/away": lambda: Page(HTTPStatus.SERVICE_UNAVAILABLE, b"{}", JSON),
}


@pytest_asyncio.fixture
async def port() -> AsyncIterator[int]:
    server = await serve_pages(PAGES, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


async def said(port: int, request: bytes, *, end: bool = False) -> tuple[bytes, bytes]:
    """Head and body of the answer to some bytes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    if end:
        writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


def get(path: str, method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


async def test_a_path_is_answered_with_its_page(port: int) -> None:
    head, body = await said(port, get("/ok"))
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Length: 5" in head
    assert b"Connection: close" in head
    assert body == b"fine\n"


async def test_a_question_mark_changes_nothing(port: int) -> None:
    assert (await said(port, get("/ok?x=1")))[1] == b"fine\n"


async def test_head_has_the_head_alone(port: int) -> None:
    head, body = await said(port, get("/ok", "HEAD"))
    assert b"Content-Length: 5" in head
    assert body == b""


async def test_a_page_has_its_own_status_and_type(port: int) -> None:
    head, _ = await said(port, get("/away"))
    assert head.startswith(b"HTTP/1.1 503 Service Unavailable")
    assert b"Content-Type: application/json" in head


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(get("/nope"), b"404", id="an-unknown-path"),
        pytest.param(get("/ok", "POST"), b"405", id="another-method"),
        pytest.param(b"hello\r\n\r\n", b"400", id="no-request-line"),
        pytest.param(b"GET /ok SPDY/3\r\n\r\n", b"400", id="another-protocol"),
        pytest.param(b"\x16\x03\x01\r\n\r\n", b"400", id="tls"),
        pytest.param(b"GET /ok HTTP/1.1\r\n" + b"x" * 3 * REQUEST_BYTES_MAX, b"431", id="endless"),
    ],
)
async def test_what_cannot_be_answered_has_its_status(
    port: int, request_: bytes, status: bytes
) -> None:
    head, _ = await said(port, request_)
    assert head.split(b" ")[1] == status
    assert (await said(port, get("/ok")))[1] == b"fine\n"


async def test_who_goes_away_before_asking_harms_nobody(port: int) -> None:
    assert await said(port, b"GET /ok", end=True) == (b"", b"")
    assert (await said(port, get("/ok")))[1] == b"fine\n"


async def test_many_may_ask_at_once(port: int) -> None:
    answers = await asyncio.gather(*(said(port, get("/ok")) for _ in range(50)))
    assert {body for _, body in answers} == {b"fine\n"}


async def test_a_page_that_fails_says_nothing_of_why(port: int) -> None:
    PAGES_WITH_A_BAD_ONE: dict[str, Any] = {**PAGES, "/bad": failing}
    server = await serve_pages(PAGES_WITH_A_BAD_ONE, "127.0.0.1", 0)
    try:
        head, body = await said(server.sockets[0].getsockname()[1], get("/bad"))
    finally:
        server.close()
    assert head.startswith(b"HTTP/1.1 500 ")
    assert b"secret" not in body


@pytest.mark.parametrize(
    ("method", "allow"),
    [
        pytest.param("POST", [b"Allow: GET, HEAD"], id="another-method-is-told-which"),
        pytest.param("GET", [], id="one-that-may-be-is-not"),
    ],
)
async def test_which_methods_there_are_is_told_to_who_asks_by_another(
    port: int, method: str, allow: list[bytes]
) -> None:
    head, _ = await said(port, get("/ok", method))
    assert [line for line in head.split(b"\r\n") if line.startswith(b"Allow")] == allow


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        pytest.param(b"hello\r\n\r\n", b"Bad Request\n", id="no-request"),
        pytest.param(get("/ok", "POST"), b"Method Not Allowed\n", id="another-method"),
        pytest.param(get("/nope"), b"Not Found\n", id="no-such-path"),
        pytest.param(
            b"GET /ok HTTP/1.1\r\n" + b"x" * 3 * REQUEST_BYTES_MAX,
            b"Request Header Fields Too Large\n",
            id="endless",
        ),
    ],
)
async def test_why_there_is_no_page_is_told_in_words(
    port: int, request_: bytes, body: bytes
) -> None:
    head, told = await said(port, request_)
    assert told == body
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"Cache-Control: no-store" in head


async def test_a_page_may_take_its_time_to_be_made() -> None:
    async def later() -> Page:
        await asyncio.sleep(0)
        return Page(HTTPStatus.OK, b"later\n")

    assert await page_of({"/later": later}, "/later") == Page(HTTPStatus.OK, b"later\n")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/ok", HTTPStatus.OK, id="a-page"),
        pytest.param("/", HTTPStatus.NOT_FOUND, id="the-root"),
        pytest.param("/ok/", HTTPStatus.NOT_FOUND, id="a-slash-more"),
        pytest.param("", HTTPStatus.NOT_FOUND, id="nothing"),
    ],
)
async def test_a_page_is_found_by_its_very_path(path: str, status: HTTPStatus) -> None:
    assert (await page_of(PAGES, path)).status == status


async def test_who_asks_slowly_and_never_ends_holds_up_nobody(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /ok HTTP/1.1\r\n")
    await writer.drain()
    assert (await said(port, get("/ok")))[1] == b"fine\n"
    writer.write(b"\r\n")
    assert (await asyncio.wait_for(reader.read(), 10)).endswith(b"fine\n")
    writer.close()
