"""Leads and what they did, as units write and read them."""

from typing import Any

import msgspec
import pytest

from scoring_service.values.lead import Lead
from scoring_service.values.owner import RepOwner, TrackOwner
from scoring_service.values.stage import Stage
from scoring_service.values.stored import FieldChange, Keys


def test_a_lead_is_there_for_its_own_unit_the_next_one_and_the_next_batch(
    desk: Any, example: Any
) -> None:
    lead = example.lead(email="ann@firm.example")

    def write(tx: Any) -> Any:
        assert tx.lead("l1") is None
        tx.save_lead(lead)
        return tx.lead("l1")

    own, next_unit = desk.run(write, lambda tx: tx.lead("l1"))
    next_batch = desk.do(lambda tx: tx.lead("l1"))
    assert own == next_unit == next_batch == desk.reader.lead("l1") == lead


def test_a_lead_saved_twice_is_as_it_was_saved_last(desk: Any, example: Any) -> None:
    first, last = example.lead(), example.lead(stage=Stage.SAL, visit=2)

    def twice(tx: Any) -> None:
        tx.save_lead(first)
        tx.save_lead(last)

    desk.do(twice)
    assert desk.reader.lead("l1") == last
    desk.do(lambda tx: tx.save_lead(first))
    assert desk.reader.lead("l1") == first


def test_an_unknown_lead_is_none_however_often_one_asks(desk: Any) -> None:
    asked = desk.run(lambda tx: (tx.lead("nobody"), tx.lead("nobody")), keys=[Keys(lead_id="l9")])
    assert asked == [(None, None)]
    assert desk.reader.lead("nobody") is None
    assert desk.do(lambda tx: tx.lead("")) is None


def test_a_lead_without_an_id_cannot_be_stored(desk: Any, example: Any) -> None:
    desk.session.begin()
    tx = desk.session.batch(desk.now, desk.new_id).transaction()
    with pytest.raises(AssertionError, match="needs an id"):
        tx.save_lead(example.lead(""))
    desk.session.rollback()


def test_an_address_finds_its_lead_in_any_case(desk: Any, example: Any) -> None:
    lead = example.lead(email="Ann@Firm.example")

    def write(tx: Any) -> Any:
        tx.save_lead(lead)
        return tx.lead_by_email("ann@firm.example")

    assert desk.run(write, lambda tx: tx.lead_by_email("ann@firm.example")) == [lead, lead]
    assert desk.do(lambda tx: tx.lead_by_email("ann@firm.example")) == lead
    assert desk.reader.lead_by_email("ann@firm.example") == lead
    assert desk.reader.lead_by_email("bob@firm.example") is None


def test_a_changed_address_is_added_and_the_old_one_stays_the_persons(
    desk: Any, example: Any
) -> None:
    desk.do(lambda tx: tx.save_lead(example.lead(email="old@firm.example")))
    desk.do(lambda tx: tx.save_lead(example.lead(email="new@firm.example")))
    found = desk.do(lambda tx: [tx.lead_by_email(f"{e}@firm.example") for e in ("old", "new")])
    assert found == [desk.reader.lead("l1")] * 2


def test_an_address_stays_with_the_first_person_who_had_it(desk: Any, example: Any) -> None:
    first, second = example.lead("l1", email="a@b.example"), example.lead("l2", email="a@b.example")

    def write(tx: Any) -> Any:
        tx.save_lead(first)
        tx.save_lead(second)
        return tx.lead_by_email("a@b.example")

    assert desk.do(write) == first
    assert desk.do(lambda tx: tx.lead_by_email("a@b.example")) == first


