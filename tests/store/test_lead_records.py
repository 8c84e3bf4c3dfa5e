"""Whole records of leads, by page, and of those only that changed since an instant."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.values.account import Account, AccountMatch
from scoring_service.values.activity import Activity
from scoring_service.values.record import LeadRecord
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, StageEntry, StoredActivity, StoredDecision
from tests.store.conftest import MONDAY


@pytest.fixture
def engine() -> str:
    """Records are made of rows here, not by an engine; one will do."""
    return "sqlite"


@pytest.fixture
def three(desk: Any, example: Any) -> Any:
    """Leads l1, l2, l3, each an hour later than the one before."""
    for name in ("l1", "l2", "l3"):
        lead = example.lead(name, updated_at=desk.now)
        desk.do(lambda tx, lead=lead: tx.save_lead(lead))
        desk.later(hours=1)
    return desk


def _ids(records: Any) -> list[str]:
    return [record.lead.lead.lead_id for record in records]


def test_pages_follow_one_another_by_id(three: Any) -> None:
    assert _ids(three.reader.lead_records(limit=2)) == ["l1", "l2"]
    assert _ids(three.reader.lead_records("l2", 2)) == ["l3"]
    assert _ids(three.reader.lead_records("l3", 2)) == []


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        pytest.param(9, ["l1", "l2", "l3"], id="all of them"),
        pytest.param(2, ["l2", "l3"], id="at that instant or after it"),
        pytest.param(0, [], id="none"),
    ],
)
def test_only_leads_that_changed_since_then(three: Any, hours: float, found: list[str]) -> None:
    since = three.now - timedelta(hours=hours)
    assert _ids(three.reader.lead_records(since=since)) == found


def entry(visit: int, lead_id: str = "l1") -> StageEntry:
    return StageEntry(lead_id, visit, 1, "", "mql", MONDAY, "", "q", "rep:ann", "{}", "r1")


def facts(account_id: str) -> bytes:
    """A decision's facts, of which the account is read and the rest is not."""
    account = {"account": {"account_id": account_id}}
    return msgspec.json.encode({"lead": {"lead_id": 5}, "account": account})


def decision(name: str, lead_id: str, at: datetime, body: bytes) -> StoredDecision:
    return StoredDecision(name, lead_id, at, "x", "r1", "", 1, body, b"{}")


def test_a_record_has_all_that_was_recorded_of_its_lead_and_nothing_of_others(
    desk: Any, example: Any
) -> None:
    lead, other = example.lead("l1"), example.lead("l2")
    change = FieldChange("country", None, '"DE"')
    late, early = example.activity("a1"), example.activity("a2", hours_ago=5)

    def write(tx: Any) -> None:
        tx.save_lead(lead)
        tx.save_lead(other)
        for one in (entry(2), entry(1), entry(1, "l2")):
            tx.record_stage(one)
        for lead_id in ("l1", "l2"):
            tx.record_changes("lead", lead_id, (change,), "x")
        tx.record_changes("account", "l1", (change,), "x")
        tx.add_activities((late, early))
        tx.record_decision(decision("d2", "l1", MONDAY, facts("zen")))
        tx.record_decision(decision("d1", "l1", MONDAY, facts("acme")))
        tx.record_decision(decision("d3", "l2", MONDAY, b"{}"))

    desk.do(write)
    first, second = desk.reader.lead_records()
    assert first == LeadRecord(
        lead,
        (entry(1), entry(2)),
        ((MONDAY, change),),
        ((MONDAY, early.activity), (MONDAY, late.activity)),
        tuple((MONDAY, AccountMatch(Account(name))) for name in ("acme", "zen")),
    )
    assert second == LeadRecord(
        other, (entry(1, "l2"),), ((MONDAY, change),), (), ((MONDAY, AccountMatch()),)
    )


def test_facts_that_are_no_longer_kept_are_counted_and_say_nothing(desk: Any, example: Any) -> None:
    def write(tx: Any) -> None:
        tx.save_lead(example.lead("l1"))
        tx.save_lead(example.lead("l2"))
        for number in range(4):
            at = MONDAY + timedelta(hours=number)
            tx.record_decision(decision(f"d{number}", "l1", at, facts(f"a{number}")))

    desk.do(write)
    desk.do(lambda tx: tx.drop_facts(tx.decisions_before(MONDAY + timedelta(hours=2), 9)))
    first, second = desk.reader.lead_records()
    assert (first.trimmed, second.trimmed) == (2, 0)
    assert [match.account.account_id for _, match in first.accounts] == ["a2", "a3"]


