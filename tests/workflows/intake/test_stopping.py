"""do_not_contact belongs to the person, is sticky, and only an authorised actor releases it."""

from typing import Any

import pytest

from scoring_service.values.errors import InvalidArgument, PermissionDenied
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, RepOwner
from scoring_service.values.stage import Stage

ENDS = (Stage.SAL, Stage.SQL, Stage.RECYCLED)
STAYS = (Stage.OPPORTUNITY, Stage.CLOSED_LOST, Stage.CUSTOMER)


@pytest.mark.parametrize("stage", [*ENDS, *STAYS])
async def test_set_in_each_stage_it_ends_what_is_before_opportunity(
    front: Any, large: Any, stage: Stage
) -> None:
    await front.takes(large("a"), front.did("demo_request"))
    await front.puts("a", stage, reason="timing", recycled_at=front.clock.now)
    view = await front.takes(Lead("a", do_not_contact=True))
    ended = stage in ENDS
    assert (view.stage, view.do_not_contact) == (Stage.DISQUALIFIED if ended else stage, True)
    assert (view.owner == SUPPRESSED, view.reason == "do_not_contact") == (ended, ended)
    await front.is_whole()


@pytest.mark.parametrize("did", [[], ["demo_request"]])
@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="anonymous"),
        pytest.param({"email": "a@a.example"}, id="known"),
        pytest.param({"email": "a@a.example", "source": "web"}, id="nurture"),
        pytest.param(
            {"email": "a@a.example", "source": "web", "employees": 500}, id="nurture-or-mql"
        ),
    ],
)
async def test_set_before_sales_it_ends_the_lead(
    front: Any, fields: dict[str, Any], did: list[str]
) -> None:
    await front.takes(Lead("a", **fields), *map(front.did, did))
    view = await front.takes(Lead("a", do_not_contact=True))
    assert (view.stage, view.owner) == (Stage.DISQUALIFIED, SUPPRESSED)


async def test_an_import_ends_it_too(front: Any, large: Any) -> None:
    await front.takes(large("a"), front.did("demo_request"))
    view = await front.takes(Lead("a", do_not_contact=True), batch_id="b")
    assert view.stage is Stage.DISQUALIFIED


@pytest.mark.parametrize("sent", [None, False])
async def test_what_is_absent_or_false_does_not_clear_it(
    front: Any, large: Any, sent: bool | None
) -> None:
    await front.takes(large("a", do_not_contact=True))
    assert (await front.takes(Lead("a", do_not_contact=sent, phone="+1"))).do_not_contact


async def test_it_is_true_of_every_lead_of_the_person(front: Any, large: Any) -> None:
    await front.takes(large("a"), front.did("demo_request"))
    await front.gives("a", Stage.CUSTOMER, RepOwner("bob"))
    front.clock.advance(hours=1)
    new = (await front.records("a", front.did("demo_request"))).lead.lead_id
    await front.takes(Lead("a", do_not_contact=True), actor_id="mia")
    leads = [await front.lead(lead_id) for lead_id in ("a", new)]
    assert [lead.do_not_contact for lead in leads] == [True, True]
    assert [lead.stage for lead in leads] == [Stage.CUSTOMER, Stage.DISQUALIFIED]
    assert ("do_not_contact", "false", "true", "mia") in await front.changes("a")


@pytest.mark.parametrize("actor", ["sales-ops", "olu"])
async def test_an_authorised_actor_releases_it_and_brings_nothing_back(
    front: Any, large: Any, actor: str
) -> None:
    await front.takes(large("a", do_not_contact=True))
    view = await front.takes(Lead("a"), release_do_not_contact=True, actor_id=actor)
    assert (view.do_not_contact, view.stage) == (False, Stage.DISQUALIFIED)
    assert await front.changes("a") == [("do_not_contact", "true", "false", actor)]
    assert (await front.lead("a")).lead.do_not_contact is False


@pytest.mark.parametrize("actor", ["", "ann"])
async def test_nobody_else_does(front: Any, large: Any, actor: str) -> None:
    await front.takes(large("a", do_not_contact=True))
    with pytest.raises(PermissionDenied):
        await front.takes(Lead("a"), release_do_not_contact=True, actor_id=actor)
    assert (await front.lead("a")).do_not_contact


async def test_setting_and_releasing_at_once_is_refused(front: Any) -> None:
    with pytest.raises(InvalidArgument, match="one of the two"):
        await front.takes(
            Lead("a", do_not_contact=True), release_do_not_contact=True, actor_id="olu"
        )
