"""An unfinished lead without a timer cannot be kept, whatever a workflow does."""

from datetime import timedelta
from typing import Any

import pytest

from scoring_service.store.transaction import Transaction
from scoring_service.store.transaction_leads import LEAD_TIMER, NoTimer
from scoring_service.values.clock import Clock, ClockName, Left, Unit
from scoring_service.values.stage import FINISHED, Stage


def _clocks(at: Any) -> tuple[Clock, ...]:
    return (Clock(ClockName.STALLED, at, at, Left(Unit.HOURS, 1), "always", "r1", due_at=at),)


@pytest.mark.parametrize("stage", sorted(set(Stage) - FINISHED))
def test_a_lead_that_nothing_will_look_at_again_is_refused(
    desk: Any, example: Any, stage: Stage
) -> None:
    def unit(tx: Transaction) -> None:
        tx.save_lead(example.lead("l1", stage=stage))
        with pytest.raises(NoTimer, match="l1"):
            tx.check()

    desk.do(unit)


def test_a_timer_that_is_taken_away_is_noticed(desk: Any, example: Any) -> None:
    def unit(tx: Transaction) -> None:
        tx.save_lead(example.lead("l1", clocks=_clocks(tx.now)))
        tx.check()
        tx.clear_timer(LEAD_TIMER, "l1")
        with pytest.raises(NoTimer):
            tx.check()

    desk.do(unit)


@pytest.mark.parametrize("stage", sorted(FINISHED))
def test_a_finished_lead_has_no_timer(desk: Any, example: Any, stage: Stage) -> None:
    def unit(tx: Transaction) -> None:
        tx.save_lead(example.lead("l1", stage=stage, clocks=_clocks(tx.now)))
        tx.check()

    desk.do(unit)
    assert desk.do(lambda tx: tx.timer(LEAD_TIMER, "l1")) is None


def test_a_unit_armed_the_earliest_clock_of_all_leads_that_it_saved(
    desk: Any, example: Any
) -> None:
    def unit(tx: Transaction) -> Any:
        for lead_id, hours in (("l1", 3), ("l2", 1), ("l3", 2)):
            clocks = _clocks(tx.now + timedelta(hours=hours))
            tx.save_lead(example.lead(lead_id, clocks=clocks))
        return tx.armed, tx.timer(LEAD_TIMER, "l3")

    armed, timer = desk.do(unit)
    moment = timedelta(microseconds=1)
    assert armed == desk.now + timedelta(hours=1) + moment
    assert (timer.due_at, timer.revision) == (desk.now + timedelta(hours=2) + moment, "r1")
