"""A customer's next cycle: a lead of its own, linked by the person."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.values.happening import Win
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage


@pytest.fixture
def customer(front: Any, large: Any) -> Any:
    """A customer of Bob's who bought seats a day ago."""

    async def made(**fields: Any) -> Any:
        await front.takes(large("a", product_interest="seats"), front.did("demo_request"))
        win = Win(front.clock.now, "Support")
        lead = await front.gives("a", Stage.CUSTOMER, RepOwner("bob"), win=win, **fields)
        front.clock.advance(days=1)
        return lead

    return made


async def test_a_demo_request_of_a_customer_reaches_his_rep_as_a_new_lead(
    front: Any, customer: Any
) -> None:
    before = await customer()
    seen, asked = front.did("pricing_page_view"), front.did("demo_request")
    view = await front.records("a", seen, asked)
    new = view.lead.lead_id
    assert (view.stage, view.owner, view.cycle) == (Stage.MQL, RepOwner("bob"), 2)
    assert (view.person_id, view.asked_for) == (before.person_id, "a")
    assert (view.lead.email, view.lead.employees) == ("a@a.example", 500)
    assert new != "a"
    after = await front.lead("a")
    assert (after.stage, after.owner) == (Stage.CUSTOMER, RepOwner("bob"))
    assert await front.stages(new) == ["mql"]
    await front.is_whole()


async def test_it_has_what_was_sent_and_behaviour_from_the_opening_on(
    front: Any, customer: Any
) -> None:
    await customer()
    hour = timedelta(hours=1)
    first = front.did("pricing_page_view", front.clock.now - 2 * hour)
    asked = front.did("demo_request", front.clock.now - hour)
    last = front.did("pricing_page_view")
    sent = Lead("a", job_title="Director")
    view = await front.takes(sent, last, asked, first)
    kept = await front.desk.store.read(
        lambda r: (r.activities("a"), r.activities(view.lead.lead_id))
    )
    assert [[one.activity_id for one in each] for each in kept] == [
        ["a-1", first.activity_id],
        [asked.activity_id, last.activity_id],
    ]
    assert view.lead.job_title == "Director"
    assert (await front.lead("a")).lead.job_title is None
    assert {state.type: state.count for state in (await front.lead("a")).behaviour} == {
        "demo_request": 1,
        "pricing_page_view": 1,
    }


@pytest.mark.parametrize(
    ("interest", "opens"),
    [
        pytest.param("Analytics", True, id="a product nobody of them wanted or bought is new"),
        pytest.param("SEATS", False, id="what an earlier lead wanted is not, however written"),
        pytest.param("support", False, id="what was bought is not"),
        pytest.param(" ", False, id="a blank is no interest"),
    ],
)
async def test_a_new_product_interest_opens_a_cycle(
    front: Any, customer: Any, interest: str, opens: bool
) -> None:
    await customer()
    view = await front.takes(Lead("a", product_interest=interest))
    assert view.cycle == (2 if opens else 1)
    assert (view.owner, view.stage is Stage.CUSTOMER) == (RepOwner("bob"), not opens)


async def test_other_activities_stay_on_the_customer(front: Any, customer: Any) -> None:
    await customer()
    view = await front.records("a", front.did("pricing_page_view"))
    assert (view.lead.lead_id, view.stage) == ("a", Stage.CUSTOMER)


async def test_an_import_and_what_happened_before_open_none(front: Any, customer: Any) -> None:
    await customer()
    before = front.did("demo_request", front.clock.now - timedelta(days=2))
    assert (await front.records("a", before)).cycle == 1
    assert (await front.records("a", front.did("demo_request"), batch_id="b")).cycle == 1


async def test_who_must_not_be_contacted_opens_none_and_his_owner_is_told(
    front: Any, customer: Any
) -> None:
    await customer()
    await front.takes(Lead("a", do_not_contact=True))
    view = await front.records("a", front.did("demo_request"))
    assert (view.cycle, view.stage, view.do_not_contact) == (1, Stage.CUSTOMER, True)
    assert await front.told("bob") == [("customer_stopped", "a")]


async def test_the_earlier_id_and_the_address_stand_for_the_open_lead(
    front: Any, customer: Any
) -> None:
    await customer()
    new = (await front.records("a", front.did("demo_request"))).lead.lead_id
    by_id = await front.records("a", front.did("pricing_page_view"))
    by_mail = await front.takes(Lead(email="A@a.example", phone="+1 555"))
    assert by_id.lead.lead_id == by_mail.lead.lead_id == new
    assert (await front.lead("a")).lead.phone is None


async def test_a_cycle_that_ended_disqualified_is_passed_over(front: Any, customer: Any) -> None:
    await customer()
    second = (await front.records("a", front.did("demo_request"))).lead.lead_id
    await front.puts(second, Stage.DISQUALIFIED, reason="no_need")
    front.clock.advance(hours=1)
    assert (await front.records("a", front.did("pricing_page_view"))).lead.lead_id == "a"
    third = await front.records(second, front.did("demo_request"))
    assert (third.cycle, third.owner, third.stage) == (3, RepOwner("bob"), Stage.MQL)
    await front.is_whole()


async def test_without_an_active_owner_the_routes_decide(
    front: Any, customer: Any, on_leave: Any
) -> None:
    await front.desk.activate(on_leave("bob", {"from": "2026-03-01", "to": "2026-03-09"}))
    await customer()
    view = await front.records("a", front.did("demo_request"))
    assert (view.stage, view.cycle) == (Stage.MQL, 2)
    assert view.owner in {RepOwner("ann"), RepOwner("cat")}
