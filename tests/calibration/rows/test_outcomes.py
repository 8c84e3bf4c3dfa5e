"""Outcome words: those that everybody uses, and those that a mapping declares."""

from typing import Any

import pytest

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.cells import cells_of
from scoring_service.calibration.rows.mapping import OutcomeWords
from scoring_service.calibration.rows.outcomes import Outcome, outcomes

NOTHING = OutcomeWords()


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        pytest.param(
            ["1", "1.0", "TRUE", "Yes", "y", "Won", "win", "Closed Won", "closed_won", "APPROVED",
             "customer", "converted", "success"],
            Outcome.WON,
            id="words for won",
        ),
        pytest.param(
            ["0", "0.0", "false", "No", "n", "Lost", "lose", "Closed Lost", "closed_lost",
             "Declined", "rejected", "Cancelled", "canceled", "disqualified", "failure"],
            Outcome.LOST,
            id="words for lost",
        ),
        pytest.param(
            ["open", "", None, "Pending", "in progress", "Engaging", "Prospecting", "new"],
            Outcome.OPEN,
            id="words for open, nothing being one of them",
        ),
    ],
)  # fmt: skip
def test_words_that_everybody_uses(words: list[str | None], outcome: Outcome) -> None:
    found = outcomes(cells_of(words), NOTHING, "leads.csv", "outcome")
    assert found.tolist() == [outcome] * len(words)


def test_a_declared_word_goes_before_what_everybody_means() -> None:
    declared = OutcomeWords(won=("Signed", 3), lost=("open",), open=("won",))
    cells = cells_of(["signed", "3", "3.0", "OPEN", "won", "lost"])
    found = outcomes(cells, declared, "leads.csv", "outcome")
    assert [Outcome(code).name for code in found] == ["WON", "WON", "WON", "LOST", "OPEN", "LOST"]


def test_words_that_nobody_knows_are_listed_with_what_to_do() -> None:
    with pytest.raises(CalibrationProblem) as problem:
        outcomes(cells_of(["won", "maybe", "maybe", "0.5"]), NOTHING, "leads.csv", "stage")
    assert str(problem.value) == (
        "leads.csv: in the outcome column 'stage' nobody knows whether 'maybe' (2 rows), '0.5'"
        " (1 row) is won, lost or open; say so in the mapping file: outcome: {won: [...], lost:"
        " [...], open: [...]}"
    )


def test_of_many_unknown_words_twelve_are_shown() -> None:
    with pytest.raises(CalibrationProblem, match=r"'w11' \(1 row\) and 8 more is won, lost"):
        outcomes(cells_of([f"w{number}" for number in range(20)]), NOTHING, "leads.csv", "stage")


def test_a_word_that_no_counted_row_holds_need_not_be_known() -> None:
    cells: Any = cells_of(["won", "maybe"]).without(lambda text: text == "maybe")
    assert outcomes(cells, NOTHING, "f", "c").tolist() == [Outcome.WON, Outcome.OPEN]
