"""Rates with Wilson's interval."""

from hypothesis import given
from hypothesis import strategies as st

from scoring_service.domain.experiments.rates import Z90, Rate


def test_nobody_has_no_rate() -> None:
    assert Rate(0, 0).value is None
    assert Rate(0, 0).interval == (0.0, 1.0)


@given(st.integers(1, 10_000), st.data())
def test_the_bounds_are_the_rates_that_are_just_not_refuted(
    leads: int, data: st.DataObject
) -> None:
    """At a bound the normal test of that rate is exactly at its limit."""
    rate = Rate(data.draw(st.integers(0, leads)), leads)
    assert rate.value is not None
    for bound in rate.interval:
        if 0 < bound < 1:
            off = (rate.value - bound) ** 2
            assert abs(off - Z90 * Z90 * bound * (1 - bound) / leads) < 1e-9
    assert rate.interval[0] <= rate.value <= rate.interval[1]
