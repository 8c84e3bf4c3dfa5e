"""The outside world is told of every new owner, once, in order, and of nobody's name."""

import json
from datetime import timedelta
from typing import Any

import pytest

from scoring_service.values.lead import Lead


def lead(lead_id: str, **fields: Any) -> Lead:
    """A lead with an address, so that one can see that it is not told."""
    return Lead(lead_id=lead_id, email=f"{lead_id}@firm-{lead_id}.example", **fields)


async def events(desk: Any) -> list[tuple[str, dict[str, Any]]]:
    """Types and payloads of the outbox, in its order."""
    rows = (await desk.dump())["outbox"]
    return [(row[3], json.loads(row[5])) for row in sorted(rows)]


@pytest.mark.parametrize(
    ("fields", "asks", "type_", "owner"),
    [
        pytest.param(
            {"employees": 500},
            True,
            "lead.assigned",
            {"kind": "rep", "id": "ann"},
            id="a rep is assigned",
        ),
        pytest.param(
            {"employees": 5, "source": "web"},
            False,
            "lead.enrolled",
            {"kind": "track", "id": "newsletter"},
            id="a track enrols",
        ),
        pytest.param(
            {}, True, "lead.queued", {"kind": "queue", "id": "triage"}, id="a queue holds"
        ),
    ],
)
async def test_the_type_says_what_kind_of_owner_a_lead_has(
    desk: Any, demo_request: Any, fields: Any, asks: bool, type_: str, owner: dict[str, str]
) -> None:
    did = (demo_request("a1"),) if asks else ()
    view = await desk.route(lead("l1", **fields), activities=did)
    [(found, payload)] = await events(desk)
    assert found == type_
    assert payload["owner"] == owner
    assert payload["owner"]["id"] == view.owner.id


async def test_an_event_tells_of_the_assignment_it_is_about(desk: Any, demo_request: Any) -> None:
    view = await desk.route(lead("l1", employees=500), activities=(demo_request("a1"),))
    [(_, payload)] = await events(desk)
    assert payload["lead_id"] == "l1"
    assert payload["assignment_id"] == view.assignment_id
    assert payload["decision_id"] == view.decision_id
    assert payload["policy_revision"] == desk.policy.revision
    assert (payload["cause"], payload["stage"]) == (view.cause.value, view.stage.value)
    assert (payload["route"], payload["pool"]) == ("everybody", "west")
    assert payload["assigned_at"] == desk.clock.now.isoformat().replace("+00:00", "Z")


async def test_nothing_of_the_person_is_told(desk: Any, demo_request: Any) -> None:
    person = lead("l1", employees=500, full_name="Xanthippe", phone="0815-4711")
    await desk.route(person, activities=(demo_request("a1"),))
    [(_, payload)] = await events(desk)
    said = json.dumps(payload)
    for secret in ("Xanthippe", "0815-4711", "firm-l1", "@"):
        assert secret not in said
    assert not {"lead", "email", "score"} & set(payload)


async def test_a_first_owner_has_no_previous_one(desk: Any) -> None:
    await desk.route(lead("l1", employees=5))
    [(_, payload)] = await events(desk)
    assert "previous_owner" not in payload


async def test_who_is_reassigned_is_told_with_the_one_before(desk: Any, demo_request: Any) -> None:
    first = await desk.route(lead("l1", employees=500), activities=(demo_request("a1"),))
    moved = await desk.route(lead_id="l1", reassign_reason="on leave", actor_id="sales-ops")
    assert moved.owner != first.owner
    [_, (type_, payload)] = await events(desk)
    assert type_ == "lead.assigned"
    assert payload["owner"]["id"] == moved.owner.id
    assert payload["previous_owner"] == {"kind": "rep", "id": first.owner.id}
    assert payload["cause"] == "reassigned"


async def test_who_keeps_his_lead_is_not_told_again(desk: Any) -> None:
    for _ in range(3):
        await desk.route(lead("l1", employees=500))
        desk.clock.advance(minutes=1)
    assert len(await events(desk)) == 1


async def test_a_retry_tells_nothing_again(desk: Any) -> None:
    request = desk.request(lead("l1", employees=500))
    first = await desk.ask(request)
    again = await desk.ask(request)
    assert (first.replayed, again.replayed) == (False, True)
    assert len(await events(desk)) == 1


async def test_a_dry_run_tells_nobody(desk: Any) -> None:
    await desk.route(lead("l1", employees=500), dry_run=True)
    assert await events(desk) == []


async def test_from_the_queue_to_a_rep_is_told_in_this_order(desk: Any) -> None:
    for i in range(4):  # dan takes 2 a day, eve 1: the fourth waits
        await desk.route(lead(f"l{i}", employees=500, country="GB"))
        desk.clock.advance(minutes=1)
    desk.clock.now += timedelta(days=1)
    await desk.drain()
    of_the_last = [(type_, body) for type_, body in await events(desk) if body["lead_id"] == "l3"]
    assert [type_ for type_, _ in of_the_last] == ["lead.queued", "lead.assigned"]
    queued, assigned = (body for _, body in of_the_last)
    assert (
        queued["owner"]
        == assigned["previous_owner"]
        == {
            "kind": "queue",
            "id": "limited-waiting",
        }
    )
    assert assigned["owner"]["kind"] == "rep"


async def test_every_event_has_an_id_of_its_own(desk: Any) -> None:
    for i in range(5):
        await desk.route(lead(f"l{i}", employees=5))
    ids = [row[1] for row in (await desk.dump())["outbox"]]
    assert len(set(ids)) == 5
