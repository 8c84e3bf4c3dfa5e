"""The always-valid comparison: what it promises, kept by simulations that are seeded."""

from fractions import Fraction
from itertools import product
from math import exp, inf, isclose
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.experiments.mixture import Ratio, compared

HALF = 0.5
MARKS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.5, 0.25, 0.9])), max_size=60)


def drawn(seed: int, count: int, ratio: float, chance: float = HALF) -> list[tuple[bool, float]]:
    """Successes whose rate is so many times control's."""
    odds = ratio * chance / (1 - chance)
    random = Random(seed)
    return [(random.random() < odds / (1 + odds), chance) for _ in range(count)]


def test_nothing_seen_says_nothing() -> None:
    assert compared([], 0.05) == Ratio(0.0, inf, 1.0)


def test_what_is_bet_is_fair_at_every_number_of_successes() -> None:
    """The mean of 1 / p-like bets over all outcomes at equal rates is 1: counted, not simulated.

    It is asked with an alpha so small that nothing is ever refuted, and p is 1 / the best bet; so
    the chance of p <= a is at most a, for all a and at the end of every sequence.
    """
    for chance in (0.5, 0.2):
        outcomes = []
        for marks in product((False, True), repeat=8):
            p = compared([(mark, chance) for mark in marks], 1e-12).p
            weight = Fraction(1)
            for mark in marks:
                weight *= Fraction(chance) if mark else 1 - Fraction(chance)
            outcomes.append((p, float(weight)))
        for bound in {p for p, _ in outcomes}:
            assert sum(weight for p, weight in outcomes if p <= bound) <= bound + 1e-9


@pytest.mark.parametrize(
    ("ratio", "chance"),
    [
        pytest.param(1.0, 0.5, id="equal rates and halves"),
        pytest.param(1.0, 0.1, id="equal rates and a tenth"),
        pytest.param(2.0, 0.5, id="twice the rate"),
    ],
)
def test_the_truth_is_seldom_excluded_though_one_looks_after_every_success(
    ratio: float, chance: float
) -> None:
    """100 experiments with 250 looks each, at alpha 0.1: 10 or fewer are to be expected."""
    found = [compared(drawn(seed, 250, ratio, chance), 0.1) for seed in range(100)]
    assert sum(not one.low <= ratio <= one.high for one in found) <= 17


def test_a_test_that_looks_once_would_be_wrong_far_more_often() -> None:
    """What the interval of one look does when it is looked at after every success."""
    wrong = 0
    for seed in range(100):
        own = 0
        for n, (of_arm, _) in enumerate(drawn(seed, 400, 1.0), 1):
            own += of_arm
            if n >= 10 and abs(own - n / 2) > 1.645 * (n / 4) ** 0.5:
                wrong += 1
                break
    assert wrong > 40


@pytest.mark.parametrize(
    ("ratio", "successes", "least"),
    [
        pytest.param(2.0, 150, 40, id="twice the rate is seen by 150 successes"),
        pytest.param(1.5, 400, 40, id="half as much again by 400"),
        pytest.param(0.5, 150, 40, id="half the rate by 150"),
    ],
)
def test_a_difference_is_seen(ratio: float, successes: int, least: int) -> None:
    found = [compared(drawn(seed, successes, ratio), 0.05) for seed in range(50)]
    seen = [one for one in found if one.refutes_same]
    assert len(seen) >= least
    assert sum((one.low > 1) == (ratio > 1) for one in seen) >= len(seen) - 2


@settings(max_examples=50, deadline=None)
@given(MARKS, st.tuples(st.booleans(), st.just(0.5)))
def test_what_is_excluded_stays_so(
    marks: list[tuple[bool, float]], one_more: tuple[bool, float]
) -> None:
    before, after = compared(marks, 0.1), compared([*marks, one_more], 0.1)
    assert after.p <= before.p
    assert before.low <= after.low
    assert after.high <= before.high


@settings(max_examples=50, deadline=None)
@given(MARKS)
def test_interval_and_p_agree(marks: list[tuple[bool, float]]) -> None:
    found = compared(marks, 0.1)
    assert 0 < found.p <= 1
    assert found.refutes_same == (found.p <= 0.1 + 1e-12)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.booleans(), max_size=60))
def test_the_two_arms_may_be_exchanged(marks: list[bool]) -> None:
    one = compared([(mark, HALF) for mark in marks], 0.1)
    other = compared([(not mark, HALF) for mark in marks], 0.1)
    assert isclose(one.p, other.p, rel_tol=1e-9)
    if one.low > 0:
        assert isclose(one.low, 1 / other.high, rel_tol=1e-2)


def test_the_interval_closes_around_the_ratio() -> None:
    found = compared(drawn(7, 4000, 1.4), 0.05)
    assert found.low < 1.4 < found.high
    assert found.high / found.low < exp(0.45)
