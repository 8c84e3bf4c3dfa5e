"""What is due is done and ends; a drain whose queue emptied otherwise stands in nobody's way."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.lead import Lead
from scoring_service.values.stored import Timer
from scoring_service.workflows.due import run_due
from scoring_service.workflows.waiting import DRAIN


@pytest.fixture
async def emptied(open_desk: Any, small: Callable[..., Policy], big: Callable[[int], Lead]) -> Any:
    """One had his one lead of the day; the lead that waited for him must not be contacted now."""
    desk = open_desk("emptied", small(per_day_max=1), run_due)
    await desk.route(big(0))
    await desk.route(big(1))
    assert (await desk.lead("b1")).waiting_in == "west"
    assert await _drain_of_west(desk) is not None
    await desk.route(msgspec.structs.replace(big(1), do_not_contact=True))
    return desk


async def _drain_of_west(desk: Any) -> Timer | None:
    found: Timer | None = await desk.run(lambda tx, policy, now: tx.timer(DRAIN, "west"))
    return found


async def _due(desk: Any) -> list[str]:
    found = await desk.store.read(lambda reader: reader.due_timers(desk.clock.now))
    return [timer.kind for timer in found]


async def test_a_drain_for_which_nobody_waits_any_more_ends_when_it_is_due(emptied: Any) -> None:
    emptied.clock.advance(days=1)
    assert DRAIN in await _due(emptied)
    while await emptied.run(run_due):
        pass
    assert await _drain_of_west(emptied) is None
    assert await _due(emptied) == []