def test_what_those_did_that_were_merged_into_a_lead_it_did_itself(desk: Any, example: Any) -> None:
    lead = example.lead("l2", merged_from=("l1", "l3"))
    gone = [example.lead(name, merged_into="l2", stage=Stage.DISQUALIFIED) for name in ("l1", "l3")]
    done = [
        example.activity(f"a{hours}", name, hours)
        for hours, name in enumerate(("l3", "l2", "l1", "l2"))
    ]

    def write(tx: Any) -> None:
        for each in (lead, *gone):
            tx.save_lead(each)
        for one in done:
            tx.add_activities((one,))

    desk.do(write)
    by_id = {record.lead.lead.lead_id: record for record in desk.reader.lead_records()}
    assert [one.activity_id for _, one in by_id["l2"].activities] == ["a3", "a2", "a1", "a0"]
    assert [one.activity_id for _, one in by_id["l1"].activities] == ["a2"]
    (alone,) = desk.reader.records_of(["l2"])
    assert alone == by_id["l2"], "also where those are not on the page"


def test_records_of_some_leads_are_by_id_and_of_unknown_ones_there_are_none(three: Any) -> None:
    assert _ids(three.reader.records_of(["l3", "l1", "nobody", "l1"])) == ["l1", "l3"]
    assert three.reader.records_of([]) == ()


def test_an_activity_has_the_instant_at_which_it_was_recorded(desk: Any, example: Any) -> None:
    one = msgspec.structs.replace(
        example.activity("a1", hours_ago=9), recorded_at=MONDAY + timedelta(hours=1)
    )
    desk.do(lambda tx: (tx.save_lead(example.lead("l1")), tx.add_activities((one,))))
    (record,) = desk.reader.lead_records()
    assert record.activities == ((MONDAY + timedelta(hours=1), one.activity),)


def _did(desk: Any, lead_id: str) -> None:
    activity = Activity("visit", desk.now, f"of {lead_id} at {desk.now.isoformat()}")
    stored = StoredActivity(lead_id, activity, "d", desk.now)
    desk.do(lambda tx: tx.add_activities([stored]))


def _merged(lead_id: str, at: datetime) -> StageEntry:
    where = (lead_id, 2, 1, "known", "disqualified", at, "me", "merge")
    return StageEntry(*where, "track:suppressed", "{}", "r1", reason="duplicate")


def test_what_merged_leads_did_is_known_of_the_survivor_from_the_merge_on(
    desk: Any, example: Any
) -> None:
    """c is merged into b and b into a: what b and c did a did not know before the second merge."""
    merged_from = {"a": ("b", "c"), "b": ("c",), "c": ()}
    for name, others in merged_from.items():
        lead = example.lead(name, merged_from=others)
        desk.do(lambda tx, lead=lead: tx.save_lead(lead))
    first = desk.now
    for name in merged_from:
        _did(desk, name)
    for name in ("c", "b"):
        desk.later(hours=1)
        entry = _merged(name, desk.now)
        desk.do(lambda tx, entry=entry: tx.record_stage(entry))
    joined = desk.now
    desk.later(hours=1)
    _did(desk, "a")
    (a, *_) = desk.reader.lead_records()
    assert [(done.occurred_at, known) for known, done in a.activities] == [
        (first, first),
        (first, joined),
        (first, joined),
        (desk.now, desk.now),
    ]
    assert sorted(done.activity_id[:4] for _, done in a.activities) == ["of a"] * 2 + [
        "of b",
        "of c",
    ]


def test_a_merged_lead_without_entries_did_what_it_did_when_it_did_it(
    desk: Any, example: Any
) -> None:
    for name, others in (("a", ("b",)), ("b", ())):
        lead = example.lead(name, merged_from=others)
        desk.do(lambda tx, lead=lead: tx.save_lead(lead))
    _did(desk, "b")
    (a, _) = desk.reader.lead_records()
    assert [known for known, _ in a.activities] == [desk.now]
