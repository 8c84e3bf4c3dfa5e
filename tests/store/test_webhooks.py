"""What a receiver of events still has to be given is found by reading alone, on both engines."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.values.stored import Event
from scoring_service.values.webhook import Cursor, Letter
from tests.store.conftest import MONDAY

MINUTE = timedelta(minutes=1)


def test_a_receiver_waits_for_events_behind_its_cursor(desk: Any) -> None:
    event = Event("e1", "l1", "lead.assigned", desk.now, b"{}")
    assert desk.reader.webhook_cursor("crm") is None
    assert not desk.reader.webhook_waits("crm", 0, desk.now)
    desk.do(lambda tx: (tx.emit(event), tx.save_webhook_cursor("crm", Cursor(1))))
    assert desk.reader.webhook_cursor("crm") == Cursor(1)
    assert desk.reader.webhook_waits("crm", 0, desk.now)
    assert not desk.reader.webhook_waits("crm", 1, desk.now)


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        pytest.param({}, True, id="whose time has come"),
        pytest.param({"next_at": MINUTE}, False, id="whose time has not come"),
        pytest.param({"dead": True}, False, id="that is dead"),
        pytest.param({"endpoint": "erp"}, False, id="of another receiver"),
    ],
)
def test_a_letter_is_waited_for(desk: Any, changes: dict[str, Any], waits: bool) -> None:
    later = {"next_at": desk.now + changes.get("next_at", -MINUTE)}
    letter = msgspec.structs.replace(
        Letter("crm", 1, "l1", 1, desk.now, failure="answered 503"), **(changes | later)
    )
    desk.do(lambda tx: tx.save_webhook_letter(letter))
    assert desk.reader.webhook_waits("crm", 7, desk.now) is waits


def letter(number: int, **fields: Any) -> Letter:
    return Letter("crm", number, f"l{number}", 1, MONDAY, **fields)


def test_letters_are_in_the_order_of_the_events_the_dead_apart(desk: Any) -> None:
    living, dead = [letter(3), letter(1)], [letter(2, dead=True, failure="410")]
    others = [msgspec.structs.replace(letter(1), endpoint="erp")]
    again = msgspec.structs.replace(letter(3), attempts=2, next_at=MONDAY + MINUTE, failure="503")

    def write(tx: Any) -> None:
        for one in (*living, *dead, *others, again):
            tx.save_webhook_letter(one)

    def look(tx: Any) -> Any:
        return [tx.webhook_letters("crm", 9, dead=dead) for dead in (False, True)]

    stand = [(letter(1), again), tuple(dead)]
    assert desk.run(write, look)[-1] == desk.do(look) == stand
    assert [desk.reader.webhook_letters("crm", 9, dead=dead) for dead in (False, True)] == stand
    assert desk.do(lambda tx: tx.webhook_letters("crm", 1, dead=False)) == (letter(1),)
    desk.do(lambda tx: (tx.drop_webhook_letter("crm", 1), tx.drop_webhook_letter("crm", 7)))
    assert look_at(desk, "crm") == (again,)
    assert look_at(desk, "erp") == tuple(others)


def look_at(desk: Any, endpoint: str) -> tuple[Letter, ...]:
    found: tuple[Letter, ...] = desk.do(lambda tx: tx.webhook_letters(endpoint, 9, dead=False))
    return found


def test_how_far_each_receiver_has_come_is_told_by_name_and_as_it_was_said_last(
    desk: Any,
) -> None:
    leased = Cursor(7, "one", desk.now, 2, desk.now + MINUTE)

    def write(tx: Any) -> Any:
        tx.save_webhook_cursor("erp", Cursor(3))
        tx.save_webhook_cursor("crm", Cursor(1))
        tx.save_webhook_cursor("crm", leased)

    assert desk.run(write, lambda tx: tx.webhook_cursor("crm"))[-1] == leased
    assert desk.reader.webhooks() == (("crm", leased), ("erp", Cursor(3)))
    assert desk.do(lambda tx: tx.webhook_cursor("nobody")) is None


def test_events_are_told_by_their_numbers(desk: Any) -> None:
    events = [Event(f"e{n}", f"l{n}", "lead.assigned", desk.now, b"{}") for n in range(1, 5)]

    def numbered(*numbers: int) -> Any:
        return lambda tx: tx.events_numbered(numbers)

    last, _, seen, known = desk.run(
        lambda tx: tx.last_event(),
        lambda tx: [tx.emit(event) for event in events],
        lambda tx: (tx.last_event(), tx.events(2, 9), tx.events(0, 1)),
        numbered(4, 2, 9),
    )
    assert last == 0
    assert seen == (4, ((3, events[2]), (4, events[3])), ((1, events[0]),))
    assert known == {2: events[1], 4: events[3]}
    assert desk.do(numbered()) == {}
