"""Assignments read back page by page, stage entries and decisions with all that they must tell."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.workflows import records


@pytest.fixture
async def routed(desk: Any, big: Any) -> list[Any]:
    """The answers to seven leads, a minute apart."""
    views = []
    for i in range(7):
        desk.clock.advance(minutes=1)
        views.append(await desk.route(big(i)))
    return views


async def test_assignments_are_newest_first(desk: Any, routed: list[Any]) -> None:
    found = await desk.store.read(records.assignments)
    assert list(found) == routed[::-1]


@pytest.mark.parametrize(("rep", "leads"), [("ann", [6, 5, 3, 1, 0]), ("bob", [2]), ("dan", [])])
async def test_of_one_rep(desk: Any, routed: list[Any], rep: str, leads: list[int]) -> None:
    found = await desk.store.read(lambda reader: records.assignments(reader, rep_id=rep))
    assert list(found) == [routed[i] for i in leads]


async def test_page_by_page(desk: Any, routed: list[Any]) -> None:
    pages: list[Any] = []
    before = None
    while True:
        page = await desk.store.read(
            lambda reader, seen=before: records.assignments(reader, before=seen, limit=3)
        )
        if not page:
            break
        pages.append(page)
        before = (page[-1].assigned_at, page[-1].assignment_id)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [view for page in pages for view in page] == routed[::-1]


async def test_of_one_lead_every_owner_it_had(desk: Any, big: Any) -> None:
    first = await desk.route(big(1))
    desk.clock.advance(hours=1)
    second = await desk.route(big(1), actor_id="sales-ops", reassign_reason="on leave")
    found = await desk.store.read(lambda reader: records.assignments(reader, lead_id="b1"))
    assert list(found) == [second, first]


async def test_only_one_assignment_stands(desk: Any, big: Any) -> None:
    first = await desk.route(big(1))
    desk.clock.advance(hours=1)
    await desk.route(big(1), actor_id="sales-ops", reassign_reason="on leave")
    ended = await desk.store.read(lambda reader: reader.assignment(first.assignment_id))
    assert (ended.ended_at, ended.ended_how) == (desk.clock.now, "reassign")
    assert not ended.given_back


async def test_a_stage_entry_tells_who_why_and_by_which_policy(desk: Any, policy: Any) -> None:
    await desk.route(Lead("l1", employees=500, country="DE"), actor_id="web-form")
    desk.clock.advance(hours=1)
    await desk.route(Lead("l1", company_domain="rival.com"), actor_id="enrichment")
    entered, ended = await desk.store.read(lambda reader: reader.stage_entries("l1"))
    assert (entered.stage_from, entered.stage_to, entered.visit) == ("", "mql", 1)
    assert (entered.actor, entered.cause, entered.owner) == ("web-form", "routed", "rep:ann")
    assert (entered.bars_missed, entered.revision) == (("behaviour",), policy.revision)
    assert (ended.stage_from, ended.stage_to, ended.visit) == ("mql", "disqualified", 2)
    assert (ended.actor, ended.reason, ended.owner) == (
        "enrichment",
        "is_competitor",
        "track:suppressed",
    )
    assert ended.at - entered.at == timedelta(hours=1)


async def test_a_kept_lead_enters_no_stage_and_has_a_decision(desk: Any, big: Any) -> None:
    first = await desk.route(big(1))
    kept = await desk.route(big(1))
    assert len(await desk.store.read(lambda reader: reader.stage_entries("b1"))) == 1
    made = await desk.store.read(
        lambda reader: records.decision(reader, kept.decision_id, lambda revision: None)
    )
    assert (made.decision.owner, made.assignment_id) == (RepOwner("ann"), first.assignment_id)
    assert made.sentences[0] == "Lead b1 stays with ann: its owner keeps it."
