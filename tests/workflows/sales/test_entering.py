"""Entering a stage: everything that changes with it, in one unit, and who is freed by it."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from scoring_service.domain.lifecycle.moves import Mover
from scoring_service.domain.policy import Policy
from scoring_service.values.account import Account
from scoring_service.values.errors import FailedPrecondition
from scoring_service.values.happening import ClockChanged, Enrolment
from scoring_service.values.lead import Lead
from scoring_service.values.owner import SUPPRESSED, Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.score import Score
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StageEntry, StoredLead
from scoring_service.workflows.entering import Entry, enter
from scoring_service.workflows.lead_view import score_of

WELCOME = TrackOwner("welcome-nurture")


async def enters(desk: Any, entry: Entry, lead_id: str = "l1", **changes: Any) -> StoredLead:
    """A lead after it entered a stage, with further changes."""

    def unit(tx: Any, policy: Policy, now: Any) -> StoredLead:
        lead = msgspec.structs.replace(tx.lead(lead_id), **changes)
        return enter(tx, policy, lead, entry, score_of(tx, policy, lead, now), now)

    made = await desk.run(unit)
    assert made == await desk.lead(lead_id), "it is saved as it is answered"
    assert isinstance(made, StoredLead)
    return made


def to(stage: Stage, owner: Owner | None = None, **fields: Any) -> Entry:
    return Entry(stage, Mover.AUTHORISED, "by hand", "olu", owner, **fields)


async def test_a_visit_begins_with_nothing_of_the_one_before(sales: Any, clock: Any) -> None:
    before = await sales.mql()
    clock.advance(hours=1)
    after = await enters(
        sales.desk,
        to(Stage.RECYCLED, WELCOME, reason="timing"),
        excluded=("bob",),
        first_contact_at=clock.now,
    )
    assert (after.stage, after.visit, after.reason) == (Stage.RECYCLED, before.visit + 1, "timing")
    assert after.entered_at == after.updated_at == clock.now
    assert (after.excluded, after.first_contact_at) == ((), None)
    assert (after.owner, after.assignment_id, after.previous_owner) == (WELCOME, "", "ann")
    assert (after.tracks, after.visit_bars) == (("welcome-nurture",), None)


async def test_in_the_same_hands_the_assignment_and_its_bars_stand(sales: Any) -> None:
    before = await sales.mql()
    after = await enters(sales.desk, to(Stage.SAL))
    assert (after.owner, after.assignment_id) == (RepOwner("ann"), before.assignment_id)
    assert (after.previous_owner, after.visit_bars) == (None, before.visit_bars)
    stands = await sales.desk.store.read(lambda reader: reader.assignment(before.assignment_id))
    assert stands.ended_at is None


async def test_in_other_hands_the_assignment_ended_by_what_moved_it(sales: Any, clock: Any) -> None:
    before = await sales.mql()
    clock.advance(hours=2)
    await enters(sales.desk, to(Stage.DISQUALIFIED, SUPPRESSED, reason="spam"))
    ended = await sales.desk.store.read(lambda reader: reader.assignment(before.assignment_id))
    assert (ended.ended_at, ended.ended_how, ended.given_back) == (clock.now, "by hand", False)
    assert await sales.findings() == []


async def test_an_entry_is_stamped_with_everything_that_led_to_it(sales: Any, clock: Any) -> None:
    await sales.mql()
    clock.advance(days=18)  # by now the demo request has faded
    await sales.desk.drain()
    before = await sales.lead()
    entry = to(Stage.RECYCLED, WELCOME, reason="timing", note="in autumn")
    after = await enters(sales.desk, entry, arms={"bar": "lower"})
    score = await sales.desk.run(lambda tx, policy, now: score_of(tx, policy, before, now))
    *_, made = await sales.entries()
    assert made == StageEntry(
        lead_id="l1",
        visit=after.visit,
        cycle=1,
        stage_from="mql",
        stage_to="recycled",
        at=clock.now,
        actor="olu",
        cause="by hand",
        owner="track:welcome-nurture",
        score=made.score,
        revision=sales.desk.policy.revision,
        reason="timing",
        note="in autumn",
        bars_missed=("behaviour",),
        arms={"bar": "lower"},
    )
    assert msgspec.json.decode(made.score, type=Score) == score
    assert after.score == score.fit + score.behaviour


async def test_what_ends_and_what_begins_is_recorded_and_told(sales: Any, clock: Any) -> None:
    await sales.mql()
    await enters(sales.desk, to(Stage.RECYCLED, WELCOME, reason="timing"))
    assert await sales.happenings(Enrolment) == [Enrolment("welcome-nurture", True)]
    ended = [one for one in await sales.happenings(ClockChanged) if one.how == "cancelled"]
    assert "accept" in {one.clock.name for one in ended}
    [told] = await sales.events("lead.stage_changed")
    assert (told["stage_to"], told["stage_from"]) == ("recycled", "mql")
    assert (told["cause"], told["actor"], told["reason"]) == ("by hand", "olu", "timing")
    await enters(sales.desk, to(Stage.DISQUALIFIED, SUPPRESSED, reason="spam"))
    assert (await sales.happenings(Enrolment))[1:] == [Enrolment("welcome-nurture", False)]


@pytest.mark.parametrize(
    ("stage", "mover", "says"),
    [
        pytest.param(Stage.ANONYMOUS, Mover.SALES, "mql -> anonymous", id="sales goes not back"),
        pytest.param(Stage.OPPORTUNITY, Mover.SALES, "mql -> opportunity", id="nor past a stage"),
        pytest.param(Stage.NURTURE, Mover.AUTOMATION, "mql -> nurture", id="automation neither"),
        pytest.param(Stage.MQL, Mover.AUTHORISED, "mql -> mql", id="nobody where it is"),
    ],
)
async def test_every_path_to_the_store_is_guarded(
    sales: Any, stage: Stage, mover: Mover, says: str
) -> None:
    await sales.mql()
    before = await sales.desk.dump()
    with pytest.raises(FailedPrecondition, match=says) as refused:
        await enters(sales.desk, Entry(stage, mover, "test", "ann"))
    assert refused.value.reason == "MOVE_NOT_ALLOWED"
    assert await sales.desk.dump() == before


BIG: dict[str, Any] = {"employees": 500}


@pytest.mark.parametrize(
    ("entries", "freed"),
    [
        pytest.param((to(Stage.SAL),), False, id="an accepted lead is still among his open ones"),
        pytest.param((to(Stage.SQL),), False, id="a qualified one too"),
        pytest.param((to(Stage.OPPORTUNITY),), True, id="an opportunity is not"),
        pytest.param((to(Stage.RECYCLED, WELCOME),), True, id="nor one that he gave back"),
        pytest.param((to(Stage.DISQUALIFIED, SUPPRESSED),), True, id="nor one that ended"),
        pytest.param((to(Stage.SAL, RepOwner("bob")),), True, id="nor another's"),
    ],
)
async def test_whoever_waits_for_him_is_drained_once_he_is_free(
    open_desk: Callable[..., Any], small: Any, entries: tuple[Entry, ...], freed: bool
) -> None:
    """Open leads are those in mql, sal and sql; Ann may have one."""
    desk = open_desk("free", small(open_leads_max=1))
    await desk.route(Lead("l1", email="a@acme.example", **BIG))
    assert (await desk.route(Lead("l2", email="b@b.example", **BIG))).owner == QueueOwner("west")
    for entry in entries:
        await enters(desk, entry)
    await desk.drain()
    owner = (await desk.lead("l2")).owner
    assert (owner == RepOwner("ann")) is freed


async def test_who_leaves_a_queue_waits_no_longer(
    open_desk: Callable[..., Any], small: Any
) -> None:
    desk = open_desk("queue", small(open_leads_max=0))
    await desk.route(Lead("l1", email="a@acme.example", **BIG))
    after = await enters(desk, to(Stage.RECYCLED, WELCOME))
    assert (after.waiting_in, after.enqueued_at, after.previous_owner) == (None, None, None)
    count, _ = await desk.store.read(lambda reader: reader.waiting("west"))
    assert count == 0


@pytest.mark.parametrize("gives_back", [True, False])
async def test_a_turn_is_given_back_where_that_is_said(sales: Any, gives_back: bool) -> None:
    await sales.desk.run(lambda tx, policy, now: None)
    none = await sales.credits()
    lead = await sales.mql()
    assert await sales.credits() != none
    entry = to(Stage.DISQUALIFIED, SUPPRESSED, reason="spam", gives_back=gives_back)
    await enters(sales.desk, entry)
    left = {rep: credit for rep, credit in (await sales.credits()).items() if credit}
    assert (left == none) is gives_back
    ended = await sales.desk.store.read(lambda reader: reader.assignment(lead.assignment_id))
    assert ended.given_back is gives_back
    assert await sales.findings() == []


async def test_what_was_no_turn_gives_none_back(sales: Any) -> None:
    """Who owns the account was not drawn: his lead ends, and every credit stands."""
    await sales.desk.upsert(Account("acme", "Acme", ("acme-l1.example",), owner_rep_id="bob"))
    lead = await sales.mql()
    assert lead.owner == RepOwner("bob")
    before = await sales.credits()
    await enters(sales.desk, to(Stage.DISQUALIFIED, SUPPRESSED, reason="spam", gives_back=True))
    assert await sales.credits() == before
    ended = await sales.desk.store.read(lambda reader: reader.assignment(lead.assignment_id))
    assert (ended.ended_how, ended.draw_number) == ("by hand", None)


async def test_an_event_says_nothing_of_the_person(sales: Any) -> None:
    await sales.mql(full_name="Ada Lovelace")
    await enters(sales.desk, to(Stage.SAL, note="she likes engines"))
    [told] = await sales.events("lead.stage_changed")
    assert not any(word in json.dumps(told) for word in ("Ada", "engines", "@"))
