"""The second look at the signal: rows by models that did not see their lead, part by part."""

from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.judging.gate import gate
from scoring_service.calibration.judging.second_look import second_look
from scoring_service.calibration.results import Predictions, Refusal
from scoring_service.calibration.table import Time, TrainingTable

ROWS, PARTS = 900, 5
NO = ("no signal: inside parts of the training rows the AUC is",)


def _table(tables: Any, telling: float, drift: float, time: Time = Time.ORDER) -> TrainingTable:
    """A column that tells the outcome, another that tells the time, and a base rate that rises."""
    draw = np.random.default_rng(3)
    x, when = draw.normal(size=ROWS), np.arange(ROWS) / ROWS
    odds = telling * x + drift * (when - 0.5) - 1
    won = draw.random(ROWS) < 1 / (1 + np.exp(-odds))
    columns = (tables.number("x", x), tables.number("when", when))
    found: TrainingTable = tables.table(won, *columns, time=time)
    return found


@pytest.mark.parametrize("time", list(Time))
def test_every_row_is_predicted_and_lies_in_one_part(tables: Any, time: Time) -> None:
    looked, part_of = second_look(_table(tables, 1.0, 0.0, time), 0.1, PARTS, 0)
    assert len(looked.p) == ROWS
    assert np.isfinite(looked.p).all()
    assert np.bincount(part_of).tolist() == pytest.approx([ROWS / PARTS] * PARTS, abs=1)


def test_parts_follow_the_scoring_instant_not_the_order_of_rows(tables: Any) -> None:
    draw = np.random.default_rng(0)
    at = draw.permutation(ROWS)
    table = tables.table(at % 3 == 0, tables.number("x", draw.normal(size=ROWS)), scored_at=at)
    _, part_of = second_look(table, 0.1, PARTS, 0)
    assert part_of.tolist() == (at * PARTS // ROWS).tolist()


def test_no_row_is_predicted_by_a_model_that_saw_its_lead(tables: Any) -> None:
    """Each lead has two rows and an outcome of its own that nothing else tells."""
    leads = np.repeat(np.arange(ROWS // 2), 2)
    won = np.random.default_rng(1).random(ROWS // 2) < 0.5
    known = tables.text("name", [f"lead {lead}" for lead in leads])
    table = tables.table(won[leads], known, leads=leads.tolist())
    looked, _ = second_look(table, 1.0, PARTS, 0)
    assert np.std(looked.p) < 0.05


@pytest.mark.parametrize(
    ("telling", "drift", "refused"),
    [
        pytest.param(1.0, 0.0, None, id="a signal is one"),
        pytest.param(1.0, 4.0, None, id="a signal is one while the base rate rises"),
        pytest.param(0.0, 4.0, Refusal.NO_SIGNAL, id="a base rate that rises is none"),
        pytest.param(0.0, 0.0, Refusal.NO_SIGNAL, id="nothing is none"),
    ],
)
def test_what_counts_as_signal(
    tables: Any, telling: float, drift: float, refused: Refusal | None
) -> None:
    """Past the last window by knowing its outcomes: the second look alone decides."""
    table = _table(tables, telling, drift)
    sure = Predictions(table, np.where(table.won, 0.9, 0.1))
    again, part_of = second_look(table.without({"when"}), 0.1, PARTS, 0)
    found = gate(sure, float(table.won.mean()), again, part_of, None, 0, 100)
    assert found.refused == refused
    assert found.why.startswith(NO) or refused is None
