"""Rows of a file become a past: who is who, and what was known when."""

from datetime import UTC, datetime, timedelta

from scoring_service.values.account import Account, MatchedBy
from scoring_service.values.activity import Activity
from scoring_service.values.facts import Asked
from scoring_service.values.lead import Lead
from scoring_service.workflows.diff.accounts import Accounts
from scoring_service.workflows.diff.arriving import Sent, past_of
from scoring_service.workflows.diff.past import Arrived, Left

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def did(hours: float, activity_id: str = "") -> Activity:
    return Activity("demo_request", MONDAY + hours * HOUR, activity_id)


def test_leads_come_in_the_order_of_time_and_else_of_the_file() -> None:
    sent = [
        Sent(2, MONDAY + HOUR, Lead("late")),
        Sent(3, MONDAY, Lead("first")),
        Sent(4, MONDAY, Lead("second")),
    ]
    past, conflicts = past_of(sent)
    came = [moment.lead.lead_id for moment in past.moments if isinstance(moment, Arrived)]
    assert came == ["first", "second", "late"]
    assert not conflicts


def test_a_lead_that_comes_again_keeps_what_was_known_of_it() -> None:
    sent = [
        Sent(2, MONDAY, Lead("a", employees=50, email="ann@x.example")),
        Sent(3, MONDAY + HOUR, Lead(country="DE", email="Ann@x.example")),
    ]
    past, _ = past_of(sent)
    first, again = past.moments
    assert isinstance(first, Arrived)
    assert isinstance(again, Arrived)
    assert (again.lead.lead_id, again.lead.employees, again.lead.country) == ("a", 50, "DE")
    assert first.lead.country is None
    assert again.changed


def test_a_row_with_no_identity_is_a_lead_named_by_its_line() -> None:
    past, _ = past_of([Sent(7, MONDAY, Lead(country="DE")), Sent(8, MONDAY, Lead(country="DE"))])
    assert [moment.lead.lead_id for moment in past.moments if isinstance(moment, Arrived)] == [
        "line 7",
        "line 8",
    ]


def test_a_row_that_names_two_leads_is_left_out_whole() -> None:
    sent = [
        Sent(2, MONDAY, Lead("a", email="ann@x.example")),
        Sent(3, MONDAY, Lead("b")),
        Sent(4, MONDAY, Lead("b", email="ann@x.example"), left_at=MONDAY + HOUR),
    ]
    past, conflicts = past_of(sent)
    assert len(past.moments) == 2
    assert conflicts == ((4, "lead_id names 'b', the e-mail names 'a'; keep one of the two"),)


def test_what_a_lead_did_later_is_evaluated_when_it_happened() -> None:
    sent = [Sent(2, MONDAY, Lead("a"), (did(-5, "x"), did(0.05, "y"), did(3, "z")))]
    past, _ = past_of(sent)
    first, later = past.moments
    assert isinstance(first, Arrived)
    assert isinstance(later, Arrived)
    assert [done.occurred_at for done in first.activities] == [MONDAY - 5 * HOUR, MONDAY]
    assert (later.at, later.asked) == (MONDAY + 3 * HOUR, Asked.EVALUATE)
    assert first.asked is Asked.ROUTE


def test_the_same_activity_counts_once_and_one_without_an_id_always() -> None:
    sent = [
        Sent(2, MONDAY, Lead("a"), (did(-5, "x"), did(-4))),
        Sent(3, MONDAY + HOUR, Lead("a"), (did(-5, "x"), did(-4))),
    ]
    past, _ = past_of(sent)
    counts = [len(moment.activities) for moment in past.moments if isinstance(moment, Arrived)]
    assert counts == [2, 1]


def test_a_lead_leaves_and_is_answered_when_its_row_says() -> None:
    row = Sent(2, MONDAY, Lead("a"), left_at=MONDAY + HOUR, responded_at=MONDAY + HOUR / 2)
    past, _ = past_of([row])
    assert past.moments[1] == Left(MONDAY + HOUR, "a")
    assert past.responses == {"a": MONDAY + HOUR / 2}


def test_accounts_are_matched_by_id_and_domain_with_the_owner_above() -> None:
    known = Accounts(
        [
            Account("group", owner_rep_id="ann"),
            Account("shop", domains=("www.shop.example",), parent_id="group"),
        ]
    )
    sent = [
        Sent(2, MONDAY, Lead("a", email="x@mail.shop.example")),
        Sent(3, MONDAY, Lead("b", account_id="group")),
        Sent(4, MONDAY, Lead("c", company_name="Shop")),
    ]
    past, _ = past_of(sent, known)
    matches = [moment.account for moment in past.moments if isinstance(moment, Arrived)]
    assert [match.matched_by for match in matches] == [
        MatchedBy.DOMAIN,
        MatchedBy.ACCOUNT_ID,
        MatchedBy.NONE,
    ]
    assert [match.owner_rep_id for match in matches] == ["ann", "ann", None]
