"""Placeholders are pointed out; only what the mapping declares is missing."""

from typing import Any

import numpy as np
import pytest

from scoring_service.calibration.rows.cells import cells_of
from scoring_service.calibration.rows.placeholders import placeholders


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        pytest.param(["a", "Unknown", "unknown "], (("Unknown", 1), ("unknown", 1)), id="unknown"),
        pytest.param(["Select", "a", "b"], (("Select", 1),), id="a list nobody chose from"),
        pytest.param(["-", "N/A", "a"], (("-", 1), ("N/A", 1)), id="a dash, and not available"),
        pytest.param(["3", "6", "999", "999", "4"], (("999", 2),), id="999 far beside the others"),
        pytest.param(["3", "6", "9999.0", "4"], (("9999.0", 1),), id="however it is written"),
        pytest.param(["0", "3", "-1"], (("-1", 1),), id="the only number below zero"),
        pytest.param(["a", "b", "nobody"], (), id="an ordinary word"),
        pytest.param(["500", "700", "999"], (), id="999 among its like"),
        pytest.param(["-5", "-1", "3"], (), id="-1 among numbers below zero"),
        pytest.param(["3", "999"], (), id="too few numbers to know"),
        pytest.param(["1", "2", "3"] * 60 + ["999"], (), id="999 once in hundreds of rows"),
    ],
)
def test_what_looks_like_a_placeholder(
    cells: list[str], found: tuple[tuple[str, int], ...]
) -> None:
    counted = {}
    for word, count in found:
        counted[word] = count
    assert dict(placeholders(cells_of(cells))) == counted


TEXT = "x,y,outcome\nunknown,999,won\na,3,lost\nUnknown,4,won\nb,5,lost\na,6,won"


def test_a_placeholder_is_counted_with_what_to_declare_and_stays_a_value(files: Any) -> None:
    table = files.read(TEXT).table
    assert (
        "'x' holds 'unknown' in 1 and 'Unknown' in 1 of 5 rows: where that stands for missing,"
        " declare it in the mapping file: missing: {x: [unknown, Unknown]}" in table.notes
    )
    assert (
        "'y' holds '999' in 1 of 5 rows: where that stands for missing, declare it in the mapping"
        " file: missing: {y: [999]}" in table.notes
    )
    assert not table.column("x").missing.any()
    assert not table.column("y").missing.any()


@pytest.mark.parametrize(
    ("mapping", "missing_x", "missing_y"),
    [
        pytest.param("missing: {x: [UNKNOWN]}", [0, 2], [], id="of one column, in any case"),
        pytest.param("missing: {y: [999]}", [], [0], id="a number"),
        pytest.param("missing: {y: [999.0]}", [], [0], id="a number, however it is written"),
        pytest.param('missing: {"*": [unknown, 999]}', [0, 2], [0], id="of every column"),
        pytest.param('missing: {"*": [unknown], y: ["3"]}', [0, 2], [1], id="of both kinds"),
    ],
)
def test_what_is_declared_missing_is_missing(
    files: Any, mapping: str, missing_x: list[int], missing_y: list[int]
) -> None:
    table = files.read(TEXT, mapping=mapping).table
    assert np.flatnonzero(table.column("x").missing).tolist() == missing_x
    assert np.flatnonzero(table.column("y").missing).tolist() == missing_y


def test_what_is_declared_missing_is_no_level_and_is_not_pointed_out(files: Any) -> None:
    table = files.read(TEXT, mapping='missing: {"*": [unknown, 999]}').table
    assert table.column("x").levels == ("a", "b")
    assert not any("stands for missing" in note for note in table.notes)


def test_a_column_called_default_is_a_column_like_any_other(files: Any) -> None:
    text = "default,outcome\nunknown,won\nno,lost\nyes,won"
    table = files.read(text, mapping="missing: {default: [unknown]}").table
    assert table.column("default").values.tolist() == [-1, 0, 1]
