"""What an arm holds in the place of the rules: a track, or the pool of a route."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.owner import RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.keys import of_act
from scoring_service.workflows.lifecycle_requests import MoveLead
from scoring_service.workflows.sales.move import move_lead
from tests.workflows.intake.conftest import OPS
from tests.workflows.intake.test_joining import IN_CONTROL, IN_LOWER, tried

__all__ = ["tried"]


async def moved(front: Any, lead_id: str, stage: Stage, reason: str) -> Any:
    """Somebody moves a lead."""
    asked = MoveLead(
        request_id="m", actor_id=OPS, lead_id=lead_id, stage=stage, reason=reason, digest="d"
    )
    return await front.ask(move_lead, asked, of_act)


@pytest.mark.parametrize(
    ("lead_id", "track"),
    [
        pytest.param(IN_CONTROL, "welcome-nurture", id="control goes to the default track"),
        pytest.param(IN_LOWER, "newsletter", id="the other arm to the one in its place"),
    ],
)
async def test_an_arm_has_another_track(
    front: Any, large: Any, tried: Callable[..., Policy], lead_id: str, track: str
) -> None:
    await front.desk.activate(tried(tracks={"welcome-nurture": "newsletter"}))
    view = await front.takes(large(lead_id))
    assert view.owner == TrackOwner(track)
    await front.gives(lead_id, Stage.MQL, RepOwner("bob"))
    back = await moved(front, lead_id, Stage.NURTURE, "back")
    assert back.owner == TrackOwner(track)
    await front.is_whole()


@pytest.mark.parametrize(
    ("lead_id", "track"),
    [
        pytest.param(IN_CONTROL, "welcome-nurture", id="control goes where the reason says"),
        pytest.param(IN_LOWER, "newsletter", id="the other arm to the track in its place"),
    ],
)
async def test_a_recycled_lead_enters_the_track_of_its_arm(
    front: Any, large: Any, tried: Callable[..., Policy], lead_id: str, track: str
) -> None:
    await front.desk.activate(tried(tracks={"welcome-nurture": "newsletter"}))
    await front.takes(large(lead_id), front.did("demo_request"))
    view = await moved(front, lead_id, Stage.RECYCLED, "timing")
    assert (view.stage, view.owner) == (Stage.RECYCLED, TrackOwner(track))
    await front.is_whole()


@pytest.mark.parametrize(
    ("lead_id", "pool"),
    [
        pytest.param(IN_CONTROL, "west", id="control draws from the route's pool"),
        pytest.param(IN_LOWER, "limited", id="the other arm from its own"),
    ],
)
async def test_an_arm_draws_from_another_pool(
    front: Any, large: Any, tried: Callable[..., Policy], lead_id: str, pool: str
) -> None:
    await front.desk.activate(tried(routes={"everybody": "limited"}))
    view = await front.takes(large(lead_id), front.did("demo_request"))
    made = await front.desk.store.read(lambda reader: reader.assignment(view.assignment_id))
    assert (made.route, made.pool) == ("everybody", pool)
