"""Answers, opportunities, wins and losses."""

from datetime import date, timedelta
from typing import Any

import pytest

from scoring_service.values.account import Account
from scoring_service.values.clock import ClockName
from scoring_service.values.errors import FailedPrecondition, InvalidArgument
from scoring_service.values.happening import ClockChanged, Lost, Opportunity, Qualified, Win
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner
from scoring_service.values.stage import Stage
from scoring_service.workflows.lifecycle_requests import (
    AcceptLead,
    CloseLost,
    CloseWon,
    OpenOpportunity,
    QualifyLead,
    RecycleLead,
)

TERMS: dict[str, Any] = {"product": "suite", "value": 12_000.0, "currency": "USD"}


async def test_a_sal_becomes_an_sql_once_everything_is_answered(
    sales: Any, answers: dict[str, str]
) -> None:
    sal = await sales.at(Stage.SAL)
    *some, last = answers
    for name in some:
        view = await sales.act(QualifyLead, criteria={name: answers[name]})
        assert (view.stage, view.visit) == (Stage.SAL, sal.visit)
    view = await sales.act(QualifyLead, criteria={last: answers[last]})
    assert (view.stage, view.qualification) == (Stage.SQL, answers)
    recorded = [one.answers for one in await sales.happenings(Qualified)]
    assert recorded == [{name: text} for name, text in answers.items()]


async def test_a_later_answer_replaces_an_earlier_one_and_moves_nothing(sales: Any) -> None:
    sql = await sales.at(Stage.SQL)
    view = await sales.act(QualifyLead, criteria={"budget": "none left"})
    assert (view.visit, view.qualification["budget"]) == (sql.visit, "none left")
    assert view.qualification["need"] == "routing"
    assert view.clocks == sql.clocks


async def test_answers_may_come_before_the_acceptance(sales: Any) -> None:
    await sales.mql()
    view = await sales.act(QualifyLead)
    assert (view.stage, len(view.qualification)) == (Stage.MQL, 4)


async def test_the_world_is_told_what_was_asked_not_what_was_said(sales: Any) -> None:
    await sales.at(Stage.SAL)
    await sales.act(QualifyLead, criteria={"authority": "Jane Roe"})
    [told] = await sales.events("lead.qualified")
    assert (told["asked"], told["stage"]) == (["authority"], "sal")
    assert "Roe" not in str(told)


@pytest.mark.parametrize(
    ("criteria", "field"),
    [
        pytest.param({}, "criteria", id="nothing is answered"),
        pytest.param({"shoe size": "44"}, "criteria[shoe size]", id="nobody asked"),
        pytest.param({"need": " "}, "criteria[need]", id="a blank erases nothing"),
    ],
)
async def test_an_answer_is_to_a_question(sales: Any, criteria: Any, field: str) -> None:
    await sales.at(Stage.SAL)
    with pytest.raises(InvalidArgument) as refused:
        await sales.act(QualifyLead, criteria=criteria)
    assert [where for where, _ in refused.value.violations] == [field]


async def test_what_an_sql_requires_holds_a_sal_back_without_losing_answers(
    sales_of: Any,
) -> None:
    attributes = {
        "plan": {"type": "text", "required_by": "sql"}, "phone": {"required_by": "opportunity"},
    }  # fmt: skip
    sales = sales_of(attributes=attributes)
    await sales.at(Stage.SAL)
    view = await sales.act(QualifyLead)
    assert (view.stage, len(view.qualification)) == (Stage.SAL, 4)
    await sales.mql(attributes={"plan": "pro"})
    view = await sales.act(QualifyLead, criteria={"need": "more"})
    assert view.stage is Stage.SQL
    with pytest.raises(FailedPrecondition, match="opportunity requires phone of lead 'l1'"):
        await sales.act(OpenOpportunity)


