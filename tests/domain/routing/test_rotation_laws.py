"""The two laws of the rotation, over pools in which everything changes all the time."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_service.domain.routing.rotation import TURN
from scoring_service.values.stored import Credit

NewRota = Callable[[], Any]
Weights = Mapping[str, int]

WEIGHT = st.one_of(st.just(1), st.integers(1, 9), st.integers(1, 1000))
PRESENT = st.dictionaries(st.sampled_from("abcdefg"), WEIGHT, min_size=1)
"""Who is eligible at a draw and at what weight: anybody may join, leave, return or change."""

HISTORIES = st.lists(PRESENT, min_size=1, max_size=60)
GIVEN_BACK = st.lists(st.integers(0, 2**16), max_size=40)


@given(history=HISTORIES)
def test_the_first_law(new_rota: NewRota, history: list[Weights]) -> None:
    """Always: credit = 10^12 x (sum of shares - turns), to rounding, and all credits of a pool
    sum to 0.
    """
    rota = new_rota()
    for weights in history:
        rota.turn(weights)
        rota.check_first_law()


@given(history=HISTORIES, given_back=GIVEN_BACK, fixed=st.sets(st.integers(0, 60)))
def test_the_first_law_with_turns_given_back_and_fixed_winners(
    new_rota: NewRota, history: list[Weights], given_back: list[int], fixed: set[int]
) -> None:
    """A rejection for a reason marked `returns_turn` undoes its draw: what each gained and the
    chosen paid is taken back, from those gone from the pool too.
    """
    rota = new_rota()
    undone = iter(given_back)
    for at, weights in enumerate(history):
        if at in fixed:
            rota.fixed_turn(weights, "owner")
        else:
            rota.turn(weights)
        which = next(undone, None)
        if which is not None and which % 3:
            rota.undo(which % len(rota.made))
        rota.check_first_law()


@given(history=HISTORIES)
def test_the_second_law(new_rota: NewRota, history: list[Weights]) -> None:
    """Without turns given back and fixed winners: |turns - sum of shares| < the number of reps
    the pool ever had, at every prefix.
    """
    rota = new_rota()
    for weights in history:
        rota.turn(weights)
        rota.check_second_law()


@given(reps=st.integers(1, 12), turns=st.integers(1, 60))
def test_equal_weights_differ_by_at_most_one(new_rota: NewRota, reps: int, turns: int) -> None:
    """Equal weights give strict turns."""
    rota, members = new_rota(), {f"r{i:02}": 1 for i in range(reps)}
    for _ in range(turns):
        rota.turn(members)
        counts = [rota.turns[rep] for rep in members]
        assert max(counts) - min(counts) <= 1


@settings(max_examples=40)
@given(weights=PRESENT)
def test_a_full_round_is_shared_in_proportion(new_rota: NewRota, weights: Weights) -> None:
    """Smooth weighted round robin: after W turns each had as many as he weighs."""
    rota = new_rota()
    small = {rep: 1 + weight % 9 for rep, weight in weights.items()}
    for _ in range(sum(small.values())):
        rota.turn(small)
    assert rota.turns == small


@given(history=HISTORIES, undone=st.integers(0, 2**16))
def test_an_undone_draw_leaves_the_credits_of_the_others_draws(
    new_rota: NewRota, history: list[Weights], undone: int
) -> None:
    """A turn given back: its gains and its price are taken back, nothing else."""
    rota = new_rota()
    for weights in history:
        rota.turn(weights)
    before = {place.rep_id: place.credit for place in rota.rotation.credits}
    made = rota.made[undone % len(rota.made)]
    rota.undo(undone % len(rota.made))
    after = {place.rep_id: place.credit for place in rota.rotation.credits}
    gained = dict(made.gains)
    for rep, credit in before.items():
        paid = made.paid if rep == made.winner else 0
        assert credit - after[rep] == gained.get(rep, 0) - paid


# A wrong twin: somebody who comes back after a draw without him does not find the credit he left.

HOLIDAYS = [
    {"a": 2, "b": 1, "c": 1},
    {"a": 2, "b": 1, "c": 1},
    {"b": 1, "c": 1},
    {"b": 1, "c": 1},
    {"a": 2, "b": 1, "c": 1},
    {"a": 2, "c": 1},
] * 12


def _at_zero(_: dict[str, int]) -> int:
    return 0


def _at_the_mean_of_the_others(others: dict[str, int]) -> int:
    return sum(others.values()) // len(others)


def _as_the_poorest(others: dict[str, int]) -> int:
    return min(others.values())


def _as_the_richest(others: dict[str, int]) -> int:
    return max(others.values())


def _one_turn_ahead(_: dict[str, int]) -> int:
    return TURN


def run_twin(
    rota: Any, history: list[dict[str, int]], restart: Callable[[dict[str, int]], int]
) -> None:
    """The same rotation, but whoever missed the draw before begins at another credit."""
    absent: set[str] = set()
    for weights in history:
        credits = {place.rep_id: place.credit for place in rota.rotation.credits}
        for rep in absent & weights.keys():
            others = {other: c for other, c in credits.items() if other != rep}
            credits[rep] = restart(others)
        places = tuple(
            Credit(place.rep_id, credits[place.rep_id], place.last_draw)
            for place in rota.rotation.credits
        )
        rota.rotation = msgspec.structs.replace(rota.rotation, credits=places)
        rota.turn(weights)
        rota.check_first_law()
        absent = {place.rep_id for place in rota.rotation.credits} - weights.keys()


def test_the_twin_that_resumes_the_credit_keeps_the_law(new_rota: NewRota) -> None:
    rota = new_rota()
    for weights in HOLIDAYS:
        rota.turn(weights)
        rota.check_first_law()
        rota.check_second_law()
    assert sum(rota.turns.values()) == len(HOLIDAYS)


@pytest.mark.parametrize(
    "restart",
    [
        _at_zero,
        _at_the_mean_of_the_others,
        _as_the_poorest,
        _as_the_richest,
        _one_turn_ahead,
    ],
)
def test_a_returning_member_at_another_credit_breaks_the_first_law(
    new_rota: NewRota, restart: Callable[[dict[str, int]], int]
) -> None:
    with pytest.raises(AssertionError, match=r"credits leak|: -?\d+"):
        run_twin(new_rota(), HOLIDAYS, restart)
