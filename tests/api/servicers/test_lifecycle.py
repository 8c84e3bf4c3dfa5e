"""Calls of the lifecycle: what is done with a lead, and what is read of it afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from leadscoring.v1 import types_pb2

from scoring_service.values.errors import AlreadyExists, NotFound, PermissionDenied
from scoring_service.values.lead import Lead
from scoring_service.values.stored import Event
from scoring_service.values.webhook import Endpoint
from scoring_service.workflows.webhooks import Delivery, given, take
from tests.api.servicers.conftest import Calls

OPS = "sales-ops"
CRM = Endpoint("crm", "https://crm.example/hooks", b"k" * 24)


async def test_a_lead_is_answered_as_it_is_read_afterwards(calls: Any) -> None:
    told = await calls.mql("l-1", country="DE")
    read = (await calls("GetLead", lead_id="l-1")).state
    assert (told.lead.lead_id, told.lead.country, told.lead.employees) == ("l-1", "DE", 500)
    assert told.stage == types_pb2.STAGE_MQL
    assert (read.lead, read.stage, read.rep_id) == (told.lead, told.stage, told.rep_id)
    assert told.decision_id
    assert (read.assignment_id, read.decision_id) == (told.assignment_id, ""), "it made none"


async def test_the_same_upsert_again_is_the_first_answer_and_another_is_refused(calls: Any) -> None:
    request = {"request_id": "6d1f9f0e-7a33-4c39-8f2f-3a1c0b6a9d10"}
    lead = types_pb2.Lead(lead_id="l-1", email="a@firm.example")
    first = (await calls("UpsertLead", lead=lead, **request)).state
    again = (await calls("UpsertLead", lead=lead, **request)).state
    assert (first.replayed, again.replayed) == (False, True)
    again.replayed = False
    assert again == first
    with pytest.raises(AlreadyExists) as refused:
        await calls("UpsertLead", lead=types_pb2.Lead(lead_id="l-2"), **request)
    assert refused.value.reason == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize("name", ["GetLead", "GetHistory"])
async def test_a_lead_that_nobody_knows_is_not_found(calls: Any, name: str) -> None:
    with pytest.raises(NotFound, match="who"):
        await calls(name, lead_id="who")


async def test_everything_recorded_of_a_lead_is_in_its_history(
    calls: Any, at: Callable[[Any], datetime]
) -> None:
    owner = (await calls.mql("l-1", industry="software")).rep_id
    calls.clock.now += timedelta(minutes=5)
    await calls("AcceptLead", lead_id="l-1", actor_id=owner)
    calls.clock.now += timedelta(minutes=5)
    changed = types_pb2.Lead(lead_id="l-1", industry="games")
    await calls("UpsertLead", lead=changed, actor_id="crm")
    history = await calls("GetHistory", lead_id="l-1")
    stages = [(entry.stage_from, entry.stage_to) for entry in history.stages]
    assert stages[-1] == (types_pb2.STAGE_MQL, types_pb2.STAGE_SAL)
    assert stages[0][0] == types_pb2.STAGE_UNSPECIFIED
    assert [entry.actor_id for entry in history.stages][-1] == owner
    entered = [at(entry.entered_at) for entry in history.stages]
    assert entered == sorted(entered)
    assert entered[-1] == calls.clock.now - timedelta(minutes=5)
    (change,) = history.changes
    assert (change.field, change.old_json, change.new_json) == ("industry", '"software"', '"games"')
    assert (change.actor_id, at(change.changed_at)) == ("crm", calls.clock.now)
    assert history.state.stage == types_pb2.STAGE_SAL
    kinds = {one.WhichOneof("happening") for one in history.happenings}
    assert "clock" in kinds


async def test_a_field_that_was_unknown_has_no_old_value(calls: Any) -> None:
    await calls.mql("l-1")
    await calls("UpsertLead", lead=types_pb2.Lead(lead_id="l-1", industry="games"), actor_id="crm")
    (change,) = (await calls("GetHistory", lead_id="l-1")).changes
    assert not change.HasField("old_json")
    assert change.new_json == '"games"'


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 100])
async def test_every_lead_is_listed_once_by_score_however_large_a_page(
    calls: Any, rows: int
) -> None:
    for n in range(4):
        await calls.mql(f"l-{n}", employees=500 if n % 2 else 20)
    seen: list[Any] = []
    token = ""
    while not seen or token:
        page = await calls("ListLeads", page_size=rows, page_token=token)
        assert len(page.states) <= rows
        seen += page.states
        token = page.next_page_token
    assert sorted(state.lead.lead_id for state in seen) == [f"l-{n}" for n in range(4)]
    scores = [state.score.fit + state.score.behaviour for state in seen]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param({}, {"at-ann", "at-bob", "small"}, id="all of them"),
        pytest.param({"rep_id": "ann"}, {"at-ann"}, id="of a rep"),
        pytest.param({"queue": "intake"}, {"small"}, id="of a queue"),
        pytest.param({"queue": "ann"}, set(), id="of a queue that is called like a rep"),
        pytest.param({"stage": types_pb2.STAGE_SAL}, {"at-ann"}, id="of a stage"),
        pytest.param({"stage": types_pb2.STAGE_SAL, "rep_id": "bob"}, set(), id="of both"),
        pytest.param({"account_id": "acme"}, {"at-bob"}, id="of an account"),
        pytest.param({"account_id": "who"}, set(), id="of an account that is not there"),
    ],
)
async def test_leads_are_listed_as_they_are_asked_for(
    calls: Any, wanted: dict[str, Any], found: set[str]
) -> None:
    accounts = [types_pb2.Account(account_id="acme", name="Acme", domains=["acme.example"])]
    await calls("UpsertAccounts", accounts=accounts, actor_id="crm")
    await calls.mql("at-ann")
    await calls.mql("at-bob", account_id="acme")
    await calls.mql("small", employees=5)
    for lead_id, rep_id in (("at-ann", "ann"), ("at-bob", "bob")):
        pin = {"lead_id": lead_id, "rep_id": rep_id, "reason": "x", "actor_id": OPS}
        await calls("PinLead", **pin)
    await calls("AcceptLead", lead_id="at-ann", actor_id="ann")
    page = await calls("ListLeads", **wanted)
    assert {state.lead.lead_id for state in page.states} == found


class Register:
    """Knows the industry of one company."""

    name = "register"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def known_of(self, domain: str) -> Lead | None:
        self.asked.append(domain)
        return Lead(industry="software", employees=7)


async def test_enrichers_are_asked_of_an_upsert_and_of_nothing_else(calls: Any) -> None:
    register = Register()
    asking = Calls(calls.desk, [register])
    asking.request_ids = 100
    state = await asking.mql("l-1", email="a@acme.example")
    assert (state.lead.industry, state.lead.employees) == ("software", 500)
    await asking("RecordActivities", lead_id="l-1", activities=[_visit(calls.clock.now)])
    assert register.asked == ["acme.example"]
    (change,) = (await asking("GetHistory", lead_id="l-1")).changes
    assert (change.field, change.actor_id) == ("industry", "enricher:register")


def _visit(now: datetime) -> types_pb2.Activity:
    visit = types_pb2.Activity(activity_id="v-1", type="pricing_page_view")
    visit.occurred_at.FromDatetime(now)
    return visit


async def _dead(calls: Any) -> None:
    """A receiver that refused an event, as if it had done so until the event was dead."""
    await calls.desk.run(lambda tx, policy, now: take(tx, CRM, "one", now))
    event = Event("e-1", "l", "notice", calls.clock.now, msgspec.json.encode("x"))
    await calls.desk.run(lambda tx, policy, now: tx.emit(event))

    def refuse(tx: Any, policy: Any, now: datetime) -> None:
        parcels = take(tx, CRM, "one", now)
        given(tx, CRM, [Delivery(parcel, "answered 500") for parcel in parcels], now)

    def end(tx: Any, policy: Any, now: datetime) -> None:
        (letter,) = tx.webhook_letters("crm", 9, dead=False)
        tx.save_webhook_letter(msgspec.structs.replace(letter, dead=True))

    await calls.desk.run(refuse)
    await calls.desk.run(end)


async def _waiting(calls: Any, *, dead: bool = False) -> int:
    found = await calls.desk.run(lambda tx, policy, now: tx.webhook_letters("crm", 9, dead=dead))
    return len(found)


async def test_dead_events_are_sent_again_once_for_each_request(calls: Any) -> None:
    await _dead(calls)
    request = {"request_id": "6d1f9f0e-7a33-4c39-8f2f-3a1c0b6a9d10"}
    asked = {"endpoint": "crm", "actor_id": OPS, **request}
    first = await calls("ReplayDeadEvents", **asked)
    again = await calls("ReplayDeadEvents", **asked)
    assert (first.events, first.replayed) == (1, False)
    assert (again.events, again.replayed) == (1, True)
    assert (await _waiting(calls), await _waiting(calls, dead=True)) == (1, 0)


async def test_dead_events_are_those_of_a_receiver_that_is_known_and_of_who_may(calls: Any) -> None:
    with pytest.raises(NotFound, match="'who'"):
        await calls("ReplayDeadEvents", endpoint="who", actor_id=OPS)
    await _dead(calls)
    with pytest.raises(PermissionDenied):
        await calls("ReplayDeadEvents", endpoint="crm", actor_id="ann")
    remedy = "is required: the name of a receiver"
    assert await calls.refused("ReplayDeadEvents", actor_id=OPS) == {"endpoint": remedy}
    assert await _waiting(calls, dead=True) == 1


NEW = "3f9a61c0d2b47e85"


async def test_rules_are_forced_by_their_revision_for_a_reason(calls: Any) -> None:
    asked = {"revision": NEW, "reason": "the merger", "actor_id": OPS}
    forced = await calls("ForcePolicy", **asked)
    assert (forced.revision, forced.active, forced.replayed) == (NEW, False, False)
    active = await calls("ForcePolicy", **{**asked, "revision": calls.store.policies.revision})
    assert active.active


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param({}, {"revision", "reason"}, id="nothing is said"),
        pytest.param({"revision": NEW, "reason": " \t"}, {"reason"}, id="blanks are no reason"),
        pytest.param({"revision": "x" * 201, "reason": "x"}, {"revision"}, id="a long revision"),
        pytest.param({"revision": NEW[:12], "reason": "x"}, {"revision"}, id="a part of one"),
        pytest.param({"revision": NEW.upper(), "reason": "x"}, {"revision"}, id="in capitals"),
        pytest.param({"revision": "rules", "reason": "x"}, {"revision"}, id="a folder"),
        pytest.param({"revision": NEW, "reason": "x" * 4097}, {"reason"}, id="a long reason"),
    ],
)
async def test_what_is_wrong_with_forcing_is_named(
    calls: Any, fields: dict[str, str], wrong: set[str]
) -> None:
    assert set(await calls.refused("ForcePolicy", actor_id=OPS, **fields)) == wrong
