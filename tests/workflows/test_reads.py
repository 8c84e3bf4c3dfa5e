"""Leads read back: one by whoever answers for it, many by score, and everything recorded of one."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.values.errors import NotFound
from scoring_service.values.happening import Touch
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner, TrackOwner
from scoring_service.values.score import Score
from scoring_service.values.stage import Stage
from scoring_service.workflows.reads import Page, Wanted, get_history, get_lead, list_leads

ANY = Wanted()


async def _page(desk: Any, wanted: Wanted = ANY, before: Any = None, rows: int = 100) -> Page:
    found: Page = await desk.store.read(
        lambda reader: list_leads(reader, desk.policy, wanted, before, rows, desk.clock.now)
    )
    return found


def _ids(page: Page) -> list[str]:
    return [view.lead.lead_id for view in page.leads]


async def _scored(desk: Any, big: Any, *scores: float) -> None:
    """Leads b0, b1 and so on with these stored scores."""
    for i in range(len(scores)):
        await desk.route(big(i))

    def save(tx: Any, policy: Any, now: Any) -> None:
        for i, score in enumerate(scores):
            tx.save_lead(msgspec.structs.replace(tx.lead(f"b{i}"), score=score))

    await desk.run(save)


async def _merge(desk: Any, ended: str, into: str) -> None:
    def save(tx: Any, policy: Any, now: Any) -> None:
        tx.save_lead(msgspec.structs.replace(tx.lead(ended), merged_into=into))

    await desk.run(save)


async def test_leads_come_by_score_and_then_by_id(desk: Any, big: Any) -> None:
    await _scored(desk, big, 10.0, 30.5, 30.5, 0.0)
    page = await _page(desk)
    assert (_ids(page), page.ends_at) == (["b2", "b1", "b0", "b3"], None)


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5])
async def test_pages_hold_every_lead_once_in_order(desk: Any, big: Any, rows: int) -> None:
    await _scored(desk, big, 10.0, 30.5, 30.5, 0.0)
    found, before = [], None
    while True:
        page = await _page(desk, before=before, rows=rows)
        assert len(page.leads) <= rows
        found += _ids(page)
        before = page.ends_at
        if before is None:
            break
    assert found == ["b2", "b1", "b0", "b3"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(ANY, {"b0", "small", "who", "known"}, id="all"),
        pytest.param(Wanted(stage=Stage.MQL), {"b0", "who"}, id="of a stage"),
        pytest.param(Wanted(owner=RepOwner("ann")), {"b0"}, id="of a rep"),
        pytest.param(Wanted(owner=QueueOwner("triage")), {"who"}, id="of a queue"),
        pytest.param(Wanted(owner=TrackOwner("newsletter")), {"small"}, id="of a track"),
        pytest.param(Wanted(owner=TrackOwner("ann")), set(), id="a track is no rep"),
        pytest.param(Wanted(account_id="acme"), {"known"}, id="of an account"),
        pytest.param(Wanted(Stage.MQL, RepOwner("ann"), "acme"), set(), id="of all three at once"),
    ],
)
async def test_leads_are_found_by_what_is_wanted(
    desk: Any, big: Any, wanted: Wanted, expected: set[str]
) -> None:
    await desk.route(big(0))
    small = Lead("small", email="s@s.example", source="web", employees=5)
    await desk.route(small)
    await desk.route(Lead("who"))
    await desk.route(msgspec.structs.replace(small, lead_id="known", email=None, account_id="acme"))
    assert set(_ids(await _page(desk, wanted))) == expected


async def test_leads_that_another_answers_for_are_left_out_of_their_page(
    desk: Any, big: Any
) -> None:
    await _scored(desk, big, 30.0, 20.0, 10.0)
    await _merge(desk, "b1", "b0")
    first = await _page(desk, rows=2)
    assert (_ids(first), first.ends_at) == (["b0"], (20.0, "b1"))
    second = await _page(desk, before=first.ends_at, rows=2)
    assert (_ids(second), second.ends_at) == (["b2"], None)


async def test_a_lead_is_answered_as_of_now(
    desk: Any, clock: Any, big: Any, demo_request: Any
) -> None:
    await desk.route(big(0), activities=(demo_request("a1"),))
    clock.advance(days=21)
    view = await desk.store.read(lambda r: get_lead(r, desk.policy, "b0", clock.now))
    assert (view.score.as_of, view.score.behaviour) == (clock.now, pytest.approx(30.0))
    assert view.asked_for == ""


async def test_a_clock_that_is_behind_the_stores_harms_nobody(
    desk: Any, clock: Any, big: Any, demo_request: Any
) -> None:
    await desk.route(big(0), activities=(demo_request("a1"),))
    behind = clock.now - timedelta(seconds=30)
    view = await desk.store.read(lambda r: get_lead(r, desk.policy, "b0", behind))
    assert view.score.as_of == clock.now


async def test_a_merged_id_is_answered_for_by_the_survivor(desk: Any, big: Any) -> None:
    await _scored(desk, big, 1.0, 2.0)
    await _merge(desk, "b0", "b1")
    view = await desk.store.read(lambda r: get_lead(r, desk.policy, "b0", desk.clock.now))
    assert (view.lead.lead_id, view.asked_for) == ("b1", "b0")


@pytest.mark.parametrize("read", [get_lead, get_history])
async def test_who_is_not_stored_has_no_answer(desk: Any, read: Any) -> None:
    with pytest.raises(NotFound, match="no lead 'who' is stored"):
        await desk.store.read(lambda r: read(r, desk.policy, "who", desk.clock.now))


async def test_a_history_has_stages_happenings_and_changes(desk: Any, clock: Any, big: Any) -> None:
    routed = await desk.route(big(0), actor_id="web-form")
    clock.advance(hours=1)
    lead = msgspec.structs.replace(big(0), job_title="CEO")
    await desk.route(lead, actor_id="crm")
    touch = Touch("google", clock.now)
    await desk.run(lambda tx, policy, now: tx.record("b0", touch, "ann"))
    told = await desk.store.read(lambda r: get_history(r, desk.policy, "b0", clock.now))
    assert [(entry.visit, entry.stage_to) for entry in told.stages] == [(1, "mql")]
    assert msgspec.json.decode(told.stages[0].score, type=Score) == routed.score
    assert touch in [each.happening for each in told.happenings]
    assert told.happenings == tuple(sorted(told.happenings, key=lambda each: each.number))
    changes = [(at, who, change.field, change.new) for at, who, change in told.changes]
    assert (clock.now, "crm", "job_title", '"CEO"') in changes
    assert told.cycles == ("b0",)
    assert told.lead.lead.job_title == "CEO"


async def test_the_history_of_a_merged_id_is_its_own_and_its_survivor_answers(
    desk: Any, big: Any
) -> None:
    await _scored(desk, big, 1.0, 2.0)
    for i in range(2):
        touch = Touch(f"from-{i}", desk.clock.now)
        await desk.run(lambda tx, policy, now, i=i, touch=touch: tx.record(f"b{i}", touch, ""))
    await _merge(desk, "b0", "b1")
    told = await desk.store.read(lambda r: get_history(r, desk.policy, "b0", desk.clock.now))
    assert (told.lead.lead.lead_id, told.lead.asked_for) == ("b1", "b0")
    sources = [e.happening.source for e in told.happenings if isinstance(e.happening, Touch)]
    assert sources == ["from-0"]


async def test_the_leads_of_a_person_are_told_by_cycle(desk: Any, big: Any) -> None:
    await _scored(desk, big, 1.0, 2.0, 3.0)

    def same(tx: Any, policy: Any, now: Any) -> None:
        person = tx.lead("b1").person_id
        for cycle, lead_id in ((3, "b0"), (2, "b2")):
            lead = tx.lead(lead_id)
            tx.save_lead(msgspec.structs.replace(lead, person_id=person, cycle=cycle))

    await desk.run(same)
    told = await desk.store.read(lambda r: get_history(r, desk.policy, "b2", desk.clock.now))
    assert told.cycles == ("b1", "b2", "b0")
