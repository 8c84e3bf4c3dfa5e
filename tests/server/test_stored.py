"""Opening a store for a server that is told to end meanwhile."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import CapturingLogger

from scoring_service.server.metrics import Metrics
from scoring_service.server.options import Options
from scoring_service.server.stored import opened
from scoring_service.store.store import Store


@pytest.mark.parametrize("seconds", [0.0, 0.002, 0.01, 0.03])
async def test_told_to_end_while_it_opens_the_store_is_closed_again(
    tmp_path: Path, seconds: float
) -> None:
    options = Options(rules=tmp_path, store=f"sqlite:///{tmp_path / 'leads.db'}")
    opening = asyncio.create_task(opened(options, Metrics(), CapturingLogger()))
    await asyncio.sleep(seconds)
    opening.cancel()
    [found] = await asyncio.gather(opening, return_exceptions=True)
    if isinstance(found, Store):  # it was faster
        await found.close()
    left = sorted(file.name for file in tmp_path.iterdir())
    again = await opened(options, Metrics(), CapturingLogger())
    await again.close()
    assert [name for name in left if name.endswith(("-wal", "-shm"))] == []
