"""Metrics and health over HTTP: three paths, GET and HEAD, one request a connection."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import NamedTuple

REQUEST_BYTES_MAX = 8 * 1024
SECONDS_MAX = 5.0
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"


class Page(NamedTuple):
    """What a path answers."""

    status: HTTPStatus
    body: bytes
    content_type: str = TEXT


Pages = Mapping[str, Callable[[], Page | Awaitable[Page]]]
"""What makes the page of each path."""


async def serve_pages(pages: Pages, host: str, port: int) -> asyncio.Server:
    """A server of these paths; OSError where the port is taken."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(SECONDS_MAX):
                writer.write(await _reply(reader, pages))
                await writer.drain()
        except (TimeoutError, ConnectionError):
            pass  # whoever asked has gone
        finally:
            writer.close()

    return await asyncio.start_server(answer, host, port, limit=REQUEST_BYTES_MAX)


async def _reply(reader: asyncio.StreamReader, pages: Pages) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        return _encoded(_plain(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE), body=True)
    except asyncio.IncompleteReadError:
        return b""
    words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return _encoded(_plain(HTTPStatus.BAD_REQUEST), body=True)
    method, target, _ = words
    if method not in ("GET", "HEAD"):
        return _encoded(_plain(HTTPStatus.METHOD_NOT_ALLOWED), body=True)
    return _encoded(await page_of(pages, target.partition("?")[0]), body=method == "GET")


async def page_of(pages: Pages, path: str) -> Page:
    """The page of a path; one that cannot be made says so by its status."""
    make = pages.get(path)
    if make is None:
        return _plain(HTTPStatus.NOT_FOUND)
    try:
        made = make()
        return made if isinstance(made, Page) else await made
    except Exception:  # such as a gauge whose source has gone
        return _plain(HTTPStatus.INTERNAL_SERVER_ERROR)


def _plain(status: HTTPStatus) -> Page:
    return Page(status, f"{status.phrase}\n".encode())


def _encoded(page: Page, *, body: bool) -> bytes:
    allow = "Allow: GET, HEAD\r\n" if page.status == HTTPStatus.METHOD_NOT_ALLOWED else ""
    head = (
        f"HTTP/1.1 {page.status.value} {page.status.phrase}\r\n"
        f"Content-Type: {page.content_type}\r\nContent-Length: {len(page.body)}\r\n"
        f"{allow}Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode("latin-1") + (page.body if body else b"")
