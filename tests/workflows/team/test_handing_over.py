"""All leads of a rep re-routed in one audited operation, in slices that survive a restart."""

from collections import Counter
from typing import Any

import pytest

from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.routing.rotation import TURN
from scoring_service.values.account import Account
from scoring_service.values.errors import (
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
)
from scoring_service.values.happening import Moved
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import Timer
from scoring_service.workflows.doctor import findings
from scoring_service.workflows.due import run_due
from scoring_service.workflows.entering import Entry
from scoring_service.workflows.firing.slices import SLICE_MAX
from scoring_service.workflows.reassigning import reassign
from scoring_service.workflows.rep_requests import HandOver, HandoverView, PinLead
from scoring_service.workflows.replay import Verdict, replay
from scoring_service.workflows.team.standing import handover_view
from tests.conftest import Desk
from tests.workflows.firing.conftest import TEAM, an_mql, in_stage, is_whole, moved
from tests.workflows.firing.test_leaving import FIVE, books, forty_of_ann, without
from tests.workflows.team.conftest import Ops

ANN, BOB, CAT, MIA = RepOwner("ann"), RepOwner("bob"), RepOwner("cat"), RepOwner("mia")
BOOK = {"rep_id": "ann", "reason": "new territory"}


async def handed(desk: Any, ops: Any, **fields: Any) -> HandoverView:
    """A hand-over of Ann's book, once it has ended."""
    begun = await ops.act(HandOver, **{**BOOK, **fields})
    assert begun.handover.ended_at is None
    operation = begun.handover.operation_id
    await desk.drain()
    ended = await desk.store.read(lambda reader: handover_view(reader, operation))
    assert ended.handover.ended_at is not None
    return HandoverView(ended.handover)


async def test_a_book_goes_to_one_rep(office: Any, office_of: Any, ops: Any) -> None:
    leads = await forty_of_ann(office, office_of)
    await office.upsert(*(Account(f"a{i}", "Firm", owner_rep_id="ann") for i in range(70)))
    book = (await handed(office, ops, to="cat")).handover
    assert (book.leads, book.moved, book.left) == (40, 40, 0)
    assert (book.accounts, book.accounts_moved) == (70, 70)
    now = await books(office, leads)
    assert now == {"cat": Counter({stage.value: 8 for stage in FIVE})}
    account = await office.store.read(lambda reader: reader.account("a0"))
    assert account.owner_rep_id == "cat"
    changes = await office.store.read(lambda reader: reader.field_changes("account", "a0"))
    assert [(c.field, c.old, c.new, who) for c, _, who in changes][-1] == (
        "owner_rep_id",
        '"ann"',
        '"cat"',
        "sales-ops",
    )
    (told,) = await ops.events("rep.handed_over")
    assert (told["rep_id"], told["to"], told["moved"]) == ("ann", "cat", 40)
    assert await is_whole(office)


async def test_a_book_is_passed_on_by_the_routes_and_to_the_manager_above(
    office: Any, office_of: Any, ops: Any
) -> None:
    leads = await forty_of_ann(office, office_of)
    book = (await handed(office, ops)).handover
    assert (book.leads, book.moved, book.left, book.accounts) == (40, 40, 0, 0)
    now = await books(office, leads)
    assert set(now) == {"mia", "bob", "cat"}
    assert now["mia"] == Counter({"opportunity": 8, "closed_lost": 8})
    assert now["bob"] + now["cat"] == Counter({"mql": 8, "sal": 8, "sql": 8})
    assert await is_whole(office)


async def test_every_lead_says_by_whom_why_and_has_its_decision(
    office: Any, office_of: Any, ops: Any
) -> None:
    leads = await forty_of_ann(office, office_of)
    await handed(office, ops)
    for lead_id in leads:
        told = await office.store.read(lambda reader, one=lead_id: reader.happenings(one))
        acts = [(one.actor, one.happening) for one in told if isinstance(one.happening, Moved)]
        owner = (await office.lead(lead_id)).owner
        assert ("sales-ops", Moved("handover", owner, "new territory")) in acts
        assigned = await office.store.read(lambda r, one=lead_id: r.assignments(one))
        assert assigned[0].owner == owner
        assert assigned[-1].owner == ANN
        decision = await office.store.read(lambda r, one=assigned[0].decision_id: r.decision(one))
        assert decision.actor == "sales-ops"
        assert replay(office.policy, decision).verdict is Verdict.EQUAL


async def test_his_customers_go_too(office: Any, ops: Any) -> None:
    lead_id = await in_stage(office, Stage.OPPORTUNITY)
    await moved(office, lead_id, Entry(Stage.CUSTOMER, Mover.SALES, "test", "ann"))
    await handed(office, ops)
    lead = await office.lead(lead_id)
    assert (lead.owner, lead.stage) == (MIA, Stage.CUSTOMER)


