"""What the HTTP port answers."""

from contextlib import AsyncExitStack
from http import HTTPStatus

from scoring_service.server.http import Page, serve_pages
from scoring_service.server.metrics import CONTENT_TYPE, Metrics
from scoring_service.server.options import Address
from scoring_service.server.readiness import Readiness
from scoring_service.server.start_problem import StartProblem


async def pages_at(
    wanted: Address, metrics: Metrics, readiness: Readiness, ending: AsyncExitStack
) -> Address:
    """Answer /metrics, /healthz and /readyz there until `ending`; returns where.

    /healthz says that the process lives, /readyz whether calls are answered.
    """
    pages = {
        "/metrics": lambda: Page(HTTPStatus.OK, metrics.exposition(), CONTENT_TYPE),
        "/healthz": lambda: Page(HTTPStatus.OK, b"ok\n"),
        "/readyz": readiness.readyz,
    }
    try:
        server = await serve_pages(pages, wanted.host, wanted.port)
    except OSError as error:
        why = "it is taken or not ours"
        raise StartProblem(f"cannot listen on {wanted}: {why}; give another --http") from error
    ending.callback(server.close)
    return Address(wanted.host, server.sockets[0].getsockname()[1])
