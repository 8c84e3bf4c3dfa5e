"""Two leads are one person's: one lives on and answers for both, nothing of either is lost."""

from typing import Any

import msgspec
import pytest

from scoring_service.values.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from scoring_service.values.happening import Merged
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, RepOwner
from scoring_service.values.stage import Stage


@pytest.fixture
def two(front: Any, large: Any) -> Any:
    """An mql, made first, and a nurture lead of another address."""

    async def made() -> None:
        await front.takes(large("m"), front.did("demo_request"))
        front.clock.advance(hours=1)
        await front.takes(large("n", phone="+1", employees=300), front.did("pricing_page_view"))
        front.clock.advance(hours=1)

    return made


@pytest.mark.parametrize(("one", "other"), [("m", "n"), ("n", "m")])
async def test_the_survivor_keeps_id_owner_stage_and_clocks_whichever_is_named_first(
    front: Any, two: Any, one: str, other: str
) -> None:
    await two()
    before, person = await front.lead("m"), (await front.lead("n")).person_id
    view = await front.merges(one, other)
    after = await front.lead("m")
    assert (view.lead.lead_id, view.stage, view.owner) == ("m", before.stage, before.owner)
    kept = [clock for clock in after.clocks if clock.name != "lapse"]
    assert kept == [clock for clock in before.clocks if clock.name != "lapse"]
    assert (view.lead.phone, view.lead.employees, view.lead.email) == ("+1", 500, "m@m.example")
    assert await front.happened("m", Merged) == [Merged("n", person, True)]
    await front.is_whole()


async def test_the_other_ends_its_rep_is_told_and_has_the_turn_back(front: Any, large: Any) -> None:
    first = await front.takes(large("a"), front.did("demo_request"))
    second = await front.takes(large("b"), front.did("demo_request"))
    rotation = await front.rotation("west")
    view = await front.merges("a", "b")
    gone, entry = await front.lead("b"), (await front.entries("b"))[-1]
    assert (view.lead.lead_id, view.owner) == ("a", first.owner)
    assert (gone.merged_into, gone.stage, gone.owner) == ("a", Stage.DISQUALIFIED, SUPPRESSED)
    assert (entry.cause, entry.actor, gone.clocks) == ("merge", "sales-ops", ())
    assert await front.told(second.owner.id) == [("merged", "b")]
    after = await front.rotation("west")
    assert {c.rep_id: c.credit for c in after} != {c.rep_id: c.credit for c in rotation}
    assert sum(credit.credit for credit in after) == 0
    await front.is_whole()


async def test_what_both_did_counts_and_addresses_are_united(front: Any, large: Any) -> None:
    await front.takes(large("a"), front.did("pricing_page_view"))
    await front.takes(large("b"), front.did("pricing_page_view"))
    one = await front.merges("a", "b")
    assert one.score.behaviour == 30
    by_mail = await front.takes(Lead(email="b@b.example"), front.did("demo_request"))
    by_id = await front.records("b", front.did("pricing_page_view"))
    assert (by_mail.lead.lead_id, by_id.lead.lead_id, by_id.asked_for) == ("a", "a", "b")
    assert len(await front.desk.store.read(lambda reader: reader.activities("a"))) == 4
    assert (await front.desk.score("a")).behaviour == by_id.score.behaviour
    records = await front.desk.store.read(lambda reader: reader.lead_records())
    assert {r.lead.lead.lead_id: len(r.activities) for r in records} == {"a": 4, "b": 1}


async def test_a_merge_is_something_that_happened(front: Any, large: Any) -> None:
    await front.takes(large("a", employees=None))
    await front.takes(
        large("b", email="b@b.example", country=None, employees=5), front.did("demo_request")
    )
    view = await front.merges("a", "b")
    assert view.stage is Stage.NURTURE
    await front.takes(large("c", employees=None, source="web"), front.did("demo_request"))
    await front.takes(Lead("d", email="d@d.example", employees=500))
    merged = await front.merges("d", "c")
    assert (merged.stage, merged.lead.lead_id) == (Stage.MQL, "c")
    assert merged.decision_id


async def test_an_activity_of_either_is_known(front: Any, large: Any) -> None:
    seen = front.did("pricing_page_view")
    await front.takes(large("a"))
    await front.takes(large("b"), seen)
    await front.merges("a", "b")
    before = await front.lead("a")
    await front.records("a", seen)
    assert (await front.lead("a")).behaviour == before.behaviour


