"""The date to look again at a recycled lead is an evaluation too: it joins, at its next visit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.stage import Stage
from tests.conftest import MONDAY
from tests.workflows.firing.conftest import in_stage, live, moved, office, office_of, to_track

__all__ = ["office", "office_of"]

DATE = MONDAY + timedelta(days=90)


@pytest.mark.parametrize(
    ("starts", "joins"),
    [
        pytest.param(MONDAY + timedelta(days=30), True, id="one that began meanwhile"),
        pytest.param(MONDAY + timedelta(days=95), False, id="one that is to come"),
    ],
)
async def test_a_recycled_lead_joins_on_the_date_on_which_it_is_looked_at_again(
    office: Any, office_of: Callable[..., Policy], starts: Any, joins: bool
) -> None:
    lead_id = await in_stage(office, Stage.SAL)
    await moved(office, lead_id, to_track(), recycled_at=MONDAY, reevaluate_at=DATE)
    arms = {"control": {"weight": 1}, "same": {"weight": 1}}
    trial = {
        "from": starts.date(),
        "to": (starts + timedelta(days=90)).date(),
        "arms": arms,
        "outcome": {"stage": "sal", "within": "30d"},
    }
    before = await office.lead(lead_id)
    await office.activate(office_of({"experiments": {"trial": trial}}))
    assert (await office.lead(lead_id)).arms == before.arms == {}
    await live(office, DATE + timedelta(days=1))
    after = await office.lead(lead_id)
    assert (after.stage, list(after.arms)) == (Stage.RECYCLED, ["trial"] if joins else [])