@pytest.fixture
def still(open_desk: Any, office_of: Any) -> Any:
    """The office where nothing falls due by itself: the test does it, a slice at a time."""
    return open_desk("still", office_of(), lambda tx, policy, now: 0)


async def test_a_book_of_more_than_a_slice_goes_on_after_a_restart(
    still: Any, office_of: Any
) -> None:
    alone = without("bob")
    alone["team"]["pools"]["west"]["members"] = [{"rep": "ann"}]
    await still.activate(office_of(alone))
    leads = [await an_mql(still, i) for i in range(SLICE_MAX + 5)]
    begun = await Ops(still).act(HandOver, to="mia", **BOOK)
    operation = begun.handover.operation_id
    while (view := await _view(still, operation)).handover.moved == 0:
        assert await still.run(run_due)
    assert view.handover.moved == SLICE_MAX
    assert view.handover.ended_at is None
    await still.store.close()
    again = Desk(still.path, still.clock, still.policy, lambda tx, policy, now: 0)
    again._ids = still._ids  # no process gives an id twice
    await again.run(lambda tx, policy, now: None)
    await again.drain()
    assert (await _view(again, operation)).handover.moved == len(leads)
    assert set(await books(again, leads)) == {"mia"}
    assert await is_whole(again)
    await again.store.close()


async def _view(desk: Any, operation: str) -> HandoverView:
    found = await desk.store.read(lambda reader: handover_view(reader, operation))
    assert isinstance(found, HandoverView)
    return found


async def test_turns_that_were_drawn_stand_and_by_hand_none_is_drawn(office: Any, ops: Any) -> None:
    """Escalated reassignment returns nothing; a manual assignment is no draw."""
    for i in range(9):
        await an_mql(office, i)
    before = await office.run(lambda tx, policy, now: tx.rotation("west"))
    await handed(office, ops, to="mia")
    after = await office.run(lambda tx, policy, now: tx.rotation("west"))
    assert after == before
    await handed(office, ops, rep_id="bob")
    then = await office.run(lambda tx, policy, now: tx.rotation("west"))
    assert then.draws == before.draws + 3, "those rerouted were drawn for"
    assert sum(credit.credit for credit in then.credits) == 0
    assert await is_whole(office)


