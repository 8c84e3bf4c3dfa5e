"""A rep leaves for a while, or for good: nobody of his is forgotten."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.values.account import Account
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.happening import Moved
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.entering import Entry
from scoring_service.workflows.firing.slices import SLICE_MAX
from scoring_service.workflows.reassigning import give
from tests.conftest import MONDAY
from tests.workflows.firing.conftest import (
    TEAM,
    an_mql,
    days,
    in_stage,
    is_whole,
    live,
    moved,
    team_of,
)

FIVE = (Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CLOSED_LOST)
WEDNESDAY = datetime(2026, 3, 4, 9, tzinfo=UTC)
AWAY = [{"from": "2026-03-04", "to": "2026-03-06"}]


def without(rep: str, **reps: dict[str, Any]) -> dict[str, Any]:
    """The team without a rep, who is in no pool either."""
    team = team_of(**reps)
    left = {name: known for name, known in team["reps"].items() if name != rep}
    west = TEAM["pools"]["west"]
    members = [member for member in west["members"] if member["rep"] != rep]
    return {
        "team": {
            **team,
            "reps": left,
            "pools": {**TEAM["pools"], "west": {**west, "members": members}},
        }
    }


async def books(desk: Any, leads: list[str]) -> dict[str, Counter[str]]:
    """Who has how many of these leads, by stage."""
    found: dict[str, Counter[str]] = {}
    for lead_id in leads:
        lead = await desk.lead(lead_id)
        found.setdefault(lead.owner.id, Counter())[lead.stage.value] += 1
    return found


async def forty_of_ann(desk: Any, office_of: Any) -> list[str]:
    """Forty leads of Ann in five stages."""
    alone = without("bob")
    alone["team"]["pools"]["west"]["members"] = [{"rep": "ann"}]
    await desk.activate(office_of(alone))
    leads = [await in_stage(desk, FIVE[i % 5], i) for i in range(40)]
    await desk.activate(office_of())
    await desk.drain()
    return leads


@pytest.mark.parametrize(
    ("way", "limited", "owner"),
    [
        pytest.param([Stage.OPPORTUNITY], ["dan"], QueueOwner("intake"),
                     id="an opportunity goes to intake where nobody else is in his pool"),
        pytest.param([Stage.OPPORTUNITY], ["dan", "bob"], RepOwner("bob"),
                     id="else to somebody else of his pool"),
        pytest.param([Stage.OPPORTUNITY, Stage.CLOSED_LOST], ["dan"], QueueOwner("intake"),
                     id="what was lost goes to intake too"),
    ],
)  # fmt: skip
async def test_what_is_sold_on_after_he_left_never_stays_with_him(
    open_desk: Callable[..., Any],
    office_of: Any,
    way: list[Stage],
    limited: list[str],
    owner: Owner,
) -> None:
    """Nobody is above Dan, and his sql was sold on between the reload and the hand-over. His other
    leads are seen to all the same.
    """
    desk = open_desk("late", office_of(), lambda tx, policy, now: 0)
    for i in (1, 2):
        await desk.route(Lead(f"l{i}", email=f"x@y{i}.example", country="GB", employees=500))
    for stage in (Stage.SAL, Stage.SQL):
        await moved(desk, "l1", Entry(stage, Mover.SALES, "test", "dan"))
    await desk.activate(office_of(left(limited)))
    for stage in way:
        entry = Entry(stage, Mover.SALES, "test", "sales-ops", reason="timing")
        await moved(desk, "l1", entry)
    await desk.drain()
    sold, other = await desk.lead("l1"), await desk.lead("l2")
    assert (sold.owner, sold.stage) == (owner, way[-1])
    assert other.owner == owner
    assert await is_whole(desk)


def left(limited: list[str]) -> dict[str, Any]:
    """The office after Dan left, with who else is in his pool."""
    team = team_of(dan={"active": False})
    pool = {**TEAM["pools"]["limited"], "members": [{"rep": rep} for rep in limited]}
    return {"team": {**team, "pools": {**TEAM["pools"], "limited": pool}}}


@pytest.mark.parametrize("gone", [True, False], ids=["out of the team", "inactive"])
async def test_forty_leads_in_five_stages_are_handed_over(
    office: Any, office_of: Any, gone: bool
) -> None:
    leads = await forty_of_ann(office, office_of)
    assert set(await books(office, leads)) == {"ann"}
    await office.activate(office_of(without("ann")) if gone else office_of(ann={"active": False}))
    await office.drain()
    now = await books(office, leads)
    assert now["mia"] == Counter({"opportunity": 8, "closed_lost": 8})
    assert now["bob"] + now["cat"] == Counter({"mql": 8, "sal": 8, "sql": 8})
    assert set(now) == {"mia", "bob", "cat"}
    assert abs(now["bob"].total() - now["cat"].total()) <= 1
    for lead_id in leads:
        told = await office.store.read(lambda reader, one=lead_id: reader.happenings(one))
        handed = [h.happening for h in told if isinstance(h.happening, Moved)]
        assert [(one.what, one.reason) for one in handed] == [
            ("handover", "ann is no longer active")
        ]
        assigned = await office.store.read(lambda r, one=lead_id: r.assignments(one))
        assert assigned[-1].owner == RepOwner("ann"), "history keeps his id"
    assert await is_whole(office)


async def test_a_book_is_handed_over_in_slices(office: Any, office_of: Any) -> None:
    leads = [await an_mql(office, i) for i in range(3 * SLICE_MAX + 5)]
    await office.activate(office_of(bob={"active": False}, cat={"active": False}))
    await office.drain()
    assert set(await books(office, leads)) == {"ann"}
    assert await is_whole(office)


@pytest.mark.parametrize("gone", [True, False], ids=["out of the team", "inactive"])
async def test_the_accounts_of_a_leaver_have_no_owner_and_that_is_told(
    office: Any, office_of: Any, gone: bool
) -> None:
    count = 2 * SLICE_MAX + 3
    owned = [Account(f"a{i:03}", "Firm", owner_rep_id="ann") for i in range(count)]
    stays = (Account("b1", "Firm", owner_rep_id="bob"),)
    await office.upsert(*owned, *stays)
    await office.activate(office_of(without("ann")) if gone else office_of(ann={"active": False}))
    await office.drain()
    now = [
        await office.store.read(lambda r, one=one.account_id: r.account(one))
        for one in (*owned, *stays)
    ]
    assert [account.owner_rep_id for account in now] == [None] * count + ["bob"]
    events = await office.store.read(lambda reader: reader.events(0, 10_000))
    assert [e.type for _, e in events].count("account.disowned") == count


async def test_a_customers_manager_is_the_nearest_who_is_there(office: Any, office_of: Any) -> None:
    lead_id = await in_stage(office, Stage.OPPORTUNITY)
    await office.activate(office_of(ann={"active": False}, mia={"active": False}))
    await office.drain()
    assert (await office.lead(lead_id)).owner == RepOwner("vic")


async def test_a_policy_without_anybody_above_is_refused_and_names_the_leads(
    office: Any, office_of: Any
) -> None:
    lead_id = await in_stage(office, Stage.OPPORTUNITY)
    gone = {name: {"active": False} for name in ("ann", "mia", "vic")}
    with pytest.raises(FailedPrecondition, match=rf"ann \({lead_id}\)") as refused:
        await office.activate(office_of(**gone))
    assert refused.value.reason == "NOBODY_TO_HAND_OVER_TO"
    assert (await office.lead(lead_id)).owner == RepOwner("ann")


async def test_where_a_whole_pool_leaves_the_manager_takes_what_it_works_on(
    office: Any, office_of: Any
) -> None:
    lead_id = await in_stage(office, Stage.SAL)
    everybody = {name: {"active": False} for name in ("ann", "bob", "cat")}
    await office.activate(office_of(**everybody))
    await office.drain()
    lead = await office.lead(lead_id)
    assert (lead.owner, lead.stage) == (RepOwner("mia"), Stage.SAL)
    assert lead.excluded == ("ann",), "every owner of the visit"
    had = await office.store.read(lambda reader: reader.assignments(lead_id))
    assert [one.owner for one in had] == [RepOwner("mia"), RepOwner("ann")], "and nobody between"
    assert await is_whole(office)


async def test_one_who_comes_back_before_his_turn_keeps_his_book(
    office: Any, office_of: Any
) -> None:
    lead_id = await in_stage(office, Stage.SAL)
    owner = (await office.lead(lead_id)).owner
    await office.activate(office_of(**{owner.id: {"active": True, "email": "x@y.example"}}))
    await office.drain()
    assert (await office.lead(lead_id)).owner == owner


async def test_a_leave_begins_and_his_mqls_go_to_others_with_the_turns_given_back(
    office: Any, office_of: Any
) -> None:
    leads = [await an_mql(office, i) for i in range(6)]
    kept = await in_stage(office, Stage.SAL, 6)
    assert (await office.lead(kept)).owner == RepOwner("ann")
    await office.activate(office_of(ann={"leave": AWAY}))
    before = {lead_id: await office.lead(lead_id) for lead_id in leads}
    office.clock.now = WEDNESDAY - timedelta(hours=1)
    await live(office, WEDNESDAY)
    his = [one for one, lead in before.items() if lead.owner == RepOwner("ann")]
    assert his
    for lead_id in his:
        after = await office.lead(lead_id)
        assert after.owner in (RepOwner("bob"), RepOwner("cat"))
        assert after.excluded == before[lead_id].excluded, "who is away is not excluded"
        accept = {c.name: c for c in after.clocks}
        assert accept["accept"].started_at == WEDNESDAY
        assert accept["not_worked"].started_at == before[lead_id].entered_at
        first = (await office.store.read(lambda r, one=lead_id: r.assignments(one)))[-1]
        assert (first.owner, first.given_back) == (RepOwner("ann"), True)
    assert (await office.lead(kept)).owner == RepOwner("ann"), "a sal stays with him"
    assert await is_whole(office)


async def test_a_leave_that_is_entered_late_begins_at_once_and_only_once(
    office: Any, office_of: Any
) -> None:
    lead_id = await an_mql(office)
    office.clock.now = MONDAY + timedelta(hours=1)
    away = [{"from": "2026-03-01", "to": "2026-03-06"}]
    await office.activate(office_of(ann={"leave": away}))
    await office.drain()
    assert (await office.lead(lead_id)).owner != RepOwner("ann")
    by_hand = await an_mql(office, 2)
    await office.run(lambda tx, policy, now: _give(tx, policy, by_hand, now))
    await office.activate(office_of(ann={"leave": away, "email": "ann@firm.example"}))
    await office.drain()
    assert (await office.lead(by_hand)).owner == RepOwner("ann")


def _give(tx: Any, policy: Any, lead_id: str, now: datetime) -> None:
    give(tx, policy, tx.lead(lead_id), "ann", now, actor="tester")


async def test_where_everybody_is_away_his_mqls_wait(office: Any, office_of: Any) -> None:
    lead_id = await an_mql(office)
    await office.activate(office_of(**{n: {"leave": AWAY} for n in ("ann", "bob", "cat")}))
    await live(office, WEDNESDAY + timedelta(hours=1))
    assert (await office.lead(lead_id)).owner == QueueOwner("west")
    await live(office, MONDAY + days(7))
    assert isinstance((await office.lead(lead_id)).owner, RepOwner)
    assert await is_whole(office)
