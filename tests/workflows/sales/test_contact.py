"""Contacts: recorded as they happened; they meet, restart and stop clocks, and move nothing."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.values.clock import ClockName
from scoring_service.values.errors import InvalidArgument
from scoring_service.values.happening import ClockChanged, Contact
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import AcceptLead, LogContact, QualifyLead

C = ClockName


def clock_of(lead: Any, name: ClockName) -> Any:
    """The lead's clock of that name."""
    return next(clock for clock in lead.clocks if clock.name is name)


async def test_a_contact_is_recorded_as_it_was_and_the_world_is_told_less(
    sales: Any, clock: Any
) -> None:
    lead = await sales.at(Stage.SAL)
    happened = clock.now - timedelta(minutes=30)
    view = await sales.act(LogContact, occurred_at=happened, outcome="voicemail of Mrs Roe")
    [contact] = await sales.happenings(Contact)
    assert contact == Contact("phone", "outbound", happened, outcome="voicemail of Mrs Roe")
    [told] = await sales.events("lead.contacted")
    assert (told["channel"], told["stage"]) == ("phone", "sal")
    assert "Roe" not in str(told)
    assert (view.stage, view.visit) == (lead.stage, lead.visit)


async def test_the_first_contact_meets_its_clock_once(sales: Any, clock: Any) -> None:
    await sales.at(Stage.SAL)
    clock.advance(minutes=30)
    await sales.act(LogContact)
    clock.advance(minutes=10)
    view = await sales.act(LogContact)
    first = clock_of(view, C.FIRST_CONTACT)
    assert first.met_at == clock.now - timedelta(minutes=10)
    assert first.breached_at is None
    changed = await sales.happenings(ClockChanged)
    met = [one.clock for one in changed if one.how == "met" and one.clock.name is C.FIRST_CONTACT]
    assert met == [first]


@pytest.mark.parametrize(
    ("minutes", "breached"),
    [
        pytest.param(60, False, id="at the deadline it is met"),
        pytest.param(61, True, id="a minute later it is a breach"),
    ],
)
async def test_a_late_first_contact_stays_a_breach(
    sales: Any, clock: Any, minutes: int, breached: bool
) -> None:
    sal = await sales.at(Stage.SAL)
    due = clock_of(sal, C.FIRST_CONTACT).due_at
    clock.advance(minutes=minutes)
    view = await sales.act(LogContact)
    first = clock_of(view, C.FIRST_CONTACT)
    assert (first.met_at, first.breached_at) == (clock.now, due if breached else None)


async def test_an_act_dated_before_its_clock_counts_as_done_at_once(sales: Any, clock: Any) -> None:
    sal = await sales.at(Stage.SAL)
    clock.advance(minutes=20)
    view = await sales.act(LogContact, occurred_at=sal.entered_at - timedelta(days=3))
    assert clock_of(view, C.FIRST_CONTACT).met_at == sal.entered_at
    assert clock_of(view, C.NO_CONTACT) == clock_of(sal, C.NO_CONTACT)


async def test_silence_counts_from_the_latest_contact_by_when_it_happened(
    sales: Any, clock: Any
) -> None:
    sal = await sales.at(Stage.SAL)
    clock.advance(days=3)
    latest = clock.now - timedelta(days=1)
    await sales.act(LogContact, occurred_at=latest)
    view = await sales.act(LogContact, occurred_at=latest - timedelta(days=1))
    silence = clock_of(view, C.NO_CONTACT)
    assert silence.since == latest
    assert silence.due_at - clock_of(sal, C.NO_CONTACT).due_at == latest - sal.entered_at
    assert (await sales.lead()).last_contact_at == latest


async def test_an_opportunity_falls_silent_anew(sales: Any, clock: Any) -> None:
    await sales.at(Stage.OPPORTUNITY)
    clock.advance(days=12)
    view = await sales.act(LogContact)
    silence = clock_of(view, C.SILENT)
    assert (silence.since, silence.due_at) == (clock.now, clock.now + timedelta(days=20))


@pytest.mark.parametrize(
    ("stage", "stopped", "running"),
    [
        pytest.param(Stage.SAL, (C.NO_CONTACT,), (), id="in sal"),
        pytest.param(Stage.SQL, (C.OPEN_OPPORTUNITY, C.STALLED), (), id="in sql"),
        pytest.param(Stage.MQL, (), (C.ACCEPT, C.ESCALATE, C.NOT_WORKED), id="nothing in mql"),
        pytest.param(Stage.OPPORTUNITY, (), (C.SILENT,), id="nothing in opportunity"),
    ],
)
async def test_the_next_contact_stops_the_clocks_of_sal_and_sql(
    sales: Any,
    clock: Any,
    stage: Stage,
    stopped: tuple[ClockName, ...],
    running: tuple[ClockName, ...],
) -> None:
    await sales.at(stage)
    until = clock.now + timedelta(days=60)
    view = await sales.act(LogContact, next_contact_at=until)
    assert {one.name for one in view.clocks if one.resumes_at == until} == set(stopped)
    assert all(clock_of(view, name).due_at is not None for name in running)
    assert await sales.findings() == []


async def test_the_pause_of_a_sal_goes_on_when_it_becomes_an_sql(sales: Any, clock: Any) -> None:
    await sales.at(Stage.SAL)
    until = clock.now + timedelta(days=30)
    await sales.act(LogContact, next_contact_at=until)
    view = await sales.act(QualifyLead)
    assert view.stage is Stage.SQL
    assert {one.resumes_at for one in view.clocks if one.name in (C.STALLED,)} == {until}


