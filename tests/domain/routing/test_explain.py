"""Why did this lead go to her, and who was passed over? In sentences."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scoring_service.domain.routing.explain import sentences
from scoring_service.domain.routing.routes import ToAccountOwner, ToPool, ToTrack
from scoring_service.values.account import Account, AccountMatch, MatchedBy, NamedAccount
from scoring_service.values.activity import BehaviourState
from scoring_service.values.condition import ConditionError
from scoring_service.values.facts import Asked, Waiting
from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Counts, Hours, Leave, Pool, Rep

NewOffice = Callable[..., Any]
NewPool = Callable[..., Pool]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
BIG = Lead("l1", email="x@acme.de", source="web", employees=500)
DEMO = (BehaviourState("demo", 60.0, MONDAY, 1, MONDAY, "v1"),)
WEEK = (Leave(date(2026, 3, 1), date(2026, 3, 6), backup="b"),)


def told(office: Any, lead: Lead = BIG, **fields: Any) -> tuple[str, ...]:
    decision = office.decide(lead, **fields)
    said: tuple[str, ...] = sentences(decision, office.facts(lead, **fields))
    return said


def test_a_turn_with_everybody_who_was_passed_over(
    new_office: NewOffice, new_pool: NewPool
) -> None:
    office = new_office(
        new_pool("west", "a5 b c d e f", hours=Hours.WORKING),
        reps=[
            Rep("c", calendar="new-york"),
            Rep("d", leave=WEEK),
            Rep("e", per_day_max=3),
            Rep("f", per_day_max=3),
        ],
        routes=[("by region", lambda _: True, ToPool("west"))],
    )
    full = {"taken_today": 3}
    known = office.pool_facts("west", e=full, f=full)
    assert told(office, behaviour=DEMO, pools=[known]) == (
        "Lead l1 went to a of the pool west by the route 'by region'.",
        "It was a's turn (draw 1); turns owed: a 0.83, b 0.17.",
        "Passed over: c (outside working hours (calendar new-york)).",
        "Passed over: d (on leave until 2026-03-06).",
        "Passed over: e, f (took 3 today; the limit a day is 3).",
        "It has fit 60 (B) and behaviour 60 (level 1); every bar is met.",
        "A response is due by 2026-03-02 14:00 UTC (SLA accept).",
    )


def test_a_place_in_a_queue(new_office: NewOffice, new_pool: NewPool) -> None:
    office = new_office(new_pool("west", "a"), otherwise=ToPool("west"))
    known = office.pool_facts("west", [Waiting("l0", MONDAY - timedelta(hours=1))])
    said = told(office, pools=[known])
    assert said[:2] == (
        "Lead l1 waits in the queue west-queue since 2026-03-02 10:00 UTC by the route 'otherwise':"
        " nobody can take it yet.",
        "Passed over: a (l0 waits for this turn).",
    )
    assert "missed: behaviour 0 below 40" in said[2]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param(
            {"stage": Stage.MQL, "owner": RepOwner("a")},
            "Lead l1 stays with a: its owner keeps it.",
            id="kept",
        ),
        pytest.param(
            {"do_not_contact": True}, "Lead l1 goes to nobody: must not be contacted.", id="nobody"
        ),
        pytest.param(
            {"stage": Stage.MQL, "owner": RepOwner("a"), "asked": Asked.REASSIGN},
            "Lead l1 was reassigned to b of the pool west by the route 'otherwise'.",
            id="reassigned",
        ),
        pytest.param(
            {"pinned_rep": "z"}, "z is the rep the lead is pinned to.", id="pinned-to-a-rep"
        ),
        pytest.param(
            {"stage": Stage.RECYCLED, "previous_owner": "z", "behaviour": DEMO},
            "z owned the lead before.",
            id="previous-owner",
        ),
    ],
)
def test_what_comes_before_the_routes(
    new_office: NewOffice, new_pool: NewPool, fields: Any, says: str
) -> None:
    office = new_office(new_pool("west", "a b"), reps=[Rep("z")], otherwise=ToPool("west"))
    if fields.get("asked") is Asked.REASSIGN:
        fields = {**fields, "excluded": ("a",)}
    assert says in told(office, **fields)


def owned_by(rep_id: str) -> AccountMatch:
    account = Account("acme-de", "Acme", parent_id="acme")
    return AccountMatch(account, MatchedBy.ACCOUNT_ID, rep_id, "acme", ("acme-de",))


@pytest.mark.parametrize(
    ("owner", "says"),
    [
        pytest.param("o", "o owns the account acme.", id="the-owner-himself"),
        pytest.param(
            "away",
            "Passed over: away (owns the account acme, but is on leave until 2026-03-06).",
            id="the-owner-is-away",
        ),
        pytest.param("away", "b stands in for away.", id="his-backup"),
        pytest.param("gone", "a stands in for gone.", id="the-backup-pool"),
        pytest.param(
            "o",
            "It belongs to the account acme-de (by its account id), owned by o through acme.",
            id="which-account",
        ),
    ],
)
def test_an_account_owner(new_office: NewOffice, new_pool: NewPool, owner: str, says: str) -> None:
    office = new_office(
        new_pool("west", "a b"),
        reps=[Rep("o"), Rep("away", leave=WEEK), Rep("gone", active=False)],
        otherwise=ToAccountOwner("west"),
    )
    assert says in told(office, account=owned_by(owner))


ALIKE = NamedAccount("acme", "acme group", 0.8432, ("akme ~ acme",), ("paris",), ("group",))


@pytest.mark.parametrize(
    ("match", "says"),
    [
        pytest.param(
            AccountMatch(candidates=("acme", "rival"), ambiguous=True),
            "It could belong to any of the accounts acme, rival.",
            id="ambiguous",
        ),
        pytest.param(
            AccountMatch(note="account 'typo' is not known"),
            "Of its account: account 'typo' is not known.",
            id="unknown",
        ),
        pytest.param(
            AccountMatch(Account("acme"), MatchedBy.DOMAIN),
            "It belongs to the account acme (by its domain), owned by nobody.",
            id="nobodys",
        ),
        pytest.param(
            AccountMatch(Account("acme"), MatchedBy.NAME, named=(ALIKE,)),
            "It belongs to the account acme (by its name), owned by nobody.",
            id="by-its-name",
        ),
        pytest.param(
            AccountMatch(candidates=("acme", "b"), ambiguous=True, named=(ALIKE,)),
            "The account acme is named 'acme group', 84 % like its company's"
            " (both: akme ~ acme; the lead alone: paris; the account alone: group).",
            id="how-alike-the-names-are",
        ),
    ],
)
def test_its_account(new_office: NewOffice, match: AccountMatch, says: str) -> None:
    assert says in told(new_office(otherwise=ToTrack("news")), account=match)


def test_a_route_that_could_not_be_evaluated(new_office: NewOffice) -> None:
    def broken(symbols: Any) -> bool:
        raise ConditionError("seats is missing")

    office = new_office(routes=[("seats", broken, ToTrack("news"))], otherwise=ToTrack("welcome"))
    said = told(office)
    assert said[0] == "Lead l1 went to the track welcome by the route 'otherwise'."
    assert said[-1] == (
        "The route 'seats' could not be evaluated, so it did not match: seats is missing."
    )


def test_a_turn_that_was_not_drawn_for(new_office: NewOffice, new_pool: NewPool) -> None:
    office = new_office(new_pool("west", "a b", counts=Counts.ALL), otherwise=ToPool("west"))
    said = told(office, stage=Stage.SAL, owner=RepOwner("a"), pinned_rep="b", last_pool="west")
    assert "It counts as b's turn in the pool west (draw 1)." in said


def test_who_is_passed_over_twice_is_named_once(new_office: NewOffice, new_pool: NewPool) -> None:
    """He is a member of the pool and of its fallback."""
    pools = new_pool("west", "a", fallback=("east",)), new_pool("east", "a b")
    away = Rep("a", leave=(Leave(date(2026, 3, 1), date(2026, 3, 6)),))
    said = told(new_office(*pools, reps=[away], otherwise=ToPool("west")))
    assert "Passed over: a (on leave until 2026-03-06)." in said
    assert said[0] == "Lead l1 went to b of the pool east by the route 'otherwise'."


def test_where_no_route_was_asked_none_is_named(new_office: NewOffice) -> None:
    office = new_office(reps=[Rep("own")], otherwise=ToTrack("news"))
    assert told(office, pinned_rep="own", route="before")[0] == "Lead l1 went to own: pinned."


def test_a_lead_without_an_id_is_the_lead(new_office: NewOffice) -> None:
    said = told(new_office(otherwise=ToTrack("news")), Lead(), owner=TrackOwner("welcome"))
    assert said[0].startswith("The lead ")


def test_the_arms_of_a_lead_are_named(new_office: NewOffice, new_pool: NewPool) -> None:
    office = new_office(new_pool("west", "a"), routes=[("all", lambda _: True, ToPool("west"))])
    said = told(office, behaviour=DEMO, arms={"pool": "inside", "bar": "lower"})
    assert [each for each in said if "experiment" in each] == [
        "It is in the arm 'lower' of the experiment 'bar'.",
        "It is in the arm 'inside' of the experiment 'pool'.",
    ]
    assert not any("experiment" in each for each in told(office, behaviour=DEMO))
