"""Notices and what happened to leads, as units write and read them, in their order."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.values.happening import (
    Contact,
    Happened,
    Imported,
    Lost,
    Notice,
    Recorded,
    Touch,
    Touches,
)
from tests.store.conftest import MONDAY

HOUR = timedelta(hours=1)


@pytest.fixture
def engine() -> str:
    """Numbers are given here, not by an engine; one will do."""
    return "sqlite"


def notice(lead_id: str, recipient: str = "mia", kind: str = "late", hours: float = 0) -> Notice:
    return Notice(recipient, kind, lead_id, MONDAY + hours * HOUR, f'of {lead_id}: "so"\n')


def tell(*notices: Notice) -> Any:
    def unit(tx: Any) -> None:
        for one in notices:
            tx.notice(one)

    return unit


def waiting(tx: Any, recipient: str = "mia", kind: str = "late", at_most: int = 9) -> list[Any]:
    return [(one.number, one.lead_id) for one in tx.notices(recipient, kind, at_most)]


def test_what_waits_is_told_whole_and_in_the_order_of_its_coming(desk: Any) -> None:
    desk.run(tell(notice("l2", hours=1)), tell(notice("l1")))
    desk.do(tell(notice("l3", "bob"), notice("l4", kind="lost"), notice("l5")))
    assert desk.do(waiting) == [(1, "l2"), (2, "l1"), (5, "l5")]
    assert desk.do(lambda tx: waiting(tx, "bob")) == [(3, "l3")]
    assert desk.do(lambda tx: waiting(tx, "mia", "lost")) == [(4, "l4")]
    assert desk.do(lambda tx: waiting(tx, at_most=2)) == [(1, "l2"), (2, "l1")]
    (first,) = desk.do(lambda tx: tx.notices("mia", "late", 1))
    assert (first.at, first.text) == (MONDAY + HOUR, 'of l2: "so"\n')


@pytest.mark.parametrize(
    ("told", "left"),
    [
        pytest.param([("mia", "late", 0)], [1, 2, 3], id="up to none"),
        pytest.param([("mia", "late", 2)], [3], id="up to one of them, that one too"),
        pytest.param([("mia", "late", 99)], [], id="all of them"),
        pytest.param(
            [("bob", "late", 99), ("mia", "lost", 99)], [1, 2, 3], id="others' and another"
        ),
        pytest.param([("mia", "late", 1), ("mia", "late", 3)], [], id="twice"),
    ],
)
def test_those_that_were_told_wait_no_more(
    desk: Any, told: list[tuple[str, str, int]], left: list[int]
) -> None:
    desk.do(tell(notice("l1"), notice("l2"), notice("l3")))

    def send(tx: Any) -> None:
        for recipient, kind, number in told:
            tx.notices_told(recipient, kind, number)

    desk.do(send)
    assert [number for number, _ in desk.do(waiting)] == left


def test_what_comes_while_others_are_told_is_not_lost(desk: Any) -> None:
    """A unit tells what it saw; one behind it in the batch wrote more."""
    desk.do(tell(notice("l1")))

    def send(tx: Any) -> None:
        tx.notices_told("mia", "late", tx.notices("mia", "late", 9)[-1].number)

    desk.run(send, tell(notice("l2")))
    assert desk.do(waiting) == [(2, "l2")]


def test_a_unit_sees_what_waited_before_it(desk: Any) -> None:
    def more(tx: Any) -> Any:
        tell(notice("l2"))(tx)
        return waiting(tx)

    assert desk.run(tell(notice("l1")), more, waiting) == [
        None,
        [(1, "l1")],
        [(1, "l1"), (2, "l2")],
    ]


def test_no_number_is_given_twice_though_all_were_told(desk: Any) -> None:
    desk.do(tell(notice("l1")))
    desk.do(lambda tx: tx.notices_told("mia", "late", 1))
    desk.do(tell(notice("l2")))
    assert desk.do(waiting) == [(2, "l2")]


A, B, C = (Touch(source, MONDAY) for source in "abc")
LOST, BATCH, CALL = Lost("spam"), Imported("b1"), Contact("phone", "out", MONDAY)


def record(lead_id: str, *happenings: Recorded) -> Any:
    def unit(tx: Any) -> None:
        for one in happenings:
            tx.record(lead_id, one, "ann")

    return unit


def happened(found: tuple[Happened, ...]) -> list[tuple[int, object]]:
    return [(one.number, one.happening) for one in found]


def test_what_happened_is_read_in_its_order_touches_of_one_time_each_by_itself(
    desk: Any, example: Any
) -> None:
    desk.do(lambda tx: (tx.save_lead(example.lead("l1")), tx.save_lead(example.lead("l2"))))
    desk.run(record("l1", BATCH, Touches((A, B, C))), record("l2", CALL), record("l1", LOST))
    desk.later(hours=1)
    desk.do(record("l1", CALL))
    found = desk.reader.happenings("l1")
    assert happened(found) == [(1, BATCH), (2, A), (3, B), (4, C), (6, LOST), (7, CALL)]
    assert [one.at for one in found] == [MONDAY] * 5 + [MONDAY + HOUR]
    assert {(one.lead_id, one.actor) for one in found} == {("l1", "ann")}
    assert happened(desk.reader.happenings("l2")) == [(5, CALL)]
    assert desk.reader.happenings("nobody") == []


def test_a_unit_sees_what_it_recorded_behind_what_stands(desk: Any, example: Any) -> None:
    desk.do(lambda tx: tx.save_lead(example.lead("l1")))

    def look(tx: Any) -> Any:
        record("l1", Touches((A, B)), LOST)(tx)
        return happened(tx.happenings("l1"))

    desk.do(record("l1", BATCH))
    own, after = desk.run(look, lambda tx: happened(tx.happenings("l1")))
    assert own == [(1, BATCH), (0, A), (0, B), (0, LOST)], "what is not stored has no number"
    assert after == [(1, BATCH), (2, A), (3, B), (4, LOST)]


def test_what_a_dropped_unit_recorded_never_happened(desk: Any, example: Any) -> None:
    desk.do(lambda tx: tx.save_lead(example.lead("l1")))

    def fails(tx: Any) -> None:
        record("l1", Touches((A, B)))(tx)
        tell(notice("l1"))(tx)
        raise ValueError

    desk.run(fails, record("l1", LOST), tell(notice("l2")))
    assert happened(desk.reader.happenings("l1")) == [(1, LOST)]
    assert desk.do(waiting) == [(1, "l2")]
