"""Stored leads are replayed in the arms that they were in; each policy knows its experiments."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from scoring_service.cli.rules.diff.recorded import recorded
from scoring_service.domain.policy import Policy
from scoring_service.workflows.diff.past import Arrived
from scoring_service.workflows.diff.replaying import replay
from scoring_service.workflows.diff.stored_past import past_in
from tests.workflows.intake.conftest import Front, front, large
from tests.workflows.intake.test_joining import BAR, IN_CONTROL, IN_LOWER, tried

__all__ = ["front", "large", "tried"]


@pytest.mark.parametrize(
    ("lead_id", "mql"),
    [
        pytest.param(IN_CONTROL, [None, None], id="control is below the bar of both"),
        pytest.param(IN_LOWER, ["qualified", None], id="the arm's bar is gone with its experiment"),
    ],
)
async def test_what_an_experiment_made_is_made_again_and_gone_with_it(
    front: Front,
    large: Any,
    tried: Callable[..., Policy],
    policy: Policy,
    lead_id: str,
    mql: list[str | None],
) -> None:
    since, with_it = front.clock.now, tried()
    await front.desk.activate(with_it)
    front.clock.advance(hours=1)
    await front.takes(large(lead_id), *[front.did("pricing_page_view") for _ in range(2)])
    front.clock.advance(hours=1)
    since -= timedelta(seconds=1)
    found, _ = await front.desk.store.read(lambda reader: recorded(reader, since))
    past = past_in(found, since)
    arrived = [moment for moment in past.moments if isinstance(moment, Arrived)]
    assert [moment.arms for moment in arrived] == [(await front.lead(lead_id)).arms]
    assert arrived[0].arms.keys() == {BAR}
    replayed = [replay(rules, past).fates for rules in (with_it, policy)]
    assert [fate.mql for fates in replayed for fate in fates] == mql
