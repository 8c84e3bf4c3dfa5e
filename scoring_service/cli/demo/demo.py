"""`leadscoring demo`: real leads through a real server, with nothing to set up."""

import asyncio
import signal
from contextlib import suppress

import click

from scoring_service.cli.options import setting

EPILOG = """\b
Examples:
  leadscoring demo
  leadscoring demo --once
"""


@click.command(epilog=EPILOG)
@setting("--once", is_flag=True, help="End after the summary instead of serving on.")
def demo(once: bool) -> None:
    """Score and route several hundred real leads, show who got them and why, then serve on.

    A bank's campaign and a hardware company's pipeline come with leadscoring. The store is
    temporary, the ports are free ones, nothing is left behind and no network is needed.
    """
    with suppress(asyncio.CancelledError):
        asyncio.run(_until_told(once))


async def _until_told(once: bool) -> None:
    from scoring_service.cli.demo.run import run

    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, task.cancel)
    await run(once=once)
