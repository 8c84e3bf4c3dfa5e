"""What a parent and its worker say to each other arrives whole, in order, and ends with either."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scoring_service.server.options import Options
from scoring_service.server.worker_line import (
    Ask,
    Fails,
    Line,
    Reload,
    Serves,
    Told,
    line_over,
)

Ends = tuple[Line, Line]


@pytest_asyncio.fixture
async def ends() -> AsyncIterator[Ends]:
    ours, theirs = socket.socketpair()
    made = await line_over(ours), await line_over(theirs)
    yield made
    for line in made:
        await line.close()


async def test_options_arrive_as_they_were_sent(ends: Ends) -> None:
    options = Options(
        rules=Path("rules"), store="postgresql://db/leads", webhooks=Path("hooks.yaml"), worker=3
    )
    ends[0].send(options)
    assert await ends[1].receive(Options) == options


@pytest.mark.parametrize(
    ("kinds", "messages"),
    [
        pytest.param(Ask | Reload, [Ask(1, "/metrics"), Reload(), Ask(2, "/")], id="of-the-parent"),
        pytest.param(Serves | Fails, [Fails("no rules"), Serves()], id="of-a-worker-that-starts"),
        pytest.param(
            Told, [Told(1, 200, "text/plain", bytes(300_000)), Told(2, 503, "", b"")], id="a-page"
        ),
    ],
)
async def test_messages_arrive_whole_and_in_order(
    ends: Ends, kinds: Any, messages: list[Any]
) -> None:
    for message in messages:
        ends[0].send(message)
    assert [await ends[1].receive(kinds) for _ in messages] == messages


async def test_the_end_of_the_one_is_the_end_of_the_other(ends: Ends) -> None:
    ends[0].send(Serves())
    await ends[0].close()
    assert await ends[1].receive(Serves | Fails) == Serves()
    assert await ends[1].receive(Serves | Fails) is None
