"""Turns as the rotation promises them, one case each."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring_service.domain.routing.rotation import TURN, Entrant, apply, draw, fixed, give_back
from scoring_service.values.stored import Credit, Rotation

NewRota = Callable[[], Any]
ABC = {"a": 5, "b": 1, "c": 1}


def test_weights_5_1_1_give_a_a_b_a_c_a_a(new_rota: NewRota) -> None:
    rota = new_rota()
    assert "".join(rota.turn(ABC) for _ in range(14)) == "aabacaa" * 2


@pytest.mark.parametrize("reps", [1, 2, 3, 7, 30])
def test_equal_weights_give_strict_turns(new_rota: NewRota, reps: int) -> None:
    rota, members = new_rota(), {f"r{i:02}": 1 for i in range(reps)}
    first, second = ([rota.turn(members) for _ in range(reps)] for _ in range(2))
    assert first == second == sorted(members)


def test_thirty_leads_over_two_reps_are_fifteen_each(new_rota: NewRota) -> None:
    rota = new_rota()
    for _ in range(30):
        rota.turn({"ann": 1, "bob": 1})
    assert rota.turns == {"ann": 15, "bob": 15}


@pytest.mark.parametrize(
    ("better", "other"),
    [
        pytest.param(Entrant("z", credit=1), Entrant("a"), id="the-richest-is-chosen"),
        pytest.param(
            Entrant("z", weight=2, credit=-(TURN // 3)), Entrant("a", weight=1), id="larger-weight"
        ),
        pytest.param(
            Entrant("z", priority=3, last_draw=9), Entrant("a", priority=2), id="higher-priority"
        ),
        pytest.param(
            Entrant("z", last_draw=3), Entrant("a", last_draw=4), id="least-recently-drawn"
        ),
        pytest.param(Entrant("z", last_draw=0), Entrant("a", last_draw=1), id="never-comes-first"),
        pytest.param(Entrant("a"), Entrant("b"), id="rep-id"),
    ],
)
def test_ties_are_broken_in_order(better: Entrant, other: Entrant) -> None:
    for entrants in ([better, other], [other, better]):
        assert draw("p", 1, entrants).winner == better.rep_id


def test_a_turn_costs_the_same_in_a_crowd_and_at_night() -> None:
    crowd = draw("p", 1, [Entrant(f"r{i}") for i in range(40)])
    night = draw("p", 1, [Entrant("r1")])
    assert crowd.paid == night.paid == TURN


def test_a_credit_is_frozen_while_its_rep_is_absent(new_rota: NewRota) -> None:
    rota = new_rota()
    for _ in range(5):
        rota.turn({"a": 1, "b": 1, "c": 1})
    before = rota.credit("a")
    for _ in range(7):
        rota.turn({"b": 1, "c": 2})
    assert rota.credit("a") == before != 0


def test_who_comes_anew_begins_at_zero(new_rota: NewRota) -> None:
    rota = new_rota()
    for _ in range(3):
        rota.turn({"a": 1, "b": 1})
    rota.turn({"a": 1, "b": 1, "new": 2})
    assert rota.made[-1].gains[-1] == ("new", TURN // 2)
    assert rota.credit("new") == TURN // 2 - (TURN if rota.made[-1].winner == "new" else 0)


def test_a_turn_given_back_takes_back_what_each_gained_and_the_chosen_paid() -> None:
    before = Rotation("p", (Credit("gone", 7, 1), Credit("a", -7, 2)), 2)
    made = draw("p", 3, [Entrant("gone", credit=7, last_draw=1), Entrant("a", credit=-7)])
    after = apply(before, made)
    undone = give_back(after, made)
    assert [(c.rep_id, c.credit) for c in undone.credits] == [("gone", 7), ("a", -7)]
    assert undone.draws == 3


def test_a_draws_number_is_never_given_twice() -> None:
    made = draw("p", 1, [Entrant("a")])
    rotation = give_back(apply(Rotation("p"), made), made)
    with pytest.raises(AssertionError):
        apply(rotation, made)


def test_another_pools_draw_is_refused() -> None:
    with pytest.raises(AssertionError):
        apply(Rotation("west"), draw("east", 1, [Entrant("a")]))


def test_a_fixed_winner_pays_though_he_did_not_gain() -> None:
    made = fixed("p", 1, [Entrant("a"), Entrant("b")], "owner")
    after = apply(Rotation("p"), made)
    assert {c.rep_id: c.credit for c in after.credits} == {
        "a": TURN // 2,
        "b": TURN // 2,
        "owner": -TURN,
    }


def test_a_fixed_winner_alone_gains_what_he_pays() -> None:
    after = apply(Rotation("p"), fixed("p", 1, [], "owner"))
    assert after.credits == (Credit("owner", 0, 1),)


def test_a_fixed_turn_delays_the_winners_next_one(new_rota: NewRota) -> None:
    rota = new_rota()
    rota.fixed_turn({"a": 1, "b": 1}, "a")
    assert [rota.turn({"a": 1, "b": 1}) for _ in range(3)] == ["b", "a", "b"]


def test_a_large_pool_shares_in_proportion(new_rota: NewRota) -> None:
    rota, members = new_rota(), {f"r{i:03}": 1 + i % 2 for i in range(120)}
    for _ in range(sum(members.values())):
        rota.turn(members)
    assert rota.turns == members
