"""What a replay is given of a file's leads: from when on what was known, and when each closed."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.rows.events import events_of
from scoring_service.calibration.rows.histories import histories_of
from scoring_service.calibration.rows.instants import NEVER, Instants
from scoring_service.calibration.rows.labels import Candidates
from scoring_service.calibration.rows.outcomes import Outcome
from scoring_service.calibration.table import LeadHistory, Time
from scoring_service.values.instant import EPOCH, instant, micros

DAY = timedelta(days=1)
HORIZON = 30 * DAY
ONE, OTHER, THIRD = {"size": 1}, {"size": 2}, {"size": 3}


def day(number: int | None) -> int:
    return NEVER if number is None else micros(EPOCH + number * DAY)


def candidates(
    *rows: tuple[int, int, Outcome, int | None], time: Time = Time.INSTANTS, closing: bool = True
) -> Candidates:
    """Rows of (lead, day, outcome, closing day)."""
    lead, at, outcome, closed = zip(*rows, strict=True)
    return Candidates(
        time,
        np.arange(len(rows)),
        np.array(lead),
        np.array([day(one) for one in at]),
        np.array(outcome, dtype=np.int8),
        np.array([day(one) for one in closed]) if closing else None,
    )


def replayed(every: Candidates, *symbols: Any, **given: Any) -> tuple[LeadHistory, ...]:
    asked = {"created": None, "events": None, "horizon": HORIZON, **given}
    ids = [f"lead {number}" for number in every.lead]
    return histories_of(every, symbols or [ONE] * len(every), ids, **asked)


CLOSING = [
    pytest.param(Outcome.WON, 20, 20, id="won on a day"),
    pytest.param(Outcome.LOST, 20, 20, id="lost on a day"),
    pytest.param(Outcome.OPEN, None, None, id="open"),
    pytest.param(Outcome.OPEN, 20, None, id="open: a day to close by is a hope"),
    pytest.param(Outcome.WON, None, 40, id="won nobody knows when: at the horizon"),
    pytest.param(Outcome.LOST, None, 40, id="lost nobody knows when: at the horizon"),
]


@pytest.mark.parametrize(("outcome", "closed", "expected"), CLOSING)
def test_when_a_lead_closed(outcome: Outcome, closed: int | None, expected: int | None) -> None:
    (one,) = replayed(candidates((0, 10, outcome, closed)))
    assert one.closed_at == (None if expected is None else EPOCH + expected * DAY)
    assert one.won is (outcome is Outcome.WON)


def test_a_file_without_closing_times_closes_its_leads_at_the_horizon() -> None:
    every = candidates((0, 10, Outcome.WON, 11), closing=False)
    (one,) = replayed(every)
    assert one.closed_at == EPOCH + 40 * DAY
    (bare,) = replayed(every, horizon=None)
    assert bare.closed_at == EPOCH + 10 * DAY


def test_several_rows_of_a_lead_are_one_history_however_they_stand() -> None:
    """Its outcome is that of its latest row."""
    every = candidates(
        (5, 30, Outcome.WON, 35), (5, 10, Outcome.OPEN, None), (5, 20, Outcome.OPEN, None)
    )
    (one,) = replayed(every, THIRD, ONE, OTHER)
    assert one.created_at == EPOCH + 10 * DAY
    assert [((at - EPOCH).days, seen["size"]) for at, seen in one.symbols] == [
        (10, 1),
        (20, 2),
        (30, 3),
    ]
    assert (one.won, one.closed_at) == (True, EPOCH + 35 * DAY)


def test_symbols_stand_once_while_they_stay_the_same() -> None:
    rows = [(5, n, Outcome.OPEN, None) for n in range(4)]
    (one,) = replayed(candidates(*rows), ONE, ONE, OTHER, OTHER)
    assert [((at - EPOCH).days, seen["size"]) for at, seen in one.symbols] == [(0, 1), (2, 2)]


CREATED = [
    pytest.param(4, 4, id="created before it was scored"),
    pytest.param(10, 10, id="with it"),
    pytest.param(12, 10, id="a creation after it is none"),
    pytest.param(None, 10, id="nobody knows when"),
]


@pytest.mark.parametrize(("created", "expected"), CREATED)
def test_a_history_begins_with_its_lead(created: int | None, expected: int) -> None:
    known = Instants("created_at", np.array([day(created)]), naive=False)
    (one,) = replayed(candidates((0, 10, Outcome.OPEN, None)), created=known)
    assert one.created_at == one.symbols[0][0] == EPOCH + expected * DAY


def test_histories_are_oldest_first_by_their_creation() -> None:
    every = candidates(
        (0, 30, Outcome.OPEN, None), (1, 10, Outcome.OPEN, None), (2, 20, Outcome.OPEN, None)
    )
    assert [one.lead_id for one in replayed(every)] == ["lead 1", "lead 2", "lead 0"]


def test_each_lead_has_what_it_did_itself_the_later_too() -> None:
    every = candidates((3, 10, Outcome.OPEN, None), (8, 11, Outcome.OPEN, None))
    events = events_of(
        np.array([8, 3, 8, 5]),
        np.array([day(n) for n in (90, 9, 2, 1)]),
        np.array([0, 0, 1, 0]),
        ("visit", "demo"),
    )
    three, eight = replayed(every, events=events)
    assert [(done.type, known) for known, done in three.activities] == [("visit", EPOCH + 9 * DAY)]
    assert [done.type for _, done in eight.activities] == ["demo", "visit"]


def test_without_events_nothing_was_done() -> None:
    (one,) = replayed(candidates((0, 10, Outcome.OPEN, None)))
    assert one.activities == ()


@pytest.mark.parametrize("time", [Time.NONE, Time.ORDER])
def test_without_times_only_closed_leads_are_replayed_all_at_one_instant(time: Time) -> None:
    every = candidates(
        (0, 10, Outcome.OPEN, None), (1, 11, Outcome.WON, None), (2, 12, Outcome.LOST, None),
        time=time, closing=False,
    )  # fmt: skip
    found = replayed(every, horizon=None)
    assert [one.lead_id for one in found] == ["lead 1", "lead 2"]
    assert {one.created_at for one in found} == {instant(0)}
    assert [(one.won, one.closed_at) for one in found] == [(True, EPOCH), (False, EPOCH)]
