"""What waits in a store, told to people and to machines."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from scoring_service.cli.upkeep import timers_run, webhooks_state
from scoring_service.cli.upkeep.timers_run import Timers
from scoring_service.cli.upkeep.webhooks_state import SHOWN_MAX, State
from scoring_service.values.webhook import Cursor, Letter

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        pytest.param(
            Timers(0, 0, 0, None, by_server=False), "0 done, 0 still due; none is set", id="nothing"
        ),
        pytest.param(
            Timers(3, 0, 0, AT, by_server=False),
            "3 done, 0 still due; the next is due at 2026-03-02T09:30:00+00:00",
            id="all of it was done",
        ),
        pytest.param(
            Timers(1, 2, 2, AT, by_server=False),
            "1 done, 2 still due, 2 failed and are tried again later; the next is due at"
            " 2026-03-02T09:30:00+00:00",
            id="some failed",
        ),
        pytest.param(
            Timers(0, 2, 0, AT, by_server=True),
            "a server runs on this store and does them: 2 due now; the next is due at"
            " 2026-03-02T09:30:00+00:00",
            id="a server does them",
        ),
        pytest.param(
            Timers(0, 2, 1, None, by_server=True),
            "a server runs on this store and does them: 2 due now, 1 failed and are tried again"
            " later; none is set",
            id="a server tries one again",
        ),
    ],
)
def test_timers_in_a_sentence(found: Timers, sentence: str) -> None:
    assert timers_run.told(found, as_json=False) == sentence


@pytest.mark.parametrize("at", [None, AT], ids=["none is set", "one is set"])
@pytest.mark.parametrize("by_server", [False, True])
def test_timers_for_machines(at: datetime | None, by_server: bool) -> None:
    said = json.loads(timers_run.told(Timers(1, 2, 3, at, by_server), as_json=True))
    assert said == {
        "done": 1,
        "due": 2,
        "failed": 3,
        "next_due": at and "2026-03-02T09:30:00+00:00",
        "by_server": by_server,
    }


def _letter(number: int, **changes: Any) -> Letter:
    return Letter("crm", number, f"l{number}", 1, AT, **changes)


def _letters(many: int) -> list[Letter]:
    return [_letter(number) for number in range(many)]


@pytest.mark.parametrize(
    ("state", "line"),
    [
        pytest.param(
            State("crm", Cursor(7), (), ()),
            "crm: given up to event 7, 0 waiting, 0 dead",
            id="all was given",
        ),
        pytest.param(
            State("crm", Cursor(7, failures=3, paused_until=AT), _letters(2), ()),
            "crm: given up to event 7, 2 waiting, 0 dead, away: asked again at"
            " 2026-03-02T09:30:00+00:00",
            id="it is away",
        ),
        pytest.param(
            State("crm", Cursor(), _letters(SHOWN_MAX - 1), ()),
            "crm: given up to event 0, 99 waiting, 0 dead",
            id="all that are shown are all there are",
        ),
        pytest.param(
            State("crm", Cursor(), _letters(SHOWN_MAX), ()),
            "crm: given up to event 0, 100 or more waiting, 0 dead",
            id="there may be more than are shown",
        ),
    ],
)
def test_a_receiver_in_a_line(state: State, line: str) -> None:
    assert webhooks_state.told([state], as_json=False) == line


DEAD = State("crm", Cursor(7), (), [_letter(3, dead=True, failure="answered 410")])


def test_the_dead_stand_below_their_receiver_and_steer_no_terminal() -> None:
    odd = Letter("erp", 9, "l\x1b[2J", 8, AT, dead=True, failure="no answer")
    other = State("erp", Cursor(), (), [odd])
    assert webhooks_state.told([DEAD, other], as_json=False).splitlines() == [
        "crm: given up to event 7, 0 waiting, 1 dead",
        "  event 3 of lead l3: answered 410",
        "erp: given up to event 0, 0 waiting, 1 dead",
        "  event 9 of lead l\\x1b[2J: no answer",
    ]


def test_receivers_for_machines() -> None:
    waiting = State("erp", Cursor(2, failures=4), _letters(5), ())
    assert json.loads(webhooks_state.told([DEAD, waiting], as_json=True)) == [
        {
            "receiver": "crm",
            "given_up_to": 7,
            "failures": 0,
            "waiting": 0,
            "dead": [{"event": 3, "lead_id": "l3", "failure": "answered 410"}],
        },
        {"receiver": "erp", "given_up_to": 2, "failures": 4, "waiting": 5, "dead": []},
    ]


def test_without_a_receiver_it_is_said_what_names_one() -> None:
    assert webhooks_state.told([], as_json=False) == (
        "no receiver was ever given events; `serve --webhooks FILE` names them"
    )
    assert webhooks_state.told([], as_json=True) == "[]"
