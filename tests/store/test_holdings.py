"""Who owns what in a store, and which types of activities came in, counted."""

from datetime import timedelta
from typing import Any

from scoring_service.store import holdings
from scoring_service.values.account import Account
from scoring_service.values.activity import Activity
from scoring_service.values.holdings import Held, Holdings
from scoring_service.values.owner import QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import StoredActivity
from scoring_service.values.team import Rep
from tests.store.conftest import MONDAY


def test_an_empty_store_holds_nothing(desk: Any) -> None:
    assert desk.reader.holdings() == Holdings()
    assert desk.reader.activity_types(MONDAY) == {}


def test_leads_are_counted_by_owner_and_stage_and_accounts_by_owner(
    desk: Any, example: Any
) -> None:
    ann, west, news = RepOwner("ann"), QueueOwner("west"), TrackOwner("news")
    leads = [
        ("l1", ann, Stage.MQL), ("l2", ann, Stage.MQL), ("l3", ann, Stage.CUSTOMER),
        ("l4", west, Stage.MQL), ("l5", west, Stage.MQL), ("l6", news, Stage.NURTURE),
    ]  # fmt: skip

    def write(tx: Any) -> None:
        for lead_id, owner, stage in leads:
            tx.save_lead(example.lead(lead_id, owner, stage=stage))
        tx.enqueue(example.place("l4"))
        tx.save_account(Account("a1", owner_rep_id="ann"))
        tx.save_account(Account("a2", owner_rep_id="ann"))
        tx.save_account(Account("a3"))
        tx.save_reps({"ann": Rep("ann", manager="mia")}, "r1")

    desk.do(write)
    found = desk.reader.holdings()
    assert set(found.held) == {
        Held(ann, Stage.MQL, 2),
        Held(ann, Stage.CUSTOMER, 1),
        Held(west, Stage.MQL, 2, waiting=1),
        Held(news, Stage.NURTURE, 1),
    }
    assert found.accounts == {"ann": 2}
    assert found.reps == {"ann": Rep("ann", manager="mia")}


def test_types_are_counted_since_an_instant_over_many_sets(desk: Any, example: Any) -> None:
    count = holdings.PAGE + 7

    def acted(kind: str, number: int) -> StoredActivity:
        activity = Activity(kind, MONDAY, f"{kind}-{number}")
        return StoredActivity("l1", activity, "d", desk.now)

    desk.do(lambda tx: tx.save_lead(example.lead("l1")))
    desk.do(lambda tx: tx.add_activities([acted("old", 0), acted("old", 1)]))
    desk.later(days=1)
    later = desk.now
    desk.run(*[lambda tx, n=n: tx.add_activities([acted("new", n)]) for n in range(count)])
    assert desk.reader.activity_types(later) == {"new": count}
    assert desk.reader.activity_types(later - timedelta(days=1)) == {"new": count, "old": 2}
    assert desk.reader.activity_types(later + timedelta(seconds=1)) == {}
