"""What became of each lead, in the words of its file."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from scoring_service.calibration.problem import CalibrationProblem
from scoring_service.calibration.rows.cells import Cells, number_in
from scoring_service.calibration.rows.counted import many
from scoring_service.calibration.rows.mapping import OutcomeWords, folded
from scoring_service.calibration.table import MISSING


class Outcome(IntEnum):
    """How a lead ended, or that it has not."""

    LOST = 0
    WON = 1
    OPEN = 2


Outcomes = NDArray[np.int8]

# fmt: off
_WORDS = {
    Outcome.WON: frozenset([
        "1", "true", "yes", "y", "won", "win", "closed won", "closed_won", "approved", "customer",
        "converted", "success",
    ]),
    Outcome.LOST: frozenset([
        "0", "false", "no", "n", "lost", "lose", "closed lost", "closed_lost", "declined",
        "rejected", "cancelled", "canceled", "disqualified", "failure",
    ]),
    Outcome.OPEN: frozenset([
        "open", "pending", "in progress", "in_progress", "engaging", "prospecting", "new",
    ]),
}
# fmt: on
"""An empty cell is open too."""

_SHOWN_MAX = 12


def outcomes(cells: Cells, declared: OutcomeWords, file: str, column: str) -> Outcomes:
    """The outcome of each row, shape (n,); CalibrationProblem listing words that nobody knows."""
    meaning = _meanings(declared)
    found = [meaning.get(_word(level)) for level in cells.levels]
    unknown = [
        f"'{level}' ({many(int(count), 'row')})"
        for level, count, outcome in zip(cells.levels, cells.counts, found, strict=True)
        if outcome is None and count
    ]
    if unknown:
        raise _unknown(file, column, unknown)
    codes = [Outcome.OPEN if outcome is None else outcome for outcome in found]
    return np.array([*codes, Outcome.OPEN], dtype=np.int8)[
        np.where(cells.codes == MISSING, len(codes), cells.codes)
    ]


def _meanings(declared: OutcomeWords) -> dict[str, Outcome]:
    meanings = {word: outcome for outcome, words in _WORDS.items() for word in words}
    for outcome in Outcome:
        words = getattr(declared, outcome.name.lower())
        meanings |= {_word(folded(word)): outcome for word in words}
    return meanings


def _word(text: str) -> str:
    """A word as it is compared; a whole number without its decimals."""
    number = number_in(text)
    return folded(text) if number is None or number % 1 else str(int(number))


def _unknown(file: str, column: str, words: list[str]) -> CalibrationProblem:
    shown = ", ".join(words[:_SHOWN_MAX])
    more = f" and {len(words) - _SHOWN_MAX:,} more" if len(words) > _SHOWN_MAX else ""
    return CalibrationProblem(
        f"{file}: in the outcome column '{column}' nobody knows whether {shown}{more} is won, lost"
        " or open; say so in the mapping file: outcome: {won: [...], lost: [...], open: [...]}"
    )
