"""The guard of two servers on one PostgreSQL: refused at each, forced once, decided by both."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.server.test_guarding import Bench, guarded, opened

pytestmark = pytest.mark.postgres


@pytest_asyncio.fixture
async def benches(new_postgres_url: Any, tmp_path: Path) -> AsyncIterator[tuple[Bench, Bench]]:
    """Two servers with the starter rules and a guard, each with a folder of its own."""
    url = new_postgres_url()
    made = [await opened(url, guarded(tmp_path / name)) for name in ("here", "there")]
    yield made[0], made[1]
    for bench in made:
        await bench.store.close()


async def test_both_refuse_and_what_is_forced_at_one_decides_at_both(
    benches: tuple[Bench, Bench],
) -> None:
    here, there = benches
    before = here.store.policies.revision
    await here.route()
    for bench in benches:
        bench.edit("employees < 10", "employees < 50")
        await bench.reloader.reload()
        assert "would change the owner of 4 of the last 4" in bench.reloader.detail
        assert bench.store.policies.revision == before
    refused = here.folders_revision()
    await there.force(refused)
    for bench in benches:
        await bench.reloader.look()
        assert (bench.store.policies.revision, bench.reloader.detail) == (refused, "")
    assert [line["forced"] for line in here.said("policy_judged")] == [False, True]
    assert [line["forced"] for line in there.said("policy_judged")] == [False], "it decided already"
    (told,) = await here.store.read(lambda r: r.field_changes("policy", refused))
    assert (told[0].field, told[2]) == ("forced", "sales-ops")
    assert len(await there.store.read(lambda r: r.activations())) == 2


async def test_a_change_that_moves_nobody_passes_at_one_and_holds_for_both(
    benches: tuple[Bench, Bench],
) -> None:
    here, there = benches
    await there.route()
    here.edit("employees < 10", "employees < 20")
    await here.reloader.reload()
    assert here.reloader.detail == ""
    there.edit("employees < 10", "employees < 20")
    await there.reloader.reload()
    assert there.reloader.detail == ""
    assert there.store.policies.revision == here.store.policies.revision
