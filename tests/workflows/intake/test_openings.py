"""What opens a customer's next cycle, what stays his, and who is listed as a likely duplicate."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.policy import Policy
from scoring_service.values.activity import Activity
from scoring_service.values.happening import ClockChanged, Win
from scoring_service.values.lead import Lead
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.intake.comings_back import first_high_intent

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOBS = RepOwner("bob")


def demo(hours: int, activity_id: str = "d") -> Activity:
    return Activity("demo_request", MONDAY + hours * HOUR, activity_id)


def view(hours: int) -> Activity:
    return Activity("pricing_page_view", MONDAY + hours * HOUR, f"v{hours}")


@pytest.mark.parametrize(
    ("did", "found"),
    [
        pytest.param((), None, id="nothing"),
        pytest.param((view(1), view(2)), None, id="nothing of high intent"),
        pytest.param((demo(-1),), None, id="what happened before is history"),
        pytest.param((demo(0),), None, id="what happened at that instant too"),
        pytest.param((view(1), demo(2)), demo(2), id="the one there is"),
        pytest.param((demo(5), demo(-3), demo(2)), demo(2), id="the first of those after it"),
        pytest.param((demo(2, "z"), demo(2, "a")), demo(2, "a"), id="at one instant by its id"),
        pytest.param((Activity("rumour", MONDAY + HOUR, "r"),), None, id="nothing unheard of"),
    ],
)
def test_the_first_high_intent_activity_after_an_instant(
    policy: Policy, did: tuple[Activity, ...], found: Activity | None
) -> None:
    assert first_high_intent(policy, did, MONDAY) == found


@pytest.fixture
def customer(front: Any, large: Any) -> Any:
    """A customer who wanted seats, and bought what is said; Bob's unless it is said whose."""

    async def made(bought: str | None = "Support", owner: Any = BOBS, **more: Any) -> Any:
        await front.takes(large("a", product_interest="seats"))
        win = None if bought is None else Win(front.clock.now, bought)
        lead = await front.gives("a", Stage.CUSTOMER, owner, win=win, **more)
        front.clock.advance(days=1)
        return lead

    return made


async def test_a_cycle_is_a_history_of_its_own(front: Any, customer: Any) -> None:
    """Its first entry comes from nowhere, and nothing of the customer's is cancelled by it."""
    await customer()
    opened = await front.records("a", front.did("demo_request", source="fair"))
    [entry] = await front.entries(opened.lead.lead_id)
    assert (entry.stage_from, entry.stage_to, entry.visit, entry.cycle) == ("", "mql", 1, 2)
    assert entry.owner == "rep:bob"
    changed = await front.happened(opened.lead.lead_id, ClockChanged)
    assert [one for one in changed if one.how == "cancelled"] == []
    assert await front.stages("a") == ["nurture", "customer"]
    assert opened.last_touch.source == "fair"
    await front.is_whole()


@pytest.mark.parametrize(
    ("bought", "interest", "opens"),
    [
        pytest.param("Support", "support", False, id="what was bought is known"),
        pytest.param("", "support", True, id="a win that names nothing says nothing"),
        pytest.param(None, "support", True, id="nor does a customer without a win"),
        pytest.param(None, "Seats", False, id="what was wanted is known all the same"),
    ],
)
async def test_an_interest_is_new_where_no_lead_and_no_win_has_it(
    front: Any, customer: Any, bought: str | None, interest: str, opens: bool
) -> None:
    await customer(bought)
    taken = await front.takes(Lead("a", product_interest=interest))
    assert taken.cycle == (2 if opens else 1)


async def test_what_came_with_a_new_interest_belongs_to_its_cycle_from_the_first_act_on(
    front: Any, customer: Any
) -> None:
    """What happened before he became a customer is history of his, whenever it is sent."""
    bought = (await customer()).entered_at
    late = front.did("pricing_page_view", bought - HOUR)
    at_once = front.did("pricing_page_view", bought)
    first, second = (front.did("pricing_page_view", bought + n * HOUR) for n in (2, 3))
    sent = Lead("a", product_interest="analytics")
    taken = await front.takes(sent, second, late, first, at_once)
    new = taken.lead.lead_id
    kept = await front.desk.store.read(lambda reader: [reader.activities(i) for i in ("a", new)])
    ids = [{one.activity_id for one in each} for each in kept]
    assert ids == [
        {late.activity_id, at_once.activity_id},
        {first.activity_id, second.activity_id},
    ]


