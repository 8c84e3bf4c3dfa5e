"""What the index believes of a condition, held against the library on random leads."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from scoring_service.policy.conditions import Compiled
from scoring_service.policy.language.oracle import oracle
from scoring_service.policy.language.symbols import Scope
from scoring_service.policy.necessary import Between, IsNull, Necessary, OneOf
from scoring_service.values.condition import ConditionError

TEXTS, NUMBERS = ("DE", "AT", "", "é"), (0, 1, 2.5, 200, 1000)
NAMES = {"country": TEXTS, "account.country": TEXTS, "employees": NUMBERS, "score.fit": NUMBERS}
ODD = {"country": 5, "account.country": 5, "employees": "DE", "score.fit": "DE"}


def comparison(rng: Random) -> str:
    name = rng.choice(tuple(NAMES))
    literals = [
        f'"{value}"' if isinstance(value, str) else str(value)
        for value in rng.sample(NAMES[name], 2)
    ]
    order = rng.choice((">=", ">", "<", "<="))
    return rng.choice(
        (
            f"{name} {rng.choice(('==', '==', '!='))} {literals[0]}",
            f"{literals[0]} {order} {name}",
            f"{name} {order} {literals[0]}",
            f"{name} in [{', '.join(literals)}]",
            f"{name} in [{literals[0]}, null]",
            f"{name} not in [{literals[0]}]",
            f"{name} {rng.choice(('==', '!='))} null",
        )
    )


def condition(rng: Random, depth: int = 2) -> str:
    if depth == 0 or rng.random() < 0.2:
        return comparison(rng)
    parts = [condition(rng, depth - 1) for _ in range(rng.choice((2, 2, 3)))]
    joined = f" {rng.choice(('and', 'and', 'or'))} ".join(f"({part})" for part in parts)
    return f"not ({joined})" if rng.random() < 0.1 else joined


def lead(rng: Random) -> dict[str, Any]:
    """One in five values is missing, null or of another type."""
    symbols: dict[str, Any] = {"account": {}, "score": {}}
    for name, values in NAMES.items():
        *path, last = name.split(".")
        inside = symbols[path[0]] if path else symbols
        usual = rng.random() < 0.8
        inside[last] = rng.choice(values if usual else (None, ODD[name]))
        if rng.random() < 0.05:
            del inside[last]
    return symbols


def value_of(symbols: dict[str, Any], name: str) -> Any:
    found: Any = symbols
    for step in name.split("."):
        found = found.get(step)
    return found


def holds(test: Necessary, symbols: dict[str, Any]) -> bool:
    """As the sentences of policy.necessary have it, written anew."""
    value = value_of(symbols, test.symbol)
    match test:
        case OneOf():
            return value is not None and value in test.values
        case IsNull():
            return (value is None) is not test.negated
        case Between():
            return isinstance(value, int | float) and _inside(test, value)


def _inside(test: Between, value: float) -> bool:
    above = test.low is None or value > test.low or (test.low_included and value == test.low)
    below = test.high is None or value < test.high or (test.high_included and value == test.high)
    return above and below


def matches(of: Callable[[Any], bool], symbols: dict[str, Any]) -> bool:
    """What cannot be evaluated does not match."""
    try:
        return of(symbols)
    except ConditionError:
        return False


@pytest.mark.parametrize("seed", range(4))
def test_a_condition_whose_necessary_tests_fail_never_matches_and_an_exact_one_else_always(
    compiled: Callable[[str], Compiled], seen: Scope, seed: int
) -> None:
    rng, met = Random(seed), Counter[tuple[bool, bool, bool]]()
    for _ in range(400):
        text = condition(rng)
        found, library = compiled(text), oracle(text, seen)
        for _ in range(20):
            symbols = lead(rng)
            all_hold = all(holds(test, symbols) for test in found.necessary)
            expected = matches(library, symbols)
            assert matches(found.condition, symbols) is expected, (text, symbols)
            assert all_hold or not expected, (text, found.necessary, symbols)
            assert not found.exact or all_hold is expected, (text, found.necessary, symbols)
            met[found.exact, all_hold, expected] += bool(found.necessary)
    assert met[False, False, False] > 500
    assert met[False, True, False] > 50
    assert min(met[True, True, True], met[True, False, False], met[False, True, True]) > 50
