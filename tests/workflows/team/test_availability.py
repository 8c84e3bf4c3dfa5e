"""People say when a rep is away; the union with team.yaml holds, and it takes effect at once."""

from asyncio import gather
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.routing.explain import sentences
from scoring_service.values.errors import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    PermissionDenied,
)
from scoring_service.values.owner import QueueOwner, RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.notices import tell
from scoring_service.workflows.reassigning import give
from scoring_service.workflows.rep_requests import Away, SetAvailability
from scoring_service.workflows.replay import Verdict, decision_in, facts_in, replay
from scoring_service.workflows.team.standing import standings
from tests.conftest import MONDAY
from tests.workflows.firing.conftest import an_mql, demo, in_stage, is_whole, live, wants
from tests.workflows.team.conftest import away

FRIDAY_EVENING = datetime(2026, 3, 6, 19, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)
ANN, BOB, CAT = RepOwner("ann"), RepOwner("bob"), RepOwner("cat")


async def owners(desk: Any, count: int, start: int = 100) -> list[str]:
    """Who gets so many leads."""
    made = [await an_mql(desk, start + i) for i in range(count)]
    return [(await desk.lead(lead_id)).owner.id for lead_id in made]


async def test_who_is_entered_as_away_gets_nothing_from_now_on(office: Any, ops: Any) -> None:
    assert await owners(office, 3) == ["ann", "bob", "cat"]
    await ops.away("ann", 2, 4)
    assert set(await owners(office, 4, 200)) == {"bob", "cat"}


async def test_what_he_has_not_accepted_goes_to_others_and_his_turns_back(
    office: Any, ops: Any
) -> None:
    mqls = [await an_mql(office, i) for i in range(6)]
    kept = await in_stage(office, Stage.SAL, 6)
    assert (await office.lead(kept)).owner == ANN
    office.clock.advance(hours=1)
    await ops.away("ann", 2, 4)
    for lead_id in mqls:
        lead = await office.lead(lead_id)
        assert lead.owner in (BOB, CAT)
        assert "ann" not in lead.excluded, "who is away is not excluded"
        first = (await office.store.read(lambda r, one=lead_id: r.assignments(one)))[-1]
        assert first.given_back == (first.owner == ANN)
    assert (await office.lead(kept)).owner == ANN, "a sal stays with him"
    assert await is_whole(office)


async def test_fridays_evenings_lead_skips_one_who_is_entered_as_away_from_monday(
    office: Any, ops: Any
) -> None:
    await ops.away("ann", 9, 9)
    office.clock.now = FRIDAY_EVENING
    assert set(await owners(office, 4)) == {"bob", "cat"}
    office.clock.now = MONDAY
    assert await is_whole(office)


async def test_what_he_holds_when_a_leave_is_entered_for_later_is_his_until_it_begins(
    office: Any, ops: Any
) -> None:
    lead_id = await an_mql(office)
    await ops.away("ann", 9, 10)
    assert (await office.lead(lead_id)).owner == ANN
    lead = await an_mql(office, 2)
    office.clock.now = FRIDAY_EVENING
    await office.run(lambda tx, policy, now: None)
    late = [await an_mql(office, i) for i in range(3, 5)]
    await live(office, NEXT_MONDAY)
    for one in (lead_id, lead, *late):
        assert (await office.lead(one)).owner != ANN
    timer = await office.run(lambda tx, policy, now: tx.timer("leave", "ann"))
    assert timer.due_at == datetime(2026, 3, 11, tzinfo=UTC), "its end is waited for"


async def test_who_is_back_has_his_turns_at_once_and_is_not_flooded(office: Any, ops: Any) -> None:
    for rep in ("ann", "bob", "cat"):
        await ops.away(rep, 2, 6)
    waiting = [await an_mql(office, i) for i in range(6)]
    assert {(await office.lead(one)).owner for one in waiting} == {QueueOwner("west")}
    await ops.back("ann")
    assert {(await office.lead(one)).owner for one in waiting} == {ANN}, "drained at once"
    await ops.back("bob")
    await ops.back("cat")
    after = await owners(office, 6)
    assert sorted(after) == ["ann", "ann", "bob", "bob", "cat", "cat"], "equal turns from then on"
    assert await is_whole(office)