async def test_an_opportunity_is_what_was_sent(sales: Any, clock: Any) -> None:
    await sales.at(Stage.SQL)
    close = date(2026, 4, 30)
    view = await sales.act(OpenOpportunity, expected_close=close, **TERMS)
    wanted = Opportunity(clock.now, "suite", 12_000.0, "USD", close)
    assert view.opportunity == wanted
    assert await sales.happenings(Opportunity) == [wanted]
    assert {one.name for one in view.clocks} == {ClockName.OVERDUE, ClockName.SILENT}
    changed = await sales.happenings(ClockChanged)
    how = {one.clock.name: one.how for one in changed}
    assert (how[ClockName.OPEN_OPPORTUNITY], how[ClockName.STALLED]) == ("met", "cancelled")
    [told] = await sales.events("lead.opportunity_opened")
    assert (told["value"], told["expected_close"]) == (12_000.0, "2026-04-30")


@pytest.mark.parametrize(
    ("sent", "currency"),
    [
        pytest.param({"value": 5.0}, "EUR", id="a value is in the currency of the rules"),
        pytest.param({}, "", id="without a value there is none"),
    ],
)
async def test_a_value_has_a_currency(sales: Any, sent: Any, currency: str) -> None:
    await sales.at(Stage.SQL)
    view = await sales.act(OpenOpportunity, **sent)
    assert view.opportunity.currency == currency


async def test_a_win_is_as_the_opportunity_said_and_as_was_sent(sales: Any, clock: Any) -> None:
    await sales.at(Stage.SQL)
    await sales.act(OpenOpportunity, **TERMS)
    clock.advance(days=9)
    closed = clock.now - timedelta(days=1)
    view = await sales.act(CloseWon, value=11_500.0, closed_at=closed)
    assert view.win == Win(closed, "suite", 11_500.0, "USD")
    assert await sales.happenings(Win) == [view.win]
    assert (view.stage, view.owner, view.clocks) == (Stage.CUSTOMER, RepOwner("ann"), ())
    assert view.score.win_probability is None
    [told] = await sales.events("lead.won")
    assert (told["owner"], told["value"]) == ({"kind": "rep", "id": "ann"}, 11_500.0)
    assert await sales.findings() == []


async def test_a_customer_is_the_account_owners(sales: Any) -> None:
    await sales.at(Stage.OPPORTUNITY)
    lead = await sales.lead()
    owned = Account(
        account_id="acme", name="Acme", domains=("acme-l1.example",), owner_rep_id="cat"
    )
    await sales.desk.upsert(owned)
    view = await sales.act(CloseWon)
    assert (view.owner, view.assignment_id) == (RepOwner("cat"), "")
    ended = await sales.desk.store.read(lambda reader: reader.assignment(lead.assignment_id))
    assert ended.ended_how == "won"
    assert await sales.findings() == []


async def test_a_win_is_not_dated_ahead(sales: Any, clock: Any) -> None:
    await sales.at(Stage.OPPORTUNITY)
    with pytest.raises(InvalidArgument, match="closed_at: is more than 5 minutes ahead"):
        await sales.act(CloseWon, closed_at=clock.now + timedelta(minutes=6))
    near = clock.now + timedelta(minutes=5)
    assert (await sales.act(CloseWon, closed_at=near)).win.closed_at == clock.now


async def test_a_lost_lead_waits_for_its_disposition(sales: Any, clock: Any) -> None:
    await sales.at(Stage.OPPORTUNITY)
    view = await sales.act(CloseLost, reason="budget", note="frozen", criterion="employees")
    assert (view.stage, view.owner, view.reason) == (
        Stage.CLOSED_LOST, RepOwner("ann"), "budget",
    )  # fmt: skip
    [disposition] = view.clocks
    assert disposition.due_at == clock.now + timedelta(days=5)
    assert await sales.happenings(Lost) == [Lost("budget", "frozen", "employees")]
    [told] = await sales.events("lead.lost")
    assert (told["reason"], told["criterion"]) == ("budget", "employees")


async def test_a_lost_lead_is_given_back_sooner_by_sales(sales: Any) -> None:
    await sales.at(Stage.CLOSED_LOST)
    view = await sales.act(RecycleLead, reason="chose_competitor")
    assert (view.stage, view.owner.id) == (Stage.RECYCLED, "competitive_recapture")
    assert view.opportunity is None
    assert await sales.findings() == []


