"""Rows added up as integers are the rows added up as numbers."""

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.calibration.packed import (
    REACH_MAX,
    ROW_MAX,
    Lengths,
    lengths,
    pack,
    times,
)

NUMBER = st.integers(-(10**7), 10**7).map(lambda whole: whole / 10**6)
ROWS = st.integers(1, 9).flatmap(
    lambda width: st.lists(
        st.lists(NUMBER, min_size=width, max_size=width), min_size=1, max_size=20
    )
)
SHORT = st.integers(1, 9).flatmap(
    lambda width: st.lists(st.lists(NUMBER, min_size=width, max_size=width), min_size=1, max_size=3)
)
"""At most three rows: no sum of them is beyond 30."""

AT_ONCE = pytest.mark.parametrize(
    "reach",
    [
        pytest.param(REACH_MAX, id="read as doubles"),
        pytest.param(REACH_MAX + 1, id="read as integers"),
    ],
)


def of(found: Lengths, total: int) -> float:
    return found.of(found.start + total)


def summed(rows: list[list[float]]) -> float:
    return hypot(*[sum(column) for column in zip(*rows, strict=True)])


@given(ROWS)
def test_a_sum_of_rows_has_the_length_of_its_sums(rows: list[list[float]]) -> None:
    total = sum(pack(tuple(row)) for row in rows) * times(1.0)
    found = of(lengths(len(rows[0]), 200.0), total)
    assert found == pytest.approx(summed(rows), abs=1e-9)


@AT_ONCE
@given(rows=SHORT)
def test_short_rows_have_it_however_they_are_read(reach: float, rows: list[list[float]]) -> None:
    total = sum(pack(tuple(row)) for row in rows) * times(1.0)
    found = of(lengths(len(rows[0]), reach), total)
    assert found == pytest.approx(summed(rows), abs=1e-12)


@given(ROWS, st.floats(-100, 100))
def test_rows_are_taken_in_part(rows: list[list[float]], factor: float) -> None:
    first, *others = rows
    total = pack(tuple(first)) * times(factor)
    total += sum(pack(tuple(row)) for row in others) * times(1.0)
    wanted = summed([[factor * value for value in first], *others])
    assert of(lengths(len(first), 1_200.0), total) == pytest.approx(wanted, abs=1e-6)


@AT_ONCE
@given(row=st.lists(NUMBER, min_size=1, max_size=9), factor=st.floats(-3, 3))
def test_a_row_is_taken_in_part_however_it_is_read(
    reach: float, row: list[float], factor: float
) -> None:
    found = of(lengths(len(row), reach), pack(tuple(row)) * times(factor))
    steps = hypot(*row) * 2**-27
    assert found == pytest.approx(abs(factor) * hypot(*row), abs=steps + 1e-12)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_rows_do_not_run_into_each_other(sign: int) -> None:
    row = (sign * ROW_MAX, -sign * ROW_MAX, 0.0, sign * ROW_MAX)
    total = pack(row) * (times(1000.0) + 500 * times(1.0))
    found = of(lengths(4, 1500 * ROW_MAX), total)
    assert found == pytest.approx(1500 * ROW_MAX * 3**0.5, rel=1e-9)


@AT_ONCE
@pytest.mark.parametrize("sign", [1, -1])
def test_rows_at_the_reach_of_doubles_do_not_run_into_each_other(reach: float, sign: int) -> None:
    most = int(REACH_MAX * 10**6) / 10**6
    row = (sign * most, -sign * most, 0.0, sign * most)
    assert of(lengths(4, reach), pack(row) * times(1.0)) == pytest.approx(
        hypot(*row), rel=1e-15 if reach <= REACH_MAX else 1e-9
    )


def test_more_than_a_thousand_times_is_a_thousand() -> None:
    assert times(1e9) == times(1000.0)
    assert times(-1e9) == -times(1000.0)


@AT_ONCE
def test_no_row_has_no_length(reach: float) -> None:
    assert of(lengths(3, reach), 0) == 0.0
    assert of(lengths(0, reach), 0) == 0.0
