"""The always-valid figures beside plain ones, which multiply out what the definitions say.

They are what an experiment's alarm and its comparison promise, so they are held to their digits.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import exp, isinf, log, prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.experiments.balance import balance
from scoring_service.domain.experiments.mixture import PRIOR_SPREAD, compared

Enrolled = list[tuple[str, Mapping[str, int]]]
STUBBORN = (1, 100)
NAMES = ("a", "b", "c")


def plain_balance(enrolled: Enrolled) -> float:
    """Of forecasters who count the weights for one enrolment and for a hundred the mean wealth, at
    its best; its reciprocal is p.
    """
    wealth = {stubborn: Fraction(1) for stubborn in STUBBORN}
    came: dict[str, int] = dict.fromkeys(NAMES, 0)
    due: dict[str, Fraction] = dict.fromkeys(NAMES, Fraction(0))
    best = Fraction(1)
    for arm, weights in enrolled:
        share = {name: Fraction(each, sum(weights.values())) for name, each in weights.items()}
        for stubborn in STUBBORN:
            expected: dict[str, Fraction] = {
                name: each * (came[name] + stubborn * each) / (due[name] + stubborn * each)
                for name, each in share.items()
            }
            forecast: Fraction = expected[arm] / sum(expected.values(), Fraction(0))
            wealth[stubborn] = wealth[stubborn] * forecast / share[arm]
        best = max(best, sum(wealth.values(), Fraction(0)) / len(wealth))
        came[arm] += 1
        for name, each in share.items():
            due[name] += each
    return float(1 / best)


WEIGHTS = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 9), min_size=2)


@st.composite
def enrolments(draw: st.DrawFn) -> Enrolled:
    """Draws of arms in any order, whose weights change now and then."""
    found: Enrolled = []
    for weights in draw(st.lists(WEIGHTS, min_size=1, max_size=3)):
        arms = draw(st.lists(st.sampled_from(sorted(weights)), max_size=12))
        found += [(arm, weights) for arm in arms]
    return found


@settings(max_examples=80)
@given(enrolments())
def test_the_alarm_is_the_plain_forecasters(enrolled: Enrolled) -> None:
    assert balance(enrolled) == pytest.approx(plain_balance(enrolled), rel=1e-9)


@pytest.mark.parametrize(
    ("arms", "p"),
    [
        pytest.param("", 1, id="nobody"),
        pytest.param("a", 1, id="one, which every forecaster foresaw by the weights"),
        pytest.param("aa", 2 / (Fraction(3, 2) + Fraction(51, 50) / Fraction(101, 100)),
                     id="two in one arm: three quarters and 51 of 101 were foreseen for a half"),
        pytest.param("ab", 1, id="one in each"),
    ],
)  # fmt: skip
def test_the_first_bets_by_hand(arms: str, p: Fraction) -> None:
    halves = {"a": 1, "b": 1}
    assert balance([(arm, halves) for arm in arms]) == pytest.approx(float(p), rel=1e-12)


def test_an_alarm_is_as_grave_as_the_arms_are_wrong() -> None:
    """Forty of forty in one of two halves: the plain product, far below what is ever fair."""
    enrolled: Enrolled = [("a", {"a": 1, "b": 1})] * 40
    assert balance(enrolled) == pytest.approx(plain_balance(enrolled), rel=1e-9)
    assert balance(enrolled) < 1e-9


GRID = [step / 10 for step in range(-20, 21)]
BELL = [exp(-0.5 * (at / PRIOR_SPREAD) ** 2) for at in GRID]
PRIOR = [each / sum(BELL) for each in BELL]
Marks = Sequence[tuple[bool, float]]


def likelihood(marks: Marks, at: float) -> float:
    """Of a log ratio, over that of equal rates."""
    return prod(
        (exp(at) if of_arm else 1) / (1 - chance + chance * exp(at)) for of_arm, chance in marks
    )


def evidence(marks: Marks, against: float) -> float:
    """What a bet on the grid has won against a log ratio."""
    won = sum(weight * likelihood(marks, at) for weight, at in zip(PRIOR, GRID, strict=True))
    return won / likelihood(marks, against)


def looks(marks: Marks) -> list[Marks]:
    return [marks[:count] for count in range(1, len(marks) + 1)]


MARKS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.5, 0.25, 0.9])), max_size=40)


@settings(max_examples=60)
@given(MARKS)
def test_p_is_one_by_the_most_that_a_bet_against_equal_rates_ever_won(marks: Marks) -> None:
    best = max([1.0, *(evidence(look, 0.0) for look in looks(marks))])
    assert compared(marks, 0.05).p == pytest.approx(1 / best, rel=1e-9)


@settings(max_examples=40)
@given(MARKS, st.sampled_from([0.05, 0.2, 0.5]))
def test_what_lies_outside_the_bounds_was_refuted_at_some_look_and_nothing_inside(
    marks: Marks, alpha: float
) -> None:
    found = compared(marks, alpha)
    far, near = 12.0, 1e-3
    low = -far if found.low == 0 else log(found.low)
    high = far if isinf(found.high) else log(found.high)
    every = looks(marks)

    def refuted(at: float) -> bool:
        return any(evidence(look, at) >= 1 / alpha for look in every)

    if high - low > 3 * near:
        assert not refuted(low + near)
        assert not refuted(high - near)
    if found.low > 0:
        assert refuted(low - near)
    if not isinf(found.high):
        assert refuted(high + near)


def test_thousands_of_successes_are_counted_without_a_number_too_large() -> None:
    """The wealth of a bet grows beyond what a float holds, and is kept by its logarithm."""
    one_sided = compared([(True, 0.5)] * 3_000, 0.05)
    assert one_sided.p < 1e-300
    assert one_sided.low > 5
    level = compared([(number % 2 == 0, 0.5) for number in range(3_000)], 0.05)
    assert level.p > 0.05
    assert 0.8 < level.low < 1 < level.high < 1.25