async def test_absent_for_fifty_leads_and_back_he_is_given_no_more_than_his_turn(
    office: Any, ops: Any
) -> None:
    await ops.away("ann", 2, 6)
    await owners(office, 50)
    await ops.back("ann")
    assert (await owners(office, 9, 200)).count("ann") == 3


async def test_the_next_unit_of_the_same_batch_sees_an_absence(office: Any, ops: Any) -> None:
    await office.run(lambda tx, policy, now: None)
    request = ops.request(
        SetAvailability, rep_id="ann", first=date(2026, 3, 2), last=date(2026, 3, 2)
    )
    asked = office.request(wants(1), activities=(demo(1, MONDAY),))
    _, view = await gather(ops.ask(request), office.ask(asked))
    assert view.owner == BOB


@pytest.mark.parametrize(
    ("entered", "then", "left"),
    [
        pytest.param([(3, 5)], (5, 6), [(3, 4), (5, 6)], id="over-the-end-of-another"),
        pytest.param([(3, 9)], (5, 6), [(3, 4), (5, 6), (7, 9)], id="amid-another"),
        pytest.param([(3, 4), (6, 7)], (3, 7), [(3, 7)], id="over-two-others"),
        pytest.param([(3, 5)], (3, 5), [(3, 5)], id="the-same-again"),
    ],
)
async def test_on_its_days_an_absence_takes_the_place_of_others(
    ops: Any, entered: list[tuple[int, int]], then: tuple[int, int], left: list[tuple[int, int]]
) -> None:
    for days in entered:
        await ops.away("ann", *days)
    answer = await ops.away("ann", *then)
    assert [one.absence for one in answer.away] == [away("ann", *days) for days in left]


async def test_another_backup_is_entered_for_the_same_days(office: Any, ops: Any) -> None:
    await ops.away("ann", 2, 6, backup="bob")
    answer = await ops.away("ann", 2, 6, backup="cat")
    assert [one.absence.backup for one in answer.away] == ["cat"]
    await an_mql(office)
    told = await office.run(lambda tx, p, now: tell(tx, p, "ann", "x", "l1", "of a lead", now))
    assert told == ("ann", "cat"), "the backup gets copies of his notices"


async def test_days_are_withdrawn_from_an_absence(ops: Any) -> None:
    await ops.away("ann", 3, 9, backup="bob")
    answer = await ops.back("ann", first=date(2026, 3, 5), last=date(2026, 3, 6))
    left = [away("ann", 3, 4, "bob"), away("ann", 7, 9, "bob")]
    assert [one.absence for one in answer.away] == left


async def test_back_from_an_absence_keeps_the_one_that_is_planned(office: Any, ops: Any) -> None:
    await ops.away("ann", 2, 3)
    await ops.away("ann", 4, 5)
    await ops.away("ann", 20, 21)
    office.clock.advance(days=1)
    answer = await ops.back("ann")
    assert [one.absence for one in answer.away] == [away("ann", 20, 21)]
    assert answer.away_until is None


async def test_the_days_that_have_passed_stay_recorded(office: Any, ops: Any) -> None:
    await ops.away("ann", 2, 6)
    office.clock.advance(days=2)
    await ops.back("ann")
    rows = (await office.dump())["absences"]
    assert [row[:3] for row in rows] == [("ann", "2026-03-02", "2026-03-03")]


async def test_everything_that_is_entered_is_recorded_with_old_new_when_and_by_whom(
    office: Any, ops: Any
) -> None:
    await ops.away("ann", 3, 4, actor="ann", backup="bob")
    await ops.away("ann", 3, 4, actor="ann", backup="bob")
    await ops.back("ann", actor="mia", first=date(2026, 3, 3), last=date(2026, 3, 4))
    entered = '[["ann","2026-03-03","2026-03-04","bob"]]'
    history = [line for line in await ops.history("ann") if line[0] == "away"]
    assert history == [("away", None, entered, "ann"), ("away", entered, None, "mia")]
    told = await ops.events("rep.availability_changed")
    assert [(one["rep_id"], one.get("away"), one["actor"]) for one in told] == [
        ("ann", [["ann", "2026-03-03", "2026-03-04", "bob"]], "ann"),
        ("ann", None, "mia"),
    ]


