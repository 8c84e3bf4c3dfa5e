"""Calls about reps: away, handed over, holding on to leads; read back as they were told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from scoring_service.values.errors import NotFound, PermissionDenied

OPS = "sales-ops"
REPS = ["ann", "bob", "cat", "dan", "eve", "mia", "olu"]


async def away(calls: Any, **fields: Any) -> Any:
    known = {"actor_id": OPS, "rep_id": "ann", "away_from": "2026-03-02", "away_to": "2026-03-06"}
    return await calls("SetAvailability", **{**known, **fields})


async def test_days_away_come_back_with_who_said_so_and_when(
    calls: Any, at: Callable[[Any], datetime]
) -> None:
    reply = await away(calls, backup="bob")
    (one,) = reply.availability.away
    assert (one.first_day, one.last_day, one.backup) == ("2026-03-02", "2026-03-06", "bob")
    assert (one.entered_by, at(one.entered_at)) == (OPS, calls.clock.now)
    assert (reply.availability.rep_id, reply.availability.away_until) == ("ann", "2026-03-06")
    assert not reply.replayed


async def test_the_same_call_again_has_the_first_answer(calls: Any) -> None:
    request_id = "6d1f9f0e-7a33-4c39-8f2f-3a1c0b6a9d10"
    first = await away(calls, request_id=request_id)
    again = await away(calls, request_id=request_id.upper())
    assert (first.replayed, again.replayed) == (False, True)
    assert again.availability == first.availability


async def test_without_a_backup_none_is_named(calls: Any) -> None:
    (one,) = (await away(calls)).availability.away
    assert one.backup == ""


async def test_withdrawn_a_rep_is_there_again(calls: Any) -> None:
    await away(calls)
    back = await calls("SetAvailability", actor_id=OPS, rep_id="ann", withdraw=True)
    assert (list(back.availability.away), back.availability.away_until) == ([], "")


async def test_a_rep_who_is_away_gets_nothing(calls: Any) -> None:
    await away(calls)
    owners = {(await calls.mql(f"l-{n}")).rep_id for n in range(4)}
    assert owners == {"bob", "cat"}


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 8, 100])
async def test_every_rep_is_listed_once_however_large_a_page(calls: Any, rows: int) -> None:
    seen: list[str] = []
    token = ""
    while not seen or token:
        page = await calls("ListAvailability", page_size=rows, page_token=token)
        assert len(page.reps) <= rows
        seen += [rep.availability.rep_id for rep in page.reps]
        token = page.next_page_token
    assert seen == REPS


async def test_how_a_rep_stands_is_listed_with_him(calls: Any) -> None:
    await away(calls, rep_id="bob")
    await calls.mql("l-1")
    page = await calls("ListAvailability")
    found = {rep.availability.rep_id: rep for rep in page.reps}
    assert found["bob"].availability.away_until == "2026-03-06"
    assert (found["ann"].name, found["ann"].active, list(found["ann"].pools)) == (
        "Ann",
        True,
        ["west"],
    )
    assert sum(rep.open_leads for rep in page.reps) == 1
    assert sum(rep.taken_today for rep in page.reps) == 1
    assert (found["dan"].per_day_max, found["dan"].HasField("open_leads_max")) == (2, False)
    assert not any(rep.HasField("handover") for rep in page.reps)


async def test_a_book_that_is_handed_over_is_followed_to_its_end(
    calls: Any, at: Callable[[Any], datetime]
) -> None:
    owner = (await calls.mql("l-1")).rep_id
    to = "bob" if owner != "bob" else "ann"
    asked = {"actor_id": OPS, "rep_id": owner, "to": to, "reason": "moves house"}
    begun = await calls("HandOver", **asked)
    assert not begun.replayed
    assert (begun.handover.rep_id, begun.handover.to) == (owner, to)
    assert (begun.handover.reason, begun.handover.actor_id) == ("moves house", OPS)
    assert at(begun.handover.started_at) == calls.clock.now
    calls.clock.now += timedelta(minutes=1)
    await calls.desk.drain()
    done = await calls("GetHandOver", operation_id=begun.handover.operation_id)
    assert (done.handover.leads, done.handover.moved, done.handover.left) == (1, 1, 0)
    assert at(done.handover.ended_at) >= at(done.handover.started_at)
    assert (await calls("GetLead", lead_id="l-1")).state.rep_id == to


async def test_a_hand_over_that_nobody_began_is_not_found(calls: Any) -> None:
    with pytest.raises(NotFound):
        await calls("GetHandOver", operation_id="who")


async def test_a_pinned_lead_stays_until_its_pin_is_taken_out(calls: Any) -> None:
    await calls.mql("l-1")
    pin = {"actor_id": OPS, "lead_id": "l-1", "rep_id": "cat", "reason": "old friends"}
    pinned = (await calls("PinLead", **pin)).state
    assert (pinned.rep_id, pinned.pinned_rep_id) == ("cat", "cat")
    read = (await calls("GetLead", lead_id="l-1")).state
    assert read.pinned_rep_id == "cat"
    freed = (await calls("UnpinLead", actor_id=OPS, lead_id="l-1", reason="friends no more")).state
    assert freed.pinned_rep_id == ""


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        pytest.param("HandOver", {"rep_id": "ann", "to": "bob", "reason": "x"}, id="a-book"),
        pytest.param("PinLead", {"lead_id": "l-1", "rep_id": "cat", "reason": "x"}, id="a-pin"),
        pytest.param("UnpinLead", {"lead_id": "l-1", "reason": "x"}, id="a-pin-that-is-out"),
    ],
)
async def test_who_may_not_move_leads_may_not_do_so(
    calls: Any, name: str, fields: dict[str, Any]
) -> None:
    await calls.mql("l-1")
    with pytest.raises(PermissionDenied):
        await calls(name, actor_id="eve", **fields)


@pytest.mark.parametrize(
    ("name", "fields", "wrong"),
    [
        pytest.param(
            "SetAvailability",
            {"away_from": "tomorrow", "away_to": "2026-02-30", "backup": "x" * 201},
            {"rep_id", "away_from", "away_to", "backup"},
            id="days-that-are-none",
        ),
        pytest.param(
            "HandOver",
            {"to": "x" * 201},
            {"rep_id", "to", "reason"},
            id="nobody's-book-to-somebody-long",
        ),
        pytest.param("PinLead", {}, {"lead_id", "rep_id"}, id="no-lead-and-no-rep"),
        pytest.param("UnpinLead", {}, {"lead_id"}, id="no-lead"),
    ],
)
async def test_all_that_is_wrong_is_named_at_once(
    calls: Any, name: str, fields: dict[str, Any], wrong: set[str]
) -> None:
    assert set(await calls.refused(name, actor_id=OPS, **fields)) == wrong