async def test_a_contact_logged_late_does_not_stop_what_a_later_one_let_run(
    sales: Any, clock: Any
) -> None:
    await sales.at(Stage.SAL)
    clock.advance(days=2)
    await sales.act(LogContact)
    before = await sales.lead()
    late, until = clock.now - timedelta(days=1), clock.now + timedelta(days=9)
    view = await sales.act(LogContact, occurred_at=late, next_contact_at=until)
    assert view.clocks == before.clocks


async def test_what_a_machine_sent_does_nothing_to_the_clocks(sales: Any, clock: Any) -> None:
    sal = await sales.at(Stage.SAL)
    clock.advance(minutes=5)
    until = clock.now + timedelta(days=3)
    view = await sales.act(LogContact, automatic=True, next_contact_at=until)
    assert view.clocks == sal.clocks
    assert (await sales.lead()).last_contact_at is None
    [contact] = await sales.happenings(Contact)
    assert contact.automatic


async def test_marketing_may_log_contacts_and_sales_begins_anew(sales: Any) -> None:
    await sales.at(Stage.NURTURE)
    await sales.act(LogContact, "marketing")
    assert (await sales.lead()).first_contact_at is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"channel": " "}, "channel", id="by nothing"),
        pytest.param({"direction": "sideways"}, "direction", id="in no direction"),
        pytest.param({"ahead": {"minutes": 6}}, "occurred_at", id="not happened yet"),
        pytest.param({"next": {"days": 60, "seconds": 1}}, "next_contact_at", id="too far ahead"),
        pytest.param({"next": {"days": 0}}, "next_contact_at", id="the next one before this"),
    ],
)
async def test_a_contact_that_cannot_be_is_refused(
    sales: Any, clock: Any, fields: dict[str, Any], field: str
) -> None:
    await sales.at(Stage.SAL)
    if ahead := fields.pop("ahead", None):
        fields["occurred_at"] = clock.now + timedelta(**ahead)
    if later := fields.pop("next", None):
        fields["next_contact_at"] = clock.now + timedelta(**later)
    with pytest.raises(InvalidArgument) as refused:
        await sales.act(LogContact, **fields)
    assert [where for where, _ in refused.value.violations] == [field]
    assert await sales.happenings(Contact) == []


async def test_a_clock_that_runs_ahead_is_set_back_to_ours(sales: Any, clock: Any) -> None:
    await sales.mql()
    await sales.act(AcceptLead)
    await sales.act(LogContact, occurred_at=clock.now + timedelta(minutes=5))
    [contact] = await sales.happenings(Contact)
    assert contact.occurred_at == clock.now


@pytest.mark.parametrize(
    ("minutes", "first", "last"),
    [
        pytest.param((10,), 10, 10, id="the first is the last"),
        pytest.param((10, 20, 30), 10, 30, id="later ones leave the first as it was"),
        pytest.param((30, 10), 10, 30, id="one that is logged late was the first all the same"),
        pytest.param((20, 10, 30, 15), 10, 30, id="in whichever order they are logged"),
    ],
)
async def test_contacts_count_by_when_they_happened(
    sales: Any, clock: Any, minutes: tuple[int, ...], first: int, last: int
) -> None:
    began = (await sales.at(Stage.SAL)).entered_at
    clock.advance(minutes=40)
    for at in minutes:
        await sales.act(LogContact, occurred_at=began + timedelta(minutes=at))
    lead = await sales.lead()
    assert lead.first_contact_at == began + timedelta(minutes=first)
    assert lead.last_contact_at == began + timedelta(minutes=last)
    assert clock_of(lead, C.FIRST_CONTACT).met_at is not None


async def test_of_two_at_one_instant_what_is_logged_last_holds(sales: Any, clock: Any) -> None:
    await sales.at(Stage.SAL)
    clock.advance(minutes=5)
    happened, agreed = clock.now, clock.now + timedelta(days=2)
    await sales.act(LogContact, occurred_at=happened)
    clock.advance(minutes=5)
    view = await sales.act(LogContact, occurred_at=happened, next_contact_at=agreed)
    assert clock_of(view, C.NO_CONTACT).resumes_at == agreed


@pytest.mark.parametrize(
    ("ahead", "refused"),
    [
        pytest.param(timedelta(days=60), False, id="sixty days ahead is agreed on"),
        pytest.param(timedelta(days=60, minutes=1), True, id="a minute more is not"),
        pytest.param(timedelta(0), True, id="at once is no next time"),
        pytest.param(timedelta(microseconds=1), False, id="anything later is"),
    ],
)
async def test_how_far_ahead_the_next_contact_is_agreed_on(
    sales: Any, clock: Any, ahead: timedelta, refused: bool
) -> None:
    await sales.at(Stage.SAL)
    asked = sales.request(LogContact, next_contact_at=clock.now + ahead)
    if refused:
        with pytest.raises(InvalidArgument) as wrong:
            await sales.ask(asked)
        assert [field for field, _ in wrong.value.violations] == ["next_contact_at"]
    else:
        assert clock_of(await sales.ask(asked), C.NO_CONTACT).resumes_at == clock.now + ahead


async def test_of_a_contact_that_happened_the_next_may_have_been_due_meanwhile(
    sales: Any, clock: Any
) -> None:
    """Logged a day late, it was agreed on for this morning: the clocks go on from then."""
    await sales.at(Stage.SAL)
    clock.advance(days=1)
    happened, agreed = clock.now - timedelta(hours=20), clock.now - timedelta(hours=2)
    view = await sales.act(LogContact, occurred_at=happened, next_contact_at=agreed)
    assert clock_of(view, C.NO_CONTACT).resumes_at is None
    with pytest.raises(InvalidArgument, match="is not after the contact"):
        await sales.act(LogContact, occurred_at=agreed, next_contact_at=happened)