@pytest.mark.parametrize(
    ("fields", "field", "remedy"),
    [
        pytest.param({"rep_id": "who"}, "rep_id", "no active rep", id="nobody"),
        pytest.param({"rep_id": ""}, "rep_id", "is required", id="no-rep"),
        pytest.param({"first": None}, "away_from", "is required", id="no-first-day"),
        pytest.param({"last": None}, "away_to", "is required", id="no-last-day"),
        pytest.param({"first": date(2026, 3, 9)}, "away_to", "before", id="the-wrong-way-round"),
        pytest.param({"last": date(2026, 3, 1)}, "away_to", "is over", id="days-that-are-over"),
        pytest.param({"last": date(2028, 3, 4)}, "away_to", "at most 731", id="over-two-years"),
        pytest.param({"first": date(2020, 1, 1)}, "away_to", "at most 731", id="from-long-ago"),
        pytest.param({"backup": "ann"}, "backup", "himself", id="his-own-backup"),
        pytest.param({"backup": "who"}, "backup", "no active rep", id="an-unknown-backup"),
        pytest.param(
            {"backup": "bob", "withdraw": True}, "backup", "leave it out", id="withdrawn-for-whom"
        ),
        pytest.param(
            {"withdraw": True, "last": None}, "away_to", "is required", id="withdrawn-till-when"
        ),
    ],
)
async def test_what_cannot_be_entered(
    ops: Any, fields: dict[str, Any], field: str, remedy: str
) -> None:
    usual = {"rep_id": "ann", "first": date(2026, 3, 1), "last": date(2026, 3, 4)}
    with pytest.raises(InvalidArgument) as refused:
        await ops.act(SetAvailability, **{**usual, **fields})
    ((where, what),) = refused.value.violations
    assert where == field
    assert remedy in what


async def test_an_inactive_backup_is_refused(office: Any, office_of: Any, ops: Any) -> None:
    await office.activate(office_of(bob={"active": False}))
    with pytest.raises(InvalidArgument, match="no active rep"):
        await ops.away("ann", 2, 3, backup="bob")


@pytest.mark.parametrize("actor", ["ann", "mia", "vic", "sales-ops"])
async def test_the_rep_a_manager_above_and_an_operator_may(ops: Any, actor: str) -> None:
    assert (await ops.away("ann", 3, 3, actor=actor)).away[0].entered_by == actor


@pytest.mark.parametrize("actor", ["bob", "dan", "who", ""])
async def test_nobody_else_may(ops: Any, actor: str) -> None:
    with pytest.raises(PermissionDenied) as refused:
        await ops.away("ann", 3, 3, actor=actor)
    assert refused.value.reason == "MAY_NOT_SET_AVAILABILITY"


async def test_who_is_not_away_cannot_come_back(office: Any, office_of: Any, ops: Any) -> None:
    leave = [{"from": "2026-03-02", "to": "2026-03-02"}]
    await office.activate(office_of(ann={"leave": leave}))
    for days in ({}, {"first": date(2026, 3, 2), "last": date(2026, 3, 2)}):
        with pytest.raises(FailedPrecondition, match=r"team\.yaml") as refused:
            await ops.back("ann", **days)
        assert refused.value.reason == "NOT_AWAY"


async def test_the_same_request_has_the_same_answer(office: Any, ops: Any) -> None:
    fields = {"rep_id": "ann", "first": date(2026, 3, 2), "last": date(2026, 3, 3)}
    request = ops.request(SetAvailability, request_id="r", **fields)
    first, again = await ops.ask(request), await ops.ask(request)
    assert (first.replayed, again.replayed, again.away) == (False, True, first.away)
    with pytest.raises(AlreadyExists):
        await ops.act(SetAvailability, **{**fields, "rep_id": "bob", "request_id": "r"})