@pytest.mark.parametrize("one_batch", [True, False], ids=["in one batch", "in two batches"])
def test_an_address_finds_the_latest_cycle_of_its_person(
    desk: Any, example: Any, one_batch: bool
) -> None:
    first = example.lead("l1", email="a@b.example", person_id="p", stage=Stage.CUSTOMER)
    later = example.lead("l2", email="a@b.example", person_id="p", cycle=2)
    silent = example.lead("l3", person_id="p", cycle=3)
    units: list[Any] = [
        lambda tx, lead=lead: tx.save_lead(lead) for lead in (first, later, silent, first)
    ]
    asked = [lambda tx: tx.lead_by_email("a@b.example")]
    if one_batch:
        found = desk.run(asked[0], *units, *asked)[-1]
    else:
        for unit in units:
            desk.do(unit)
        found = desk.do(asked[0])
    assert found == silent == desk.reader.lead_by_email("a@b.example")


@pytest.mark.parametrize("fails", [False, True], ids=["a merge", "one that failed"])
def test_an_address_follows_its_person_into_another_for_the_next_unit_too(
    desk: Any, example: Any, fails: bool
) -> None:
    kept = example.lead("l1", email="a@firm.example", person_id="p1")
    gone = example.lead("l2", email="b@firm.example", person_id="p2")
    desk.do(lambda tx: (tx.save_lead(kept), tx.save_lead(gone)))

    def look(tx: Any) -> Any:
        return tx.lead_by_email("b@firm.example")

    def merge(tx: Any) -> None:
        tx.join_persons("p1", "p2")
        tx.save_lead(msgspec.structs.replace(gone, person_id="p1", merged_into="l1"))
        look(tx)  # what the unit itself saw is no knowledge for others
        if fails:
            raise ValueError

    stands = gone if fails else kept
    assert desk.run(merge, look, keys=[Keys(email="b@firm.example")])[-1] == stands
    assert desk.do(look) == look(desk.reader) == stands


def test_an_address_that_is_given_later_names_the_latest_lead_of_its_person(
    desk: Any, example: Any
) -> None:
    first = example.lead("l1", person_id="p", stage=Stage.CUSTOMER)
    later = example.lead("l2", person_id="p", cycle=2)
    desk.do(lambda tx: (tx.save_lead(first), tx.save_lead(later)))
    known = msgspec.structs.replace(first, lead=Lead("l1", "a@b.example"))

    def look(tx: Any) -> Any:
        return tx.lead_by_email("a@b.example")

    assert desk.run(look, lambda tx: tx.save_lead(known), look)[-1] == later
    assert desk.do(look) == look(desk.reader) == later


@pytest.mark.parametrize(
    ("stage", "owner", "counts"),
    [
        pytest.param(Stage.MQL, RepOwner("ann"), 1, id="an mql is work"),
        pytest.param(Stage.SAL, RepOwner("ann"), 1, id="a sal is work"),
        pytest.param(Stage.SQL, RepOwner("ann"), 1, id="an sql is work"),
        pytest.param(Stage.OPPORTUNITY, RepOwner("ann"), 0, id="an opportunity is no open lead"),
        pytest.param(Stage.MQL, RepOwner("bob"), 0, id="somebody else's is not"),
        pytest.param(Stage.MQL, TrackOwner("ann"), 0, id="a track of his name is not him"),
        pytest.param(Stage.MQL, None, 0, id="nobody's is not"),
    ],
)
def test_open_leads(desk: Any, example: Any, stage: Stage, owner: Any, counts: int) -> None:
    def write(tx: Any) -> int:
        before: int = tx.open_leads("ann")
        tx.save_lead(example.lead(stage=stage, owner=owner))
        return int(tx.open_leads("ann")) - before

    assert desk.run(write, lambda tx: tx.open_leads("ann")) == [counts, counts]
    assert desk.do(lambda tx: tx.open_leads("ann")) == counts