async def test_where_manual_assignments_count_the_one_who_gets_the_book_pays(
    office: Any, office_of: Any, ops: Any
) -> None:
    west = {**TEAM["pools"]["west"], "counts": "all"}
    team = {**TEAM, "pools": {**TEAM["pools"], "west": west}}
    await office.activate(office_of({"team": team}))
    for i in range(9):
        await an_mql(office, i)
    await handed(office, ops, to="cat")
    after = await office.run(lambda tx, policy, now: tx.rotation("west"))
    assert after.draws == 12
    owed = {credit.rep_id: credit.credit for credit in after.credits}
    assert owed == {"ann": 0, "bob": 3 * TURN // 2, "cat": -3 * TURN // 2}, "Ann is excluded"
    assert await is_whole(office)


async def test_what_he_is_given_meanwhile_is_his(still: Any) -> None:
    before = await an_mql(still)
    assert (await still.lead(before)).owner == ANN
    begun = await Ops(still).act(HandOver, to="mia", **BOOK)
    still.clock.advance(minutes=1)
    fresh = [await an_mql(still, i) for i in range(10, 13)]
    await still.drain()
    assert begun.handover.leads == 1
    assert (await still.lead(before)).owner == MIA
    assert ANN in [(await still.lead(one)).owner for one in fresh]
    ended = (await _view(still, begun.handover.operation_id)).handover
    assert (ended.moved, ended.left) == (1, 0)


async def test_a_lead_that_the_other_gave_back_in_this_visit_goes_by_the_routes(
    office: Any, ops: Any
) -> None:
    lead_id = await an_mql(office)
    await office.run(lambda tx, p, now: reassign(tx, p, tx.lead(lead_id), now, actor="timer"))
    assert (await office.lead(lead_id)).owner == BOB
    await handed(office, ops, rep_id="bob", to="ann")
    assert (await office.lead(lead_id)).owner == CAT, "an exclusion beats every preference"


async def test_where_nobody_else_may_have_a_lead_it_stays_and_is_counted(
    office: Any, office_of: Any, ops: Any
) -> None:
    alone = without("bob", ann={"manager": None})
    alone["team"]["pools"]["west"]["members"] = [{"rep": "ann"}]
    await office.activate(office_of(alone))
    lead_id = await in_stage(office, Stage.SAL)
    book = (await handed(office, ops)).handover
    assert (book.moved, book.left) == (0, 1)
    assert (await office.lead(lead_id)).owner == ANN
    assert await is_whole(office)


async def test_a_pin_to_him_ends_with_his_book(office: Any, ops: Any) -> None:
    lead_id = await an_mql(office)
    await ops.act(PinLead, lead_id=lead_id, rep_id="ann")
    await handed(office, ops)
    lead = await office.lead(lead_id)
    assert lead.owner != ANN
    assert lead.pinned_rep is None
    assert [one["rep_id"] for one in await ops.events("lead.unpinned")] == ["ann"]


async def test_the_book_of_one_who_left_the_team_is_handed_over_too(
    office: Any, office_of: Any, ops: Any
) -> None:
    await office.upsert(Account("a1", "Firm", owner_rep_id="ann"))
    await office.activate(office_of(without("ann")))
    await office.drain()
    assert (await handed(office, ops, to="cat")).handover.leads == 0


async def test_a_second_one_of_the_same_rep_is_refused_while_one_runs(still: Any) -> None:
    ops = Ops(still)
    begun = await ops.act(HandOver, to="mia", **BOOK)
    with pytest.raises(FailedPrecondition, match=begun.handover.operation_id) as refused:
        await ops.act(HandOver, to="cat", **BOOK)
    assert refused.value.reason == "HANDOVER_UNDER_WAY"
    assert (await ops.reps())["ann"].handover == begun.handover
    await ops.act(HandOver, rep_id="bob", reason="another's")
    await still.drain()
    assert (await ops.act(HandOver, to="cat", **BOOK)).handover.leads == 0


async def test_the_doctor_says_where_nothing_goes_on_with_one(still: Any) -> None:
    begun = await Ops(still).act(HandOver, **BOOK)
    operation = begun.handover.operation_id
    assert await is_whole(still)
    await still.run(lambda tx, policy, now: tx.set_timer(Timer("book", f"{operation}|l9", now, "")))
    await still.run(lambda tx, policy, now: tx.clear_timer("book", operation))
    assert await is_whole(still), "a later slice is to come"
    await still.run(lambda tx, policy, now: tx.clear_timer("book", f"{operation}|l9"))
    (found,) = await still.store.read(lambda reader: list(findings(reader, still.policy)))
    assert (found.subject, found.rule) == (f"hand-over {operation}", "what is begun is ended")


async def test_one_that_was_never_begun_is_not_found(office: Any, ops: Any) -> None:
    with pytest.raises(NotFound) as missing:
        await _view(office, "who")
    assert missing.value.reason == "HANDOVER_NOT_FOUND"


async def test_the_same_request_begins_one(office: Any, ops: Any) -> None:
    request = ops.request(HandOver, **BOOK)
    first, again = await ops.ask(request), await ops.ask(request)
    assert again == HandoverView(first.handover, replayed=True)


@pytest.mark.parametrize(
    ("fields", "field", "remedy"),
    [
        pytest.param({"rep_id": "who"}, "rep_id", "no active rep", id="nobody"),
        pytest.param({"to": "who"}, "to", "no active rep", id="to-nobody"),
        pytest.param({"to": "ann"}, "to", "himself", id="to-himself"),
        pytest.param({"reason": " "}, "reason", "is missing", id="without-a-reason"),
    ],
)
async def test_what_cannot_be_handed_over(
    ops: Any, fields: dict[str, Any], field: str, remedy: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        await ops.act(HandOver, **{**BOOK, **fields})
    ((where, what),) = refused.value.violations
    assert where == field
    assert remedy in what


@pytest.mark.parametrize("actor", ["ann", "bob", "who", ""])
async def test_who_may_not(ops: Any, actor: str) -> None:
    with pytest.raises(PermissionDenied) as refused:
        await ops.act(HandOver, actor, **BOOK)
    assert refused.value.reason == "MAY_NOT_HAND_OVER"


@pytest.mark.parametrize("actor", ["mia", "vic", "sales-ops"])
async def test_who_may(ops: Any, actor: str) -> None:
    assert (await ops.act(HandOver, actor, **BOOK)).handover.actor == actor


async def test_customers_without_anybody_above_need_a_name(
    office: Any, office_of: Any, ops: Any
) -> None:
    await office.activate(office_of(ann={"manager": None}))
    lead_id = await in_stage(office, Stage.OPPORTUNITY)
    with pytest.raises(FailedPrecondition, match=lead_id) as refused:
        await ops.act(HandOver, **BOOK)
    assert refused.value.reason == "NOBODY_TO_HAND_OVER_TO"
    assert (await handed(office, ops, to="cat")).handover.moved == 1
