"""Rows added up as integers are the rows added up as numbers."""

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.calibration.packed import ROW_MAX, Lengths, pack, times

NUMBER = st.integers(-(10**7), 10**7).map(lambda whole: whole / 10**6)
ROWS = st.integers(1, 9).flatmap(
    lambda width: st.lists(
        st.lists(NUMBER, min_size=width, max_size=width), min_size=1, max_size=20
    )
)


@given(ROWS)
def test_a_sum_of_rows_has_the_length_of_its_sums(rows: list[list[float]]) -> None:
    total = sum(pack(row) for row in rows) * times(1.0)
    wanted = hypot(*[sum(column) for column in zip(*rows, strict=True)])
    assert Lengths(len(rows[0])).of(total) == pytest.approx(wanted, abs=1e-9)


@given(ROWS, st.floats(-100, 100))
def test_rows_are_taken_in_part(rows: list[list[float]], factor: float) -> None:
    first, *others = rows
    total = pack(first) * times(factor) + sum(pack(row) for row in others) * times(1.0)
    columns = zip([factor * value for value in first], *others, strict=True)
    wanted = hypot(*[sum(column) for column in columns])
    assert Lengths(len(first)).of(total) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_rows_do_not_run_into_each_other(sign: int) -> None:
    row = (sign * ROW_MAX, -sign * ROW_MAX, 0.0, sign * ROW_MAX)
    total = pack(row) * (times(1000.0) + 500 * times(1.0))
    assert Lengths(4).of(total) == pytest.approx(1500 * ROW_MAX * 3**0.5, rel=1e-9)


def test_more_than_a_thousand_times_is_a_thousand() -> None:
    assert times(1e9) == times(1000.0)
    assert times(-1e9) == -times(1000.0)


def test_no_row_has_no_length() -> None:
    assert Lengths(3).of(0) == 0.0