def test_open_leads_follow_every_change_of_hands(desk: Any, example: Any) -> None:
    ann, bob = RepOwner("ann"), RepOwner("bob")

    def held(tx: Any) -> tuple[int, int]:
        return tx.open_leads("ann"), tx.open_leads("bob")

    def give(owner: Any, **fields: Any) -> Any:
        def unit(tx: Any) -> tuple[int, int]:
            tx.save_lead(example.lead(owner=owner, **fields))
            return held(tx)

        return unit

    moves = [give(ann), give(bob), give(bob, stage=Stage.CUSTOMER), give(ann), give(None)]
    each = [(1, 0), (0, 1), (0, 0), (1, 0), (0, 0)]
    assert desk.run(*moves) == each
    assert [desk.do(move) for move in moves] == each
    assert desk.do(held) == (0, 0)


def test_activities_come_back_by_the_time_they_happened(desk: Any, example: Any) -> None:
    late, early = example.activity("a1", hours_ago=1), example.activity("a2", hours_ago=5)
    between = example.activity("a3", hours_ago=3)

    def write(tx: Any) -> Any:
        tx.save_lead(example.lead())
        tx.add_activities((late, early))
        return tx.activities("l1")

    def add(tx: Any) -> Any:
        tx.add_activities((between,))
        return tx.activities("l1")

    first, second = desk.run(write, add)
    assert first == (early.activity, late.activity)
    in_order = (early.activity, between.activity, late.activity)
    assert second == in_order == desk.reader.activities("l1")
    assert desk.reader.activities("l2") == ()


def test_digests_are_of_what_is_stored_and_whose_it_is(desk: Any, example: Any) -> None:
    def write(tx: Any) -> Any:
        tx.save_lead(example.lead())
        assert tx.activity_digests(("a1", "a2")) == {}
        tx.add_activities((example.activity("a1", digest="sent"),))
        return tx.activity_digests(("a1", "a2"))

    keys = [Keys(activity_ids=("a1", "a2"))]
    known = {"a1": ("l1", "sent")}
    assert desk.run(write, lambda tx: tx.activity_digests(("a1", "a2")), keys=keys) == [known] * 2
    assert desk.run(lambda tx: tx.activity_digests(("a1", "a2")), keys=keys) == [known]
    assert desk.do(lambda tx: tx.activity_digests(("a2", "a1"))) == known


def test_a_set_of_activities_is_of_one_lead(desk: Any, example: Any) -> None:
    desk.session.begin()
    tx = desk.session.batch(desk.now, desk.new_id).transaction()
    with pytest.raises(AssertionError, match="one lead's"):
        tx.add_activities((example.activity("a1", "l1"), example.activity("a2", "l2")))
    desk.session.rollback()


def test_an_answer_is_kept_for_the_next_who_asks(desk: Any, example: Any) -> None:
    answer = example.answer()

    def write(tx: Any) -> Any:
        assert tx.answer("q1") is None
        tx.keep_answer(answer)
        return tx.answer("q1")

    found = desk.run(write, lambda tx: tx.answer("q1"), keys=[Keys(request_id="q1")])
    assert found == [answer, answer]
    assert desk.session.answer("q1") == answer
    assert desk.session.answer("q2") is None


def test_an_answer_is_never_replaced(desk: Any, example: Any) -> None:
    desk.do(lambda tx: tx.keep_answer(example.answer()))
    with pytest.raises(desk.session.errors):
        desk.do(lambda tx: tx.keep_answer(example.answer(body=b"[]")))
    desk.session.rollback()
    assert desk.session.answer("q1").body == b"{}"


def test_changes_of_fields_are_kept_with_who_and_when(desk: Any) -> None:
    country, size = FieldChange("country", None, '"DE"'), FieldChange("employees", "5", None)
    first = desk.now
    desk.do(lambda tx: tx.record_changes("lead", "l1", (size, country), "ann"))
    desk.later(hours=1)
    desk.do(lambda tx: tx.record_changes("lead", "l1", (size,), "bob"))
    assert desk.reader.field_changes("lead", "l1") == (
        (country, first, "ann"),
        (size, first, "ann"),
        (size, desk.now, "bob"),
    )
    assert desk.reader.field_changes("account", "l1") == ()
