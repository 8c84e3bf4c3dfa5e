"""Activities are one set: each id once, the same again ignored, other content refused."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.values.activity import Activity
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.happening import Touch
from scoring_service.values.lead import Lead

ANN = Lead(lead_id="l1", email="ann@acme.example", employees=500)


async def refused(desk: Any, *activities: Activity, lead: Lead = ANN) -> dict[str, str]:
    """The violations by their field."""
    with pytest.raises(InvalidArgument) as refusal:
        await desk.route(lead, activities=activities)
    return dict(refusal.value.violations)


async def test_the_same_activity_again_is_ignored(desk: Any, demo_request: Any) -> None:
    first = await desk.route(ANN, activities=(demo_request("a1"),))
    again = await desk.route(ANN, activities=(demo_request("a1"),))
    assert again.score.behaviour == pytest.approx(first.score.behaviour)
    assert [c.count for c in again.score.contributions if c.name == "demo_request"] == [1]


async def test_the_same_activity_twice_in_one_request_counts_once(
    desk: Any, demo_request: Any
) -> None:
    view = await desk.route(ANN, activities=(demo_request("a1"), demo_request("a1")))
    assert [c.count for c in view.score.contributions if c.name == "demo_request"] == [1]


async def test_a_known_id_with_other_content_is_refused(desk: Any, demo_request: Any) -> None:
    await desk.route(ANN, activities=(demo_request("a1"),))
    other = msgspec.structs.replace(demo_request("a1"), channel="phone")
    assert "other content" in (await refused(desk, other))["activities[0].activity_id"]


async def test_two_contents_under_one_id_in_one_request_are_refused(
    desk: Any, demo_request: Any
) -> None:
    other = msgspec.structs.replace(demo_request("a1"), channel="phone")
    found = await refused(desk, demo_request("a1"), other)
    assert list(found) == ["activities[1].activity_id"]


KNOWN = [
    pytest.param("in the next batch", 0, id="in-the-next-batch"),
    pytest.param("in the same batch", 0, id="in-the-same-batch"),
    pytest.param("in the next batch", 3, id="when-it-was-ahead-of-our-clock"),
    pytest.param("in the same batch", 3, id="in-the-batch-in-which-it-was-ahead-of-our-clock"),
]


@pytest.mark.parametrize(("when", "ahead"), KNOWN)
async def test_what_is_known_is_known_as_it_was_sent(
    desk: Any, demo_request: Any, when: str, ahead: int
) -> None:
    at = desk.clock.now + timedelta(minutes=ahead)
    sent = [msgspec.structs.replace(demo_request(f"a{i}"), occurred_at=at) for i in range(3)]
    other = [sent[0], msgspec.structs.replace(sent[1], channel="phone")]
    asked = [desk.request(ANN, activities=tuple(did)) for did in (sent, sent, other)]
    if when == "in the same batch":
        first, again, refused = await desk.settle(*asked)
    else:
        first, again, refused = [(await desk.settle(one))[0] for one in asked]
    assert again.score.behaviour == pytest.approx(first.score.behaviour)
    assert [field for field, _ in refused.violations] == ["activities[1].activity_id"]
    assert "other content" in refused.violations[0][1]


async def test_each_touch_of_a_request_is_told_by_itself_under_its_own_number(desk: Any) -> None:
    ago = [timedelta(days=days) for days in (1, 3, 2)]
    did = [
        Activity("demo_request", desk.clock.now - each, f"a{i}", source=f"from-{i}")
        for i, each in enumerate(ago)
    ]
    cat = Lead(lead_id="l2", email="cat@else.example", source="fair")
    await desk.together(desk.request(ANN, activities=tuple(did)), desk.request(cat))
    told = await desk.store.read(
        lambda r: [(o.number, o.happening.source) for k in ("l1", "l2") for o in r.happenings(k)
                   if isinstance(o.happening, Touch)]
    )  # fmt: skip
    assert [source for _, source in told] == ["from-1", "from-2", "from-0", "fair"]
    numbers = [number for number, _ in told]
    assert numbers == sorted(set(numbers))
    assert numbers[2] - numbers[0] == 2
    within = await desk.run(lambda tx, policy, now: tx.happenings("l1"))
    assert within == await desk.store.read(lambda r: tuple(r.happenings("l1")))


async def test_the_id_of_another_leads_activity_is_refused(desk: Any, demo_request: Any) -> None:
    await desk.route(ANN, activities=(demo_request("a1"),))
    bob = Lead(lead_id="l2", email="bob@acme.example")
    found = await refused(desk, demo_request("a1"), lead=bob)
    assert "another lead" in found["activities[0].activity_id"]


async def test_an_activity_needs_an_id(desk: Any, demo_request: Any) -> None:
    found = await refused(desk, demo_request(""))
    assert "is required" in found["activities[0].activity_id"]


async def test_every_violation_comes_at_once_and_nothing_is_stored(
    desk: Any, demo_request: Any
) -> None:
    late = msgspec.structs.replace(
        demo_request("a2"), occurred_at=desk.clock.now + timedelta(hours=1)
    )
    unknown = msgspec.structs.replace(demo_request("a3"), type="demo_requst")
    lead = Lead(lead_id="l1", attributes={"plam": "pro"})
    with pytest.raises(InvalidArgument) as refusal:
        await desk.route(
            lead,
            activities=(demo_request(""), late, unknown),
            violations=(("lead.email", "is no e-mail address"),),
        )
    assert len(refusal.value.violations) == 5
    view = await desk.route(Lead(lead_id="l1", employees=500))
    assert view.score.behaviour == 0


async def test_an_activity_a_little_ahead_counts_as_now(desk: Any, demo_request: Any) -> None:
    ahead = msgspec.structs.replace(
        demo_request("a1"), occurred_at=desk.clock.now + timedelta(minutes=4)
    )
    view = await desk.route(ANN, activities=(ahead,))
    assert view.score.behaviour == pytest.approx(60)
    again = await desk.route(ANN, activities=(ahead,))
    assert again.score.behaviour == pytest.approx(60)


async def test_a_retry_may_come_when_the_activity_is_no_longer_ahead(
    desk: Any, demo_request: Any
) -> None:
    ahead = msgspec.structs.replace(
        demo_request("a1"), occurred_at=desk.clock.now + timedelta(minutes=4)
    )
    await desk.route(ANN, activities=(ahead,), request_id="r")
    desk.clock.advance(minutes=10)
    assert (await desk.route(ANN, activities=(ahead,), request_id="r")).replayed


async def test_a_missing_request_id_is_refused(desk: Any) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        await desk.route(ANN, request_id="")
    assert [field for field, _ in refusal.value.violations] == ["request_id"]


async def test_behaviour_kept_as_state_equals_behaviour_of_the_events(
    desk: Any, demo_request: Any
) -> None:
    for i in range(6):
        desk.clock.advance(hours=7)
        at = desk.clock.now - timedelta(days=i)
        activity = Activity("pricing_page_view", at, f"a{i}")
        view = await desk.route(ANN, activities=(activity,))
    score = await desk.score("l1")
    assert view.score.behaviour == pytest.approx(score.behaviour, abs=1e-9)
