"""Cells that look filled and say nothing: declared as missing, or only pointed out."""

from collections.abc import Callable, Mapping

from scoring_service.calibration.rows.cells import Cells, number_in
from scoring_service.calibration.rows.mapping import EVERYWHERE, Word, folded

# fmt: off
WORDS = frozenset([
    "select", "please select", "unknown", "n/a", "na", "none", "null", "nan", "nil", "-", "--",
    "---", "?", ".", "tbd", "undefined", "not specified", "not available", "not applicable",
    "not provided", "no data", "(blank)", "(not set)", "#n/a",
])
# fmt: on
"""Texts that people and programs write where they know nothing."""

NUMBERS = (999.0, 9_999.0, 99_999.0, 999_999.0, -1.0, -9.0, -99.0, -999.0, -9_999.0)
"""Numbers written where there is none, where they stand far beside all others."""

_SHARE_MIN = 0.01


def missing_words(
    declared: Mapping[str, tuple[Word, ...]], column: str
) -> Callable[[str], bool] | None:
    """Tells the cells of a column that the mapping declares as missing; None where it declares
    nothing. A number is missing however it is written: 999 and 999.0.
    """
    words = {folded(word) for word in (*declared.get(EVERYWHERE, ()), *declared.get(column, ()))}
    if not words:
        return None
    numbers = {number_in(word) for word in words} - {None}
    return lambda text: folded(text) in words or number_in(text) in numbers


def placeholders(cells: Cells) -> tuple[tuple[str, int], ...]:
    """Levels of a column that look like placeholders, with the number of cells they fill."""
    found = [
        (level, int(count))
        for level, count in zip(cells.levels, cells.counts, strict=True)
        if count and folded(level) in WORDS
    ]
    return (*found, *_odd_number(cells))


def _odd_number(cells: Cells) -> tuple[tuple[str, int], ...]:
    """The one level that is a suspect number, and so far from the other numbers."""
    numbers = {level: number_in(level) for level in cells.levels}
    known = sorted(number for number in numbers.values() if number is not None)
    if len(known) < 3:
        return ()
    total = int(cells.counts.sum())
    return tuple(
        (level, int(count))
        for level, count in zip(cells.levels, cells.counts, strict=True)
        if numbers[level] in NUMBERS and count >= _SHARE_MIN * total and _far(numbers[level], known)
    )


def _far(number: float | None, known: list[float]) -> bool:
    """Whether a number is beyond all others by more than these are apart from zero."""
    if number == known[-1] and number > 0:
        return known[-2] < number / 3
    return number == known[0] and number < 0 and known[1] >= 0


def note(column: str, found: tuple[tuple[str, int], ...], rows: int) -> str:
    """The sentence about a column's placeholders, with what to declare."""
    said = " and ".join(f"'{word}' in {count:,}" for word, count in found)
    listed = ", ".join(_quoted(word) for word, _ in found)
    name = column if column.replace("_", "").isalnum() else f'"{column}"'
    return (
        f"'{column}' holds {said} of {rows:,} rows: where that stands for missing, declare it in"
        f" the mapping file: missing: {{{name}: [{listed}]}}"
    )


def _quoted(word: str) -> str:
    return word if word.isalpha() or number_in(word) is not None else f'"{word}"'