async def test_a_waiting_lead_loses_its_place(front: Any, large: Any, small: Any) -> None:
    await front.desk.activate(small(open_leads_max=1))
    await front.takes(large("a"), front.did("demo_request"))
    waits = await front.takes(large("b"), front.did("demo_request"))
    assert waits.waiting_in == "west"
    await front.merges("b", "a")
    assert (await front.lead("b")).waiting_in is None
    await front.is_whole()


async def test_an_open_lead_beside_a_customer_is_his_next_cycle(front: Any, large: Any) -> None:
    await front.takes(large("c", job_title="Buyer"), front.did("demo_request"))
    await front.gives("c", Stage.CUSTOMER, RepOwner("bob"))
    front.clock.advance(hours=1)
    await front.takes(large("n"), front.did("pricing_page_view"))
    view = await front.merges("c", "n")
    assert (view.lead.lead_id, view.cycle, view.asked_for) == ("n", 2, "c")
    assert view.lead.job_title == "Buyer"
    customer = await front.lead("c")
    assert (customer.stage, customer.cycle, customer.merged_into) == (Stage.CUSTOMER, 1, "")
    assert customer.person_id == view.person_id
    assert (await front.takes(Lead(email="c@c.example"))).lead.lead_id == "n"
    assert (await front.lead("n")).behaviour[0].type == "pricing_page_view"
    await front.is_whole()


@pytest.mark.parametrize("flagged", ["a", "b"])
async def test_do_not_contact_is_true_if_either_is(front: Any, large: Any, flagged: str) -> None:
    for name in ("a", "b"):
        await front.takes(large(name), front.did("demo_request"))
    await front.puts(flagged, Stage.OPPORTUNITY)
    await front.takes(Lead(flagged, do_not_contact=True))
    other = "b" if flagged == "a" else "a"
    view = await front.merges(other, flagged)
    assert (view.lead.lead_id, view.do_not_contact) == (flagged, True)
    assert view.lead.do_not_contact is True
    assert (await front.lead(other)).do_not_contact


async def test_a_stopped_finished_one_ends_the_open_one(front: Any, large: Any) -> None:
    await front.takes(large("a", do_not_contact=True))
    await front.takes(large("b"), front.did("demo_request"))
    view = await front.merges("b", "a")
    assert (view.lead.lead_id, view.stage, view.reason) == (
        "b",
        Stage.DISQUALIFIED,
        "do_not_contact",
    )
    await front.is_whole()


async def test_merged_again_and_again_one_answers_for_all(front: Any, large: Any) -> None:
    for name in ("a", "b", "c"):
        await front.takes(large(name), front.did("pricing_page_view"))
        front.clock.advance(hours=1)
    await front.merges("b", "c")
    view = await front.merges("c", "a")
    assert (view.lead.lead_id, view.asked_for) == ("a", "c")
    leads = [await front.lead(name) for name in ("a", "b", "c")]
    assert [lead.merged_into for lead in leads] == ["", "a", "a"]
    assert len({lead.person_id for lead in leads}) == 1
    assert set(leads[0].merged_from) == {"b", "c"}
    (state,) = leads[0].behaviour
    assert state.count == 3
    await front.is_whole()


async def test_touches_are_united(front: Any, large: Any) -> None:
    for name, hour, source in (("a", 8, "fair"), ("b", 7, "mail"), ("c", 9, "google")):
        at = front.clock.now.replace(hour=hour)
        await front.takes(
            large(name, source=None), front.did("pricing_page_view", at, source=source)
        )
    await front.merges("a", "b")
    view = await front.merges("a", "c")
    assert (view.first_touch.source, view.last_touch.source) == ("mail", "google")


async def test_the_same_request_has_its_first_answer_another_one_is_refused(
    front: Any, two: Any
) -> None:
    await two()
    first = await front.merges("m", "n", request_id="r")
    again = await front.merges("m", "n", request_id="r")
    assert again == msgspec.structs.replace(first, replayed=True)
    with pytest.raises(FailedPrecondition, match="one person's already") as refused:
        await front.merges("m", "n")
    assert refused.value.reason == "SAME_PERSON"


@pytest.mark.parametrize("actor", ["", "ann"])
async def test_it_needs_an_authorised_actor(front: Any, two: Any, actor: str) -> None:
    await two()
    with pytest.raises(PermissionDenied):
        await front.merges("m", "n", actor_id=actor)


async def test_what_is_wrong_of_the_request_is_named(front: Any, two: Any) -> None:
    await two()
    with pytest.raises(InvalidArgument, match="no good"):
        await front.merges("m", "n", violations=(("reason", "no good"),))
