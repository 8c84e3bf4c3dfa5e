"""Time as the writer gives it: read once a batch, never going back."""

from datetime import UTC, datetime, timedelta
from typing import Any

HOUR = timedelta(hours=1)


def instant(tx: Any, policy: Any, now: datetime) -> datetime:
    tx.save_rotation(tx.rotation("west"), tx.rotation("west"))
    return now


async def test_a_clock_that_is_set_back_does_not_turn_time_back(desk: Any) -> None:
    """PostgreSQL has a clock of its own; there the process's is never asked."""
    before = await desk.run(instant)
    desk.clock.now -= HOUR
    after = await desk.run(instant)
    assert after >= before
    assert after - before < HOUR


async def test_nor_over_a_restart(desk_on: Any, database: Any, desk: Any) -> None:
    before = await desk.run(instant)
    await desk.writer.close()
    again = await desk_on(database, active=None)
    again.clock.now -= HOUR
    assert await again.run(instant) >= before


async def test_each_batch_has_a_later_instant(desk: Any) -> None:
    found = [await desk.run(instant) for _ in range(20)]
    assert found == sorted(found)
    assert len(set(found)) == 20


async def test_a_unit_that_is_run_again_has_a_new_instant(desk: Any) -> None:
    instants: list[datetime] = []

    def lost_once(tx: Any, policy: Any, now: datetime) -> datetime:
        instants.append(now)
        if len(instants) == 1:
            desk.database.driver().execute("rollback")
        return now

    answered = await desk.run(lost_once)
    assert [answered] == instants[1:]
    assert instants[0] < instants[1]


async def test_with_a_database_that_has_a_clock_its_time_counts(desk: Any) -> None:
    now = await desk.run(instant)
    by_its_own = desk.database.engine == "postgresql"
    assert (now.year >= 2026 and now.tzinfo is UTC) is True
    assert (abs(now - datetime.now(UTC)) < HOUR) is by_its_own
