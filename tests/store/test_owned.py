"""Who owns what and who is whose, as a unit of work is told of it before a change of hands."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from scoring_service.values.account import Account
from scoring_service.values.lead import Lead
from scoring_service.values.owner import Owner, QueueOwner, RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.team import Rep

ANN, BOB = RepOwner("ann"), RepOwner("bob")
HELD: Sequence[tuple[str, Owner | None, Stage]] = (
    ("l1", ANN, Stage.MQL),
    ("l2", ANN, Stage.SQL),
    ("l3", ANN, Stage.MQL),
    ("l4", BOB, Stage.CUSTOMER),
    ("l5", QueueOwner("ann"), Stage.MQL),
    ("l6", TrackOwner("ann"), Stage.NURTURE),
    ("l7", None, Stage.KNOWN),
)


@pytest.fixture
def engine() -> str:
    """Both engines count alike, as the tests of batches show; one will do."""
    return "sqlite"


@pytest.fixture
def owning(desk: Any, example: Any) -> Any:
    """A store in which Ann and Bob own leads and accounts, and others of their names do not."""

    def write(tx: Any) -> None:
        for lead_id, owner, stage in HELD:
            tx.save_lead(example.lead(lead_id, owner, stage=stage))
        for number, rep in enumerate(["ann", "bob", "ann", None, "ann"]):
            tx.save_account(Account(f"a{number}", owner_rep_id=rep))
        tx.save_reps({"ann": Rep("ann", "Ann"), "bob": Rep("bob", "Bob")}, "r1")

    desk.do(write)
    return desk


def give(example: Any, lead_id: str, owner: Owner, stage: Stage = Stage.MQL) -> Any:
    return lambda tx: tx.save_lead(example.lead(lead_id, owner, stage=stage))


def test_leads_of_a_rep_are_counted_by_stage(owning: Any) -> None:
    counted = [owning.do(lambda tx, rep=rep: tx.leads_of_rep(rep)) for rep in ("ann", "bob", "cat")]
    assert counted == [{Stage.MQL: 2, Stage.SQL: 1}, {Stage.CUSTOMER: 1}, {}]
    assert owning.reader.leads_of_reps() == (
        ("ann", Stage.MQL, 2),
        ("ann", Stage.SQL, 1),
        ("bob", Stage.CUSTOMER, 1),
    )


def test_an_earlier_unit_of_the_batch_has_changed_the_count(owning: Any, example: Any) -> None:
    _, counted, stages = owning.run(
        give(example, "l1", BOB, Stage.SAL),
        lambda tx: (tx.leads_of_rep("ann"), tx.leads_of_rep("bob")),
        lambda tx: tx.reps_with_leads(),
    )
    assert counted == ({Stage.MQL: 1, Stage.SQL: 1}, {Stage.SAL: 1, Stage.CUSTOMER: 1})
    assert stages == {
        "ann": frozenset({Stage.MQL, Stage.SQL}),
        "bob": frozenset({Stage.SAL, Stage.CUSTOMER}),
    }


@pytest.mark.parametrize(
    ("stages", "after", "at_most", "found"),
    [
        pytest.param([Stage.MQL, Stage.SQL], "", 9, ("l1", "l2", "l3"), id="in any of these"),
        pytest.param([Stage.MQL], "", 9, ("l1", "l3"), id="in one of them"),
        pytest.param([Stage.MQL, Stage.SQL], "", 2, ("l1", "l2"), id="no more than asked"),
        pytest.param([Stage.MQL, Stage.SQL], "l2", 2, ("l3",), id="behind one that was seen"),
        pytest.param([Stage.MQL], "l3", 9, (), id="behind the last"),
        pytest.param([Stage.CUSTOMER], "", 9, (), id="in a stage that only another's is in"),
        pytest.param([], "", 9, (), id="in none"),
    ],
)
def test_leads_of_a_rep_are_told_by_id_some_at_a_time(
    owning: Any, stages: list[Stage], after: str, at_most: int, found: tuple[str, ...]
) -> None:
    assert owning.do(lambda tx: tx.leads_of_rep_in("ann", stages, after, at_most)) == found


def test_who_owns_accounts_and_which(owning: Any) -> None:
    def look(tx: Any) -> Any:
        some = [one.account_id for one in tx.accounts_of_owner("ann", 2)]
        return tx.account_owners(), tx.count_accounts_of("ann"), some

    def move(tx: Any) -> None:
        for account in tx.accounts_of_owner("ann", 2):
            tx.save_account(msgspec.structs.replace(account, owner_rep_id="cat"))

    assert owning.run(look, move, look) == [
        (("ann", "bob"), 3, ["a0", "a2"]),
        None,
        (("ann", "bob", "cat"), 1, ["a4"]),
    ]
    assert owning.do(lambda tx: tx.count_accounts_of("nobody")) == 0
    assert owning.do(lambda tx: tx.accounts_of_owner("nobody", 2)) == ()


def test_a_rep_who_left_is_known_as_the_last_policy_had_him(owning: Any) -> None:
    later = Rep("bob", "Robert", manager="ann")
    owning.do(lambda tx: tx.save_reps({"ann": Rep("ann"), "bob": later}, "r2"))
    owning.do(lambda tx: tx.save_reps({"ann": Rep("ann")}, "r3"))
    known = owning.do(lambda tx: [tx.rep_as_known(rep) for rep in ("bob", "ann", "nobody")])
    assert known == [later, Rep("ann"), None]
    assert owning.reader.holdings().reps == {"ann": Rep("ann"), "bob": later}


def test_what_changes_of_a_rep_is_recorded_by_whom(owning: Any) -> None:
    owning.later(hours=1)
    owning.do(lambda tx: tx.save_reps({"ann": Rep("ann", "Anna")}, "r2", "ops"))
    changes = owning.reader.field_changes("rep", "ann")
    assert [(one.field, one.old, one.new, at, who) for one, at, who in changes] == [
        ("name", '"Ann"', '"Anna"', owning.now, "ops")
    ]
    gone = owning.reader.field_changes("rep", "bob")
    assert [(one.field, one.new) for one, _, _ in gone] == [("in_team", "false")]


def person(example: Any, lead_id: str, person_id: str = "p", **fields: Any) -> Any:
    return example.lead(lead_id, person_id=person_id, **fields)


def ids(leads: Sequence[Any]) -> list[str]:
    return [lead.lead.lead_id for lead in leads]


def test_the_leads_of_a_person_are_by_cycle_whoever_wrote_them(desk: Any, example: Any) -> None:
    third, first = person(example, "l1", cycle=3), person(example, "l3", cycle=1)
    second, other = person(example, "l2", cycle=2), person(example, "l4", "another")
    desk.do(lambda tx: (tx.save_lead(third), tx.save_lead(other)))

    def own(tx: Any) -> Any:
        tx.save_lead(first)
        return ids(tx.leads_of_person("p"))

    def look(tx: Any) -> Any:
        return ids(tx.leads_of_person("p"))

    seen = desk.run(look, lambda tx: tx.save_lead(second), own, look)
    assert seen == [["l1"], None, ["l3", "l2", "l1"], ["l3", "l2", "l1"]]
    assert ids(desk.reader.leads_of_person("p")) == ["l3", "l2", "l1"]
    assert desk.do(lambda tx: tx.leads_of_person("nobody")) == ()


def test_a_lead_that_went_to_another_person_is_his(desk: Any, example: Any) -> None:
    desk.do(lambda tx: (tx.save_lead(person(example, "l1")), tx.save_lead(person(example, "l2"))))

    def move(tx: Any) -> Any:
        tx.save_lead(person(example, "l2", "q"))
        return ids(tx.leads_of_person("p")), ids(tx.leads_of_person("q"))

    def look(tx: Any) -> Any:
        return ids(tx.leads_of_person("p")), ids(tx.leads_of_person("q"))

    assert desk.run(move, look) == [(["l1"], ["l2"]), (["l1"], ["l2"])]


def named(example: Any, lead_id: str, company: str | None, name: str | None) -> Any:
    lead = Lead(lead_id, company_name=company, full_name=name)
    return msgspec.structs.replace(example.lead(lead_id), lead=lead)


@pytest.mark.parametrize(
    ("company", "name", "at_most", "found"),
    [
        pytest.param("Acme", "Ann Weber", 9, ["l1", "l2"], id="in any letters and blanks"),
        pytest.param("ACME", "ann  weber", 1, ["l1"], id="no more than asked"),
        pytest.param("Acme", "Ann", 9, [], id="a part of the name is another name"),
        pytest.param("Other", "Ann Weber", 9, ["l3"], id="of another company"),
        pytest.param(None, "Ann Weber", 9, [], id="without a company nobody"),
        pytest.param("Acme", None, 9, [], id="without a name nobody"),
        pytest.param("", "", 9, [], id="nor with empty ones"),
    ],
)
def test_leads_of_one_name_at_one_company(
    desk: Any, example: Any, company: str | None, name: str | None, at_most: int, found: list[str]
) -> None:
    stored = [
        named(example, "l2", " acme ", "ANN WEBER"),
        named(example, "l1", "Acme", "Ann Weber"),
        named(example, "l3", "Other", "Ann Weber"),
        named(example, "l4", "Acme", None),
    ]
    asked = Lead(company_name=company, full_name=name)

    def write(tx: Any) -> None:
        for lead in stored:
            tx.save_lead(lead)

    _, seen = desk.run(write, lambda tx: ids(tx.leads_of_name(asked, at_most)))
    assert seen == found