async def test_leave_of_the_team_counts_beside_what_is_entered(
    office: Any, office_of: Any, ops: Any
) -> None:
    leave = [{"from": "2026-03-02", "to": "2026-03-03", "backup": "bob"}]
    await office.activate(office_of(ann={"leave": leave}))
    answer = await ops.away("ann", 4, 5)
    assert answer.away == (
        Away(away("ann", 2, 3, "bob")),
        Away(away("ann", 4, 5), MONDAY, "sales-ops"),
    )
    assert answer.away_until == date(2026, 3, 5)
    await ops.back("ann", first=date(2026, 3, 4), last=date(2026, 3, 5))
    assert "ann" not in await owners(office, 4), "the team's leave holds"


async def test_an_absence_is_kept_by_a_reload(office: Any, office_of: Any, ops: Any) -> None:
    await ops.away("ann", 2, 6)
    await office.activate(office_of(ann={"email": "ann@firm.example"}))
    assert "ann" not in await owners(office, 4)
    assert await is_whole(office)


async def test_a_leave_made_longer_while_it_runs_only_ends_later(office: Any, ops: Any) -> None:
    await ops.away("ann", 2, 3)
    by_hand = await an_mql(office)
    await office.run(lambda tx, p, now: give(tx, p, tx.lead(by_hand), "ann", now, actor="mia"))
    await ops.away("ann", 4, 5)
    await ops.away("ann", 2, 5)
    assert (await office.lead(by_hand)).owner == ANN
    timer = await office.run(lambda tx, policy, now: tx.timer("leave", "ann"))
    assert timer.due_at == datetime(2026, 3, 6, tzinfo=UTC)


async def test_who_is_away_for_as_long_as_nothing_happens_is_back_by_the_clock(
    office: Any, ops: Any
) -> None:
    for rep in ("ann", "bob", "cat"):
        await ops.away(rep, 2, 3)
    waits = await an_mql(office)
    await live(office, MONDAY + timedelta(days=2))
    assert isinstance((await office.lead(waits)).owner, RepOwner)


async def test_a_decision_says_who_was_away_and_is_replayed_so(
    office: Any, policy_of: Any, ops: Any
) -> None:
    await ops.away("ann", 2, 4, backup="bob")
    await ops.away("dan", 20, 24)
    await an_mql(office)
    await ops.back("ann")
    (record,) = await office.decisions()
    assert facts_in(record).away == (away("ann", 2, 4, "bob"), away("dan", 20, 24))
    assert replay(office.policy, record).verdict is Verdict.EQUAL
    said = sentences(decision_in(record), facts_in(record))
    assert any("ann" in line and "on leave until 2026-03-04" in line for line in said), said


async def test_absences_that_are_over_are_in_no_facts(office: Any, ops: Any) -> None:
    await ops.away("ann", 2, 2)
    office.clock.advance(days=2)
    await an_mql(office)
    assert facts_in((await office.decisions())[-1]).away == ()


async def test_how_reps_stand(office: Any, office_of: Any, ops: Any) -> None:
    limits = {"open_leads_max": 12, "per_day_max": 4, "per_week_max": 9}
    leave = [{"from": "2026-03-01", "to": "2026-03-03"}]
    await office.activate(office_of(ann=limits, bob={"leave": leave}, dan={"active": False}))
    await an_mql(office)
    await ops.away("cat", 3, 4, actor="cat")
    reps = await ops.reps()
    ann = reps["ann"]
    assert (ann.open_leads, ann.open_leads_max) == (1, 12)
    assert (ann.taken_today, ann.per_day_max) == (1, 4)
    assert (ann.taken_this_week, ann.per_week_max) == (1, 9)
    assert (ann.pools, ann.availability.away) == (("west",), ())
    assert reps["bob"].availability.away_until == date(2026, 3, 3)
    assert reps["cat"].availability.away_until is None
    assert reps["cat"].availability.away == (Away(away("cat", 3, 4), MONDAY, "cat"),)
    assert (reps["dan"].active, reps["dan"].per_day_max) == (False, None)


async def test_a_page_of_reps_begins_behind_the_last_one(office: Any, ops: Any) -> None:
    await office.run(lambda tx, policy, now: None)
    reps = sorted(await ops.reps())
    found = await office.store.read(
        lambda reader: standings(reader, office.policy, reps[1], 2, office.clock.now)
    )
    assert [one.availability.rep_id for one in found] == reps[2:4]
