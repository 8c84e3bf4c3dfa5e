"""The alarm on arms that are not as large as their weights say."""

from collections.abc import Mapping
from itertools import product
from random import Random

import pytest

from scoring_service.domain.experiments.balance import ALPHA, balance

HALVES = {"a": 1, "b": 1}


def drawn(seed: int, count: int, shares: Mapping[str, float]) -> list[str]:
    return Random(seed).choices(list(shares), list(shares.values()), k=count)


def test_nobody_is_no_alarm() -> None:
    assert balance([]) == 1


def test_true_weights_are_fair_at_every_number_of_enrolments() -> None:
    """Counted over all sequences of three arms: the chance of p <= a is at most a."""
    weights = {"a": 1, "b": 2, "c": 1}
    found = []
    for arms in product(weights, repeat=6):
        chance = 1.0
        for arm in arms:
            chance *= weights[arm] / 4
        found.append((balance([(arm, weights) for arm in arms]), chance))
    assert abs(sum(chance for _, chance in found) - 1) < 1e-9
    for bound in {p for p, _ in found}:
        assert sum(chance for p, chance in found if p <= bound) <= bound + 1e-9


@pytest.mark.parametrize(
    ("shares", "weights", "count", "alarms"),
    [
        pytest.param({"a": 1, "b": 1}, HALVES, 5000, False, id="halves that are halves"),
        pytest.param({"a": 3, "b": 1}, {"a": 3, "b": 1}, 5000, False, id="quarters that are so"),
        pytest.param({"a": 6, "b": 4}, HALVES, 1000, True, id="six to four where halves are due"),
        pytest.param({"a": 11, "b": 9}, HALVES, 5000, True, id="a tenth more, in the long run"),
        pytest.param({"a": 1, "b": 0}, HALVES, 40, True, id="everybody in one arm"),
    ],
)
def test_the_alarm_is_raised_where_it_should_be(
    shares: dict[str, float], weights: dict[str, int], count: int, alarms: bool
) -> None:
    found = [
        balance([(arm, weights) for arm in drawn(seed, count, shares)]) <= ALPHA
        for seed in range(4)
    ]
    assert found == [alarms] * 4


def test_weights_that_change_on_the_way_are_no_alarm() -> None:
    """Each enrolment is held against the weights of its own moment."""
    later = {"a": 9, "b": 1}
    first = [(arm, HALVES) for arm in drawn(1, 1000, {"a": 1, "b": 1})]
    second = [(arm, later) for arm in drawn(2, 1000, {"a": 9, "b": 1})]
    assert balance(first + second) > ALPHA
    assert balance([(arm, HALVES) for arm, _ in first + second]) <= ALPHA


def test_an_alarm_is_not_taken_back() -> None:
    broken = [("a", HALVES)] * 60
    mended = [("b", HALVES)] * 60
    assert balance(broken + mended) == balance(broken) <= ALPHA