async def test_who_must_not_be_contacted_enters_no_track(sales: Any) -> None:
    await sales.at(Stage.OPPORTUNITY)
    view = await sales.act(CloseLost, reason="do_not_contact")
    assert (view.stage, view.do_not_contact) == (Stage.CLOSED_LOST, True)
    view = await sales.act(RecycleLead)
    assert (view.stage, view.reason) == (Stage.DISQUALIFIED, "do_not_contact")
    assert await sales.events("lead.enrolled") == []


@pytest.mark.parametrize(
    ("opened", "sent", "win"),
    [
        pytest.param(TERMS, {}, ("suite", 12_000.0, "USD"), id="nothing sent: as it was hoped for"),
        pytest.param(
            TERMS, {"value": 0.0}, ("suite", 0.0, "USD"), id="a gift is worth nothing, not the hope"
        ),
        pytest.param(
            TERMS,
            {"product": "seat", "value": 9.0, "currency": "GBP"},
            ("seat", 9.0, "GBP"),
            id="all of it sent: as it is",
        ),
        pytest.param({}, {}, ("", None, ""), id="of an opportunity that says nothing nothing"),
        pytest.param({}, {"value": 9.0}, ("", 9.0, "EUR"), id="a value has a currency at last"),
        pytest.param(
            {"value": 5.0}, {"currency": "USD"}, ("", 5.0, "USD"), id="or another one in the end"
        ),
    ],
)
async def test_a_win_is_what_was_sent_else_what_was_hoped_for(
    sales: Any, clock: Any, opened: Any, sent: Any, win: tuple[Any, ...]
) -> None:
    await sales.at(Stage.SQL)
    await sales.act(OpenOpportunity, **opened)
    view = await sales.act(CloseWon, **sent)
    assert view.win == Win(clock.now, *win)


@pytest.mark.parametrize(
    ("owner", "customers"),
    [
        pytest.param("bob", "bob", id="the account's owner"),
        pytest.param(None, "ann", id="else who won it, where nobody owns the account"),
        pytest.param("zoe", "ann", id="or where its owner has left"),
    ],
)
async def test_whose_a_customer_is(sales_of: Any, owner: str | None, customers: str) -> None:
    reps: dict[str, Any] = {name: {} for name in ("ann", "bob")} | {"zoe": {"active": False}}
    pools = {name: {"members": [{"rep": "ann"}]} for name in ("west", "limited")}
    sales = sales_of(team={"reps": reps, "pools": pools, "operators": ["sales-ops"]})
    await sales.at(Stage.OPPORTUNITY)
    await sales.desk.upsert(Account("acme", domains=("acme-l1.example",), owner_rep_id=owner))
    view = await sales.act(CloseWon)
    assert (view.stage, view.owner) == (Stage.CUSTOMER, RepOwner(customers))
    assert bool(view.assignment_id) is (customers == "ann"), "who keeps it keeps his assignment"


@pytest.mark.parametrize(
    ("by", "stage", "act"),
    [
        pytest.param("sal", Stage.MQL, AcceptLead, id="to be accepted"),
        pytest.param("opportunity", Stage.SQL, OpenOpportunity, id="to be an opportunity"),
        pytest.param("customer", Stage.OPPORTUNITY, CloseWon, id="to be won"),
    ],
)
async def test_a_stage_asks_for_its_fields_before_anything_is_done(
    sales_of: Any, by: str, stage: Stage, act: Any
) -> None:
    attributes = {"plan": {"type": "text"}, "phone": {"required_by": by}}
    sales = sales_of(attributes=attributes)
    lead = await sales.at(stage)
    before = await sales.desk.dump()
    with pytest.raises(FailedPrecondition, match="requires phone of lead 'l1'") as refused:
        await sales.act(act)
    assert refused.value.reason == "FIELDS_MISSING"
    assert await sales.desk.dump() == before
    await sales.desk.route(Lead("l1", phone="+49 30 1"))
    assert (await sales.act(act)).visit == lead.visit + 1
