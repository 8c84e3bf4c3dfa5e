"""What a receiver of events still has to be given is found by reading alone, on both engines."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from scoring_service.values.stored import Event
from scoring_service.values.webhook import Cursor, Letter

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