async def test_a_customer_of_nobodys_opens_one_that_the_routes_give(
    front: Any, customer: Any
) -> None:
    await customer(owner=QueueOwner("intake"))
    opened = await front.records("a", front.did("demo_request"))
    assert (opened.stage, opened.owner) == (Stage.MQL, RepOwner("ann"))
    assert (await front.lead(opened.lead.lead_id)).previous_owner is None


@pytest.mark.parametrize(
    ("owner", "told"),
    [
        pytest.param(RepOwner("bob"), "bob", id="his owner is told"),
        pytest.param(QueueOwner("intake"), "sales-ops", id="or who answers for the intake queue"),
    ],
)
async def test_who_must_not_be_contacted_and_wants_something(
    front: Any, customer: Any, owner: Any, told: str
) -> None:
    await customer(owner=owner, do_not_contact=True)
    await front.records("a", front.did("demo_request"))
    assert await front.told(told) == [("customer_stopped", "a")]
    assert await front.every_lead() == ["a"]


async def test_a_lost_lead_whose_reason_is_gone_comes_back_as_recycled(
    front: Any, large: Any
) -> None:
    """The rules of today do not know why it was lost: then it is not lost for good."""
    await front.takes(large("a"))
    await front.puts("a", Stage.MQL, Stage.OPPORTUNITY)
    await front.gives("a", Stage.CLOSED_LOST, RepOwner("bob"), reason="the old list")
    front.clock.advance(minutes=5)
    back = await front.records("a", front.did("demo_request"))
    assert back.stage is Stage.MQL
    assert (await front.stages("a"))[-3:] == ["closed_lost", "recycled", "mql"]
    await front.is_whole()


async def test_of_one_who_is_disqualified_after_all_nobody_else_is_told(
    front: Any, large: Any
) -> None:
    """Lost without a rep it has only the intake queue's owner to hear of it."""
    await front.takes(large("a"))
    await front.gives("a", Stage.CLOSED_LOST, QueueOwner("intake"), reason="spam")
    front.clock.advance(minutes=5)
    ended = await front.records("a", front.did("demo_request"))
    assert (ended.stage, ended.reason) == (Stage.DISQUALIFIED, "spam")
    assert await front.told("sales-ops") == [("lost_came_back", "a")]


NAMED = {"full_name": "Ada Lovelace", "company_name": "Engines"}


async def test_ten_likely_duplicates_are_listed_by_id(front: Any, large: Any) -> None:
    for i in range(12):
        await front.takes(large(f"l{i:02}", **NAMED))
    listed = (await front.takes(large("x", **NAMED))).likely_duplicates
    assert listed == tuple(f"l{i:02}" for i in range(10))


@pytest.mark.parametrize(
    ("other", "listed"),
    [
        pytest.param({}, True, id="the same name at the same company"),
        pytest.param({"full_name": "ADA LOVELACE"}, True, id="however it is written"),
        pytest.param({"full_name": "Ada Byron"}, False, id="not another name"),
        pytest.param({"company_name": "Looms"}, False, id="nor another company"),
        pytest.param({"full_name": None}, False, id="nor nobody's name"),
    ],
)
async def test_who_is_likely_the_same_person(
    front: Any, large: Any, other: dict[str, Any], listed: bool
) -> None:
    await front.takes(large("b", **{**NAMED, **other}))
    found = (await front.takes(large("x", **NAMED))).likely_duplicates
    assert found == (("b",) if listed else ())


async def test_who_is_known_to_be_the_same_is_no_duplicate(front: Any, large: Any) -> None:
    await front.takes(large("b", **NAMED))
    await front.takes(large("x", **NAMED))
    await front.merges("x", "b")
    assert (await front.takes(Lead("x", phone="+1"))).likely_duplicates == ()
    third = await front.takes(large("y", **NAMED))
    assert len(third.likely_duplicates) == 1, "the survivor of both, and not who ended in it"
