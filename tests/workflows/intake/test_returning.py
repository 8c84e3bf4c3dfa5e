"""What was put aside comes back by what happens afterwards, and by nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, RepOwner, TrackOwner
from scoring_service.values.stage import Stage


@pytest.fixture
def aside(front: Any, large: Any) -> Any:
    """A lead that sales had and put aside by a move, a day ago."""

    async def put(stage: Stage, reason: str, **fields: Any) -> Any:
        await front.takes(large("a"))
        await front.puts("a", Stage.MQL, Stage.SAL)
        recycled = {"recycled_at": front.clock.now} if stage is Stage.RECYCLED else {}
        lead = await front.puts("a", stage, reason=reason, **recycled, **fields)
        front.clock.advance(days=1)
        return lead

    return put


VIEWS = ["pricing_page_view"] * 2


@pytest.mark.parametrize(
    ("did", "reevaluate_in", "fields", "back"),
    [
        pytest.param(["demo_request"], 9, {}, True, id="a: one high-intent activity, at any time"),
        pytest.param(
            ["demo_request"],
            9,
            {"employees": 5, "country": "FR"},
            False,
            id="a high-intent activity without fit is not enough",
        ),
        pytest.param(VIEWS, 9, {}, False, id="b: interest below the bar is not enough"),
        pytest.param(["pricing_page_view"], 0, {}, True, id="c: after the date any interest is"),
        pytest.param(["unsubscribe"], 0, {}, False, id="c: what takes points away is no interest"),
    ],
)
async def test_a_recycled_lead_comes_back(
    front: Any, aside: Any, large: Any, did: list[str], reevaluate_in: int,
    fields: dict[str, Any], back: bool,
) -> None:  # fmt: skip
    date = front.clock.now + timedelta(days=reevaluate_in)
    await aside(Stage.RECYCLED, "timing", reevaluate_at=date)
    view = await front.takes(large("a", **fields), *map(front.did, did))
    assert view.stage == (Stage.MQL if back else Stage.RECYCLED)
    await front.is_whole()


async def test_what_meets_the_bars_anew_brings_it_back_what_was_before_does_not(
    front: Any, large: Any, policy_of: Any, scoring: dict[str, Any]
) -> None:
    bars = {"fit_min": 40, "behaviour_min": 25}
    await front.desk.activate(policy_of(scoring={**scoring, "mql": bars}))
    await front.takes(large("a"), front.did("pricing_page_view"))
    await front.puts("a", Stage.MQL, Stage.RECYCLED, recycled_at=front.clock.now)
    front.clock.advance(hours=1)
    stays = await front.records("a", front.did("pricing_page_view"))
    back = await front.records("a", front.did("pricing_page_view"))
    assert (stays.stage, back.stage) == (Stage.RECYCLED, Stage.MQL)
    assert stays.score.mql_ready


@pytest.mark.parametrize("stage", [Stage.RECYCLED, Stage.CLOSED_LOST, Stage.DISQUALIFIED])
async def test_what_happened_before_re_opens_nothing(front: Any, aside: Any, stage: Stage) -> None:
    await aside(stage, "timing")
    earlier = front.clock.now - timedelta(days=2)
    view = await front.records("a", front.did("demo_request", earlier))
    assert view.stage is stage
    assert await front.told("sales-ops") == []


async def test_a_lost_lead_goes_through_recycled_to_mql_by_one_high_intent_activity(
    front: Any, aside: Any
) -> None:
    await aside(
        Stage.CLOSED_LOST, "chose_competitor", recycles=9, tracks=("competitive_recapture",)
    )
    assert (await front.records("a", front.did("pricing_page_view"))).stage is Stage.CLOSED_LOST
    view = await front.records("a", front.did("demo_request"))
    assert (await front.stages("a"))[-3:] == ["closed_lost", "recycled", "mql"]
    assert isinstance(view.owner, RepOwner)
    await front.is_whole()


async def test_a_lost_lead_whose_reason_disqualifies_ends_and_both_are_told(
    front: Any, large: Any
) -> None:
    await front.takes(large("a"), front.did("demo_request"))
    await front.puts("a", Stage.CLOSED_LOST, reason="no_need")
    front.clock.advance(days=1)
    view = await front.records("a", front.did("demo_request"))
    assert (view.stage, view.owner, view.reason) == (Stage.DISQUALIFIED, SUPPRESSED, "no_need")
    assert await front.told("ann") == await front.told("sales-ops") == [("lost_came_back", "a")]
    await front.is_whole()


async def test_what_a_disqualified_person_does_is_stored_and_neither_scored_nor_routed(
    front: Any, aside: Any
) -> None:
    before = await aside(Stage.DISQUALIFIED, "spam")
    await front.records("a", front.did("pricing_page_view"))
    assert await front.told("sales-ops") == []
    view = await front.records("a", front.did("demo_request"))
    after = await front.lead("a")
    assert (view.stage, after.owner, after.behaviour) == (before.stage, before.owner, ())
    assert len(await front.desk.store.read(lambda reader: reader.activities("a"))) == 2
    assert await front.told("sales-ops") == [("disqualified_came_back", "a")]
    await front.is_whole()


async def test_a_lead_that_comes_back_goes_to_who_had_it(front: Any, large: Any) -> None:
    given = [
        await front.takes(large(name), front.did("demo_request")) for name in ("a", "b", "c", "d")
    ]
    other = next(view for view in given if view.owner != RepOwner("ann"))
    name = other.lead.lead_id
    await front.gives(name, Stage.RECYCLED, TrackOwner("newsletter"), recycled_at=front.clock.now)
    front.clock.advance(days=1)
    view = await front.records(name, front.did("demo_request"))
    assert (view.stage, view.owner) == (Stage.MQL, other.owner)


@pytest.mark.parametrize(
    ("fields", "back"),
    [
        pytest.param({"job_title": "Director"}, True, id="another job is an activity"),
        pytest.param({"company_name": "New"}, False, id="a company that is told first is none"),
        pytest.param({"phone": "+1"}, False, id="another number is none"),
        pytest.param({"job_title": "Director", "batch_id": "b"}, False, id="nor is an import"),
    ],
)
async def test_after_the_date_a_changed_profile_brings_a_lead_back(
    front: Any,
    aside: Any,
    policy_of: Any,
    scoring: dict[str, Any],
    fields: dict[str, Any],
    back: bool,
) -> None:
    changed = {"profile_change": {"points": 5, "half_life": "90d", "points_max": 10}}
    activities = {**scoring["behaviour"]["activities"], **changed}
    behaviour = {**scoring["behaviour"], "activities": activities}
    await front.desk.activate(policy_of(scoring={**scoring, "behaviour": behaviour}))
    await front.takes(Lead("a", email="a@a.example", job_title="Buyer"))
    await aside(Stage.RECYCLED, "timing", reevaluate_at=front.clock.now)
    batch_id = fields.pop("batch_id", "")
    view = await front.takes(Lead("a", **fields), batch_id=batch_id)
    assert view.stage == (Stage.MQL if back else Stage.RECYCLED)
    done = await front.desk.store.read(lambda reader: reader.activities("a"))
    assert [one.type for one in done] == (["profile_change"] if back else [])
    await front.is_whole()
