"""What the HTTP port answers."""

from contextlib import AsyncExitStack
from http import HTTPStatus

from scoring_service.server.http import Page, Pages, serve_pages
from scoring_service.server.metrics import CONTENT_TYPE, Metrics
from scoring_service.server.options import Address
from scoring_service.server.readiness import Readiness
from scoring_service.server.start_problem import StartProblem

METRICS, ALIVE, READY = "/metrics", "/healthz", "/readyz"
"""The paths: what is measured; that the process lives; whether calls are answered."""


def pages_of(metrics: Metrics, readiness: Readiness) -> Pages:
    """The pages of one server."""
    return {
        METRICS: lambda: Page(HTTPStatus.OK, metrics.exposition(), CONTENT_TYPE),
        ALIVE: alive,
        READY: readiness.readyz,
    }


def alive() -> Page:
    """The process lives."""
    return Page(HTTPStatus.OK, b"ok\n")


async def pages_at(wanted: Address, pages: Pages, ending: AsyncExitStack) -> Address:
    """Answer these pages there until `ending`; returns where. Raises StartProblem."""
    try:
        server = await serve_pages(pages, wanted.host, wanted.port)
    except OSError as error:
        why = "it is taken or not ours"
        raise StartProblem(f"cannot listen on {wanted}: {why}; give another --http") from error
    ending.callback(server.close)
    return Address(wanted.host, server.sockets[0].getsockname()[1])
